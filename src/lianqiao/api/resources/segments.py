from typing import Annotated, Any

from ninja import Query, Router, Schema, Status
from pydantic import Field, StrictInt

from lianqiao.api.fields import Codes, GivenId, Id, Line, Lines
from lianqiao.api.filling import filled, written
from lianqiao.api.lookup import found, named
from lianqiao.api.operation import operation
from lianqiao.api.paging import Paging, page_of, paged
from lianqiao.api.schemas import Change, Given
from lianqiao.core.actor import CONTENT, OFFICE
from lianqiao.core.request import Request
from lianqiao.registry.actions.chains import add_segment, edit_segment, remove_segment
from lianqiao.registry.forms.chains import SegmentForm
from lianqiao.registry.models import Segment
from lianqiao.registry.queries import chains_for, segments_for

router = Router(tags=["segments"])
Column = Annotated[StrictInt, Field(ge=0, le=99, description="From upstream (0) to downstream")]


class SegmentOut(Schema):
    """A place on the chain; it is fed by the segments in `upstream` and feeds those in `downstream`."""

    id: int
    chain: int
    code: str
    name: str
    name_en: str
    column: int
    description: str
    industries: list[str]
    upstream: list[int]
    downstream: list[int]
    version: int

    @staticmethod
    def resolve_chain(row: Segment) -> int:
        return row.chain_id

    @staticmethod
    def resolve_upstream(row: Segment) -> list[int]:
        return sorted(link.upstream_id for link in row.fed_by.all())

    @staticmethod
    def resolve_downstream(row: Segment) -> list[int]:
        return sorted(link.downstream_id for link in row.feeds.all())


class SegmentQuery(Paging):
    chain: Id | None = None


class SegmentFacts(Schema):
    name_en: Line = Field("", max_length=80)
    description: Lines = Field("", max_length=500)
    industries: Codes = []
    code: Line = Field("", max_length=30, description="Letters and digits; made from the name when left out")


class SegmentNew(SegmentFacts, Given):
    chain: GivenId
    name: Line = Field(min_length=1, max_length=40)
    column: Column


class SegmentChange(SegmentFacts, Change):
    name: Line = Field("", min_length=1, max_length=40)
    column: Column = 0


def segments(request: Request) -> Any:
    return segments_for(request.actor).prefetch_related("feeds", "fed_by")


@operation(router, "get", "/segments", allow=CONTENT, answer=page_of(SegmentOut))
def segment_list(request: Request, asked: Query[SegmentQuery]) -> dict[str, Any]:
    """From upstream to downstream."""
    rows = segments(request)
    return paged(rows.filter(chain=asked.chain) if asked.chain else rows, asked, request)


@operation(router, "get", "/segments/{pk}", allow=CONTENT, answer=SegmentOut)
def segment_detail(request: Request, pk: Id) -> Segment:
    return found(segments(request), pk=pk)


@operation(
    router,
    "post",
    "/segments",
    allow=OFFICE,
    permission="registry.add_segment",
    answer=SegmentOut,
    status=201,
)
def segment_add(request: Request, given: SegmentNew) -> Status:
    chain = named(chains_for(request.actor), given.chain, "chain")
    form = filled(SegmentForm, given.model_dump(exclude_unset=True, exclude={"chain"}))
    return Status(201, written(form, add_segment, chain=chain, by=request.actor, **form.facts()))


@operation(
    router,
    "patch",
    "/segments/{pk}",
    allow=OFFICE,
    permission="registry.edit_segment",
    answer=SegmentOut,
)
def segment_edit(request: Request, pk: Id, given: SegmentChange) -> Segment:
    """Only what is given changes."""
    row = found(segments(request), pk=pk)
    form = filled(SegmentForm, given.model_dump(exclude_unset=True), instance=row)
    return written(form, edit_segment, row, by=request.actor, seen=form.cleaned_data["seen"], **form.facts())


@operation(
    router,
    "post",
    "/segments/{pk}/remove",
    allow=OFFICE,
    permission="registry.remove_segment",
    answer=SegmentOut,
)
def segment_remove(request: Request, pk: Id) -> Segment:
    """With its links, as it was; 409 `segment_in_use` while it has members."""
    row = found(segments(request), pk=pk)
    remove_segment(row, by=request.actor)
    return row
