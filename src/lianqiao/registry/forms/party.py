from datetime import date
from typing import Any, ClassVar, cast

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from lianqiao.core.actor import OFFICE, Actor
from lianqiao.registry.forms.acting import ActionForm
from lianqiao.registry.forms.fields import DayField, SeenForm
from lianqiao.registry.forms.pick import OrganisationField, PickSelect, picked_id, sounds_of
from lianqiao.registry.forms.rows import label_of
from lianqiao.registry.models import Accession, ChainPartyOrganisation, Organisation, PartyBranch
from lianqiao.registry.queries import (
    OVERSEES,
    SEES_ALL,
    branches_for,
    chains_for,
    containing,
    instructors_for,
    listed_organisations,
    live_accessions,
    party_organisations_for,
    people_for,
    units_for,
)


def said_with_record(organisation: Organisation) -> str:
    """Those that have a record stand last and say so: only their units may still get one."""
    name = organisation.label
    return _now("%(name)s（已登记）") % {"name": name} if getattr(organisation, "recorded", False) else name


def said_with_accession(organisation: Organisation) -> str:
    name = organisation.label
    return _now("%(name)s（已加入）") % {"name": name} if getattr(organisation, "joined", False) else name


PARTS = {
    "whose": ["seen", "organisation", "unit", "kind"],
    "none": ["why_none", "planned_on"],
    "founded": [
        "name",
        "number",
        "joint_name",
        "superior",
        "secretary",
        "founded_on",
    ],
    # Members are counted without an organisation of their own too: from three on there must be one.
    "always": [
        "members_here",
        "members_elsewhere",
        "probationary",
        "developing",
        "activists",
        "applicants",
        "mass_organisations",
        "instructor",
    ],
}


class BranchForm(ActionForm, SeenForm):
    """All there is to say of a Party organisation. Whose record it is, is said once and stays."""

    refused_at: ClassVar = {
        "one_branch_record": "organisation",
        "none_has_reason": "why_none",
        "branch_has_name": "name",
    }
    organisation = OrganisationField(label=_("单位"))
    mass_organisations = forms.MultipleChoiceField(
        label=_("已建群团"),
        choices=PartyBranch.MassOrganisation.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    class Meta:
        model = PartyBranch
        fields = [name for names in PARTS.values() for name in names if name != "seen"]
        field_classes = {"founded_on": DayField, "planned_on": DayField}
        widgets = {"instructor": PickSelect(sounds_of)}

    def __init__(self, *args: Any, actor: Actor, organisation: str | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["organisation"], self.fields["unit"]
        else:
            self.offer_organisations(actor, organisation)
        # An instructor is assigned by the office; the others read who it is.
        if actor.role in OFFICE:
            choice = instructors_for(actor)
            if assigned := self.instance.instructor_id:
                choice |= people_for(actor).filter(pk=assigned)
            self.fields["instructor"].queryset = choice
        else:
            del self.fields["instructor"]

    def offer_organisations(self, actor: Actor, preset: str | None) -> None:
        every = listed_organisations(actor).filter(state=Organisation.State.ACTIVE)
        if actor.role not in OFFICE:
            every, preset = every.filter(pk=actor.organisation_id or 0), str(actor.organisation_id)
        field = self.fields["organisation"]
        recorded = branches_for(actor).filter(organisation=OuterRef("pk"), unit=None)
        field.label_from_instance = said_with_record
        rows = every.annotate(recorded=Exists(recorded)).order_by("recorded", "name")
        field.offer(rows, preset, state=Organisation.State.ACTIVE)
        chosen = picked_id(self["organisation"].value())
        units = units_for(actor).filter(organisation=chosen) if chosen else units_for(actor).none()
        if units.exists():
            self.fields["unit"].queryset = units
            self.fields["unit"].label_from_instance = label_of
            self.fields["unit"].help_text = _("登记二级单位自己的党组织时才选。")
        else:
            del self.fields["unit"]

    def clean_planned_on(self) -> date | None:
        """A new record plans ahead; an old one may well be late."""
        planned: date | None = self.cleaned_data["planned_on"]
        is_none = self.cleaned_data.get("kind") == PartyBranch.Kind.NONE
        if planned and is_none and not self.instance.pk and planned < timezone.localdate():
            raise forms.ValidationError(_("拟建日期已经过去，请填写今天或以后的日期。"), code="past")
        return planned

    def in_parts(self) -> dict[str, list[forms.BoundField]]:
        """As the sheet has them; `PARTS` says which fields stand together."""
        return {part: [self[name] for name in names if name in self.fields] for part, names in PARTS.items()}


ANY = ("", _("全部"))


class BranchFilters(forms.Form):
    q = forms.CharField(label=_("名称、拼音、代码"), required=False, max_length=100)
    kind = forms.ChoiceField(label=_("类型"), required=False, choices=[ANY, *PartyBranch.Kind.choices])
    classification = forms.ChoiceField(
        label=_("两企三新"), required=False, choices=[ANY, *Organisation.Classification.choices]
    )
    coverage = forms.ChoiceField(
        label=_("覆盖情况"),
        required=False,
        choices=[
            ANY,
            ("organised", _("已建立党组织")),
            ("instructed", _("未建立，有指导员")),
            ("open", _("未建立，无指导员")),
        ],
    )
    instructor = forms.ChoiceField(label=_("党建联络指导员"), required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if actor.role not in OVERSEES and actor.role not in SEES_ALL:
            # An organisation reads who instructs its own branch; who else there is, is not its business.
            del self.fields["instructor"]
            return
        people = [(str(person.pk), person.name) for person in instructors_for(actor)]
        instructor = cast(forms.ChoiceField, self.fields["instructor"])
        instructor.choices = [ANY, *people, ("none", _("没有指导员"))]

    def narrow(self, rows: QuerySet[PartyBranch]) -> QuerySet[PartyBranch]:
        asked = self.cleaned_data
        wanted = {"kind": asked["kind"], "organisation__classification": asked["classification"]}
        rows = rows.filter(**{name: value for name, value in wanted.items() if value})
        instructor = asked.get("instructor")
        if instructor:
            rows = rows.filter(instructor=None if instructor == "none" else instructor)
        none = Q(kind=PartyBranch.Kind.NONE)
        covered = {
            "organised": ~none,
            "instructed": none & Q(instructor__isnull=False),
            "open": none & Q(instructor=None),
        }
        rows = rows.filter(covered.get(asked["coverage"], Q()))
        # A branch is mostly looked for by its organisation; its own name is kept as it was typed.
        by_organisation = containing(rows, asked["q"], "organisation__search_text")
        return by_organisation | rows.filter(name__contains=asked["q"]) if asked["q"] else rows


class PartyOrganisationForm(ActionForm, SeenForm):
    class Meta:
        model = ChainPartyOrganisation
        fields = ["chain", "name", "name_en", "founded_on"]
        field_classes = {"founded_on": DayField}

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["chain"]
        else:
            # A chain has one; those that have theirs are not offered.
            taken = party_organisations_for(actor).values("chain")
            self.fields["chain"].queryset = chains_for(actor).exclude(pk__in=taken)
            self.fields["chain"].label_from_instance = label_of


class AccessionForm(ActionForm, forms.ModelForm):
    refused_at: ClassVar = {"overlapping_dates": "joined_on", "one_live_accession": "organisation"}
    organisation = OrganisationField(label=_("单位"))

    class Meta:
        model = Accession
        fields = ["organisation", "joined_on"]
        field_classes = {"joined_on": DayField}

    def __init__(
        self,
        *args: Any,
        actor: Actor,
        party: ChainPartyOrganisation | None = None,
        organisation: str | None = None,
        **kwargs: Any,
    ) -> None:
        """`party` is whose members stand last in the list and say so."""
        super().__init__(*args, **kwargs)
        active = Organisation.State.ACTIVE
        rows = listed_organisations(actor).filter(state=active)
        joined = live_accessions(timezone.localdate()).filter(
            party_organisation=party, organisation=OuterRef("pk"), left_on=None
        )
        rows = rows.annotate(joined=Exists(joined)).order_by("joined", "name")
        self.fields["organisation"].label_from_instance = said_with_accession
        self.fields["organisation"].offer(rows, organisation, state=active)
        self.fields["joined_on"].initial = timezone.localdate()


class LeaveForm(ActionForm, forms.ModelForm):
    refused_at: ClassVar = {"accession_dates": "left_on"}

    class Meta:
        model = Accession
        fields = ["left_on", "reason_left"]
        field_classes = {"left_on": DayField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["left_on"].required = True
