from datetime import date
from typing import Annotated, Any

from ninja import Query, Router, Schema, Status
from pydantic import Field

from lianqiao.api.fields import Among, Count, Day, GivenId, Id, Line
from lianqiao.api.filling import filled, written
from lianqiao.api.lookup import found
from lianqiao.api.operation import operation
from lianqiao.api.paging import Paging, page_of, paged
from lianqiao.api.schemas import Change, Given, Named
from lianqiao.core.request import Request
from lianqiao.registry.actions.parts import add_branch, edit_branch
from lianqiao.registry.forms.party import BranchForm
from lianqiao.registry.models import PartyBranch
from lianqiao.registry.pages.party import EDITS, READS, RECORDS
from lianqiao.registry.queries import branches_for

router = Router(tags=["branches"])
Kind = Annotated[str, Among(PartyBranch.Kind)]
Mass = Annotated[str, Among(PartyBranch.MassOrganisation)]


class BranchOut(Schema):
    id: int
    organisation: Named
    unit: Named | None
    kind: Kind
    name: str
    number: str
    joint_name: str
    superior: str
    secretary: str
    members_here: int | None
    members_elsewhere: int | None
    probationary: int | None
    developing: int | None
    activists: int | None
    applicants: int | None
    mass_organisations: list[str]
    founded_on: date | None
    why_none: str
    planned_on: date | None
    instructor: Named | None
    version: int


class BranchQuery(Paging):
    organisation: Id | None = None
    kind: Kind | None = None


class BranchFacts(Schema):
    kind: Kind = "branch"
    name: Line = Field("", max_length=120)
    number: Line = Field("", max_length=40)
    joint_name: Line = Field("", max_length=120)
    superior: Line = Field("", max_length=120)
    secretary: Line = Field("", max_length=60)
    members_here: Count | None = None
    members_elsewhere: Count | None = None
    probationary: Count | None = None
    developing: Count | None = None
    activists: Count | None = None
    applicants: Count | None = None
    mass_organisations: Annotated[list[Mass], Field(max_length=3)] = []
    founded_on: Day | None = None
    why_none: Line = Field("", max_length=300)
    planned_on: Day | None = None
    instructor: GivenId | None = None


class BranchNew(BranchFacts, Given):
    organisation: GivenId
    unit: GivenId | None = None


class BranchChange(BranchFacts, Change):
    pass


@operation(router, "get", "/branches", allow=READS, answer=page_of(BranchOut))
def branch_list(request: Request, asked: Query[BranchQuery]) -> dict[str, Any]:
    """Those who oversee the chain see its members' branches, an organisation sees its own."""
    narrowing = asked.model_dump(exclude={"limit", "offset"}, exclude_none=True)
    return paged(branches_for(request.actor).filter(**narrowing), asked, request)


@operation(router, "get", "/branches/{pk}", allow=READS, answer=BranchOut)
def branch_detail(request: Request, pk: Id) -> PartyBranch:
    return found(branches_for(request.actor), pk=pk)


@operation(
    router,
    "post",
    "/branches",
    allow=RECORDS,
    permission="registry.add_branch",
    answer=BranchOut,
    status=201,
)
def branch_add(request: Request, given: BranchNew) -> Status:
    """Where there is none yet, `kind` is `none`, and `why_none` and `planned_on` are needed."""
    actor = request.actor
    form = filled(BranchForm, given.model_dump(exclude_unset=True), actor=actor)
    return Status(201, written(form, add_branch, by=actor, **form.facts()))


@operation(
    router,
    "patch",
    "/branches/{pk}",
    allow=EDITS,
    permission="registry.edit_branch",
    answer=BranchOut,
)
def branch_edit(request: Request, pk: Id, given: BranchChange) -> PartyBranch:
    """Only what is given changes. An instructor is assigned by the office alone."""
    actor = request.actor
    row = found(branches_for(actor), pk=pk)
    form = filled(BranchForm, given.model_dump(exclude_unset=True), instance=row, actor=actor)
    return written(form, edit_branch, row, by=actor, seen=form.cleaned_data["seen"], **form.facts())
