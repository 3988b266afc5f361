"""What the pages of an import ask."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from lianqiao.core.actor import Actor
from lianqiao.lists.imports.queries import likely_organisations
from lianqiao.lists.imports.reading import LARGEST_FILE
from lianqiao.lists.imports.reasons import LABELS
from lianqiao.lists.models import Import, ImportName, Kind
from lianqiao.registry.models import Organisation
from lianqiao.registry.queries import chains_for

LEAVE_OUT, AS_IT_IS, NONE = "-", "", "none"
# untranslated: how names of organisations end
ENDINGS = dict.fromkeys(
    ("大学", "学院", "学校", "中学", "职校", "技校"), Organisation.Kind.SCHOOL
) | dict.fromkeys(("协会", "商会", "学会", "促进会", "联合会", "基金会"), Organisation.Kind.ASSOCIATION)
# The number of the list and the kind of a row are the workbook's own.
CORRECTABLE = sorted(key for key in LABELS if key != "entry")


class ImportForm(forms.Form):
    """Which workbook, for which chain."""

    chain = forms.ModelChoiceField(label=_("产业链"), queryset=None, empty_label=None)
    file = forms.FileField(
        label=_("表格文件"),
        help_text=_("Excel（.xlsx、.xls）、ODS 或 CSV，不超过 50 MB、20 万行。表头写法不限，先检查后导入。"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv"}),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chains = chains_for(actor)
        self.fields["chain"].queryset = chains
        if len(chains) == 1:
            self.fields["chain"].initial = chains[0]
            self.fields["chain"].widget = forms.HiddenInput()

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            message = _("文件超过 %(limit)s MB。")
            raise ValidationError(message, code="too_large", params={"limit": LARGEST_FILE // 1024**2})
        return file


class ColumnsForm(forms.Form):
    """For each sheet which list it is, for each column what it holds; only what was corrected is told."""

    def __init__(self, *args: Any, imported: Import, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tables: list[dict[str, Any]] = []
        keys = [
            (AS_IT_IS, _("未选定")),
            (LEAVE_OUT, _("不是清单内容")),
            *((key, LABELS[key]) for key in CORRECTABLE),
        ]
        kinds = [(AS_IT_IS, _("未选定")), *Kind.choices]
        for at, sheet in enumerate(imported.sheets):
            if not sheet["columns"]:
                continue
            kind = self.add(f"kind-{at}", sheet["name"], kinds, sheet["kind"] or "")
            columns = [
                {
                    "field": self.add(f"column-{at}-{letter}", head or letter, keys, key or AS_IT_IS),
                    "letter": letter, "head": head, "certainty": round(certainty * 100), "is_sure": certainty >= 0.8,
                    "is_known": key is not None,
                }
                for letter, head, key, certainty in sheet["columns"]
            ]  # fmt: skip
            self.tables.append({"sheet": sheet, "kind": kind, "columns": columns})

    def add(self, name: str, label: str, choices: list[Any], initial: str) -> str:
        self.fields[name] = forms.ChoiceField(label=label, choices=choices, initial=initial, required=False)
        return name

    def bound(self) -> list[dict[str, Any]]:
        return [
            table
            | {
                "kind": self[table["kind"]],
                "columns": [c | {"field": self[c["field"]]} for c in table["columns"]],
            }
            for table in self.tables
        ]

    def corrections(self) -> tuple[dict[str, str], dict[str, str]]:
        heads, kinds = {}, {}
        for table in self.tables:
            if table["kind"] in self.changed_data and self.cleaned_data[table["kind"]]:
                kinds[table["sheet"]["name"]] = self.cleaned_data[table["kind"]]
            for column in table["columns"]:
                said = self.cleaned_data[column["field"]]
                if column["field"] in self.changed_data and column["head"] and said != AS_IT_IS:
                    heads[column["head"]] = "" if said == LEAVE_OUT else said
        return heads, kinds


class NamesForm(forms.Form):
    """Which organisation of the register each unclear name means."""

    def __init__(self, *args: Any, names: list[ImportName], actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = {row.pk: row for row in names}
        asked = {pk for row in names for pk in (*row.likely, row.organisation_id) if pk}
        self.rows = likely_organisations(asked, actor)
        for row in names:
            pks = [pk for pk in dict.fromkeys([row.organisation_id, *row.likely]) if pk in self.rows]
            choices = [(AS_IT_IS, _("未选定")), *((str(pk), self.rows[pk].label) for pk in pks)]
            choices.append((NONE, _("没有登记，暂存为草稿")))
            chosen = str(row.organisation_id or NONE) if row.how == ImportName.How.CHOSEN else AS_IT_IS
            self.fields[f"name-{row.pk}"] = forms.ChoiceField(
                label=row.name, choices=choices, initial=chosen, required=False
            )

    def bound(self) -> list[tuple[ImportName, forms.BoundField]]:
        return [(row, self[f"name-{pk}"]) for pk, row in self.names.items()]

    def chosen(self) -> dict[int, Organisation | None]:
        return {
            pk: None if said == NONE else self.rows[int(said)]
            for pk in self.names
            if (said := self.cleaned_data[f"name-{pk}"]) and f"name-{pk}" in self.changed_data
        }


class RegisterForm(forms.Form):
    """Which of the names that the register does not know are organisations of their own, and of what kind."""

    def __init__(self, *args: Any, names: list[ImportName], actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = names
        self.likely = likely_organisations((pk for row in names for pk in row.likely), actor)
        for row in names:
            # What may be there already is not registered by leaving a tick where it stands.
            self.fields[f"add-{row.pk}"] = forms.BooleanField(
                label=row.name, required=False, initial=not row.likely
            )
            self.fields[f"kind-{row.pk}"] = forms.ChoiceField(
                label=Organisation._meta.get_field("kind").verbose_name,
                choices=Organisation.Kind.choices,
                initial=kind_told(row.name),
                required=False,
            )

    def bound(self) -> list[dict[str, Any]]:
        return [
            {
                "name": row,
                "add": self[f"add-{row.pk}"],
                "kind": self[f"kind-{row.pk}"],
                "likely": [self.likely[pk] for pk in row.likely if pk in self.likely],
            }
            for row in self.names
        ]

    def chosen(self) -> dict[int, str]:
        ticked = (row for row in self.names if self.cleaned_data[f"add-{row.pk}"])
        return {row.pk: self.cleaned_data[f"kind-{row.pk}"] or kind_told(row.name) for row in ticked}


def kind_told(name: str) -> str:
    """How most names end; whoever registers looks it over."""
    kinds = Organisation.Kind
    told = next((kind for end, kind in ENDINGS.items() if name.endswith(end)), kinds.ENTERPRISE)
    return kinds(told).value
