from django.db import models
from django.utils.translation import gettext_lazy as _


class Edition(models.Model):
    """One loading of a reference table."""

    class Kind(models.TextChoices):
        INDUSTRY = "industry", _("国民经济行业分类")
        MAJOR = "major", _("专业目录")
        OCCUPATION = "occupation", _("职业分类")
        REGION = "region", _("行政区划")
        WORKDAYS = "workdays", _("工作日历")

    kind = models.CharField(_("类别"), max_length=12, choices=Kind)
    name = models.CharField(_("版本"), max_length=80)
    valid_from = models.DateField(_("生效日期"))
    digest = models.CharField(max_length=64)
    added = models.PositiveIntegerField(_("新增"), default=0)
    changed = models.PositiveIntegerField(_("变更"), default=0)
    ended = models.PositiveIntegerField(_("停用"), default=0)
    loaded_at = models.DateTimeField(_("载入时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("参照表版本")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.name}"


class ReferenceItem(models.Model):
    """One code of a reference table. A code that ends stays, for the records that carry it."""

    kind = models.CharField(_("类别"), max_length=12, choices=Edition.Kind)
    code = models.CharField(_("代码"), max_length=20)
    name = models.CharField(_("名称"), max_length=160)
    parent = models.CharField(_("上级代码"), max_length=20, blank=True)
    level = models.CharField(_("级别"), max_length=30, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    valid_from = models.DateField(_("生效日期"))
    valid_to = models.DateField(_("停用日期"), null=True, blank=True)
    search_text = models.TextField(default="", editable=False)

    class Meta:
        verbose_name = _("参照项")
        ordering = ["kind", "code"]
        constraints = [models.UniqueConstraint(fields=["kind", "code"], name="one_reference_code")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
