from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianqiao.core.actor import CONTENT, Actor
from lianqiao.registry.forms.fields import CodesField, NamesField, RegionField, SeenForm
from lianqiao.registry.models import Edition, Organisation, OrganisationName
from lianqiao.registry.queries import (
    branches_for,
    chains_for,
    containing,
    live_memberships,
    segments_for,
)
from lianqiao.registry.validators import normal_code


class OrganisationForm(SeenForm):
    short_names = NamesField(label=_("简称"))
    former_names = NamesField(label=_("曾用名"))
    industries = CodesField(Edition.Kind.INDUSTRY, label=_("行业代码"))
    region = RegionField()
    # Ticked by somebody who was shown likely duplicates and says that this is another organisation.
    is_another = forms.BooleanField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Organisation
        fields = [
            "name",
            "short_names",
            "former_names",
            "name_en",
            "kind",
            "classification",
            "credit_code",
            "industries",
            "region",
            "size",
            "business",
            "address",
        ]
        widgets = {"business": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Pasted codes come with blanks, dashes and full-width digits; the validator sees what was meant.
        self.fields["credit_code"].max_length = None
        self.fields["credit_code"].widget.attrs = {"maxlength": 30, "autocomplete": "off"}
        self.fields["credit_code"].clean = self.clean_code
        if self.instance.pk:
            names = list(self.instance.names.all())
            for kind, field in [
                (OrganisationName.Kind.SHORT, "short_names"),
                (OrganisationName.Kind.FORMER, "former_names"),
            ]:
                self.fields[field].initial = [row.name for row in names if row.kind == kind]

    def clean_code(self, value: Any) -> str | None:
        return normal_code(value or "") or None

    def facts(self) -> dict[str, Any]:
        """What the action takes."""
        return {
            name: value for name, value in self.cleaned_data.items() if name not in ("is_another", "seen")
        }


class OfficeForm(OrganisationForm):
    """What tells an office from others, without what the register says of an organisation."""

    industries = None  # type: ignore[assignment]  # how Django leaves out a field that the other form declares

    class Meta(OrganisationForm.Meta):
        fields = ["name", "short_names", "former_names", "name_en", "credit_code", "region", "address"]

    def facts(self) -> dict[str, Any]:
        return super().facts() | {"kind": Organisation.Kind.OFFICE}


class DescriptionForm(SeenForm):
    """What an organisation may say of itself."""

    class Meta:
        model = Organisation
        fields = ["business", "size", "address"]
        widgets = {"business": forms.Textarea(attrs={"rows": 4})}


class OrganisationFilters(forms.Form):
    q = forms.CharField(label=_("名称、拼音、代码"), required=False, max_length=100)
    kind = forms.ChoiceField(label=_("单位性质"), required=False)
    classification = forms.ChoiceField(label=_("两企三新"), required=False)
    size = forms.ChoiceField(label=_("规模"), required=False)
    segment = forms.ChoiceField(label=_("链环节"), required=False)
    state = forms.ChoiceField(label=_("状态"), required=False)
    lacks = forms.ChoiceField(
        label=_("尚缺"),
        required=False,
        choices=[("", _("全部")), ("code", _("缺信用代码")), ("branch", _("未登记党组织情况"))],
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        anything = [("", _("全部"))]
        self.fields["kind"].choices = anything + Organisation.Kind.choices
        self.fields["classification"].choices = anything + Organisation.Classification.choices
        self.fields["size"].choices = anything + Organisation.Size.choices
        self.fields["state"].choices = anything + Organisation.State.choices[:2]
        segments = [(str(segment.pk), segment.name) for segment in segments_for(actor)]
        self.fields["segment"].choices = [*anything, *segments, ("none", _("不在任何环节"))]
        self.actor = actor
        if actor.role not in CONTENT:
            # Offices alone are left, and nothing of what the register says of them.
            for name in ("kind", "classification", "size", "segment", "lacks"):
                del self.fields[name]

    def narrow(self, rows: QuerySet[Organisation]) -> QuerySet[Organisation]:
        asked = self.cleaned_data
        for name in ("kind", "classification", "size", "state"):
            if asked.get(name):
                rows = rows.filter(**{name: asked[name]})
        if asked.get("segment"):
            rows = self.in_segment(rows, asked["segment"])
        if asked.get("lacks") == "code":
            rows = rows.filter(credit_code=None)
        if asked.get("lacks") == "branch":
            rows = rows.exclude(pk__in=branches_for(self.actor).values("organisation"))
        return containing(rows, asked["q"])

    def in_segment(self, rows: QuerySet[Organisation], segment: str) -> QuerySet[Organisation]:
        live = live_memberships(timezone.localdate()).filter(chain__in=chains_for(self.actor))
        if segment == "none":
            return rows.exclude(pk__in=live.filter(segments__isnull=False).values("organisation"))
        return rows.filter(pk__in=live.filter(segments=int(segment)).values("organisation"))
