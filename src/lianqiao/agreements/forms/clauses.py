"""The clauses of an open version, row by row, and a clause of the library."""

import re
import secrets
from typing import Any, ClassVar

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from lianqiao.agreements.actions.editing import LONGEST, MOST_CLAUSES, MOST_TIMES
from lianqiao.agreements.models import AgreementParty, Clause, Obligation
from lianqiao.lists.models import Dimension
from lianqiao.registry.forms.acting import ActionForm
from lianqiao.registry.forms.fields import SeenForm

TOGETHER = ("0", _("各方共同"))
# As a library says it, where no parties are known yet.
ROLES = [
    ("all", _("各方共同")),
    ("school", _("院校")),
    ("enterprise", _("企业")),
    ("party_organisation", _("产业链党组织")),
    ("person", _("个人")),
]
KEY = re.compile(r"[a-z0-9_-]{1,40}")


class OwedForm(forms.Form):
    """What a clause promises: so many times in every period, by whom."""

    what = forms.CharField(
        label=_("约定事项"), required=False, max_length=LONGEST["what"],
        help_text=_("签订后按此生成待办和履约统计；没有可留空。"),
    )  # fmt: skip
    times = forms.IntegerField(
        label=_("次数"), required=False, initial=1,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_TIMES)],
    )  # fmt: skip
    every = forms.ChoiceField(label=_("周期"), choices=Obligation.Every.choices)
    by = forms.ChoiceField(label=_("由谁履行"))

    def owed(self) -> dict[str, Any]:
        said = self.cleaned_data
        if not said.get("what"):
            return {}
        by = said["by"]
        return {
            "what": said["what"],
            "times": said["times"] or 1,
            "every": said["every"],
            "by": int(by) if by.isdecimal() else by,
        }


class ClauseForm(OwedForm):
    key = forms.CharField(required=False, max_length=LONGEST["key"], widget=forms.HiddenInput)
    title = forms.CharField(label=_("条款名称"), required=False, max_length=LONGEST["title"])
    text = forms.CharField(
        label=_("条款内容"), required=False, max_length=LONGEST["text"],
        widget=forms.Textarea(attrs={"rows": 5}),
    )  # fmt: skip
    field_order = ("key", "title", "text", "what", "times", "every", "by")

    def __init__(self, *args: Any, parties: list[AgreementParty], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["by"].choices = [TOGETHER, *((str(p.position), str(p)) for p in parties)]

    def clause(self) -> dict[str, Any]:
        """A clause that is new gets a key that no other has."""
        said = self.cleaned_data
        key = said["key"] if KEY.fullmatch(said["key"] or "") else f"c{secrets.token_hex(4)}"
        return {"key": key, "title": said["title"], "text": said["text"], "obligation": self.owed()}


class Clauses(forms.BaseFormSet):
    deletion_widget = forms.CheckboxInput
    ordering_widget = forms.NumberInput

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["ORDER"].label, form.fields["DELETE"].label = _("次序"), _("删去这一条")


ClauseRows = forms.formset_factory(
    ClauseForm, formset=Clauses, extra=1, can_order=True, can_delete=True, max_num=MOST_CLAUSES,
    absolute_max=MOST_CLAUSES + 10,
)  # fmt: skip


def clauses_in(rows: Any) -> list[dict[str, Any]]:
    """In the order that the numbers say; empty rows and struck ones are left out."""
    return [form.clause() for form in rows.ordered_forms if form.cleaned_data.get("text")]


def initial_of(clauses: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {name: clause[name] for name in ("key", "title", "text")} | (clause.get("obligation") or {})
        for clause in clauses
    ]


class LibraryForm(ActionForm, SeenForm, OwedForm):
    """A clause of an office's own."""

    refused_at: ClassVar = {"one_clause_key": "title"}
    dimensions = forms.MultipleChoiceField(
        label=_("产学研训创"), required=False, choices=Dimension.choices, widget=forms.CheckboxSelectMultiple
    )
    by = forms.ChoiceField(label=_("由谁履行"), choices=ROLES)

    class Meta:
        model = Clause
        fields = ["title", "text", "standard", "position"]
        widgets = {"text": forms.Textarea(attrs={"rows": 8})}

    def _post_clean(self) -> None:
        """The action writes the row."""

    def facts(self) -> dict[str, Any]:
        said = self.cleaned_data
        own = {name: said[name] for name in ("title", "text", "standard", "position", "dimensions")}
        return own | {"obligation": self.owed()}
