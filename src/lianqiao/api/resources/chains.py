from typing import Any

from ninja import Query, Router, Schema

from lianqiao.api.fields import Id
from lianqiao.api.lookup import found
from lianqiao.api.operation import operation
from lianqiao.api.paging import Paging, page_of, paged
from lianqiao.api.schemas import Named
from lianqiao.core.actor import CONTENT
from lianqiao.core.request import Request
from lianqiao.registry.models import Chain, Segment
from lianqiao.registry.queries import chains_for, segments_for

router = Router(tags=["chains"])


class ChainOut(Schema):
    id: int
    name: str
    name_en: str
    office: Named
    party_organisation: Named | None
    region: str
    description: str
    version: int

    @staticmethod
    def resolve_party_organisation(row: Chain) -> Any:
        return getattr(row, "party_organisation", None)


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


def chains(request: Request) -> Any:
    return chains_for(request.actor).select_related("office", "party_organisation")


def segments(request: Request) -> Any:
    return segments_for(request.actor).prefetch_related("feeds", "fed_by")


@operation(router, "get", "/chains", allow=CONTENT, answer=page_of(ChainOut))
def chain_list(request: Request, asked: Query[Paging]) -> dict[str, Any]:
    """The chains that your position reaches."""
    return paged(chains(request), asked, request)


@operation(router, "get", "/chains/{pk}", allow=CONTENT, answer=ChainOut)
def chain_detail(request: Request, pk: Id) -> Chain:
    return found(chains(request), pk=pk)


@operation(router, "get", "/segments", allow=CONTENT, answer=page_of(SegmentOut))
def segment_list(request: Request, asked: Query[SegmentQuery]) -> dict[str, Any]:
    """From upstream to downstream."""
    rows = segments(request)
    return paged(rows.filter(chain=asked.chain) if asked.chain else rows, asked, request)


@operation(router, "get", "/segments/{pk}", allow=CONTENT, answer=SegmentOut)
def segment_detail(request: Request, pk: Id) -> Segment:
    return found(segments(request), pk=pk)
