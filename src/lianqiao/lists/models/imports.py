"""A workbook on its way into the lists: what was read, what is to be decided, what came of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lianqiao.accounts.models import Person
from lianqiao.core.models import Job
from lianqiao.lists.models.category import Kind
from lianqiao.lists.models.entry import Entry
from lianqiao.registry.models import Chain, Organisation, Unit


class Import(models.Model):
    """One uploaded workbook. The file itself lies in the uploads, under `token`, for a day."""

    class State(models.TextChoices):
        READING = "reading", _("正在检查")
        REFUSED = "refused", _("无法读取")
        CHECKED = "checked", _("等待确认")
        DONE = "done", _("已导入")
        UNDONE = "undone", _("已撤销")
        DROPPED = "dropped", _("未导入")

    chain = models.ForeignKey(
        Chain, verbose_name=_("产业链"), on_delete=models.PROTECT, related_name="imports"
    )
    place = models.ForeignKey(
        Organisation,
        verbose_name=_("由谁导入"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="imports",
    )
    person = models.ForeignKey(
        Person,
        verbose_name=_("经办人"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="imports",
    )
    name = models.CharField(_("文件名"), max_length=120)
    token = models.CharField(max_length=32)
    sha256 = models.CharField(_("指纹"), max_length=64)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.READING)
    problem = models.CharField(_("原因代码"), max_length=40, blank=True)
    job = models.ForeignKey(Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    # How many rows are what, and how the sheets were understood.
    counts = models.JSONField(default=dict, blank=True)
    sheets = models.JSONField(default=list, blank=True)
    # Of what the reader of the check decided upon: what was found meanwhile is not agreed to.
    digest = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField(_("上传时间"), auto_now_add=True)
    done_at = models.DateTimeField(_("导入时间"), null=True, blank=True)
    audit_computed = ("counts", "sheets", "digest", "token")

    class Meta:
        verbose_name = _("表格导入")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        return self.name


class ImportName(models.Model):
    """An organisation as the workbook names it, and which one of the register that is."""

    class How(models.TextChoices):
        CERTAIN = "certain", _("名称一致")
        LIKELY = "likely", _("可能是")
        UNKNOWN = "unknown", _("未登记")
        CHOSEN = "chosen", _("已选定")
        # Registered for this import, and taken back with it.
        ADDED = "added", _("随导入登记")

        @property
        def is_settled(self) -> bool:
            return self in (self.CERTAIN, self.CHOSEN, self.ADDED)

    imported = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="names")
    name = models.CharField(_("表中的单位"), max_length=200)
    above = models.CharField(_("上级单位"), max_length=200, blank=True)
    rows = models.PositiveIntegerField(_("行数"))
    how = models.CharField(_("匹配"), max_length=8, choices=How)
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.CASCADE, related_name="+")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.CASCADE, related_name="+")
    likely = models.JSONField(default=list)

    class Meta:
        verbose_name = _("表中的单位")
        ordering = ["-rows", "id"]

    def __str__(self) -> str:
        return self.name


class ImportProblem(models.Model):
    """What is wrong with a cell, or a sheet; `refusing` says that its row is not taken."""

    imported = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="problems")
    sheet = models.CharField(_("工作表"), max_length=120)
    row = models.PositiveIntegerField(_("行"), default=0)
    cell = models.CharField(_("单元格"), max_length=12, blank=True)
    key = models.CharField(max_length=20, blank=True)
    code = models.CharField(max_length=40)
    value = models.CharField(_("内容"), max_length=60, blank=True)
    refusing = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("表中的问题")
        ordering = ["-refusing", "id"]

    def __str__(self) -> str:
        return f"{self.sheet}!{self.cell}: {self.code}"


class ImportTwin(models.Model):
    """A row that is there already: as an entry, or further up in the workbook."""

    class Choice(models.TextChoices):
        SKIP = "skip", _("跳过")
        UPDATE = "update", _("更新原有的")
        NEW = "new", _("另存为新的")

    imported = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="twins")
    sheet = models.CharField(_("工作表"), max_length=120)
    row = models.PositiveIntegerField(_("行"))
    title = models.CharField(_("名称"), max_length=120)
    text = models.CharField(_("内容说明"), max_length=200, blank=True)
    entry = models.ForeignKey(Entry, null=True, on_delete=models.CASCADE, related_name="+")
    other_sheet = models.CharField(max_length=120, blank=True)
    other_row = models.PositiveIntegerField(default=0)
    other_title = models.CharField(max_length=120, blank=True)
    other_text = models.CharField(max_length=200, blank=True)
    is_same = models.BooleanField()
    choice = models.CharField(_("处理"), max_length=6, choices=Choice)

    class Meta:
        verbose_name = _("重复行")
        ordering = ["-is_same", "id"]

    def __str__(self) -> str:
        return f"{self.sheet}!{self.row}"


class ImportedRow(models.Model):
    """What an import made of a row. `version` is the entry's after it: a later one was changed by somebody."""

    imported = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows")
    entry = models.ForeignKey(Entry, null=True, on_delete=models.SET_NULL, related_name="imported_rows")
    sheet = models.CharField(_("工作表"), max_length=120)
    row = models.PositiveIntegerField(_("行"))
    version = models.PositiveIntegerField()
    # Of an entry that was there: what the import changed, as it was.
    before = models.JSONField(null=True)

    class Meta:
        verbose_name = _("导入的行")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.sheet}!{self.row}"


class ColumnMemory(models.Model):
    """How an office corrected a head or the list of a sheet, so that it need not do so again."""

    class What(models.TextChoices):
        HEAD = "head", _("列")
        SHEET = "sheet", _("工作表")

    place = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="column_memories")
    what = models.CharField(_("项目"), max_length=5, choices=What)
    text = models.CharField(_("表头"), max_length=200)
    # The key of a field, or the kind of a list; empty where a column is none of ours.
    means = models.CharField(_("含义"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("表头记忆")
        constraints = [models.UniqueConstraint(fields=["place", "what", "text"], name="one_memory_of_a_head")]

    def __str__(self) -> str:
        return f"{self.text} → {self.means}"

    @property
    def is_kind(self) -> bool:
        return self.means in Kind.values
