from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianqiao.agreements.models import Agreement, AgreementKind
from lianqiao.agreements.queries import ONLOOKERS, OPEN, naming
from lianqiao.core.actor import Actor
from lianqiao.lists.models import Dimension

ANYTHING: list[tuple[str, Any]] = [("", _("全部"))]
SOON = {"30": 30, "90": 90}


class AgreementFilters(forms.Form):
    q = forms.CharField(label=_("名称、编号、单位"), required=False, max_length=100)
    state = forms.ChoiceField(label=_("状态"), required=False)
    kind = forms.ChoiceField(label=_("协议种类"), required=False, choices=[*ANYTHING, *AgreementKind.choices])
    dimension = forms.ChoiceField(
        label=_("产学研训创"), required=False, choices=[*ANYTHING, *Dimension.choices]
    )
    ends = forms.ChoiceField(
        label=_("到期"),
        required=False,
        choices=[*ANYTHING, ("30", _("30 天内到期")), ("90", _("90 天内到期"))],
    )
    filed = forms.ChoiceField(
        label=_("归档"), required=False, choices=[*ANYTHING, ("yes", _("已归档")), ("no", _("未归档"))]
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = [("", _("全部")), ("open", _("起草和待签")), *Agreement.State.choices]
        if actor.role in ONLOOKERS:
            states = [state for state in states if state[0] not in ("open", "draft", "review", "abandoned")]
        self.fields["state"].choices = states

    def narrow(self, rows: QuerySet[Agreement]) -> QuerySet[Agreement]:
        asked, today = self.cleaned_data, timezone.localdate()
        for word in asked["q"].split():
            rows = naming(rows, word)
        if asked["state"] == "open":
            rows = rows.filter(state__in=OPEN)
        elif asked["state"]:
            rows = rows.filter(state=asked["state"])
        if asked["kind"]:
            rows = rows.filter(kind=asked["kind"])
        if asked["dimension"]:
            rows = rows.filter(dimensions__holds=asked["dimension"])
        if days := SOON.get(asked["ends"]):
            rows = rows.filter(state="signed", ends_on__range=(today, today + timedelta(days=days)))
        if asked["filed"]:
            rows = rows.filter(state__in=["signed", "expired", "ended"])
            rows = rows.exclude(filed_at="") if asked["filed"] == "yes" else rows.filter(filed_at="")
        return rows
