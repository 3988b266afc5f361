"""Milestones and the log of a project."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from lianqiao.core.actor import Actor
from lianqiao.core.forms import carried_out
from lianqiao.core.policy import page
from lianqiao.core.refusals import NotPermitted, Refused
from lianqiao.core.request import Request
from lianqiao.projects.actions import work
from lianqiao.projects.forms.projects import DoneForm
from lianqiao.projects.forms.work import MilestoneForm, NoteForm
from lianqiao.projects.models import Milestone
from lianqiao.projects.pages.facts import back_to
from lianqiao.projects.pages.projects import TAKES_PART
from lianqiao.projects.queries import milestones_for, notes_ever_for, notes_for, projects_for
from lianqiao.registry.pages.reach import within_reach
from lianqiao.registry.pages.undoing import UNDO, day, still_there, told


@page(read=TAKES_PART, write=TAKES_PART)
def milestone_add(request: Request, pk: int) -> HttpResponse:
    project = within_reach(projects_for(request.actor), pk, request.actor, "projects.add_milestone")
    form = MilestoneForm(
        request.POST if request.method == "POST" else None,
        project=project,
        instance=Milestone(project=project),
    )
    if form.is_valid() and carried_out(form, work.add_milestone, project, by=request.actor, **form.facts()):
        messages.success(request, _("节点已增加。"))
        # Several are set one after the other.
        return (
            redirect("milestone_add", pk=pk)
            if "more" in request.POST
            else redirect(back_to(pk, "milestones"))
        )
    return render(request, "projects/milestone_add.html", {"form": form, "project": project})


@page(read=TAKES_PART, write=TAKES_PART)
def milestone_edit(request: Request, pk: int) -> HttpResponse:
    row = within_reach(milestones_for(request.actor), pk, request.actor, "projects.edit_milestone")
    before = {"title": row.title, "due_on": row.due_on.isoformat(), "owner_id": row.owner_id}
    form = MilestoneForm(
        request.POST if request.method == "POST" else None, project=row.project, instance=row
    )
    if form.is_valid():
        seen = form.cleaned_data["seen"]
        if saved := carried_out(form, work.edit_milestone, row, by=request.actor, seen=seen, **form.facts()):
            facts = {"pk": pk, "seen": saved.version, "before": before}
            return told(
                request, back_to(row.project_id, "milestones"), _("已保存。"), "milestone_edited", **facts
            )
    return render(
        request, "projects/milestone_edit.html", {"form": form, "milestone": row, "project": row.project}
    )


@page(read=TAKES_PART, write=TAKES_PART)
def milestone_finish(request: Request, pk: int) -> HttpResponse:
    row = within_reach(milestones_for(request.actor), pk, request.actor, "projects.finish_milestone")
    form = DoneForm(request.POST if request.method == "POST" else None)
    facts: dict[str, Any] = {"by": request.actor, "now": timezone.now()}
    if form.is_valid() and carried_out(form, work.finish_milestone, row, **facts, **form.facts()):
        sentence = _("节点“%(title)s”已完成。") % {"title": row.title}
        return told(request, back_to(row.project_id, "milestones"), sentence, "milestone_finished", pk=pk)
    return render(
        request, "projects/milestone_finish.html", {"form": form, "milestone": row, "project": row.project}
    )


@page(write=TAKES_PART)
def milestone_reopen(request: Request, pk: int) -> HttpResponse:
    row = within_reach(milestones_for(request.actor), pk, request.actor, "projects.reopen_milestone")
    done_on = row.done_on.isoformat() if row.done_on else None
    url = back_to(row.project_id, "milestones")
    if not pressed(request, lambda: work.reopen_milestone(row, by=request.actor)):
        return redirect(url)
    return told(request, url, _("节点已改回未完成。"), "milestone_reopened", pk=pk, done_on=done_on)


@page(write=TAKES_PART)
def milestone_drop(request: Request, pk: int) -> HttpResponse:
    row = within_reach(milestones_for(request.actor), pk, request.actor, "projects.drop_milestone")
    url = back_to(row.project_id, "milestones")
    if not pressed(request, lambda: work.drop_milestone(row, by=request.actor)):
        return redirect(url)
    return told(request, url, _("节点“%(title)s”已取消。") % {"title": row.title}, "milestone_dropped", pk=pk)


@page(write=TAKES_PART)
def note_add(request: Request, pk: int) -> HttpResponse:
    project = within_reach(projects_for(request.actor), pk, request.actor, "projects.note_work")
    form = NoteForm(request.POST)
    facts = {"by": request.actor, "now": timezone.now()}
    if not form.is_valid() or not carried_out(form, work.note_work, project, **facts, **form.facts()):
        messages.error(request, " ".join(str(e) for errors in form.errors.values() for e in errors))
    return redirect(back_to(pk, "log"))


@page(write=TAKES_PART)
def note_remove(request: Request, pk: int) -> HttpResponse:
    row = within_reach(notes_for(request.actor), pk, request.actor, "projects.remove_note")
    work.remove_note(row, by=request.actor)
    return told(request, back_to(row.project_id, "log"), _("工作记录已删除。"), "note_removed", pk=pk)


def pressed(request: Request, step: Any) -> bool:
    """Whether it was done; if not, why is told."""
    try:
        step()
    except NotPermitted:
        raise
    except (Refused, ValidationError) as refusal:
        said = refusal.messages if isinstance(refusal, ValidationError) else [str(refusal)]
        messages.error(request, " ".join(said))
        return False
    return True


def undo_milestone_edited(actor: Actor, pk: int, seen: int, before: dict[str, Any]) -> None:
    row = still_there(milestones_for(actor), pk)
    work.edit_milestone(row, by=actor, seen=seen, **before | {"due_on": day(before["due_on"])})


def undo_milestone_finished(actor: Actor, pk: int) -> None:
    work.reopen_milestone(still_there(milestones_for(actor), pk), by=actor)


def undo_milestone_reopened(actor: Actor, pk: int, done_on: str | None) -> None:
    row = still_there(milestones_for(actor), pk)
    work.finish_milestone(row, by=actor, now=timezone.now(), done_on=day(done_on))


def undo_milestone_dropped(actor: Actor, pk: int) -> None:
    work.restore_milestone(still_there(milestones_for(actor), pk), by=actor)


def undo_note_removed(actor: Actor, pk: int) -> None:
    work.restore_note(still_there(notes_ever_for(actor), pk), by=actor)


UNDO |= {
    "milestone_edited": undo_milestone_edited,
    "milestone_finished": undo_milestone_finished,
    "milestone_reopened": undo_milestone_reopened,
    "milestone_dropped": undo_milestone_dropped,
    "note_removed": undo_note_removed,
}
