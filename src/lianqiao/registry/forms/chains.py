from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from lianqiao.core.actor import Actor
from lianqiao.core.text import initials
from lianqiao.registry.forms.acting import ActionForm
from lianqiao.registry.forms.fields import CodesField, RegionField, SeenForm
from lianqiao.registry.forms.rows import label_of
from lianqiao.registry.models import Chain, Edition, Organisation, Segment, SegmentLink
from lianqiao.registry.queries import listed_organisations, segments_for


class ChainForm(ActionForm, SeenForm):
    region = RegionField()

    class Meta:
        model = Chain
        fields = ["name", "name_en", "office", "region", "description"]
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offices = listed_organisations(actor).filter(kind=Organisation.Kind.OFFICE)
        self.fields["office"].queryset = offices
        self.fields["office"].initial = actor.organisation_id


class SegmentForm(ActionForm, SeenForm):
    refused_at: ClassVar = {"one_segment_code": "code", "one_segment_name": "name"}
    code = forms.SlugField(
        label=_("代码"),
        max_length=30,
        required=False,
        help_text=_("英文字母和数字，导入导出时用；留空则取名称的拼音首字母。"),
    )
    column = forms.IntegerField(
        label=_("所在列"), min_value=0, max_value=99, help_text=_("从上游 0 开始，越大越靠下游。")
    )
    industries = CodesField(Edition.Kind.INDUSTRY, label=_("行业代码"))

    class Meta:
        model = Segment
        fields = ["name", "name_en", "column", "description", "industries", "code"]
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or self.cleaned_data
        if not asked.get("code") and "code" not in self.errors:
            asked["code"] = initials(asked.get("name", ""))[:30]
        return asked


class SegmentLinkForm(ActionForm, forms.Form):
    """Another segment of the same chain, before or after this one."""

    refused_at: ClassVar = {
        "circle": "other",
        "other_chain": "other",
        "one_segment_link": "other",
        "no_link_to_itself": "other",
    }
    constrained_by: ClassVar = SegmentLink
    direction = forms.ChoiceField(
        label=_("方向"),
        choices=[("down", _("下游：本环节供给它")), ("up", _("上游：它供给本环节"))],
        widget=forms.RadioSelect,
        initial="down",
    )
    other: forms.ModelChoiceField = forms.ModelChoiceField(None, label=_("环节"))

    def __init__(self, *args: Any, segment: Segment, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.segment = segment
        others = segments_for(actor).filter(chain=segment.chain).exclude(pk=segment.pk)
        self.fields["other"].queryset = others
        self.fields["other"].label_from_instance = label_of

    def ends(self) -> tuple[Segment, Segment]:
        """Upstream and downstream."""
        other = self.cleaned_data["other"]
        return (other, self.segment) if self.cleaned_data["direction"] == "up" else (self.segment, other)
