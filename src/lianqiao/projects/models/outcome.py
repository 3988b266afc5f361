"""What a project brought, confirmed by both sides, with evidence."""

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianqiao.core.models import Versioned
from lianqiao.core.text import validate_plain, validate_text
from lianqiao.lists.models import Dimension
from lianqiao.projects.models.project import Milestone, Project
from lianqiao.registry.models import Chain
from lianqiao.registry.models.named import Named


class OutcomeKind(Named):
    """What is counted, and in which unit: people trained, posts filled, papers, patents, courses, money."""

    class State(models.TextChoices):
        ACTIVE = "active", _("使用中")
        RETIRED = "retired", _("已停用")

    chain = models.ForeignKey(
        Chain, verbose_name=_("产业链"), on_delete=models.PROTECT, related_name="outcome_kinds"
    )
    name = models.CharField(_("成果类别"), max_length=30, validators=[validate_plain])
    name_en = models.CharField(_("英文名称"), max_length=60, blank=True, validators=[validate_plain])
    unit = models.CharField(_("计量单位"), max_length=10, validators=[validate_plain])
    unit_en = models.CharField(_("英文计量单位"), max_length=20, blank=True, validators=[validate_plain])
    # People, posts and papers come whole; money does not.
    is_whole = models.BooleanField(_("只计整数"), default=True)
    dimension = models.CharField(_("产学研训创"), max_length=20, choices=Dimension, blank=True)
    position = models.PositiveSmallIntegerField(_("排列次序"), default=0)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.ACTIVE, editable=False)

    class Meta:
        verbose_name = _("成果类别")
        ordering = ["chain", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["chain", "name"], name="one_outcome_kind",
                violation_error_message=_("本链已有同名的成果类别。"),
            )
        ]  # fmt: skip

    @property
    def unit_label(self) -> str:
        return self.unit_en if self.unit_en and self.label == self.name_en else self.unit


class Outcome(Versioned):
    """It counts once both sides confirmed it; who reports it confirms it for its own side."""

    class State(models.TextChoices):
        REPORTED = "reported", _("待确认")
        CONFIRMED = "confirmed", _("已确认")
        DISPUTED = "disputed", _("有异议")
        WITHDRAWN = "withdrawn", _("已撤回")

    project = models.ForeignKey(
        Project, verbose_name=_("共建项目"), on_delete=models.CASCADE, related_name="outcomes"
    )
    kind = models.ForeignKey(
        OutcomeKind, verbose_name=_("成果类别"), on_delete=models.PROTECT, related_name="outcomes"
    )
    amount = models.DecimalField(
        _("数量"), max_digits=14, decimal_places=2, validators=[MinValueValidator(0)]
    )
    achieved_on = models.DateField(_("取得日期"))
    description = models.TextField(_("说明"), max_length=1000, blank=True, validators=[validate_text])
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.REPORTED, editable=False)
    sponsor_confirmed_at = models.DateTimeField(_("服务对象确认时间"), null=True, blank=True, editable=False)
    holder_confirmed_at = models.DateTimeField(_("承接单位确认时间"), null=True, blank=True, editable=False)
    disputed_reason = models.CharField(_("异议"), max_length=300, blank=True, validators=[validate_plain])

    class Meta:
        verbose_name = _("成果")
        ordering = ["achieved_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="confirmed")
                | Q(sponsor_confirmed_at__isnull=False, holder_confirmed_at__isnull=False),
                name="outcome_confirmed_by_both",
            ),
            models.CheckConstraint(
                condition=~Q(state="disputed") | ~Q(disputed_reason=""),
                name="disputed_says_why",
                violation_error_message=_("请写明有什么异议。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"

    @property
    def label(self) -> str:
        return str(self)

    def clean(self) -> None:
        if self.kind.is_whole and self.amount is not None and self.amount != self.amount.to_integral_value():
            message = _("“%(kind)s”按%(unit)s计，请填整数。")
            facts = {"kind": self.kind, "unit": self.kind.unit}
            raise ValidationError({"amount": ValidationError(message, code="not_whole", params=facts)})


class Evidence(models.Model):
    """A file that shows it. `code` is the number under which the college's own sheet asks for it, as 1-1-22-1."""

    project = models.ForeignKey(
        Project, verbose_name=_("共建项目"), on_delete=models.CASCADE, related_name="evidence"
    )
    milestone = models.ForeignKey(
        Milestone, verbose_name=_("项目节点"), null=True, blank=True,
        on_delete=models.SET_NULL, related_name="evidence",
    )  # fmt: skip
    outcome = models.ForeignKey(
        Outcome,
        verbose_name=_("成果"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="evidence",
    )
    code = models.CharField(_("佐证编号"), max_length=40, blank=True, validators=[validate_plain])
    name = models.CharField(_("文件名"), max_length=120, validators=[validate_plain])
    content_type = models.CharField(_("文件类型"), max_length=100)
    size = models.PositiveIntegerField(_("大小"))
    sha256 = models.CharField(_("指纹"), max_length=64)
    file = models.FileField(_("文件"), max_length=100)
    at = models.DateTimeField(_("时间"))
    by_label = models.CharField(_("上传人"), max_length=300)
    # Nobody opens it any more; until the clock deletes it for good it can be given back.
    removed_at = models.DateTimeField(_("删除时间"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("佐证材料")
        ordering = ["code", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "sha256"], condition=Q(removed_at=None), name="one_evidence_once",
                violation_error_message=_("这个文件已经在本项目的佐证材料里。"),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name
