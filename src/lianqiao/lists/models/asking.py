"""A link by which an organisation without an account says what it needs, or whether it still does."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianqiao.accounts.models import Person
from lianqiao.core.text import validate_plain
from lianqiao.lists.models.entry import Entry
from lianqiao.registry.models import Chain, Organisation


class Asking(models.Model):
    """What the office asks one organisation, once; only the digest of the link's token is kept.

    Without an entry it asks for a need. Once a need is stated, `entry` is that need.
    """

    class Purpose(models.TextChoices):
        STATE = "state", _("填报需求")
        CONFIRM = "confirm", _("核对条目")

    class Answer(models.TextChoices):
        STATED = "stated", _("已填报")
        STILL_TRUE = "still_true", _("仍然有效")
        CHANGED = "changed", _("有修改")
        NOT_NEEDED = "not_needed", _("不再需要")

    class State(models.TextChoices):
        """Follows from the dates; no column of its own could agree with the clock."""

        SENT = "sent", _("已发出")
        OPENED = "opened", _("已打开")
        USED = "used", _("已答复")
        EXPIRED = "expired", _("已过期")
        REVOKED = "revoked", _("已作废")

    chain = models.ForeignKey(
        Chain, verbose_name=_("产业链"), on_delete=models.PROTECT, related_name="askings"
    )
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("单位"), on_delete=models.PROTECT, related_name="askings"
    )
    purpose = models.CharField(_("用途"), max_length=7, choices=Purpose)
    # A draft that is discarded takes its questions along.
    entry = models.ForeignKey(
        Entry, verbose_name=_("清单条目"), null=True, blank=True,
        on_delete=models.CASCADE, related_name="askings",
    )  # fmt: skip
    digest = models.CharField(max_length=64, unique=True)
    ask = models.CharField(_("咨询联系人"), max_length=120, validators=[validate_plain])
    contact_name = models.CharField(_("联系人"), max_length=60, blank=True, validators=[validate_plain])
    contact_phone = models.CharField(_("联系电话"), max_length=40, blank=True, validators=[validate_plain])
    contact_email = models.EmailField(_("电子邮箱"), blank=True)
    sender = models.ForeignKey(
        Person, verbose_name=_("发出人"), null=True, blank=True,
        on_delete=models.SET_NULL, related_name="askings",
    )  # fmt: skip
    made_at = models.DateTimeField(_("发出时间"))
    expires_at = models.DateTimeField(_("有效期至"))
    opened_at = models.DateTimeField(_("打开时间"), null=True, blank=True)
    used_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("作废时间"), null=True, blank=True)
    answer = models.CharField(_("答复"), max_length=10, choices=Answer, blank=True)
    audit_secret = ("digest", "contact_phone", "contact_email")

    class Meta:
        verbose_name = _("填报链接")
        ordering = ["-id"]
        indexes = [models.Index(fields=["chain", "organisation"], name="asking_of_organisation")]
        constraints = [
            models.CheckConstraint(
                condition=Q(purpose="state") | Q(entry__isnull=False), name="confirmed_entry_is_named"
            ),
            models.CheckConstraint(
                condition=Q(used_at=None, answer="")
                | (Q(used_at__isnull=False, entry__isnull=False) & ~Q(answer="")),
                name="answered_once_with_an_answer",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.organisation}"

    def is_open(self, now: datetime) -> bool:
        return self.used_at is None and self.revoked_at is None and now < self.expires_at

    def state(self, now: datetime) -> "Asking.State":
        if self.used_at:
            return self.State.USED
        if self.revoked_at:
            return self.State.REVOKED
        if now >= self.expires_at:
            return self.State.EXPIRED
        return self.State.OPENED if self.opened_at else self.State.SENT
