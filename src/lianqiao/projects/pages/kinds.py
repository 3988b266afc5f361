"""What an office settles for the projects of its chain: kinds, what is counted, how many at once."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from lianqiao.core.actor import OFFICE, Actor, Role
from lianqiao.core.forms import carried_out
from lianqiao.core.permissions import may
from lianqiao.core.policy import page
from lianqiao.core.request import Request
from lianqiao.projects.actions import kinds
from lianqiao.projects.forms.kinds import ClaimLimitForm, OutcomeKindForm, ProjectKindForm
from lianqiao.projects.models import OutcomeKind, ProjectKind
from lianqiao.projects.queries import USUAL_LIMIT, claim_limits_for, outcome_kinds_for, project_kinds_for
from lianqiao.registry.pages.reach import within_reach
from lianqiao.registry.pages.undoing import UNDO, just_done, still_there, told
from lianqiao.registry.queries import chains_for, listed_organisations, units_for

MOVES = {"retire", "revive"}
PROJECT_FIELDS = ("name", "name_en", "dimensions", "position")
OUTCOME_FIELDS = ("name", "name_en", "unit", "unit_en", "is_whole", "dimension", "position")


@page(read=OFFICE | {Role.AUDITOR})
def project_kind_list(request: Request) -> HttpResponse:
    actor = request.actor
    projects, outcomes = list(project_kinds_for(actor)), list(outcome_kinds_for(actor))
    limits = list(claim_limits_for(actor))
    chains = [
        {
            "chain": chain,
            "projects": [row for row in projects if row.chain_id == chain.pk],
            "outcomes": [row for row in outcomes if row.chain_id == chain.pk],
            "limits": [row for row in limits if row.chain_id == chain.pk],
            "lacks": actor.role in OFFICE
            and not ({chain.pk} <= {row.chain_id for row in projects} & {row.chain_id for row in outcomes}),
        }
        for chain in chains_for(actor)
    ]
    facts = {
        "chains": chains,
        "usual": USUAL_LIMIT,
        "may_keep": may(actor, "projects.add_project_kind"),
        "done": just_done(request),
    }
    return render(request, "projects/project_kind_list.html", facts)


@page(write=OFFICE)
def project_kinds_begin(request: Request, pk: int) -> HttpResponse:
    chain = get_object_or_404(chains_for(request.actor), pk=pk)
    count = kinds.begin_kinds(chain, by=request.actor)
    messages.success(request, _("已加入 %(count)s 个常用类别。") % {"count": count})
    return redirect("project_kind_list")


def added(request: Request, form: Any, action: Callable[..., Any]) -> HttpResponse | None:
    if form.is_valid() and carried_out(form, action, by=request.actor, **form.facts()):
        messages.success(request, _("已保存。"))
        return redirect("project_kind_list")
    return None


def edited(
    request: Request, form: Any, action: Callable[..., Any], row: Any, event: str, before: dict[str, Any]
) -> HttpResponse | None:
    if not form.is_valid():
        return None
    saved = carried_out(form, action, row, by=request.actor, seen=form.cleaned_data["seen"], **form.facts())
    if not saved:
        return None
    facts = {"pk": row.pk, "seen": saved.version, "before": before}
    return told(request, reverse("project_kind_list"), _("已保存。"), event, **facts)


def moved(request: Request, rows: QuerySet, pk: int, move: str, noun: str) -> HttpResponse:
    """Retired, or offered again; the press that takes it back is told."""
    if move not in MOVES:
        raise Http404
    row = within_reach(rows, pk, request.actor, f"projects.{move}_{noun}")
    getattr(kinds, f"{move}_{noun}")(row, by=request.actor)
    sentence = _("“%(name)s”不再供选择。") if move == "retire" else _("“%(name)s”已恢复。")
    facts = {"pk": pk, "noun": noun, "move": (MOVES - {move}).pop()}
    return told(request, reverse("project_kind_list"), sentence % {"name": row.label}, "kind_moved", **facts)


@page(read=OFFICE, write=OFFICE)
def project_kind_add(request: Request) -> HttpResponse:
    form = ProjectKindForm(request.POST if request.method == "POST" else None, actor=request.actor)
    done = added(request, form, kinds.add_project_kind)
    return done or render(request, "projects/project_kind_add.html", {"form": form})


@page(read=OFFICE, write=OFFICE)
def project_kind_edit(request: Request, pk: int) -> HttpResponse:
    row = within_reach(project_kinds_for(request.actor), pk, request.actor, "projects.edit_project_kind")
    before = {name: getattr(row, name) for name in PROJECT_FIELDS}
    posted = request.POST if request.method == "POST" else None
    form = ProjectKindForm(posted, actor=request.actor, instance=row)
    done = edited(request, form, kinds.edit_project_kind, row, "project_kind_edited", before)
    return done or render(request, "projects/project_kind_edit.html", {"form": form, "kind": row})


@page(write=OFFICE)
def project_kind_move(request: Request, pk: int, move: str) -> HttpResponse:
    return moved(request, project_kinds_for(request.actor), pk, move, "project_kind")


@page(read=OFFICE, write=OFFICE)
def outcome_kind_add(request: Request) -> HttpResponse:
    form = OutcomeKindForm(request.POST if request.method == "POST" else None, actor=request.actor)
    done = added(request, form, kinds.add_outcome_kind)
    return done or render(request, "projects/outcome_kind_add.html", {"form": form})


@page(read=OFFICE, write=OFFICE)
def outcome_kind_edit(request: Request, pk: int) -> HttpResponse:
    row = within_reach(outcome_kinds_for(request.actor), pk, request.actor, "projects.edit_outcome_kind")
    before = {name: getattr(row, name) for name in OUTCOME_FIELDS}
    posted = request.POST if request.method == "POST" else None
    form = OutcomeKindForm(posted, actor=request.actor, instance=row)
    done = edited(request, form, kinds.edit_outcome_kind, row, "outcome_kind_edited", before)
    return done or render(request, "projects/outcome_kind_edit.html", {"form": form, "kind": row})


@page(write=OFFICE)
def outcome_kind_move(request: Request, pk: int, move: str) -> HttpResponse:
    return moved(request, outcome_kinds_for(request.actor), pk, move, "outcome_kind")


@page(read=OFFICE, write=OFFICE)
def claim_limit_settle(request: Request) -> HttpResponse:
    form = ClaimLimitForm(request.POST if request.method == "POST" else None, actor=request.actor)
    if form.is_valid():
        asked = form.facts()
        rows = [asked.pop(name) for name in ("chain", "organisation", "unit")]
        if carried_out(form, kinds.settle_claim_limit, *rows, by=request.actor, **asked):
            messages.success(request, _("已保存，之后的认领按新的上限。"))
            return redirect("project_kind_list")
    return render(request, "projects/claim_limit_settle.html", {"form": form, "usual": USUAL_LIMIT})


@page(write=OFFICE)
def claim_limit_drop(request: Request, pk: int) -> HttpResponse:
    row = within_reach(claim_limits_for(request.actor), pk, request.actor, "projects.drop_claim_limit")
    facts = {
        "chain": row.chain_id,
        "organisation": row.organisation_id,
        "unit": row.unit_id,
        "most": row.most,
    }
    kinds.drop_claim_limit(row, by=request.actor)
    sentence = _("已取消，按通常的上限 %(count)s 个。") % {"count": USUAL_LIMIT}
    return told(request, reverse("project_kind_list"), sentence, "limit_dropped", **facts)


def undo_project_kind_edited(actor: Actor, pk: int, seen: int, before: dict[str, Any]) -> None:
    row: ProjectKind = still_there(project_kinds_for(actor), pk)
    kinds.edit_project_kind(row, by=actor, seen=seen, **before)


def undo_outcome_kind_edited(actor: Actor, pk: int, seen: int, before: dict[str, Any]) -> None:
    row: OutcomeKind = still_there(outcome_kinds_for(actor), pk)
    kinds.edit_outcome_kind(row, by=actor, seen=seen, **before)


def undo_kind_moved(actor: Actor, pk: int, noun: str, move: str) -> None:
    rows: QuerySet = project_kinds_for(actor) if noun == "project_kind" else outcome_kinds_for(actor)
    getattr(kinds, f"{move}_{noun}")(still_there(rows, pk), by=actor)


def undo_limit_dropped(actor: Actor, chain: int, organisation: int, unit: int | None, most: int) -> None:
    rows = still_there(chains_for(actor), chain), still_there(listed_organisations(actor), organisation)
    kinds.settle_claim_limit(
        *rows, still_there(units_for(actor), unit) if unit else None, by=actor, most=most
    )


UNDO |= {
    "project_kind_edited": undo_project_kind_edited,
    "outcome_kind_edited": undo_outcome_kind_edited,
    "kind_moved": undo_kind_moved,
    "limit_dropped": undo_limit_dropped,
}
