from django.db import models
from django.utils.translation import gettext_lazy as _

from lianqiao.registry.models.organisation import Organisation


class Merge(models.Model):
    """One organisation was merged into another. `moved` holds what was moved, so that it can be undone."""

    class State(models.TextChoices):
        DONE = "done", _("已合并")
        UNDONE = "undone", _("已撤销")

    gone = models.ForeignKey(
        Organisation, verbose_name=_("被合并单位"), on_delete=models.PROTECT, related_name="merges_gone"
    )
    kept = models.ForeignKey(
        Organisation, verbose_name=_("保留单位"), on_delete=models.PROTECT, related_name="merges_kept"
    )
    state = models.CharField(_("状态"), max_length=6, choices=State, default=State.DONE)
    moved = models.JSONField(default=dict)
    merged_at = models.DateTimeField(_("合并时间"))

    class Meta:
        verbose_name = _("单位合并")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.gone} → {self.kept}"
