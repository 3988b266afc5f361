from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianqiao.core.text import initials, normalise, pinyin, validate_plain, validate_text
from lianqiao.registry.models.named import Named
from lianqiao.registry.validators import validate_credit_code


class Organisation(Named):
    """An enterprise, a school, an office or an association."""

    class Kind(models.TextChoices):
        ENTERPRISE = "enterprise", _("企业")
        SCHOOL = "school", _("院校")
        OFFICE = "office", _("管理部门")
        ASSOCIATION = "association", _("社会组织")

    class Classification(models.TextChoices):
        STATE_OWNED = "state_owned", _("国有企业")
        NON_PUBLIC = "non_public", _("非公有制企业")
        NEW_ECONOMIC = "new_economic", _("新经济组织")
        NEW_SOCIAL = "new_social", _("新社会组织")
        NEW_EMPLOYMENT = "new_employment", _("新就业群体")

    class Size(models.TextChoices):
        MICRO = "micro", _("微型")
        SMALL = "small", _("小型")
        MEDIUM = "medium", _("中型")
        LARGE = "large", _("大型")

    class State(models.TextChoices):
        ACTIVE = "active", _("正常")
        CLOSED = "closed", _("已注销")
        MERGED = "merged", _("已并入")

    name = models.CharField(_("单位名称"), max_length=120, validators=[validate_plain])
    name_en = models.CharField(_("英文名称"), max_length=200, blank=True, validators=[validate_plain])
    kind = models.CharField(_("单位性质"), max_length=12, choices=Kind, default=Kind.ENTERPRISE)
    classification = models.CharField(_("两企三新分类"), max_length=16, choices=Classification, blank=True)
    # NULL where there is none yet: two empty strings would collide in the unique constraint.
    credit_code = models.CharField(  # noqa: DJ001
        _("统一社会信用代码"),
        max_length=18,
        null=True,
        blank=True,
        validators=[validate_credit_code],
        help_text=_("18 位，可留空，以后补填。"),
    )
    industries = models.JSONField(_("行业代码"), default=list, blank=True)
    region = models.CharField(_("行政区划代码"), max_length=6, blank=True)
    size = models.CharField(_("规模"), max_length=8, choices=Size, blank=True)
    business = models.TextField(_("主营业务"), max_length=1000, blank=True, validators=[validate_text])
    address = models.CharField(_("地址"), max_length=200, blank=True, validators=[validate_plain])
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.ACTIVE, editable=False)
    merged_into = models.ForeignKey(
        "self", verbose_name=_("并入单位"), null=True, blank=True, editable=False,
        on_delete=models.PROTECT, related_name="merged_from",
    )  # fmt: skip
    registered_by = models.ForeignKey(
        "self", verbose_name=_("由谁登记"), null=True, blank=True, editable=False,
        on_delete=models.SET_NULL, related_name="registered",
    )  # fmt: skip
    # Normalised name, other names, pinyin and initials, so that one `contains` finds them on both databases.
    search_text = models.TextField(editable=False, default="")
    audit_computed = ("search_text",)

    class Meta:
        verbose_name = _("单位")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["credit_code"],
                condition=~Q(state="merged"),
                name="one_live_credit_code",
                violation_error_message=_("该统一社会信用代码已在平台登记，一个代码只能登记一个单位。"),
            ),
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False)
                | (~Q(state="merged") & Q(merged_into=None)),
                name="merged_says_into_what",
            ),
        ]

    def clean(self) -> None:
        self.name = self.name.strip()
        if not self.name:
            raise ValidationError({"name": _("请填写单位名称。")})
        self.credit_code = (self.credit_code or "").strip().upper() or None

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_text = searchable(self.name, *self.other_names())
        if self.name_en:
            self.search_text += f"\n{self.name_en.lower()}"
        if self.credit_code:
            self.search_text += f"\n{self.credit_code.lower()}"
        super().save(*args, **kwargs)

    def other_names(self) -> list[str]:
        return [row.name for row in self.names.all()] if self.pk else []


class OrganisationName(models.Model):
    """A short name or a former name."""

    class Kind(models.TextChoices):
        SHORT = "short", _("简称")
        FORMER = "former", _("曾用名")

    organisation = models.ForeignKey(
        Organisation, verbose_name=_("单位"), on_delete=models.CASCADE, related_name="names"
    )
    kind = models.CharField(_("名称类别"), max_length=8, choices=Kind)
    name = models.CharField(_("名称"), max_length=120, validators=[validate_plain])

    class Meta:
        verbose_name = _("其他名称")
        ordering = ["kind", "id"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "kind", "name"], name="one_other_name")
        ]

    def __str__(self) -> str:
        return self.name


class Unit(Named):
    """A part of an organisation that acts by itself: a college with its majors, a department."""

    class Kind(models.TextChoices):
        COLLEGE = "college", _("二级学院")
        DEPARTMENT = "department", _("部门")

    organisation = models.ForeignKey(
        Organisation, verbose_name=_("所属单位"), on_delete=models.PROTECT, related_name="units"
    )
    name = models.CharField(_("名称"), max_length=80, validators=[validate_plain])
    name_en = models.CharField(_("英文名称"), max_length=120, blank=True, validators=[validate_plain])
    kind = models.CharField(_("类别"), max_length=12, choices=Kind, default=Kind.COLLEGE)
    majors = models.JSONField(_("专业代码"), default=list, blank=True)
    strengths = models.TextField(_("特色与优势"), max_length=1000, blank=True, validators=[validate_text])

    class Meta:
        verbose_name = _("二级单位")
        ordering = ["organisation", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"],
                name="one_unit_name",
                violation_error_message=_("该单位已有同名的二级单位。"),
            )
        ]


def searchable(*names: str) -> str:
    lines = []
    for name in names:
        lines += [normalise(name), pinyin(name), initials(name)]
    return "\n".join(lines)
