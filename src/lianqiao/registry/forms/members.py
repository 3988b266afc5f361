from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianqiao.core.actor import Actor
from lianqiao.core.words import listed
from lianqiao.registry.forms.acting import ActionForm
from lianqiao.registry.forms.fields import DayField, SeenForm
from lianqiao.registry.forms.pick import OrganisationField, picked_id
from lianqiao.registry.forms.rows import RowsField, label_of
from lianqiao.registry.models import Membership, Organisation, Segment
from lianqiao.registry.queries import chains_for, listed_organisations, segments_for, units_for

NAMED = 10  # of those that cannot be placed; more names tell no more

REFUSED_AT = {
    "other_chain": "segments",
    "overlapping_dates": "starts_on",
    "one_live_membership": "organisation",
    "membership_dates": "ends_on",
}


def with_chain(segment: Segment) -> str:
    return f"{segment.chain.label} · {segment.label}"


class SegmentsField(RowsField):
    """Boxes to tick; the form says which segments there are."""

    def __init__(self) -> None:
        super().__init__(None, label=_("链环节"), required=False, widget=forms.CheckboxSelectMultiple)


class MembershipForm(ActionForm, forms.ModelForm):
    """`organisation` and `segment` are what the page before was about."""

    refused_at: ClassVar = REFUSED_AT
    organisation = OrganisationField(label=_("单位"))
    segments = SegmentsField()

    class Meta:
        model = Membership
        fields = ["organisation", "unit", "chain", "segments", "starts_on", "ends_on"]
        field_classes = {"starts_on": DayField, "ends_on": DayField}

    def __init__(
        self, *args: Any, actor: Actor, organisation: str | None, segment: str | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        chains = chains_for(actor)
        segments = segments_for(actor)
        active = Organisation.State.ACTIVE
        rows = listed_organisations(actor).filter(state=active)
        self.fields["organisation"].offer(rows, organisation, state=active)
        self.fields["chain"].queryset = chains
        self.fields["segments"].queryset = segments
        self.fields["segments"].initial = [segment] if segment else []
        self.fields["segments"].help_text = _("管理部门、院校和社会组织一般不选环节。")
        self.fields["starts_on"].initial = timezone.localdate()
        self.offer_chains(list(chains))
        self.offer_units(actor, self["organisation"].value())

    def offer_chains(self, chains: list[Any]) -> None:
        label = self.fields["segments"]
        if len(chains) == 1:
            self.fields["chain"].initial = chains[0]
            self.fields["chain"].widget = forms.HiddenInput()
            label.label_from_instance = label_of
        else:
            label.label_from_instance = with_chain

    def offer_units(self, actor: Actor, organisation: Any) -> None:
        """Only those of the organisation that is chosen; without any the question is not asked."""
        known = picked_id(organisation)
        units = units_for(actor).filter(organisation=known) if known else units_for(actor).none()
        if units.exists():
            self.fields["unit"].queryset = units
            self.fields["unit"].label_from_instance = label_of
            self.fields["unit"].help_text = _("只有某个二级单位加入时才选。")
        else:
            del self.fields["unit"]


class MembershipSegmentsForm(ActionForm, SeenForm):
    refused_at: ClassVar = REFUSED_AT
    segments = SegmentsField()

    class Meta:
        model = Membership
        fields = ["segments"]

    def __init__(self, *args: Any, actor: Actor, segment: str | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["segments"].queryset = segments_for(actor).filter(chain=self.instance.chain)
        self.fields["segments"].label_from_instance = label_of
        # Where it stands, and the segment that the reader came from.
        stands_at = [str(row.pk) for row in self.instance.segments.all()]
        self.initial["segments"] = [*stands_at, segment] if segment else stands_at


class MembershipEndForm(ActionForm, forms.ModelForm):
    refused_at: ClassVar = REFUSED_AT

    class Meta:
        model = Membership
        fields = ["ends_on"]
        field_classes = {"ends_on": DayField}
        help_texts = {"ends_on": _("在链上的最后一天。")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ends_on"].required = True


class PlaceForm(ActionForm, forms.Form):
    """The organisations that were chosen in a list, and where they shall stand.

    `every` and `query` say that all rows of a filter were meant, so that it can be read once more.
    """

    refused_at: ClassVar = {"cannot_be_placed": "chosen", "one_live_membership": "chosen"}
    constrained_by: ClassVar = Membership
    chosen = RowsField(
        None,
        label=_("单位"),
        widget=forms.MultipleHiddenInput,
        error_messages={"required": _("请先在单位一览中勾选要放到环节的单位。")},
    )
    segment: forms.ModelChoiceField = forms.ModelChoiceField(None, label=_("链环节"))
    every = forms.CharField(required=False, widget=forms.HiddenInput)
    query = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["chosen"].queryset = listed_organisations(actor)
        self.fields["segment"].queryset = segments_for(actor)
        one = chains_for(actor).count() == 1
        self.fields["segment"].label_from_instance = label_of if one else with_chain

    def clean_chosen(self) -> Any:
        chosen = self.cleaned_data["chosen"]
        closed = [row.label for row in chosen if row.state != Organisation.State.ACTIVE]
        if closed:
            message = _("已注销的单位不能放到环节，请返回一览，按状态筛选后再选：%(names)s。")
            raise ValidationError(message, code="closed", params={"names": listed(closed[:NAMED])})
        return chosen
