"""What an agreement is made from: templates that people edit in Word, and clauses."""

import re

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from lianqiao.core.models import Versioned
from lianqiao.core.text import validate_plain, validate_text
from lianqiao.registry.models import Chain

PLACES = re.compile(r"\{(chain|year|serial)\}")


def validate_pattern(pattern: str) -> None:
    """Year and running number must stand in it, or two agreements would bear one number."""
    names = PLACES.findall(pattern)
    if not {"year", "serial"} <= set(names) or set("{}") & set(PLACES.sub("", pattern)):
        raise ValidationError(
            _("编号格式里要有 {year} 和 {serial}，花括号里只能写 chain、year、serial。"), code="pattern"
        )


class AgreementKind(models.TextChoices):
    PARTY_BUILDING = "party_building", _("党建共建协议")
    SCHOOL_ENTERPRISE = "school_enterprise", _("校企共建协议")
    INTERNSHIP = "internship", _("实习三方协议")
    MENTORING = "mentoring", _("传帮带协议")
    OTHER = "other", _("其他协议")


class AgreementTemplate(Versioned):
    """A .docx with fields that an office edited in Word. Where there is none, the product makes one itself."""

    class State(models.TextChoices):
        ACTIVE = "active", _("使用中")
        RETIRED = "retired", _("已停用")

    chain = models.ForeignKey(
        Chain, verbose_name=_("产业链"), on_delete=models.PROTECT, related_name="agreement_templates"
    )
    kind = models.CharField(_("协议种类"), max_length=20, choices=AgreementKind)
    name = models.CharField(_("模板名称"), max_length=80, validators=[validate_plain])
    file = models.FileField(_("文件"), max_length=100)
    sha256 = models.CharField(_("指纹"), max_length=64, editable=False)
    # The names of the fields that stand in the file.
    fields = models.JSONField(_("字段"), default=list, blank=True, editable=False)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.ACTIVE, editable=False)
    audit_computed = ("file",)  # its digest tells which one it is

    class Meta:
        verbose_name = _("协议模板")
        ordering = ["kind", "-id"]

    def __str__(self) -> str:
        return self.name


class Clause(Versioned):
    """A clause of an office's own; one with the key of a default stands in its place.

    `obligation` says what to-do it becomes: {"what", "times", "every", "by"}, or nothing.
    """

    class State(models.TextChoices):
        ACTIVE = "active", _("使用中")
        RETIRED = "retired", _("已停用")

    chain = models.ForeignKey(
        Chain, verbose_name=_("产业链"), on_delete=models.PROTECT, related_name="clauses"
    )
    kind = models.CharField(_("协议种类"), max_length=20, choices=AgreementKind)
    key = models.SlugField(_("代码"), max_length=40)
    title = models.CharField(_("条款名称"), max_length=60, blank=True, validators=[validate_plain])
    text = models.TextField(_("条款内容"), max_length=4000, validators=[validate_text])
    obligation = models.JSONField(_("约定事项"), default=dict, blank=True)
    dimensions = models.JSONField(_("产学研训创"), default=list, blank=True)
    # Others are at hand in the editor.
    standard = models.BooleanField(_("新协议自动带上"), default=True)
    position = models.PositiveSmallIntegerField(_("次序"), default=500)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.ACTIVE, editable=False)

    class Meta:
        verbose_name = _("条款")
        ordering = ["position", "key", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["chain", "kind", "key"],
                name="one_clause_key",
                violation_error_message=_("已有此代码的条款。"),
            )
        ]

    def __str__(self) -> str:
        return self.title


class Numbering(Versioned):
    """How a chain's office numbers its agreements: {chain}, {year} and {serial} stand for what they say."""

    chain = models.OneToOneField(
        Chain, verbose_name=_("产业链"), on_delete=models.PROTECT, related_name="agreement_numbering"
    )
    pattern = models.CharField(
        _("编号格式"), max_length=40, validators=[validate_plain, validate_pattern],
        help_text=_("{year} 是年份，{serial} 是当年的序号，{chain} 是产业链名称，如 淮食协〔{year}〕{serial} 号。"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("协议编号格式")

    def __str__(self) -> str:
        return self.pattern
