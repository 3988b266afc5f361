"""What an office or a person has settled once: how long entries stay fresh, which filters are used again."""

from dataclasses import dataclass

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianqiao.accounts.models import Person
from lianqiao.core.models import Versioned
from lianqiao.core.text import validate_plain
from lianqiao.lists.models.category import Kind
from lianqiao.registry.models import Chain


@dataclass(frozen=True)
class Term:
    """In days; `answer_days` are working days from submission to the office's answer."""

    days: int
    remind_days: int = 14
    answer_days: int = 2


# What holds until an office says otherwise.
USUAL = {Kind.NEED: Term(90), Kind.RESOURCE: Term(180), Kind.SERVICE: Term(365)}


class FreshnessRule(Versioned):
    """How long an entry of this list counts as true, and when the office answers."""

    chain = models.ForeignKey(
        Chain, verbose_name=_("产业链"), on_delete=models.PROTECT, related_name="freshness_rules"
    )
    kind = models.CharField(_("清单"), max_length=8, choices=Kind)
    days = models.PositiveSmallIntegerField(
        _("再次确认期限（天）"), validators=[MinValueValidator(7), MaxValueValidator(1825)]
    )
    remind_days = models.PositiveSmallIntegerField(_("提前提醒（天）"), validators=[MinValueValidator(1)])
    answer_days = models.PositiveSmallIntegerField(
        _("答复期限（工作日）"), validators=[MinValueValidator(1), MaxValueValidator(60)]
    )

    class Meta:
        verbose_name = _("有效期规则")
        ordering = ["chain", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["chain", "kind"], name="one_freshness_rule"),
            models.CheckConstraint(
                condition=Q(remind_days__lt=F("days")),
                name="reminded_before_it_ends",
                violation_error_message=_("提醒要早于到期：提前提醒的天数须小于有效天数。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.chain} · {self.get_kind_display()}"


class PublicList(models.Model):
    """Whether a chain shows its public needs and resources to everybody; without a row it does not."""

    class State(models.TextChoices):
        OPEN = "open", _("已开放")
        CLOSED = "closed", _("未开放")

    chain = models.OneToOneField(
        Chain, verbose_name=_("产业链"), on_delete=models.PROTECT, related_name="public_list"
    )
    state = models.CharField(_("状态"), max_length=6, choices=State, default=State.CLOSED, editable=False)

    class Meta:
        verbose_name = _("公开清单")
        ordering = ["chain__name"]

    def __str__(self) -> str:
        return f"{self.chain} · {self.get_state_display()}"


class SavedFilter(models.Model):
    person = models.ForeignKey(
        Person, verbose_name=_("人员"), on_delete=models.CASCADE, related_name="saved_filters"
    )
    listing = models.CharField(_("一览"), max_length=40)
    name = models.CharField(_("名称"), max_length=30, validators=[validate_plain])
    query = models.CharField(_("筛选"), max_length=1000)

    class Meta:
        verbose_name = _("常用筛选")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "listing", "name"],
                name="one_saved_filter",
                violation_error_message=_("已有同名的常用筛选。"),
            )
        ]

    def __str__(self) -> str:
        return self.name
