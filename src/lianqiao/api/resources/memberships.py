from datetime import date
from typing import Annotated, Any

from ninja import Query, Router, Schema, Status
from pydantic import Field

from lianqiao.api.fields import Day, GivenId, Id
from lianqiao.api.filling import filled, written
from lianqiao.api.lookup import found
from lianqiao.api.operation import operation
from lianqiao.api.paging import Paging, page_of, paged
from lianqiao.api.schemas import Change, Given, Named
from lianqiao.core.actor import CONTENT, OFFICE
from lianqiao.core.request import Request
from lianqiao.registry.actions.chains import add_membership, edit_membership, end_membership
from lianqiao.registry.forms.members import MembershipEndForm, MembershipForm, MembershipSegmentsForm
from lianqiao.registry.models import Membership
from lianqiao.registry.queries import memberships_for

router = Router(tags=["memberships"])
Segments = Annotated[list[GivenId], Field(max_length=50)]


class MembershipOut(Schema):
    id: int
    chain: int
    organisation: Named
    unit: Named | None
    segments: list[int]
    starts_on: date
    ends_on: date | None
    version: int

    @staticmethod
    def resolve_chain(row: Membership) -> int:
        return row.chain_id

    @staticmethod
    def resolve_segments(row: Membership) -> list[int]:
        return sorted(segment.pk for segment in row.segments.all())


class MembershipQuery(Paging):
    chain: Id | None = None
    organisation: Id | None = None
    segment: Id | None = None


class MembershipNew(Given):
    chain: GivenId
    organisation: GivenId
    unit: GivenId | None = None
    segments: Segments = []
    starts_on: Day
    ends_on: Day | None = None


class MembershipChange(Change):
    segments: Segments = []


class MembershipEnd(Given):
    ends_on: Day = Field(description="The last day")


@operation(router, "get", "/memberships", allow=CONTENT, answer=page_of(MembershipOut))
def membership_list(request: Request, asked: Query[MembershipQuery]) -> dict[str, Any]:
    """Which organisations are on which chain, at which segments, from when to when."""
    narrowing = asked.model_dump(include={"chain", "organisation"}, exclude_none=True)
    rows = memberships_for(request.actor).filter(**narrowing)
    return paged(rows.filter(segments=asked.segment) if asked.segment else rows, asked, request)


@operation(
    router,
    "post",
    "/memberships",
    allow=OFFICE,
    permission="registry.add_membership",
    answer=MembershipOut,
    status=201,
)
def membership_add(request: Request, given: MembershipNew) -> Status:
    """An organisation, or one of its units, comes onto a chain."""
    actor = request.actor
    fields = given.model_dump(exclude_unset=True)
    form = filled(MembershipForm, fields, actor=actor, organisation=None, segment=None)
    facts = form.cleaned_data | {"segments": list(form.cleaned_data["segments"])}
    row = written(form, add_membership, by=actor, **facts)
    return Status(201, found(memberships_for(actor), pk=row.pk))


@operation(
    router,
    "patch",
    "/memberships/{pk}",
    allow=OFFICE,
    permission="registry.edit_membership",
    answer=MembershipOut,
)
def membership_edit(request: Request, pk: Id, given: MembershipChange) -> Membership:
    """At which segments it stands; those left out it leaves."""
    actor = request.actor
    row = found(memberships_for(actor), pk=pk)
    form = filled(MembershipSegmentsForm, given.model_dump(exclude_unset=True), instance=row, actor=actor)
    segments, seen = list(form.cleaned_data["segments"]), form.cleaned_data["seen"]
    written(form, edit_membership, row, segments=segments, by=actor, seen=seen)
    return found(memberships_for(actor), pk=pk)


@operation(
    router,
    "post",
    "/memberships/{pk}/end",
    allow=OFFICE,
    permission="registry.end_membership",
    answer=MembershipOut,
)
def membership_end(request: Request, pk: Id, given: MembershipEnd) -> Membership:
    """It leaves the chain."""
    row = found(memberships_for(request.actor), pk=pk)
    form = filled(MembershipEndForm, given.model_dump(), instance=row)
    return written(form, end_membership, row, by=request.actor, **form.cleaned_data)
