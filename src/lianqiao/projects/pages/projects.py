"""The list of projects, one of them, and how it begins."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianqiao.core.actor import OFFICE, Actor, Role
from lianqiao.core.forms import carried_out
from lianqiao.core.listing import Column, Listing
from lianqiao.core.permissions import may
from lianqiao.core.policy import page
from lianqiao.core.refusals import NotPermitted, Refused
from lianqiao.core.request import Request
from lianqiao.core.words import listed
from lianqiao.lists.models import Dimension
from lianqiao.projects.actions.projects import (
    EDITED,
    draft_from_agreement,
    draft_from_match,
    draft_project,
    edit_project,
    follow_up,
)
from lianqiao.projects.forms.filters import TABS, ProjectFilters, in_tab
from lianqiao.projects.forms.projects import ProjectForm
from lianqiao.projects.models import Project
from lianqiao.projects.pages.facts import clauses_of, detail_facts
from lianqiao.projects.queries import (
    ONLOOKERS,
    SIDES,
    VISITORS,
    agreements_to_draft,
    listed_projects,
    matches_to_draft,
    projects_for,
)
from lianqiao.registry.pages.reach import within_reach
from lianqiao.registry.pages.undoing import UNDO, day, just_done, still_there, told

TAKES_PART = OFFICE | frozenset(SIDES)
FOLLOWS = TAKES_PART | frozenset(ONLOOKERS) | {Role.AUDITOR}
READS = FOLLOWS | frozenset(VISITORS)
TONES = {
    "draft": "neutral", "open": "blue", "working": "green", "delivered": "amber", "accepted": "green",
    "stopped": "neutral",
}  # fmt: skip


def holder_of(row: Project) -> str:
    """Who else does what is not one's own business is not told."""
    if not row.holder or not row.is_followed:  # type: ignore[attr-defined]
        return ""
    return row.holder_unit.label if row.holder_unit else row.holder.label


def next_due(row: Project) -> Any:
    at_work = row.state in ("working", "delivered")
    return row.next_due if at_work and row.is_followed else None  # type: ignore[attr-defined]


COLUMNS = [
    Column("title", gettext_lazy("项目名称"), str, url=lambda p: reverse("project_detail", args=[p.pk])),
    Column("number", gettext_lazy("序号"), lambda p: p.number, sort="number", number=True, shown=False),
    Column("kind", gettext_lazy("项目类别"), lambda p: p.kind.label if p.kind else ""),
    Column("dimensions", gettext_lazy("产学研训创"), lambda p: listed(Dimension(d).label for d in p.dimensions)),
    Column("sponsor", gettext_lazy("服务对象"), lambda p: p.sponsor.label),
    Column("holder", gettext_lazy("承接单位"), holder_of),
    Column("state", gettext_lazy("状态"), lambda p: p.get_state_display(), tone=lambda p: TONES[p.state]),
    Column("claim_by", gettext_lazy("认领截止日期"), lambda p: p.claim_by, sort="claim_by"),
    Column("next_due", gettext_lazy("下一节点"), next_due),
    Column("starts_on", gettext_lazy("开始日期"), lambda p: p.starts_on, sort="starts_on", shown=False),
    Column("ends_on", gettext_lazy("计划完成日期"), lambda p: p.ends_on, sort="ends_on"),
    Column("chain", gettext_lazy("产业链"), lambda p: p.chain.label, shown=False),
]  # fmt: skip


@page(read=READS)
def project_list(request: Request) -> HttpResponse:
    actor = request.actor
    rows = listed_projects(actor)
    tab = request.GET.get("tab", "")
    listing = Listing("project_list", request, rows, COLUMNS, ProjectFilters)
    if export := listing.export():
        return export
    facts = {
        "listing": listing,
        "tabs": tabs_of(actor, tab if tab in TABS else "all"),
        "may_draft": may(actor, "projects.draft_project"),
        "may_keep": actor.role in OFFICE,
        "follows": actor.role in FOLLOWS,
        "has_evidence": actor.role in TAKES_PART,
        "done": just_done(request),
    }
    return render(request, "projects/project_list.html", facts)


def tabs_of(actor: Actor, here: str) -> list[dict[str, Any]]:
    rows, url = projects_for(actor), reverse("project_list")
    names = [name for name in TABS if name != "mine" or actor.role in SIDES]
    if actor.role in VISITORS:
        names = ["all"]
    return [
        {
            "label": TABS[name],
            "url": url if name == "all" else f"{url}?tab={name}",
            "active": name == here,
            "count": in_tab(rows, name, actor).count(),
        }
        for name in names
    ]


@page(read=READS)
def project_detail(request: Request, pk: int) -> HttpResponse:
    project = get_object_or_404(projects_for(request.actor), pk=pk)
    facts = detail_facts(request, project) | {"done": just_done(request), "tone": TONES[project.state]}
    return render(request, "projects/project_detail.html", facts)


@page(read=TAKES_PART, write=TAKES_PART)
def project_add(request: Request) -> HttpResponse:
    actor = request.actor
    form = ProjectForm(request.POST if request.method == "POST" else None, actor=actor)
    if form.is_valid() and (row := carried_out(form, draft_project, by=actor, **form.facts())):
        messages.success(request, _("草稿已保存。"))
        return redirect("project_detail", pk=row.pk)
    facts = {
        "form": form,
        "matches": list(matches_to_draft(actor).filter(projects=None)[:20]),
        "agreements": list(agreements_to_draft(actor)[:20]),
    }
    return render(request, "projects/project_add.html", facts)


@page(read=TAKES_PART, write=TAKES_PART)
def project_edit(request: Request, pk: int) -> HttpResponse:
    project = within_reach(projects_for(request.actor), pk, request.actor, "projects.edit_project")
    before = kept(project)
    form = ProjectForm(
        request.POST if request.method == "POST" else None, actor=request.actor, instance=project
    )
    if form.is_valid():
        seen = form.cleaned_data["seen"]
        if saved := carried_out(form, edit_project, project, by=request.actor, seen=seen, **form.facts()):
            url = reverse("project_detail", args=[pk])
            return told(
                request, url, _("已保存。"), "project_edited", pk=pk, seen=saved.version, before=before
            )
    return render(request, "projects/project_edit.html", {"form": form, "project": project})


def kept(project: Project) -> dict[str, Any]:
    """As a token carries it: rows by their ids, days as they are written."""
    facts = {name: getattr(project, f"{name}_id", None) or getattr(project, name) for name in EDITED}
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in facts.items()
    }


def undo_project_edited(actor: Actor, pk: int, seen: int, before: dict[str, Any]) -> None:
    row = still_there(projects_for(actor), pk)
    given = {
        name: day(value) if name in ("claim_by", "starts_on", "ends_on") else value
        for name, value in before.items()
    }
    ids = {f"{name}_id": given.pop(name) for name in ("kind", "asked", "asked_unit")}
    edit_project(row, by=actor, seen=seen, **given, **ids)


@page(write=TAKES_PART)
def project_from_match(request: Request, pk: int) -> HttpResponse:
    match = get_object_or_404(matches_to_draft(request.actor), pk=pk)
    return begun(request, lambda: draft_from_match(match, by=request.actor))


@page(read=TAKES_PART, write=TAKES_PART)
def project_from_agreement(request: Request, pk: int) -> HttpResponse:
    """Which of its clauses becomes a project."""
    agreement = get_object_or_404(agreements_to_draft(request.actor), pk=pk)
    if request.method == "POST":
        key = request.POST.get("clause", "")
        return begun(request, lambda: draft_from_agreement(agreement, key, by=request.actor))
    clauses = clauses_of(agreement)
    facts = {
        "agreement": agreement,
        "promises": [clause for clause in clauses if clause["what"]],
        "others": [clause for clause in clauses if not clause["what"]],
    }
    return render(request, "projects/project_from_agreement.html", facts)


@page(write=TAKES_PART)
def project_follow(request: Request, pk: int) -> HttpResponse:
    project = within_reach(projects_for(request.actor), pk, request.actor, "projects.follow_up")
    return begun(request, lambda: follow_up(project, by=request.actor))


def begun(request: Request, step: Callable[[], Project]) -> HttpResponse:
    """The draft, with what it knows already; or the reason why there is none."""
    try:
        row = step()
    except NotPermitted:
        raise
    except (Refused, ValidationError) as refusal:
        said = refusal.messages if isinstance(refusal, ValidationError) else [str(refusal)]
        messages.error(request, " ".join(said))
        return redirect("project_list")
    messages.success(request, _("草稿已生成，请核对后发布。"))
    return redirect("project_detail", pk=row.pk)


UNDO |= {"project_edited": undo_project_edited}
