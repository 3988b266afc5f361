from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianqiao.core.actor import OFFICE, Actor, Role
from lianqiao.lists.models import Dimension, Entry, Kind
from lianqiao.lists.queries import OPEN, OVER, OWNERS, SEES_ALL, categories_for, own_entries
from lianqiao.lists.search import found_in
from lianqiao.registry.queries import segments_for

ANYTHING: list[tuple[str, Any]] = [("", _("全部"))]
SOON = timedelta(days=30)


class EntryFilters(forms.Form):
    """The filters of the three lists. `kind` is the tab, which is no filter of its own."""

    q = forms.CharField(label=_("文字、拼音、代码、单位"), required=False, max_length=100)
    state = forms.ChoiceField(label=_("状态"), required=False)
    category = forms.ChoiceField(label=_("类别"), required=False)
    segment = forms.ChoiceField(label=_("链环节"), required=False)
    dimension = forms.ChoiceField(
        label=_("产学研训创"), required=False, choices=[*ANYTHING, *Dimension.choices]
    )
    urgency = forms.ChoiceField(
        label=_("紧急程度"), required=False, choices=[*ANYTHING, *Entry.Urgency.choices]
    )
    source = forms.ChoiceField(label=_("来源"), required=False, choices=[*ANYTHING, *Entry.Source.choices])
    due = forms.ChoiceField(
        label=_("期限"),
        required=False,
        choices=[*ANYTHING, ("soon", _("30 天内到期")), ("over", _("已过期限"))],
    )
    whose = forms.ChoiceField(label=_("归属"), required=False, choices=[*ANYTHING, ("own", _("本单位的"))])
    organisation = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    kind = forms.ChoiceField(required=False, choices=Kind.choices, widget=forms.HiddenInput)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        kind = self.data.get("kind", "")
        states = [choice for choice in Entry.State.choices if choice[0] != Entry.State.MERGED]
        self.fields["state"].choices = [("", _("未结束的")), *states, ("all", _("全部"))]
        categories = categories_for(actor).filter(state="active")
        if kind in Kind.values:
            categories = categories.filter(kind=kind)
        self.fields["category"].choices = [
            *ANYTHING,
            *((str(row.pk), row.label) for row in categories),
            ("none", _("未归类")),
        ]
        segments = [(str(row.pk), row.label) for row in segments_for(actor)]
        self.fields["segment"].choices = [*ANYTHING, *segments, ("none", _("未定环节"))]
        if actor.role not in OFFICE and actor.role not in SEES_ALL:
            # Where an entry came from is the office's business.
            del self.fields["source"]
        if not actor.organisation_id or actor.role in (Role.MENTOR, Role.STUDENT, Role.LEADER):
            del self.fields["whose"]

    def narrow(self, rows: QuerySet[Entry]) -> QuerySet[Entry]:
        asked = self.cleaned_data
        for name in ("kind", "urgency", "source", "organisation"):
            if asked.get(name):
                rows = rows.filter(**{name: asked[name]})
        for name in ("category", "segment"):
            if asked[name]:
                rows = rows.filter(**{name: None if asked[name] == "none" else int(asked[name])})
        if asked["state"] != "all":
            rows = rows.filter(state=asked["state"]) if asked["state"] else rows.exclude(state__in=OVER)
        if asked["dimension"]:
            rows = rows.filter(dimensions__holds=asked["dimension"])
        # What is not open is seen by its own side only; said so, it is found by its place and not by reading all.
        private = asked["state"] in Entry.State.values and asked["state"] not in OPEN
        if asked.get("whose") or (private and self.actor.role in (*OWNERS, Role.COLLEGE_CONTACT)):
            rows = rows.filter(own_entries(self.actor))
        if asked["due"]:
            rows = self.by_due(rows, asked["due"])
        return found_in(rows, asked["q"], self.actor)

    def by_due(self, rows: QuerySet[Entry], due: str) -> QuerySet[Entry]:
        today = timezone.localdate()
        rows = rows.filter(state__in=OPEN)
        if due == "over":
            return rows.filter(due_on__lt=today)
        return rows.filter(due_on__range=(today, today + SOON))


class PublicFilters(forms.Form):
    """For everybody: words of what is public, and which list."""

    q = forms.CharField(label=_("文字、拼音"), required=False, max_length=100)
    kind = forms.ChoiceField(
        label=_("清单"),
        required=False,
        choices=[*ANYTHING, *(choice for choice in Kind.choices if choice[0] != Kind.SERVICE)],
    )

    def narrow(self, rows: QuerySet[Entry], actor: Actor) -> QuerySet[Entry]:
        if kind := self.cleaned_data["kind"]:
            rows = rows.filter(kind=kind)
        return found_in(rows, self.cleaned_data["q"], actor)
