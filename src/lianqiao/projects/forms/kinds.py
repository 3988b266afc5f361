"""What an office settles for the projects of its chain."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from lianqiao.core.actor import Actor
from lianqiao.projects.forms.projects import dimensions_field, not_of_it, place_label
from lianqiao.projects.models import ClaimLimit, OutcomeKind, ProjectKind
from lianqiao.registry.forms.acting import ActionForm
from lianqiao.registry.forms.fields import SeenForm
from lianqiao.registry.queries import chains_for, listed_organisations, units_for


class OfChain(ActionForm, SeenForm):
    """A row of one chain, which it does not leave."""

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chains = chains_for(actor)
        if self.instance.pk:
            del self.fields["chain"]
            return
        self.fields["chain"].queryset = chains
        if len(chains) == 1:
            self.fields["chain"].initial = chains[0]
            self.fields["chain"].widget = forms.HiddenInput()


class ProjectKindForm(OfChain):
    refused_at: ClassVar = {"one_project_kind": "name"}
    dimensions = dimensions_field()

    class Meta:
        model = ProjectKind
        fields = ["chain", "name", "name_en", "dimensions", "position"]


class OutcomeKindForm(OfChain):
    refused_at: ClassVar = {"one_outcome_kind": "name"}

    class Meta:
        model = OutcomeKind
        fields = ["chain", "name", "name_en", "unit", "unit_en", "is_whole", "dimension", "position"]


class ClaimLimitForm(ActionForm, forms.Form):
    """A limit that is there already gets another number."""

    constrained_by = ClaimLimit
    chain = forms.ModelChoiceField(None, label=_("产业链"))
    organisation = forms.ModelChoiceField(None, label=_("单位"))
    unit = forms.ModelChoiceField(
        None, label=_("二级单位"), required=False, help_text=_("不选则是整个单位合计的上限。")
    )
    most = forms.IntegerField(label=_("同时承接"), min_value=0, max_value=1000)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chains = chains_for(actor)
        self.fields["chain"].queryset = chains
        self.fields["organisation"].queryset = listed_organisations(actor)
        self.fields["unit"].queryset = units_for(actor)
        self.fields["unit"].label_from_instance = place_label
        if len(chains) == 1:
            self.fields["chain"].initial = chains[0]
            self.fields["chain"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        asked: dict[str, Any] = super().clean() or self.cleaned_data
        unit, organisation = asked.get("unit"), asked.get("organisation")
        if unit and organisation and unit.organisation_id != organisation.pk:
            raise ValidationError({"unit": not_of_it(unit, organisation)})
        return asked
