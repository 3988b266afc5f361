from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianqiao.core.actor import Actor
from lianqiao.core.days import DayField
from lianqiao.lists.models import Dimension
from lianqiao.projects.models import Milestone, Outcome, Project
from lianqiao.projects.queries import AT_WORK, OVER, concerning, naming, outcome_kinds_for, project_kinds_for

ANYTHING: list[tuple[str, Any]] = [("", _("全部"))]
# The tabs of the list; the first is what one sees without choosing.
TABS = {
    "all": _("全部"), "open": _("待认领"), "mine": _("与我有关"), "working": _("在做"), "done": _("已结束"),
}  # fmt: skip


class ProjectFilters(forms.Form):
    """The filters of the list. `tab` is no filter of its own."""

    q = forms.CharField(label=_("名称、单位"), required=False, max_length=100)
    kind = forms.ChoiceField(label=_("项目类别"), required=False)
    dimension = forms.ChoiceField(
        label=_("产学研训创"), required=False, choices=[*ANYTHING, *Dimension.choices]
    )
    state = forms.ChoiceField(label=_("状态"), required=False, choices=[*ANYTHING, *Project.State.choices])
    due = forms.ChoiceField(
        label=_("进度"),
        required=False,
        choices=[*ANYTHING, ("late", _("有节点逾期")), ("over", _("已过计划完成日期"))],
    )
    tab = forms.ChoiceField(required=False, choices=TABS.items(), widget=forms.HiddenInput)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        kinds = [(str(row.pk), row.label) for row in project_kinds_for(actor)]
        self.fields["kind"].choices = [*ANYTHING, *kinds, ("none", _("未归类"))]

    def narrow(self, rows: QuerySet[Project]) -> QuerySet[Project]:
        asked, today = self.cleaned_data, timezone.localdate()
        for word in asked["q"].split():
            rows = naming(rows, word)
        if asked["kind"]:
            rows = rows.filter(kind=None if asked["kind"] == "none" else int(asked["kind"]))
        if asked["dimension"]:
            rows = rows.filter(dimensions__holds=asked["dimension"])
        if asked["state"]:
            rows = rows.filter(state=asked["state"])
        if asked["due"] == "late":
            late = Milestone.State.OPEN
            # An annotation of `listed_projects`: how others go on is not to be found out.
            rows = rows.filter(Q(is_followed=True), state__in=AT_WORK)
            rows = rows.filter(milestones__state=late, milestones__due_on__lt=today).distinct()
        if asked["due"] == "over":
            rows = rows.filter(state__in=AT_WORK, ends_on__lt=today)
        return in_tab(rows, asked["tab"] or "all", self.actor)


def in_tab(rows: QuerySet[Project], tab: str, actor: Actor) -> QuerySet[Project]:
    if tab == "open":
        return rows.filter(state=Project.State.OPEN)
    if tab == "mine":
        return rows.filter(concerning(actor))
    if tab == "working":
        return rows.filter(state__in=AT_WORK)
    return rows.filter(state__in=OVER) if tab == "done" else rows


class OutcomeFilters(forms.Form):
    q = forms.CharField(label=_("项目、单位"), required=False, max_length=100)
    kind = forms.ChoiceField(label=_("成果类别"), required=False)
    state = forms.ChoiceField(label=_("状态"), required=False, choices=[*ANYTHING, *Outcome.State.choices])
    since = DayField(
        label=_("取得日期从"),
        required=False,
    )
    until = DayField(label=_("到"), required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(str(row.pk), row.label) for row in outcome_kinds_for(actor)]
        self.fields["kind"].choices = [*ANYTHING, *kinds]

    def narrow(self, rows: QuerySet[Outcome]) -> QuerySet[Outcome]:
        asked = self.cleaned_data
        for word in asked["q"].split():
            rows = rows.filter(project__title__icontains=word) | rows.filter(
                project__holder__name__icontains=word
            )
        for name, lookup in (
            ("kind", "kind"),
            ("state", "state"),
            ("since", "achieved_on__gte"),
            ("until", "achieved_on__lte"),
        ):
            if asked[name]:
                rows = rows.filter(**{lookup: asked[name]})
        return rows
