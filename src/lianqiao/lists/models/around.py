"""What stands around an entry: wishes, comments, files, merges."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianqiao.accounts.models import Person
from lianqiao.core.text import validate_plain, validate_text
from lianqiao.lists.models.entry import Entry
from lianqiao.registry.models import Organisation


class Wish(models.Model):
    """With whom an asker wants to be brought together, or on no account; the asker and the office alone see it."""

    class Kind(models.TextChoices):
        MUST = "must", _("希望与它对接")
        NEVER = "never", _("不与它对接")

    entry = models.ForeignKey(
        Entry, verbose_name=_("清单条目"), on_delete=models.CASCADE, related_name="wishes"
    )
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("单位"), on_delete=models.CASCADE, related_name="wishes_about"
    )
    kind = models.CharField(_("意愿"), max_length=5, choices=Kind)

    class Meta:
        verbose_name = _("对接意愿")
        ordering = ["kind", "organisation__name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "organisation"],
                name="one_wish",
                violation_error_message=_("对同一个单位只能有一种意愿。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}：{self.organisation}"


class Comment(models.Model):
    class State(models.TextChoices):
        SHOWN = "shown", _("显示")
        REMOVED = "removed", _("已删除")

    entry = models.ForeignKey(
        Entry, verbose_name=_("清单条目"), on_delete=models.CASCADE, related_name="comments"
    )
    person = models.ForeignKey(
        Person, verbose_name=_("人员"), on_delete=models.PROTECT, related_name="entry_comments"
    )
    # As it was when it was written: positions end, what was said stays.
    position_label = models.CharField(_("身份"), max_length=300)
    text = models.TextField(_("留言"), max_length=1000, validators=[validate_text])
    at = models.DateTimeField(_("时间"))
    edited_at = models.DateTimeField(_("修改时间"), null=True, blank=True, editable=False)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.SHOWN, editable=False)
    # Whoever took it away brings it back; its writer does not undo what the office did.
    removed_by = models.ForeignKey(
        Person, verbose_name=_("由谁删除"), null=True, blank=True, editable=False,
        on_delete=models.SET_NULL, related_name="+",
    )  # fmt: skip

    class Meta:
        verbose_name = _("留言")
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="comment_says_something",
                violation_error_message=_("请填写留言。"),
            )
        ]

    def __str__(self) -> str:
        return self.text[:40]


class Attachment(models.Model):
    """A file of an entry; `file` lies under a name that tells nothing, `name` is what people gave it."""

    entry = models.ForeignKey(
        Entry, verbose_name=_("清单条目"), on_delete=models.CASCADE, related_name="attachments"
    )
    name = models.CharField(_("文件名"), max_length=120, validators=[validate_plain])
    content_type = models.CharField(_("文件类型"), max_length=100)
    size = models.PositiveIntegerField(_("大小"))
    sha256 = models.CharField(_("指纹"), max_length=64)
    file = models.FileField(_("文件"), max_length=100)
    attached_at = models.DateTimeField(_("时间"), auto_now_add=True)
    # Until the clock deletes the file for good it can be given back.
    detached_at = models.DateTimeField(_("删除时间"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("附件")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "sha256"],
                condition=Q(detached_at=None),
                name="one_file_once",
                violation_error_message=_("这个文件已经附在这条下面。"),
            )
        ]

    def __str__(self) -> str:
        return self.name


class EntryMerge(models.Model):
    """One entry was the same as another. `moved` holds what was moved, so that it can be undone."""

    class State(models.TextChoices):
        DONE = "done", _("已合并")
        UNDONE = "undone", _("已撤销")

    gone = models.ForeignKey(
        Entry, verbose_name=_("被合并条目"), on_delete=models.PROTECT, related_name="merges_gone"
    )
    kept = models.ForeignKey(
        Entry, verbose_name=_("保留条目"), on_delete=models.PROTECT, related_name="merges_kept"
    )
    state = models.CharField(_("状态"), max_length=6, choices=State, default=State.DONE)
    moved = models.JSONField(default=dict)
    merged_at = models.DateTimeField(_("合并时间"))

    class Meta:
        verbose_name = _("条目合并")
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=~Q(gone=F("kept")), name="no_entry_into_itself")]

    def __str__(self) -> str:
        return f"{self.gone} → {self.kept}"
