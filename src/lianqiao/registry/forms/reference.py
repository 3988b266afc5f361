from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianqiao.core.actor import Actor
from lianqiao.core.text import validate_plain
from lianqiao.registry.forms.fields import DayField
from lianqiao.registry.levels import LEVELS
from lianqiao.registry.models import Edition, ReferenceItem
from lianqiao.registry.queries import containing
from lianqiao.registry.tables import LARGEST_FILE, BadTable, Row, read_table


class ReferenceImportForm(forms.Form):
    """A file with an edition of one table; `rows` are what was read from it."""

    kind = forms.ChoiceField(label=_("参照表"), choices=Edition.Kind.choices)
    file = forms.FileField(
        label=_("文件"),
        help_text=_(
            "CSV（UTF-8 或 GB18030）或 .xlsx，不超过 20 MB。第一行是列名：代码、名称，可有级别、上级；工作日历为日期、是否工作日、名称。"
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )
    edition = forms.CharField(
        label=_("版本"), max_length=80, validators=[validate_plain], help_text=_("例如 GB/T 4754-2017。")
    )
    valid_from = DayField(
        label=_("生效日期"),
        help_text=_("新版本没有的代码从这一天起停用，原有记录仍可使用。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["valid_from"].initial = timezone.localdate
        self.rows: list[Row] = []
        self.content = b""

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        file = facts.get("file")
        if file is not None and file.size > LARGEST_FILE:
            self.add_error(
                "file",
                ValidationError(_("文件超过 %(limit)s MB。"), params={"limit": LARGEST_FILE // 1024**2}),
            )
        elif file is not None and "kind" in facts:
            self.content = file.read()
            try:
                self.rows = read_table(facts["kind"], file.name, self.content)
            except BadTable as refusal:
                errors = [ValidationError(str(problem), code=problem.code) for problem in refusal.problems]
                self.add_error("file", ValidationError(errors))
        return facts

    def facts(self) -> dict[str, Any]:
        """What is kept beside the file until somebody agrees."""
        return {
            "kind": self.cleaned_data["kind"],
            "name": self.cleaned_data["file"].name,
            "edition": self.cleaned_data["edition"],
            "valid_from": self.cleaned_data["valid_from"].isoformat(),
        }


class ReferenceFilters(forms.Form):
    """The table's kind comes from the address; the levels offered are its own."""

    q = forms.CharField(label=_("名称、拼音、代码"), required=False, max_length=100)
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[("", _("全部")), ("live", _("现行")), ("ended", _("已停用"))],
    )
    kind = ""

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if levels := LEVELS.get(self.kind):
            choices = [("", _("全部")), *levels.items()]
            self.fields["level"] = forms.ChoiceField(label=_("级别"), required=False, choices=choices)

    def narrow(self, rows: QuerySet[ReferenceItem]) -> QuerySet[ReferenceItem]:
        asked = self.cleaned_data
        if asked.get("level"):
            rows = rows.filter(level=asked["level"])
        if asked["state"]:
            rows = rows.filter(valid_to__isnull=asked["state"] == "live")
        return containing(rows, asked["q"])


def filters_of(kind: str) -> type[ReferenceFilters]:
    return type("ReferenceFilters", (ReferenceFilters,), {"kind": kind})
