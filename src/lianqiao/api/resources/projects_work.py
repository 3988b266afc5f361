"""What is done while a project is worked on: milestones, the log, evidence."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from ninja import File, Form, Query, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from lianqiao.api.fields import Day, GivenId, Id, Line, Lines
from lianqiao.api.filling import filled, refuse_invalid, written
from lianqiao.api.lookup import found
from lianqiao.api.operation import operation
from lianqiao.api.paging import Paging, page_of, paged
from lianqiao.api.resources.projects import MilestoneOut, Whole, project_of
from lianqiao.api.schemas import Change, Given
from lianqiao.core.request import Request
from lianqiao.lists.actions.around import LARGEST_FILE
from lianqiao.projects.actions import evidence, work
from lianqiao.projects.forms.projects import DoneForm
from lianqiao.projects.forms.work import MilestoneForm, NoteForm, UploadForm
from lianqiao.projects.models import Evidence, Milestone, WorkNote
from lianqiao.projects.overdue import workdays_late
from lianqiao.projects.pages.projects import TAKES_PART
from lianqiao.projects.queries import evidence_for, milestones_for, notes_for

router = Router(tags=["projects"])


class MilestoneFull(MilestoneOut):
    project: int
    owner: int | None = Field(description="Nobody: whoever holds the project")
    version: int


class MilestoneNew(Given):
    title: Line = Field(min_length=1, max_length=120)
    due_on: Day
    owner: GivenId | None = Field(None, description="The sponsor, where it is on them")


class MilestoneChange(Change):
    title: Line = Field("", max_length=120)
    due_on: Day | None = None
    owner: GivenId | None = None


class MilestoneDone(Given):
    done_on: Day


class NoteOut(Schema):
    id: int
    worked_on: date
    text: str
    by_label: str
    at: datetime


class NoteNew(Given):
    worked_on: Day
    text: Lines = Field(min_length=1, max_length=1000)


class EvidenceNew(Given):
    code: Line = Field("", max_length=40, description="As in the college's own sheet: 1-1-22-1")
    title: Line = Field("", max_length=100, description="Else the name of the file")
    milestone: Id | None = None
    outcome: Id | None = None


class EvidenceOut(Schema):
    id: int
    code: str
    name: str
    size: int
    sha256: str
    milestone: int | None
    outcome: int | None
    at: datetime

    @staticmethod
    def resolve_milestone(row: Evidence) -> int | None:
        return row.milestone_id

    @staticmethod
    def resolve_outcome(row: Evidence) -> int | None:
        return row.outcome_id


def milestone_of(request: Request, pk: int) -> Milestone:
    return found(milestones_for(request.actor), pk=pk)


def told(request: Request, pk: int) -> Whole:
    row = milestone_of(request, pk)
    late = workdays_late([row], timezone.localdate()).get(pk, 0)
    return Whole(row, project=row.project_id, owner=row.owner_id, late=late)


@operation(
    router, "post", "/projects/{pk}/milestones", allow=TAKES_PART, permission="projects.add_milestone",
    answer=MilestoneFull, status=201,
)  # fmt: skip
def milestone_add(request: Request, pk: Id, given: MilestoneNew) -> Status:
    project = project_of(request, pk)
    blank = Milestone(project=project)
    form = filled(MilestoneForm, given.model_dump(exclude_unset=True), project=project, instance=blank)
    row = written(form, work.add_milestone, project, by=request.actor, **form.facts())
    return Status(201, told(request, row.pk))


@operation(
    router, "patch", "/milestones/{pk}", allow=TAKES_PART, permission="projects.edit_milestone",
    answer=MilestoneFull,
)  # fmt: skip
def milestone_edit(request: Request, pk: Id, given: MilestoneChange) -> Whole:
    """Another day is told of anew."""
    row = milestone_of(request, pk)
    form = filled(
        MilestoneForm, given.model_dump(exclude_unset=True), project=row.project, instance=milestone_of(request, pk)
    )  # fmt: skip
    facts: dict[str, Any] = {"by": request.actor, "seen": form.cleaned_data["seen"]}
    written(form, work.edit_milestone, row, **facts, **form.facts())
    return told(request, pk)


@operation(
    router, "post", "/milestones/{pk}/finish", allow=TAKES_PART, permission="projects.finish_milestone",
    answer=MilestoneFull,
)  # fmt: skip
def milestone_finish(request: Request, pk: Id, given: MilestoneDone) -> Whole:
    form = filled(DoneForm, given.model_dump())
    facts: dict[str, Any] = {"by": request.actor, "now": timezone.now()}
    written(form, work.finish_milestone, milestone_of(request, pk), **facts, **form.facts())
    return told(request, pk)


@operation(
    router, "post", "/milestones/{pk}/reopen", allow=TAKES_PART, permission="projects.reopen_milestone",
    answer=MilestoneFull,
)  # fmt: skip
def milestone_reopen(request: Request, pk: Id) -> Whole:
    """Not done after all."""
    work.reopen_milestone(milestone_of(request, pk), by=request.actor)
    return told(request, pk)


@operation(
    router, "post", "/milestones/{pk}/drop", allow=TAKES_PART, permission="projects.drop_milestone",
    answer=MilestoneFull,
)  # fmt: skip
def milestone_drop(request: Request, pk: Id) -> Whole:
    """Not needed; its files stay with the project."""
    work.drop_milestone(milestone_of(request, pk), by=request.actor)
    return told(request, pk)


@operation(router, "get", "/projects/{pk}/notes", allow=TAKES_PART, answer=page_of(NoteOut))
def note_list(request: Request, pk: Id, asked: Query[Paging]) -> dict[str, Any]:
    """The log, for those who take part and the office."""
    return paged(notes_for(request.actor).filter(project=project_of(request, pk)), asked, request)


@operation(
    router, "post", "/projects/{pk}/notes", allow=TAKES_PART, permission="projects.note_work",
    answer=NoteOut, status=201,
)  # fmt: skip
def note_add(request: Request, pk: Id, given: NoteNew) -> Status:
    form = filled(NoteForm, given.model_dump())
    facts: dict[str, Any] = {"by": request.actor, "now": timezone.now()}
    row = written(form, work.note_work, project_of(request, pk), **facts, **form.facts())
    return Status(201, row)


@operation(
    router, "post", "/work-notes/{pk}/remove", allow=TAKES_PART, permission="projects.remove_note",
    answer=NoteOut,
)  # fmt: skip
def note_remove(request: Request, pk: Id) -> WorkNote:
    row: WorkNote = found(notes_for(request.actor), pk=pk)
    work.remove_note(row, by=request.actor)
    return row


@operation(router, "get", "/projects/{pk}/evidence", allow=TAKES_PART, answer=page_of(EvidenceOut))
def evidence_list(request: Request, pk: Id, asked: Query[Paging]) -> dict[str, Any]:
    """The files with their numbers; the pack of all of them is on the page."""
    return paged(evidence_for(request.actor).filter(project=project_of(request, pk)), asked, request)


@operation(
    router, "post", "/projects/{pk}/evidence", allow=TAKES_PART, permission="projects.add_evidence",
    answer=EvidenceOut, status=201, upload=LARGEST_FILE,
)  # fmt: skip
def evidence_add(request: Request, pk: Id, given: Form[EvidenceNew], file: File[UploadedFile]) -> Status:
    """A file of a hundred, of 20 MB at most, under its number."""
    project = project_of(request, pk)
    form = UploadForm(given.model_dump(), {"file": file}, project=project)
    refuse_invalid(form)
    facts: dict[str, Any] = {"by": request.actor, "now": timezone.now()}
    return Status(201, written(form, evidence.add_evidence, project, **facts, **form.facts()))


@operation(
    router, "post", "/evidence/{pk}/remove", allow=TAKES_PART, permission="projects.remove_evidence",
    answer=EvidenceOut,
)  # fmt: skip
def evidence_remove(request: Request, pk: Id) -> Evidence:
    row: Evidence = found(evidence_for(request.actor), pk=pk)
    return evidence.remove_evidence(row, by=request.actor, now=timezone.now())
