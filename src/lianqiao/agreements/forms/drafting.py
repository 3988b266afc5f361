"""What a draft begins with, and the terms that fill its fields."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from lianqiao.agreements.library import asks_of
from lianqiao.agreements.models import Agreement, AgreementKind, AgreementParty
from lianqiao.agreements.queries import pairings_to_draft
from lianqiao.core.actor import Actor
from lianqiao.core.text import validate_plain
from lianqiao.lists.models import Dimension
from lianqiao.matching.models import Pairing
from lianqiao.registry.forms.acting import ActionForm
from lianqiao.registry.forms.fields import DayField, SeenForm
from lianqiao.registry.forms.pick import OrganisationField
from lianqiao.registry.queries import chains_for, listed_organisations

LONGEST_ANSWER = 120
Choices = list[tuple[str, Any]]


class BeginForm(ActionForm, forms.Form):
    """What every way into a draft asks."""

    refused_at: ClassVar = {"one_open_agreement": "kind", "agreement_dates": "ends_on"}
    constrained_by = Agreement
    kind = forms.ChoiceField(label=_("协议种类"), choices=AgreementKind.choices)
    starts_on = DayField(label=_("生效日期"), required=False, help_text=_("留空的，自各方签字之日起生效。"))
    ends_on = DayField(label=_("到期日期"), required=False)
    student = forms.CharField(
        label=_("学生姓名"), required=False, max_length=60, validators=[validate_plain],
        help_text=_("实习三方协议才填，由学生本人签字。"),
    )  # fmt: skip


class PairingDraftForm(BeginForm):
    pairing = forms.ModelChoiceField(None, label=_("结对"))
    field_order = ("pairing", "kind")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["pairing"]
        field.queryset = pairings_to_draft(actor)
        field.label_from_instance = pairing_label
        field.empty_label = _("请选择")


def pairing_label(row: Pairing) -> str:
    return f"{row.unit.label if row.unit else row.giver.label} — {row.enterprise.label}"


class BlankDraftForm(BeginForm):
    """Between organisations that were not paired here."""

    chain = forms.ModelChoiceField(None, label=_("产业链"))
    first = OrganisationField(label=_("甲方"))
    second = OrganisationField(label=_("乙方"))
    third = OrganisationField(label=_("丙方"), required=False, empty_label=_("没有"))
    field_order = ("chain", "kind", "first", "second", "third")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chains, rows = chains_for(actor), listed_organisations(actor)
        self.fields["chain"].queryset = chains
        if len(chains) == 1:
            self.fields["chain"].initial = chains[0]
        for name in ("first", "second", "third"):
            self.fields[name].offer(rows, state="active")

    def clean(self) -> dict[str, Any]:
        facts = self.cleaned_data
        named = [row for name in ("first", "second", "third") if (row := facts.get(name))]
        if len({row.pk for row in named}) != len(named):
            self.add_error("second", _("同一个单位不能同时是两方。"))
        return facts

    def parties(self) -> list[AgreementParty]:
        named = [self.cleaned_data[name] for name in ("first", "second", "third")]
        found = [
            AgreementParty(position=number, organisation=row)
            for number, row in enumerate(filter(None, named), start=1)
        ]
        if self.cleaned_data["kind"] == AgreementKind.INTERNSHIP and self.cleaned_data["student"]:
            found.append(AgreementParty(position=len(found) + 1, person_name=self.cleaned_data["student"]))
        return found

    def terms(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("chain", "kind", "starts_on", "ends_on")}


class TermsForm(ActionForm, SeenForm):
    """The fields of an agreement that nobody but a person knows, and who represents each party."""

    refused_at: ClassVar = {"agreement_dates": "ends_on"}
    dimensions = forms.MultipleChoiceField(
        label=_("产学研训创"), required=False, choices=Dimension.choices, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Agreement
        fields = ["title", "starts_on", "ends_on", "dimensions"]
        field_classes = {"starts_on": DayField, "ends_on": DayField}

    def __init__(
        self, *args: Any, parties: list[AgreementParty], values: dict[str, Any], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.parties, self.asked = parties, asks_of(self.instance.kind)
        for number, name in enumerate(self.asked):
            self.fields[f"ask{number}"] = forms.CharField(
                label=name, required=False, max_length=LONGEST_ANSWER, validators=[validate_plain],
                initial=values.get(name, {}).get("value", ""),
            )  # fmt: skip
        for party in parties:
            if party.person_name:
                continue
            for name, what in (("represented_by", _("法定代表人或负责人")), ("liaison", _("联络人"))):
                label = _("%(party)s的%(what)s") % {"party": party, "what": what}
                self.fields[f"{name}{party.position}"] = forms.CharField(
                    label=label, required=False, max_length=60, validators=[validate_plain],
                    initial=getattr(party, name),
                )  # fmt: skip

    def _post_clean(self) -> None:
        """The action writes the row; what it finds wrong comes back to the fields."""

    def facts(self) -> dict[str, Any]:
        said = self.cleaned_data
        own = {name: said[name] for name in ("title", "starts_on", "ends_on", "dimensions")}
        typed = {name: said[f"ask{number}"] for number, name in enumerate(self.asked)}
        people = {
            party.position: {name: said[f"{name}{party.position}"] for name in ("represented_by", "liaison")}
            for party in self.parties
            if not party.person_name
        }
        return own | {"typed": typed, "people": people}
