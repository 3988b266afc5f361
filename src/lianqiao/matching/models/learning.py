from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianqiao.core.models import Versioned
from lianqiao.registry.models import Chain

USUAL_DAYS, USUAL_REMIND_DAYS = 10, 3


class AnswerTerm(Versioned):
    """How many working days both sides of a match have to answer on this chain, and when they are reminded."""

    chain = models.OneToOneField(
        Chain, verbose_name=_("产业链"), on_delete=models.PROTECT, related_name="answer_term"
    )
    days = models.PositiveSmallIntegerField(_("答复期限（工作日）"), default=USUAL_DAYS)
    remind_days = models.PositiveSmallIntegerField(_("提前几个工作日提醒"), default=USUAL_REMIND_DAYS)

    class Meta:
        verbose_name = _("答复期限")

    def __str__(self) -> str:
        return f"{self.chain} {self.days}"


class Weighting(Versioned):
    """Other weights of the score, proposed from answers; in force once the office approved them, until undone."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("待批准")
        IN_FORCE = "in_force", _("使用中")
        REPLACED = "replaced", _("已被替换")
        REFUSED = "refused", _("未采用")
        UNDONE = "undone", _("已停用")

    chain = models.ForeignKey(
        Chain, verbose_name=_("产业链"), on_delete=models.PROTECT, related_name="weightings"
    )
    weights = models.JSONField(_("权重"), default=dict)
    before = models.JSONField(_("原权重"), default=dict)
    # What speaks for it: answers counted, gain on held-out answers, what the last rounds would have been.
    evidence = models.JSONField(_("依据"), default=dict)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.PROPOSED, editable=False)
    proposed_at = models.DateTimeField(_("提出时间"))

    class Meta:
        verbose_name = _("评分权重")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["chain"], condition=Q(state="in_force"), name="one_weighting_in_force"
            )
        ]

    def __str__(self) -> str:
        return f"{self.chain} #{self.pk}"
