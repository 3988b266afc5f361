from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianqiao.core.models import Versioned
from lianqiao.core.text import validate_plain, validate_text
from lianqiao.registry.models.named import Named
from lianqiao.registry.models.organisation import Organisation, Unit

DATES_IN_ORDER = _("结束日期不能早于开始日期。")


class Chain(Named):
    """An industry chain of a district, run by an office."""

    name = models.CharField(_("产业链名称"), max_length=80, unique=True, validators=[validate_plain])
    name_en = models.CharField(_("英文名称"), max_length=120, blank=True, validators=[validate_plain])
    office = models.ForeignKey(
        Organisation, verbose_name=_("牵头管理部门"), on_delete=models.PROTECT, related_name="chains_run"
    )
    region = models.CharField(_("行政区划代码"), max_length=6, blank=True)
    description = models.TextField(_("说明"), max_length=1000, blank=True, validators=[validate_text])

    class Meta:
        verbose_name = _("产业链")
        ordering = ["name"]


class Segment(Named):
    """A place on the chain. `column` is where it stands from upstream (0) to downstream."""

    chain = models.ForeignKey(
        Chain, verbose_name=_("产业链"), on_delete=models.PROTECT, related_name="segments"
    )
    code = models.SlugField(_("代码"), max_length=30)
    name = models.CharField(_("环节名称"), max_length=40, validators=[validate_plain])
    name_en = models.CharField(_("英文名称"), max_length=80, blank=True, validators=[validate_plain])
    column = models.PositiveSmallIntegerField(
        _("所在列"), default=0, help_text=_("从上游 0 开始，越大越靠下游。")
    )
    description = models.TextField(_("说明"), max_length=500, blank=True, validators=[validate_text])
    industries = models.JSONField(_("行业代码"), default=list, blank=True)

    class Meta:
        verbose_name = _("链环节")
        ordering = ["chain", "column", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["chain", "code"],
                name="one_segment_code",
                violation_error_message=_("本链已有此代码的环节。"),
            ),
            models.UniqueConstraint(
                fields=["chain", "name"],
                name="one_segment_name",
                violation_error_message=_("本链已有同名环节。"),
            ),
        ]


class SegmentLink(models.Model):
    """One segment feeds another of the same chain; together they never form a circle."""

    upstream = models.ForeignKey(
        Segment, verbose_name=_("上游环节"), on_delete=models.CASCADE, related_name="feeds"
    )
    downstream = models.ForeignKey(
        Segment, verbose_name=_("下游环节"), on_delete=models.CASCADE, related_name="fed_by"
    )

    class Meta:
        verbose_name = _("环节联系")
        constraints = [
            models.UniqueConstraint(
                fields=["upstream", "downstream"],
                name="one_segment_link",
                violation_error_message=_("这两个环节已有联系。"),
            ),
            models.CheckConstraint(
                condition=~Q(upstream=F("downstream")),
                name="no_link_to_itself",
                violation_error_message=_("环节不能与自己相连。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.upstream} → {self.downstream}"


class Membership(Versioned):
    """An organisation, or one of its units, on a chain at one or more segments, from - to."""

    chain = models.ForeignKey(
        Chain, verbose_name=_("产业链"), on_delete=models.PROTECT, related_name="memberships"
    )
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("单位"), on_delete=models.PROTECT, related_name="memberships"
    )
    unit = models.ForeignKey(
        Unit,
        verbose_name=_("二级单位"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="memberships",
    )
    segments = models.ManyToManyField(
        Segment, verbose_name=_("链环节"), related_name="memberships", blank=True
    )
    starts_on = models.DateField(_("加入日期"))
    ends_on = models.DateField(_("退出日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("链上成员")
        ordering = ["organisation__name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["chain", "organisation", "unit"],
                condition=Q(ends_on=None),
                nulls_distinct=False,
                name="one_live_membership",
                violation_error_message=_("该单位已是本链成员。"),
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="membership_dates",
                violation_error_message=DATES_IN_ORDER,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.chain}"
