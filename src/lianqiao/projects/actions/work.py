"""The work on a project: milestones and the log."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianqiao.core.actor import Actor
from lianqiao.core.audit import record
from lianqiao.core.lifecycle import Lifecycle
from lianqiao.core.permissions import LABELS, require
from lianqiao.core.refusals import StateMoved
from lianqiao.core.writing import change, creation, locked
from lianqiao.projects.models import Milestone, Project, WorkNote
from lianqiao.projects.places import name_of

milestones, notes = Lifecycle(Milestone), Lifecycle(WorkNote)
State, Note = Milestone.State, WorkNote.State


def add_milestone(project: Project, *, by: Actor, **fields: Any) -> Milestone:
    """Raises NotPermitted, ValidationError."""
    with creation(Milestone(project=project, **fields), by=by, permission="projects.add_milestone") as row:
        pass
    return row


def edit_milestone(milestone: Milestone, *, by: Actor, seen: int | None = None, **fields: Any) -> Milestone:
    """Another day is told of anew. Raises NotPermitted, Stale, ValidationError."""
    with change(milestone, by=by, permission="projects.edit_milestone", seen=seen) as row:
        if "due_on" in fields and fields["due_on"] != row.due_on:
            row.reminded_at = None
        for name, value in fields.items():
            setattr(row, name, value)
    return row


@milestones.move(State.OPEN, to=State.DONE)
def finish_milestone(milestone: Milestone, *, by: Actor, now: datetime, done_on: date) -> None:
    """Raises ValidationError for a day to come, StateMoved while nobody works on the project."""
    project = milestone.project
    if project.state not in (Project.State.WORKING, Project.State.DELIVERED):
        raise StateMoved(state=project.get_state_display(), move=LABELS["projects.finish_milestone"])
    if done_on > timezone.localdate(now):
        raise ValidationError({"done_on": _("完成日期不能晚于今天。")})
    milestone.done_on = done_on


@milestones.move(State.DONE, to=State.OPEN)
def reopen_milestone(milestone: Milestone, *, by: Actor) -> None:
    """Not done after all."""
    milestone.done_on = None


@milestones.move(State.OPEN, State.DONE, to=State.DROPPED)
def drop_milestone(milestone: Milestone, *, by: Actor) -> None:
    """It is not needed; files that were shown for it stay with the project."""


@milestones.move(State.DROPPED, to=State.OPEN)
def restore_milestone(milestone: Milestone, *, by: Actor) -> None:
    """As it was."""
    if milestone.done_on:
        milestone.state = State.DONE


def note_work(project: Project, *, by: Actor, now: datetime, worked_on: date, text: str) -> WorkNote:
    """One line of the log. Raises NotPermitted, ValidationError."""
    require(by, "projects.note_work", project)
    if worked_on > timezone.localdate(now):
        raise ValidationError({"worked_on": _("日期不能晚于今天。")})
    row = WorkNote(
        project=project,
        worked_on=worked_on,
        text=text.strip(),
        person_id=by.person_id,
        by_label=name_of(by),
        at=now,
    )
    with transaction.atomic():
        project = locked(project)
        if project.state not in (Project.State.WORKING, Project.State.DELIVERED):
            raise StateMoved(state=project.get_state_display(), move=LABELS["projects.note_work"])
        row.full_clean()
        row.save(force_insert=True)
        record(by, "projects.note_work", row, after={"text": row.text})
    return row


@notes.move(Note.SHOWN, to=Note.REMOVED)
def remove_note(note: WorkNote, *, by: Actor) -> None:
    """It is not shown any more."""


@notes.move(Note.REMOVED, to=Note.SHOWN)
def restore_note(note: WorkNote, *, by: Actor) -> None:
    """As it was."""
