"""An entry as it is written: short by default, the rest under one fold."""

import re
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lianqiao.core.actor import OFFICE, Actor, Role
from lianqiao.core.text import normalise
from lianqiao.lists.models import Dimension, Entry, Kind, Wish
from lianqiao.lists.queries import categories_for
from lianqiao.lists.terms import CONTACT, USUAL, WIDEST_FIRST, Audience
from lianqiao.registry.forms.acting import ActionForm
from lianqiao.registry.forms.fields import CodesField, DayField, NamesField, SeenForm
from lianqiao.registry.forms.pick import OrganisationField
from lianqiao.registry.models import Edition, Organisation
from lianqiao.registry.queries import (
    branches_for,
    chains_for,
    containing,
    listed_organisations,
    segments_for,
    units_for,
)

# Asked first, for each list; everything else of the form is folded away.
FIRST = {
    Kind.NEED: ["title", "description", "category", "due_on"],
    Kind.RESOURCE: ["title", "description", "category", "capacity", "ends_on"],
    Kind.SERVICE: ["title", "description", "category", "capacity", "ends_on"],
}
NOT_ASKED = {
    Kind.NEED: ["capacity", "calendar", "starts_on", "conditions"],
    Kind.RESOURCE: ["partners_wanted", "due_on", "money", "people", "urgency"],
    Kind.SERVICE: ["partners_wanted", "due_on", "money", "people", "urgency"],
}
# Those who know reference tables; a foreman on a phone does not.
KNOW_CODES = OFFICE | {Role.SCHOOL_COORDINATOR, Role.COLLEGE_CONTACT}
# Beside the entry's own audience: what of it fewer people read. One question may be about several fields.
SHOWN_TO: dict[str, tuple[Any, tuple[str, ...]]] = {
    "description_shown_to": (_("内容说明"), ("description",)),
    "place_shown_to": (_("地点"), ("place",)),
    "quantity_shown_to": (_("数量与每周可用"), ("capacity", "calendar", "partners_wanted", "people")),
    "money_shown_to": (_("资金"), ("money",)),
    "terms_shown_to": (_("条件与合作方式"), ("conditions", "cooperation")),
    "files_shown_to": (_("附件"), ("attachments",)),
    "contact_shown_to": (_("联系方式（别人看到隐去中间的）"), CONTACT),
}
# Left empty, they stay what they are.
WITH_A_USUAL = ("urgency", "audience", "source")
WEEK_AND_COUNT = re.compile(r"([0-9]{4}-?W[0-9]{1,2})\s*[:：=]?\s*([0-9]{1,6})", re.IGNORECASE)


def usual(name: str) -> Audience:
    return USUAL.get(name, Audience.PUBLIC)


class CalendarField(forms.CharField):
    """One week a line: 2026-W48 2."""

    def __init__(self) -> None:
        super().__init__(
            label=_("每周可用"),
            required=False,
            max_length=4000,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text=_("每行一周，例如：2026-W48 2。填写后不必再填容量。"),
        )

    def clean(self, value: Any) -> dict[str, int]:
        calendar = {}
        for line in filter(str.strip, super().clean(value).splitlines()):
            found = WEEK_AND_COUNT.fullmatch(line.strip())
            if not found:
                message = _("“%(line)s”不是“周 次数”，例如 2026-W48 2。")
                raise ValidationError(message, code="calendar", params={"line": line.strip()[:40]})
            year, week = found[1].upper().replace("-", "").split("W")
            calendar[f"{year}-W{int(week):02}"] = int(found[2])
        return calendar

    def prepare_value(self, value: Any) -> Any:
        is_calendar = isinstance(value, dict)
        return "\n".join(f"{week} {count}" for week, count in sorted(value.items())) if is_calendar else value


class OrganisationsField(NamesField):
    """Several organisations by name, of those that the person may see."""

    rows: QuerySet[Organisation]

    def clean(self, value: Any) -> Any:
        found = []
        for name in super().clean(value):
            same = [row for row in containing(self.rows, name)[:20] if is_called(row, name)]
            if len(same) != 1:
                message = _("登记的单位里没有“%(name)s”，或不止一个，请填写全称。")
                raise ValidationError(message, code="unknown_organisation", params={"name": name})
            found += same
        return found


def is_called(row: Organisation, name: str) -> bool:
    return normalise(name) in map(normalise, (row.name, row.name_en, *row.other_names()))


class EntryForm(ActionForm, SeenForm):
    """`place` is where the actor stands: a contact writes for the own organisation only."""

    refused_at: ClassVar = {
        "submitted_is_complete": "title",
        "entry_dates": "ends_on",
        "money_is_not_negative": "money",
        "unit_has_its_organisation": "organisation",
    }
    organisation = OrganisationField(label=_("单位"), required=False)
    dimensions = forms.MultipleChoiceField(
        label=_("产学研训创"),
        required=False,
        choices=Dimension.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    industries = CodesField(Edition.Kind.INDUSTRY, label=_("行业代码"))
    majors = CodesField(Edition.Kind.MAJOR, label=_("专业代码"), help_text=_("填代码，多个用空格隔开。"))
    occupations = CodesField(
        Edition.Kind.OCCUPATION, label=_("职业代码"), help_text=_("填代码，多个用空格隔开。")
    )
    calendar = CalendarField()
    must = OrganisationsField(label=_("希望与这些单位对接"))
    never = OrganisationsField(
        label=_("不与这些单位对接"), help_text=_("只有本单位和管理处看得到。多个名称用顿号或逗号隔开。")
    )

    class Meta:
        model = Entry
        fields = [
            "chain", "organisation", "unit", "title", "description", "category", "segment", "dimensions",
            "industries", "majors", "occupations", "capacity", "calendar", "partners_wanted", "place", "reach",
            "starts_on", "ends_on", "due_on", "money", "people", "conditions", "cooperation", "urgency",
            "contact_name", "contact_phone", "contact_email", "must", "never", "source", "source_note", "audience",
        ]  # fmt: skip
        field_classes = {"starts_on": DayField, "ends_on": DayField, "due_on": DayField}
        widgets = {
            "description": forms.Textarea(attrs={"rows": 4}),
            "conditions": forms.Textarea(attrs={"rows": 2}),
            "cooperation": forms.Textarea(attrs={"rows": 2}),
            "contact_phone": forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        }

    def __init__(self, *args: Any, actor: Actor, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.kind = actor, Kind(kind)
        for name in NOT_ASKED[self.kind]:
            del self.fields[name]
        self.offer_audiences()
        if actor.role not in KNOW_CODES:
            for name in ("industries", "majors", "occupations"):
                del self.fields[name]
        if actor.role not in OFFICE:
            for name in ("source", "source_note"):
                del self.fields[name]
        for name in WITH_A_USUAL:
            if name in self.fields:
                self.fields[name].required = False
        self.offer_places()
        self.offer_organisations()
        for name in ("must", "never"):
            self.fields[name].rows = listed_organisations(actor)
        self.tell_what_is_there()

    def offer_audiences(self) -> None:
        """The narrowest of the fields of one question is shown, so that saving it never opens one of them."""
        said = self.instance.visibility or {}
        self.fields["audience"].help_text = _("“公开”：管理处开放公开清单后，不登录也能看到。")
        for name, (label, fields) in SHOWN_TO.items():
            if name == "money_shown_to" and self.kind != Kind.NEED:
                continue
            choices = [(value, word) for value, word in Audience.choices if value != Audience.PUBLIC]
            self.fields[name] = forms.ChoiceField(
                label=label,
                required=False,
                choices=choices
                if fields == CONTACT
                else [(Audience.PUBLIC.value, _("与整条相同")), *choices],
                initial=max((said.get(each) or usual(each) for each in fields), key=WIDEST_FIRST.index),
            )

    def offer_places(self) -> None:
        chains = chains_for(self.actor)
        self.fields["chain"].queryset = chains
        one = list(chains[:2])
        if len(one) == 1 or self.instance.pk:
            self.fields["chain"].initial = one[0]
            self.fields["chain"].widget = forms.HiddenInput()
        here = {"chain": self.instance.chain_id} if self.instance.pk else {}
        categories = categories_for(self.actor).filter(kind=self.kind, **here)
        self.fields["category"].queryset = categories.filter(state="active") | categories.filter(
            pk=self.instance.category_id
        )
        self.fields["segment"].queryset = segments_for(self.actor).filter(**here)

    def offer_organisations(self) -> None:
        actor = self.actor
        rows = listed_organisations(actor).filter(state=Organisation.State.ACTIVE)
        if actor.role == Role.LIAISON:
            rows = rows.filter(
                pk__in=branches_for(actor).filter(instructor=actor.person_id).values("organisation")
            )
        if actor.role in OFFICE or actor.role == Role.LIAISON:
            self.fields["organisation"].offer(rows, self.instance.organisation_id, state="active")
            known = self.instance.organisation_id
        else:
            del self.fields["organisation"]
            known = actor.organisation_id
        units = units_for(actor).filter(organisation=known) if known else units_for(actor).none()
        if actor.role == Role.COLLEGE_CONTACT or not units.exists():
            del self.fields["unit"]
        else:
            self.fields["unit"].queryset = units

    def tell_what_is_there(self) -> None:
        row = self.instance
        if row.pk:
            wishes = list(row.wishes.select_related("organisation"))
            for name, kind in (("must", Wish.Kind.MUST), ("never", Wish.Kind.NEVER)):
                self.fields[name].initial = [w.organisation.name for w in wishes if w.kind == kind]

    @property
    def first(self) -> list[forms.BoundField]:
        names = ["chain", "organisation", *FIRST[self.kind]]
        return [self[name] for name in names if name in self.fields]

    @property
    def rest(self) -> list[forms.BoundField]:
        asked = {field.name for field in [*self.first, *self.audiences]} | {"seen", "audience"}
        return [field for field in self if field.name not in asked]

    @property
    def audiences(self) -> list[forms.BoundField]:
        return [self[name] for name in SHOWN_TO if name in self.fields]

    @property
    def has_rest_wrong(self) -> bool:
        return any(field.errors for field in [*self.rest, *self.audiences])

    def _post_clean(self) -> None:
        """The action validates the row as it will be; half of a draft must be kept as it stands."""

    def facts(self) -> dict[str, Any]:
        """What the action takes, of the fields that are right."""
        facts = super().facts()
        visibility = dict(self.instance.visibility or {})
        for name, (_label, fields) in SHOWN_TO.items():
            if wanted := facts.pop(name, ""):
                visibility |= dict.fromkeys(fields, wanted)
        facts["visibility"] = {name: said for name, said in visibility.items() if usual(name) != said}
        for name in WITH_A_USUAL:
            if not facts.get(name, "-"):
                del facts[name]
        if "organisation" not in self.fields:
            facts["organisation_id"] = self.actor.organisation_id
        if self.actor.role == Role.COLLEGE_CONTACT:
            facts["unit_id"] = self.actor.unit_id
        if self.actor.role == Role.LIAISON and not self.instance.pk:
            facts["source"] = Entry.Source.VISIT
        return facts
