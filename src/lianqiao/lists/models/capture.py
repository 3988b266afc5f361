"""A text on its way into the lists: minutes, a piece of news, a chat, and what was found in it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lianqiao.accounts.models import Person
from lianqiao.core.models import Job
from lianqiao.core.text import validate_plain
from lianqiao.lists.models.around import Comment
from lianqiao.lists.models.entry import Entry
from lianqiao.registry.models import Chain, Organisation


class Capture(models.Model):
    """The text as it was given. `found` keeps agreements, pairs and activities too, so that nobody types them again."""

    class Source(models.TextChoices):
        ROUNDTABLE = "roundtable", _("座谈")
        VISIT = "visit", _("走访")
        NEWS = "news", _("新闻")
        CHAT = "chat", _("聊天记录")

    class State(models.TextChoices):
        OPEN = "open", _("等待核对")
        DONE = "done", _("已写入")
        DROPPED = "dropped", _("未采用")

    chain = models.ForeignKey(
        Chain, verbose_name=_("产业链"), on_delete=models.PROTECT, related_name="captures"
    )
    place = models.ForeignKey(
        Organisation, verbose_name=_("由谁摘录"), null=True, blank=True,
        on_delete=models.SET_NULL, related_name="captures",
    )  # fmt: skip
    person = models.ForeignKey(
        Person, verbose_name=_("经办人"), null=True, blank=True,
        on_delete=models.SET_NULL, related_name="captures",
    )  # fmt: skip
    source = models.CharField(_("来源"), max_length=10, choices=Source)
    day = models.DateField(_("日期"))
    name = models.CharField(_("标题"), max_length=120, validators=[validate_plain])
    text = models.TextField(_("原文"))
    sha256 = models.CharField(_("指纹"), max_length=64)
    found = models.JSONField(default=dict)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.OPEN)
    # Asks the language model, where there is one; what the rules found does not wait for it.
    job = models.ForeignKey(Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(_("摘录时间"), auto_now_add=True)
    done_at = models.DateTimeField(_("写入时间"), null=True, blank=True)
    # The trail keeps the fingerprint; what people said in a chat stays out of it.
    audit_computed = ("text", "found")

    class Meta:
        verbose_name = _("文字摘录")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        return self.name


class CapturedEntry(models.Model):
    """What became of a line: a new entry, a comment on one that was there, or the remark that it is there already."""

    class How(models.TextChoices):
        NEW = "new", _("新增一条")
        COMMENT = "comment", _("作为留言补充")
        KEEP = "keep", _("已有，不再写")

    capture = models.ForeignKey(Capture, on_delete=models.CASCADE, related_name="entries")
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="captured")
    comment = models.ForeignKey(Comment, null=True, on_delete=models.SET_NULL, related_name="+")
    line = models.PositiveIntegerField(_("原文中的第几条"))
    how = models.CharField(_("处理"), max_length=7, choices=How)
    # The entry's when it was written: a later one was changed by somebody.
    version = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("摘录的条目")
        ordering = ["line"]
        constraints = [models.UniqueConstraint(fields=["capture", "line"], name="one_outcome_of_a_line")]

    def __str__(self) -> str:
        return f"{self.capture} {self.line}"
