"""What the parties promised, and when each time is due."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianqiao.agreements.models.agreement import Agreement, AgreementParty
from lianqiao.core.models import Versioned
from lianqiao.core.text import validate_plain, validate_text


class Obligation(Versioned):
    """So many times in every period, or once by a day. Its dates stand in `ObligationDate`."""

    class Every(models.TextChoices):
        ONCE = "once", _("一次")
        MONTH = "month", _("每月")
        QUARTER = "quarter", _("每季度")
        TERM = "term", _("每学期")
        YEAR = "year", _("每年")

    agreement = models.ForeignKey(
        Agreement, verbose_name=_("协议"), on_delete=models.CASCADE, related_name="obligations"
    )
    clause = models.CharField(_("出自条款"), max_length=40, blank=True)
    what = models.CharField(_("约定事项"), max_length=200, validators=[validate_plain])
    times = models.PositiveSmallIntegerField(_("次数"), default=1)
    every = models.CharField(_("周期"), max_length=8, choices=Every, default=Every.ONCE)
    # Nobody: all parties together.
    owed_by = models.ForeignKey(
        AgreementParty, verbose_name=_("由谁履行"), null=True, blank=True,
        on_delete=models.CASCADE, related_name="obligations",
    )  # fmt: skip

    class Meta:
        verbose_name = _("约定事项")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.what


class ObligationDate(Versioned):
    """One time that is due. It counts as done when one side said so and another did not object."""

    class State(models.TextChoices):
        DUE = "due", _("待履行")
        DONE = "done", _("已履行")
        DISPUTED = "disputed", _("有异议")
        WAIVED = "waived", _("免予履行")

    obligation = models.ForeignKey(
        Obligation, verbose_name=_("约定事项"), on_delete=models.CASCADE, related_name="dates"
    )
    due_on = models.DateField(_("应于此日前"))
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.DUE, editable=False)
    done_on = models.DateField(_("履行日期"), null=True, blank=True)
    note = models.TextField(_("履行情况"), max_length=500, blank=True, validators=[validate_text])
    by_label = models.CharField(_("登记人"), max_length=300, blank=True, editable=False)
    # Whose word it is: another party may object, not the one that said so.
    done_by = models.ForeignKey(
        AgreementParty, verbose_name=_("哪一方登记"), null=True, blank=True, editable=False,
        on_delete=models.CASCADE, related_name="+",
    )  # fmt: skip
    objection = models.CharField(_("异议"), max_length=300, blank=True, validators=[validate_plain])
    reminded_at = models.DateTimeField(_("提醒时间"), null=True, blank=True, editable=False)
    audit_computed = ("reminded_at",)

    class Meta:
        verbose_name = _("履约节点")
        ordering = ["due_on", "id"]
        indexes = [models.Index(fields=["state", "due_on"], name="obligation_clock")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="done") | Q(done_on__isnull=False),
                name="done_says_when",
                violation_error_message=_("请填写履行日期。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.obligation} {self.due_on}"
