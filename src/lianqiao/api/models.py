from django.db import models
from django.utils.translation import gettext_lazy as _


class KeptAnswer(models.Model):
    """The answer to a write that carried an Idempotency-Key, kept so that a repeat gets the same one."""

    position_id = models.BigIntegerField(_("身份编号"))
    key = models.CharField(max_length=200)
    # Over method, path, query and body: the same key for anything else is a mistake of the caller.
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(blank=True)
    kept_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("接口应答")
        constraints = [models.UniqueConstraint(fields=["position_id", "key"], name="one_answer_per_key")]

    def __str__(self) -> str:
        return f"{self.position_id}:{self.key}"

    def keep(self, status: int, body: str) -> None:
        self.status, self.body = status, body
        self.save()
