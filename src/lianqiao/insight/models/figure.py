from django.db import models
from django.utils.translation import gettext_lazy as _

from lianqiao.insight.period import Every
from lianqiao.registry.models import Chain


class FigureValue(models.Model):
    """One figure of one chain as it was at the end of a day: the history that records alone no longer tell.

    Over the month, quarter or year up to that day; the one of its last day is that of the whole.
    """

    chain = models.ForeignKey(
        Chain, verbose_name=_("产业链"), on_delete=models.PROTECT, related_name="figure_values"
    )
    code = models.CharField(_("指标"), max_length=60)
    every = models.CharField(_("周期"), max_length=7, choices=Every, default=Every.MONTH)
    day = models.DateField(_("日期"))
    # None where there was nothing to count: no share of nothing.
    value = models.FloatField(_("数值"), null=True, blank=True)
    of = models.FloatField(_("分母"), null=True, blank=True)
    rows = models.PositiveIntegerField(_("记录数"), default=0)
    parts = models.JSONField(_("分项"), default=list, blank=True)
    noted_at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("指标数值")
        ordering = ["code", "day"]
        constraints = [
            models.UniqueConstraint(fields=["chain", "every", "code", "day"], name="one_value_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.day} {self.value}"
