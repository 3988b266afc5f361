from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianqiao.accounts.models import Person
from lianqiao.core.models import Versioned
from lianqiao.core.text import validate_plain
from lianqiao.registry.models.chain import DATES_IN_ORDER, Chain
from lianqiao.registry.models.named import Named
from lianqiao.registry.models.organisation import Organisation, Unit


class PartyBranch(Versioned):
    """The Party organisation of an organisation or a unit, or why there is none yet."""

    class Kind(models.TextChoices):
        COMMITTEE = "committee", _("党委")
        GENERAL_BRANCH = "general_branch", _("党总支")
        BRANCH = "branch", _("党支部")
        JOINT_BRANCH = "joint_branch", _("联合党支部")
        NONE = "none", _("尚未建立")

    class MassOrganisation(models.TextChoices):
        UNION = "union", _("工会")
        YOUTH_LEAGUE = "youth_league", _("共青团")
        WOMEN = "women", _("妇联")

    organisation = models.ForeignKey(
        Organisation, verbose_name=_("单位"), on_delete=models.PROTECT, related_name="branches"
    )
    unit = models.ForeignKey(
        Unit,
        verbose_name=_("二级单位"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="branches",
    )
    kind = models.CharField(_("类型"), max_length=16, choices=Kind, default=Kind.BRANCH)
    name = models.CharField(_("党组织名称"), max_length=120, blank=True, validators=[validate_plain])
    number = models.CharField(_("党建登记编号"), max_length=40, blank=True, validators=[validate_plain])
    joint_name = models.CharField(_("联合支部名称"), max_length=120, blank=True, validators=[validate_plain])
    superior = models.CharField(_("隶属关系"), max_length=120, blank=True, validators=[validate_plain])
    secretary = models.CharField(_("负责人"), max_length=60, blank=True, validators=[validate_plain])
    members_here = models.PositiveIntegerField(_("党员数（组织关系在本单位）"), null=True, blank=True)
    members_elsewhere = models.PositiveIntegerField(_("党员数（组织关系在外）"), null=True, blank=True)
    probationary = models.PositiveIntegerField(_("预备党员"), null=True, blank=True)
    developing = models.PositiveIntegerField(_("发展对象"), null=True, blank=True)
    activists = models.PositiveIntegerField(_("入党积极分子"), null=True, blank=True)
    applicants = models.PositiveIntegerField(_("入党申请人"), null=True, blank=True)
    mass_organisations = models.JSONField(_("已建群团"), default=list, blank=True)
    founded_on = models.DateField(_("成立日期"), null=True, blank=True)
    why_none = models.CharField(_("未建立原因"), max_length=300, blank=True, validators=[validate_plain])
    planned_on = models.DateField(_("拟建日期"), null=True, blank=True)
    instructor = models.ForeignKey(
        Person, verbose_name=_("党建联络指导员"), null=True, blank=True,
        on_delete=models.SET_NULL, related_name="branches_instructed",
    )  # fmt: skip

    class Meta:
        verbose_name = _("党组织")
        ordering = ["organisation__name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "unit"],
                nulls_distinct=False,
                name="one_branch_record",
                violation_error_message=_("该单位已有党组织记录，请在原记录上修改。"),
            ),
            models.CheckConstraint(
                condition=~Q(kind="none") | ~Q(why_none=""),
                name="none_has_reason",
                violation_error_message=_("尚未建立党组织的，请填写未建立原因。"),
            ),
            models.CheckConstraint(
                condition=Q(kind="none") | ~Q(name=""),
                name="branch_has_name",
                violation_error_message=_("请填写党组织名称。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name or f"{self.organisation} · {self.get_kind_display()}"

    def clean(self) -> None:
        """Both columns stand in the office's sheet (未建立原因, 拟建日期); what is missing is told at once."""
        if self.kind != self.Kind.NONE:
            return
        missing = {}
        if not self.why_none.strip():
            missing["why_none"] = _("尚未建立党组织的，请填写未建立原因。")
        if self.planned_on is None:
            missing["planned_on"] = _("尚未建立党组织的，请填写拟建日期。")
        if missing:
            raise ValidationError(missing)


class ChainPartyOrganisation(Named):
    """The chain's own Party organisation."""

    chain = models.OneToOneField(
        Chain, verbose_name=_("产业链"), on_delete=models.PROTECT, related_name="party_organisation"
    )
    name = models.CharField(_("名称"), max_length=120, validators=[validate_plain])
    name_en = models.CharField(_("英文名称"), max_length=200, blank=True, validators=[validate_plain])
    founded_on = models.DateField(_("成立日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("产业链党组织")


class Accession(Versioned):
    """An organisation belongs to the chain's Party organisation, from - to; periods never overlap."""

    party_organisation = models.ForeignKey(
        ChainPartyOrganisation,
        verbose_name=_("产业链党组织"),
        on_delete=models.PROTECT,
        related_name="accessions",
    )
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("单位"), on_delete=models.PROTECT, related_name="accessions"
    )
    joined_on = models.DateField(_("加入日期"))
    left_on = models.DateField(_("退出日期"), null=True, blank=True)
    reason_left = models.CharField(_("退出原因"), max_length=200, blank=True, validators=[validate_plain])

    class Meta:
        verbose_name = _("加入产业链党组织")
        ordering = ["-joined_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["party_organisation", "organisation"],
                condition=Q(left_on=None),
                name="one_live_accession",
                violation_error_message=_("该单位已加入，尚未退出。"),
            ),
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(left_on__gte=F("joined_on")),
                name="accession_dates",
                violation_error_message=DATES_IN_ORDER,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.party_organisation}"
