from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianqiao.core.models import Versioned
from lianqiao.core.text import validate_plain
from lianqiao.insight.period import Every
from lianqiao.registry.models import Chain
from lianqiao.registry.models.chain import DATES_IN_ORDER


class Briefing(models.Model):
    """A briefing as it was made: what the figures said then. Staff go on with the document in Word."""

    chain = models.ForeignKey(
        Chain, verbose_name=_("产业链"), on_delete=models.PROTECT, related_name="briefings"
    )
    every = models.CharField(_("周期"), max_length=7, choices=Every)
    first = models.DateField(_("开始日期"))
    last = models.DateField(_("结束日期"))
    title = models.CharField(_("标题"), max_length=120, validators=[validate_plain])
    figures = models.JSONField(_("指标"), default=list)
    content = models.BinaryField()
    sha256 = models.CharField(_("指纹"), max_length=64)
    made_at = models.DateTimeField(_("生成时间"))
    by_label = models.CharField(_("生成人"), max_length=300)
    audit_computed = ("content", "figures")

    class Meta:
        verbose_name = _("简报")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last__gte=F("first")),
                name="briefing_dates",
                violation_error_message=DATES_IN_ORDER,
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def label(self) -> str:
        return self.title


# What holds until an office says otherwise.
USUAL = {
    "few_members": 1, "least_needs": 3, "unmatched_share": 50, "least_outside": 2,
}  # fmt: skip


class AnalysisRule(Versioned):
    """From when on a segment of this chain counts as weak, missing or worth a neighbour."""

    chain = models.OneToOneField(
        Chain, verbose_name=_("产业链"), on_delete=models.PROTECT, related_name="analysis_rule"
    )
    few_members = models.PositiveSmallIntegerField(
        _("成员不超过几家算薄弱"), default=USUAL["few_members"], help_text=_("必经的单点总会列出。")
    )
    least_needs = models.PositiveSmallIntegerField(_("至少几条需求才列出"), default=USUAL["least_needs"])
    unmatched_share = models.PositiveSmallIntegerField(
        _("未对接需求占比达到（%）"), default=USUAL["unmatched_share"]
    )
    least_outside = models.PositiveSmallIntegerField(
        _("链外行业至少几条需求"), default=USUAL["least_outside"]
    )

    class Meta:
        verbose_name = _("产业链分析规则")

    def __str__(self) -> str:
        return str(self.chain)

    def clean(self) -> None:
        if self.unmatched_share > 100:
            raise ValidationError({"unmatched_share": _("占比不能超过 100%。")})
        if not self.least_needs or not self.least_outside:
            raise ValidationError(_("条数至少是 1。"))
