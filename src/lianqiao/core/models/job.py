from django.db import models
from django.utils.translation import gettext_lazy as _


class Job(models.Model):
    """Long work: who asked for it, how far it is, what went wrong in which row."""

    class State(models.TextChoices):
        QUEUED = "queued", _("排队中")
        RUNNING = "running", _("进行中")
        DONE = "done", _("已完成")
        FAILED = "failed", _("未完成")
        CANCELLED = "cancelled", _("已取消")

    kind = models.CharField(_("类别"), max_length=60)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.QUEUED)
    person_id = models.BigIntegerField(_("发起人"), null=True, db_index=True)
    actor = models.JSONField(default=dict)
    facts = models.JSONField(_("参数"), default=dict)
    done = models.PositiveIntegerField(_("已处理"), default=0)
    total = models.PositiveIntegerField(_("总数"), default=0)
    result = models.JSONField(_("结果"), default=dict)
    asked_at = models.DateTimeField(_("提交时间"), auto_now_add=True)
    started_at = models.DateTimeField(_("开始时间"), null=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True)

    class Meta:
        verbose_name = _("任务")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.QUEUED, self.State.RUNNING)


class JobError(models.Model):
    """One row that a job could not take: where, and why as a code with facts."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="errors")
    place = models.CharField(_("位置"), max_length=120)
    code = models.CharField(_("原因代码"), max_length=60)
    reason = models.CharField(_("原因"), max_length=500)

    class Meta:
        verbose_name = _("问题行")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.place}: {self.code}"
