from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditEntry(models.Model):
    """One line of the audit trail. Names are copied, not referenced: a line must outlive what it tells of."""

    id = models.BigIntegerField(_("序号"), primary_key=True)
    at = models.DateTimeField(_("时间"), db_index=True)
    request_id = models.CharField(_("请求编号"), max_length=36, blank=True)
    person_id = models.BigIntegerField(_("人员编号"), null=True, db_index=True)
    name = models.CharField(_("姓名"), max_length=120)
    position_id = models.BigIntegerField(_("身份编号"), null=True)
    position_label = models.CharField(_("身份"), max_length=300, blank=True)
    network = models.CharField(_("网络地址"), max_length=45, blank=True)
    action = models.CharField(_("操作"), max_length=100, db_index=True)
    subject_type = models.CharField(_("对象类别"), max_length=60, blank=True)
    subject_id = models.CharField(_("对象编号"), max_length=60, blank=True)
    subject_label = models.CharField(_("对象"), max_length=300, blank=True)
    # Canonical JSON kept as text: an edit of a single blank must show, and jsonb would hide it.
    before = models.TextField(_("原内容"), blank=True)
    after = models.TextField(_("新内容"), blank=True)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("审计记录")
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="audit_subject")]

    def __str__(self) -> str:
        return f"{self.id} {self.action} {self.subject_label}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("the audit trail is append-only")
        super().save(*args, force_insert=True, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("the audit trail is append-only")


class AuditHead(models.Model):
    """The single row that says where the trail ends. Locking it gives each entry its place."""

    last_id = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)

    def __str__(self) -> str:
        return f"{self.last_id}:{self.hash}"
