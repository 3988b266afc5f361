from django.db import models
from django.utils.translation import gettext_lazy as _

from lianqiao.core.text import validate_plain
from lianqiao.registry.models import Chain
from lianqiao.registry.models.named import Named


class Kind(models.TextChoices):
    """Which of the three lists."""

    RESOURCE = "resource", _("资源")
    SERVICE = "service", _("服务")
    NEED = "need", _("需求")


class Category(Named):
    """What a chain sorts the entries of one list by."""

    class State(models.TextChoices):
        ACTIVE = "active", _("使用中")
        RETIRED = "retired", _("已停用")

    chain = models.ForeignKey(
        Chain, verbose_name=_("产业链"), on_delete=models.PROTECT, related_name="categories"
    )
    kind = models.CharField(_("清单"), max_length=8, choices=Kind)
    name = models.CharField(_("类别名称"), max_length=20, validators=[validate_plain])
    name_en = models.CharField(_("英文名称"), max_length=40, blank=True, validators=[validate_plain])
    position = models.PositiveSmallIntegerField(_("排列次序"), default=0, help_text=_("数字小的排在前面。"))
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.ACTIVE, editable=False)

    class Meta:
        verbose_name = _("清单类别")
        ordering = ["chain", "kind", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["chain", "kind", "name"],
                name="one_category_name",
                violation_error_message=_("这张清单已有同名的类别。"),
            )
        ]
