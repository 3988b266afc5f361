from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianqiao.core.models import Versioned
from lianqiao.core.text import validate_plain
from lianqiao.matching.models.round import Round
from lianqiao.registry.models import Chain, Organisation, Unit
from lianqiao.registry.models.chain import DATES_IN_ORDER


class Pairing(Versioned):
    """A unit (or a school as a whole) and an enterprise, confirmed by both and by the office (院企结对)."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("待确认")
        CONFIRMED = "confirmed", _("已结对")
        DECLINED = "declined", _("未结对")
        ENDED = "ended", _("已结束")

    chain = models.ForeignKey(
        Chain, verbose_name=_("产业链"), on_delete=models.PROTECT, related_name="pairings"
    )
    giver = models.ForeignKey(
        Organisation, verbose_name=_("院校"), on_delete=models.PROTECT, related_name="pairings_given"
    )
    unit = models.ForeignKey(
        Unit,
        verbose_name=_("二级单位"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="pairings",
    )
    enterprise = models.ForeignKey(
        Organisation, verbose_name=_("企业"), on_delete=models.PROTECT, related_name="pairings_received"
    )
    round = models.ForeignKey(
        Round,
        verbose_name=_("对接轮次"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="pairings",
    )
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.PROPOSED, editable=False)
    giver_confirmed_at = models.DateTimeField(_("院校确认时间"), null=True, blank=True, editable=False)
    enterprise_confirmed_at = models.DateTimeField(_("企业确认时间"), null=True, blank=True, editable=False)
    office_confirmed_at = models.DateTimeField(_("管理处确认时间"), null=True, blank=True, editable=False)
    starts_on = models.DateField(_("结对日期"), null=True, blank=True)
    ends_on = models.DateField(_("结束日期"), null=True, blank=True)
    ended_reason = models.CharField(_("结束原因"), max_length=300, blank=True, validators=[validate_plain])

    class Meta:
        verbose_name = _("院企结对")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["chain", "giver", "unit", "enterprise"],
                condition=Q(state__in=["proposed", "confirmed"]),
                nulls_distinct=False,
                name="one_live_pairing",
                violation_error_message=_("这两家已经结对，或正在确认。"),
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed")
                | Q(
                    giver_confirmed_at__isnull=False,
                    enterprise_confirmed_at__isnull=False,
                    office_confirmed_at__isnull=False,
                    starts_on__isnull=False,
                ),
                name="confirmed_by_all_three",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=F("starts_on")),
                name="pairing_dates",
                violation_error_message=DATES_IN_ORDER,
            ),
            models.CheckConstraint(condition=~Q(giver=F("enterprise")), name="no_pairing_with_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.unit or self.giver} — {self.enterprise}"

    @property
    def label(self) -> str:
        return str(self)
