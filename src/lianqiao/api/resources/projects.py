from datetime import date, datetime
from typing import Annotated, Any

from django.utils import timezone
from ninja import Query, Router, Schema, Status
from pydantic import Field

from lianqiao.api.fields import Among, Day, GivenId, Id, Line, Lines
from lianqiao.api.filling import filled, written
from lianqiao.api.lookup import found
from lianqiao.api.operation import operation
from lianqiao.api.paging import Paging, page_of, paged
from lianqiao.api.schemas import Change, Given, Named
from lianqiao.core.request import Request
from lianqiao.lists.models import Dimension
from lianqiao.projects.actions.projects import draft_project, edit_project
from lianqiao.projects.forms.projects import ProjectForm
from lianqiao.projects.lineage import Part, lineage_of
from lianqiao.projects.models import Claim, Milestone, Project
from lianqiao.projects.overdue import workdays_late
from lianqiao.projects.pages.projects import READS, TAKES_PART
from lianqiao.projects.queries import claims_for, listed_projects, milestones_for, naming

router = Router(tags=["projects"])
State = Annotated[str, Among(Project.State)]
Dimensions = Annotated[list[Annotated[str, Among(Dimension)]], Field(max_length=5)]


class ProjectOut(Schema):
    """Who does it is told to those whom it concerns."""

    id: int
    chain: int
    number: int
    title: str
    description: str
    kind: Named | None
    dimensions: list[Annotated[str, Among(Dimension)]]
    state: State
    sponsor: Named
    sponsor_unit: Named | None
    holder: Named | None
    holder_unit: Named | None
    asked: Named | None
    asked_unit: Named | None
    claim_by: date | None
    starts_on: date | None
    ends_on: date | None
    published_at: datetime | None
    accepted_at: datetime | None
    version: int

    @staticmethod
    def resolve_chain(row: Project) -> int:
        return row.chain_id

    @staticmethod
    def resolve_holder(row: Project) -> Any:
        return row.holder if row.is_followed else None  # type: ignore[attr-defined]

    @staticmethod
    def resolve_holder_unit(row: Project) -> Any:
        return row.holder_unit if row.is_followed else None  # type: ignore[attr-defined]


class MilestoneOut(Schema):
    id: int
    title: str
    due_on: date
    done_on: date | None
    state: Annotated[str, Among(Milestone.State)]
    late: int = Field(description="Working days that it is overdue")


class ClaimOut(Schema):
    id: int
    organisation: Named
    unit: Named | None
    plan: str
    state: Annotated[str, Among(Claim.State)]
    claimed_at: datetime


class LineageOut(Schema):
    code: str = Field(description="source, need, match, pairing, agreement, project")
    label: str
    url: str = Field(description="Empty where you may not open it")
    note: str


class ProjectFull(ProjectOut):
    """With what you may know of it: its milestones, your claims or all of them, where it comes from."""

    follows: int | None
    milestones: list[MilestoneOut]
    claims: list[ClaimOut]
    lineage: list[LineageOut]


class Whole:
    """A row with its parts as one reader sees them."""

    def __init__(self, row: Any, **parts: Any) -> None:
        self.row, self.parts = row, parts

    def __getattr__(self, name: str) -> Any:
        parts = self.__dict__["parts"]
        return parts[name] if name in parts else getattr(self.__dict__["row"], name)


def project_of(request: Request, pk: int) -> Project:
    return found(listed_projects(request.actor), pk=pk)


def full(request: Request, pk: int) -> Whole:
    """Raises Http404."""
    actor, row = request.actor, project_of(request, pk)
    rows = list(milestones_for(actor).filter(project=row).exclude(state=Milestone.State.DROPPED))
    late = workdays_late(rows, timezone.localdate())
    lineage: list[Part] = lineage_of(row, actor)
    return Whole(
        row,
        follows=row.follows_id if listed_projects(actor).filter(pk=row.follows_id or 0).exists() else None,
        milestones=[vars(milestone) | {"late": late.get(milestone.pk, 0)} for milestone in rows],
        claims=list(claims_for(actor).filter(project=row)),
        lineage=[vars(part) for part in lineage],
    )


class ProjectQuery(Paging):
    q: Line = Field("", max_length=100, description="Words of its title, names of organisations")
    chain: Id | None = None
    state: State | None = None
    dimension: Annotated[str, Among(Dimension)] | None = None


class ProjectFacts(Schema):
    kind: GivenId | None = None
    description: Lines = Field("", max_length=4000)
    dimensions: Dimensions = []
    asked: GivenId | None = Field(None, description="Who shall do it; until it answers nobody else sees it")
    asked_unit: GivenId | None = None
    claim_by: Day | None = None
    starts_on: Day | None = None
    ends_on: Day | None = None


class ProjectNew(ProjectFacts, Given):
    chain: GivenId
    title: Line = Field(min_length=1, max_length=120)
    sponsor: GivenId
    sponsor_unit: GivenId | None = None


class ProjectChange(ProjectFacts, Change):
    title: Line = Field("", min_length=1, max_length=120)


@operation(router, "get", "/projects", allow=READS, answer=page_of(ProjectOut))
def project_list(request: Request, asked: Query[ProjectQuery]) -> dict[str, Any]:
    """Those you may see, the newest first."""
    rows = listed_projects(request.actor)
    for word in asked.q.split():
        rows = naming(rows, word)
    narrowing = asked.model_dump(include={"chain", "state"}, exclude_none=True)
    if asked.dimension:
        rows = rows.filter(dimensions__holds=asked.dimension)
    return paged(rows.filter(**narrowing), asked, request)


@operation(router, "get", "/projects/{pk}", allow=READS, answer=ProjectFull)
def project_detail(request: Request, pk: Id) -> Whole:
    return full(request, pk)


@operation(
    router,
    "post",
    "/projects",
    allow=TAKES_PART,
    permission="projects.draft_project",
    answer=ProjectFull,
    status=201,
)
def project_add(request: Request, given: ProjectNew) -> Status:
    """A draft; the office publishes it."""
    form = filled(ProjectForm, given.model_dump(exclude_unset=True), actor=request.actor)
    row = written(form, draft_project, by=request.actor, **form.facts())
    return Status(201, full(request, row.pk))


@operation(
    router,
    "patch",
    "/projects/{pk}",
    allow=TAKES_PART,
    permission="projects.edit_project",
    answer=ProjectFull,
)
def project_edit(request: Request, pk: Id, given: ProjectChange) -> Whole:
    """Only what is given changes; for whom it is done stays."""
    row = project_of(request, pk)
    form = filled(ProjectForm, given.model_dump(exclude_unset=True), actor=request.actor, instance=row)
    written(form, edit_project, row, by=request.actor, seen=form.cleaned_data["seen"], **form.facts())
    return full(request, pk)
