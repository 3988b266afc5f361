from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from lianqiao.core.actor import Actor
from lianqiao.lists.queries import categories_for, listed_entries
from lianqiao.registry.forms.acting import ActionForm
from lianqiao.registry.forms.fields import DayField
from lianqiao.registry.forms.rows import RowsField
from lianqiao.registry.queries import segments_for

STEPS = {
    "publish": _("发布"),
    "return": _("退回"),
    "confirm": _("确认仍然有效"),
    "extend": _("延长有效期"),
    "category": _("归入类别"),
    "segment": _("定链环节"),
}
ASKS = {"return": "reason", "extend": "ends_on", "category": "category", "segment": "segment"}


class BulkForm(ActionForm, forms.Form):
    """What the step needs to know; the rest says which entries were chosen, so that they can be read once more."""

    refused_at: ClassVar = {"cannot_be_done": "chosen"}
    reason = forms.CharField(label=_("退回原因"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    ends_on = DayField(label=_("有效期至"))
    category: forms.ModelChoiceField = forms.ModelChoiceField(None, label=_("类别"))
    segment: forms.ModelChoiceField = forms.ModelChoiceField(None, label=_("链环节"))
    what = forms.ChoiceField(choices=list(STEPS.items()), widget=forms.HiddenInput)
    chosen = RowsField(
        None,
        label=_("条目"),
        widget=forms.MultipleHiddenInput,
        error_messages={"required": _("请先在清单中勾选要办理的条目。")},
    )
    every = forms.CharField(required=False, widget=forms.HiddenInput)
    query = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, actor: Actor, what: str, kinds: set[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in set(ASKS.values()) - {ASKS.get(what)}:
            del self.fields[name]
        self.fields["chosen"].queryset = listed_entries(actor)
        if "category" in self.fields:
            self.fields["category"].queryset = categories_for(actor).filter(state="active", kind__in=kinds)
        if "segment" in self.fields:
            self.fields["segment"].queryset = segments_for(actor)

    @property
    def verb(self) -> Any:
        return STEPS[self["what"].value()]
