"""What an agreement is made from: templates that people edit in Word, and clauses."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lianqiao.core.models import Versioned
from lianqiao.core.text import validate_plain, validate_text
from lianqiao.registry.models import Chain


class AgreementKind(models.TextChoices):
    PARTY_BUILDING = "party_building", _("党建共建协议")
    SCHOOL_ENTERPRISE = "school_enterprise", _("校企共建协议")
    INTERNSHIP = "internship", _("实习三方协议")
    MENTORING = "mentoring", _("传帮带协议")
    OTHER = "other", _("其他协议")


class AgreementTemplate(Versioned):
    """A .docx with fields. Without a chain it is everybody's default; a chain's own comes before it."""

    class State(models.TextChoices):
        ACTIVE = "active", _("使用中")
        RETIRED = "retired", _("已停用")

    chain = models.ForeignKey(
        Chain, verbose_name=_("产业链"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="agreement_templates",
    )  # fmt: skip
    kind = models.CharField(_("协议种类"), max_length=20, choices=AgreementKind)
    name = models.CharField(_("模板名称"), max_length=80, validators=[validate_plain])
    file = models.FileField(_("文件"), max_length=100)
    sha256 = models.CharField(_("指纹"), max_length=64, editable=False)
    # The names of the fields that stand in the file.
    fields = models.JSONField(_("字段"), default=list, blank=True, editable=False)
    # What a draft begins with: [{"key", "title", "text"}], the texts with fields in them.
    clauses = models.JSONField(_("条款"), default=list, blank=True)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.ACTIVE, editable=False)

    class Meta:
        verbose_name = _("协议模板")
        ordering = ["kind", "-id"]

    def __str__(self) -> str:
        return self.name


class Clause(Versioned):
    """One clause of the library. `obligation` says what to-do it becomes: {"what", "times", "every", "by"}."""

    class State(models.TextChoices):
        ACTIVE = "active", _("使用中")
        RETIRED = "retired", _("已停用")

    chain = models.ForeignKey(
        Chain, verbose_name=_("产业链"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="clauses",
    )  # fmt: skip
    kinds = models.JSONField(_("适用的协议"), default=list, blank=True)
    key = models.SlugField(_("代码"), max_length=40)
    title = models.CharField(_("条款名称"), max_length=60, validators=[validate_plain])
    text = models.TextField(_("条款内容"), max_length=4000, validators=[validate_text])
    obligation = models.JSONField(_("约定事项"), default=dict, blank=True)
    dimensions = models.JSONField(_("产学研训创"), default=list, blank=True)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.ACTIVE, editable=False)

    class Meta:
        verbose_name = _("条款")
        ordering = ["key", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["chain", "key"],
                nulls_distinct=False,
                name="one_clause_key",
                violation_error_message=_("已有此代码的条款。"),
            )
        ]

    def __str__(self) -> str:
        return self.title
