"""What is typed into a project, a claim, a milestone, an outcome."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianqiao.core.actor import OFFICE, Actor, Role
from lianqiao.core.text import validate_plain, validate_text
from lianqiao.lists.models import Dimension
from lianqiao.projects.models import Project
from lianqiao.projects.queries import project_kinds_for
from lianqiao.registry.forms.acting import ActionForm
from lianqiao.registry.forms.fields import DayField, SeenForm
from lianqiao.registry.models import Organisation, Unit
from lianqiao.registry.queries import chains_for, listed_organisations, units_for


def dimensions_field() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("产学研训创"), required=False, choices=Dimension.choices, widget=forms.CheckboxSelectMultiple
    )


class ProjectForm(ActionForm, SeenForm):
    refused_at: ClassVar = {"project_dates": "ends_on", "nobody_is_asked_by_itself": "asked"}
    dimensions = dimensions_field()

    class Meta:
        model = Project
        fields = [
            "chain", "title", "kind", "description", "dimensions", "sponsor", "sponsor_unit", "asked", "asked_unit",
            "claim_by", "starts_on", "ends_on",
        ]  # fmt: skip
        field_classes = {"claim_by": DayField, "starts_on": DayField, "ends_on": DayField}
        widgets = {"description": forms.Textarea(attrs={"rows": 6})}
        help_texts = {
            "description": _("要做成什么、交付什么、怎么算合格；公开认领时本链各单位都能看到。"),
            "asked": _("不选则公开认领；选了就先请这一家，它答复之前别人看不到。"),
            "claim_by": _("不填则一直可以认领。"),
        }

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        chains = chains_for(actor)
        organisations = listed_organisations(actor)
        self.fields["chain"].queryset = chains
        self.fields["kind"].queryset = project_kinds_for(actor).filter(state="active")
        for name in ("sponsor", "asked"):
            self.fields[name].queryset = organisations
        units = units_for(actor)
        for name in ("sponsor_unit", "asked_unit"):
            self.fields[name].queryset = units
            self.fields[name].label_from_instance = place_label
        if self.instance.pk:
            # For whom it is, and where, is what it was registered as.
            del self.fields["chain"], self.fields["sponsor"], self.fields["sponsor_unit"]
            if self.instance.state != Project.State.DRAFT:
                del self.fields["asked"], self.fields["asked_unit"]
            return
        if actor.role not in OFFICE:
            self.fields["sponsor"].queryset = organisations.filter(pk__in=[actor.organisation_id])
            self.fields["sponsor"].initial = actor.organisation_id
            self.fields["sponsor"].widget = forms.HiddenInput()
            self.fields["sponsor_unit"].queryset = units.filter(organisation=actor.organisation_id)
            if actor.role == Role.COLLEGE_CONTACT:
                self.fields["sponsor_unit"].initial = actor.unit_id
                self.fields["sponsor_unit"].widget = forms.HiddenInput()
            elif not self.fields["sponsor_unit"].queryset.exists():
                del self.fields["sponsor_unit"]
        if len(chains) == 1:
            self.fields["chain"].initial = chains[0]
            self.fields["chain"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        asked: dict[str, Any] = super().clean() or self.cleaned_data
        for name in ("sponsor", "asked"):
            unit, organisation = asked.get(f"{name}_unit"), asked.get(name)
            if unit and organisation and unit.organisation_id != organisation.pk:
                self.add_error(f"{name}_unit", not_of_it(unit, organisation))
            if unit and not organisation and name == "asked":
                asked[name] = unit.organisation
        chain = asked.get("chain") or getattr(self.instance, "chain", None)
        if (kind := asked.get("kind")) and chain and kind.chain_id != chain.pk:
            self.add_error("kind", ValidationError(_("这个类别不是该产业链的。"), code="other_chain"))
        return asked


def not_of_it(unit: Unit, organisation: Organisation) -> ValidationError:
    facts = {"unit": unit.label, "organisation": organisation.label}
    return ValidationError(_("“%(unit)s”不是“%(organisation)s”的二级单位。"), code="other_unit", params=facts)


def place_label(unit: Unit) -> str:
    return f"{unit.organisation.label} {unit.label}"


class ClaimForm(ActionForm, forms.Form):
    """For whom: a college for itself, a coordinator for the school or one of its colleges, the office for a member."""

    refused_at: ClassVar = {"one_claim_of_each": "place", "no_room": "place", "not_on_chain": "place"}
    place = forms.ChoiceField(label=_("认领单位"))
    plan = forms.CharField(
        label=_("打算怎么做"), max_length=1000, required=False, validators=[validate_text],
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("谁负责、分几步、什么时候完成；只有本单位、服务对象和管理处能看到。"),
    )  # fmt: skip

    def __init__(self, *args: Any, places: list[tuple[Organisation, Unit | None]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {f"{o.pk}-{u.pk if u else 0}": (o, u) for o, u in places}
        named = [(key, place_label(u) if u else o.label) for key, (o, u) in self.places.items()]
        self.fields["place"].choices = named if len(named) == 1 else [("", _("请选择")), *named]
        if len(named) == 1:
            self.fields["place"].initial = named[0][0]
            self.fields["place"].widget = forms.HiddenInput()

    def facts(self) -> dict[str, Any]:
        organisation, unit = self.places[self.cleaned_data["place"]]
        return {"organisation": organisation, "unit": unit, "plan": self.cleaned_data["plan"]}


class ReasonForm(ActionForm, forms.Form):
    constrained_by = Project
    refused_at: ClassVar = {"stopped_says_why": "reason"}
    reason = forms.CharField(
        label=_("原因"), max_length=300, validators=[validate_plain], widget=forms.Textarea(attrs={"rows": 2})
    )


class LeaveForm(ReasonForm):
    """Of a claim: whoever only waits need not say why."""

    def __init__(self, *args: Any, is_held: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = is_held


class DoneForm(ActionForm, forms.Form):
    done_on = DayField(label=_("完成日期"), initial=timezone.localdate)
