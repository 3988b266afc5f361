from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianqiao.accounts.models import Person
from lianqiao.core.actor import Role
from lianqiao.core.models import Versioned
from lianqiao.registry.models.chain import DATES_IN_ORDER, Chain
from lianqiao.registry.models.organisation import Organisation, Unit


class Position(Versioned):
    """Who holds which role in which organisation or chain, from when to when (both days included)."""

    person = models.ForeignKey(
        Person, verbose_name=_("人员"), on_delete=models.PROTECT, related_name="positions"
    )
    role = models.CharField(_("角色"), max_length=20, choices=Role)
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("单位"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="positions",
    )
    unit = models.ForeignKey(
        Unit,
        verbose_name=_("二级单位"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="positions",
    )
    chain = models.ForeignKey(
        Chain,
        verbose_name=_("产业链"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="positions",
    )
    starts_on = models.DateField(_("开始日期"))
    ends_on = models.DateField(_("结束日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("身份")
        ordering = ["person__name", "starts_on", "id"]
        indexes = [models.Index(fields=["ends_on"], name="position_end")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="position_dates",
                violation_error_message=DATES_IN_ORDER,
            ),
            models.CheckConstraint(
                condition=~Q(role__in=["enterprise_contact", "school_coordinator", "college_contact"])
                | Q(organisation__isnull=False),
                name="contact_has_organisation",
                violation_error_message=_("企业和院校的联系人须选择所属单位。"),
            ),
            models.CheckConstraint(
                condition=~Q(role="college_contact") | Q(unit__isnull=False),
                name="college_contact_has_unit",
                violation_error_message=_("二级学院联系人须选择所属二级学院。"),
            ),
        ]

    def __str__(self) -> str:
        where = self.unit or self.organisation or self.chain
        return f"{self.get_role_display()} · {where.label}" if where else str(self.get_role_display())

    def is_held(self, today: date) -> bool:
        return self.starts_on <= today and (self.ends_on is None or today <= self.ends_on)
