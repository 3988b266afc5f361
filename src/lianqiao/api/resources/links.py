from typing import Any

from ninja import Query, Router, Schema, Status

from lianqiao.api.fields import GivenId, Id
from lianqiao.api.lookup import found, named
from lianqiao.api.operation import operation
from lianqiao.api.paging import Paging, page_of, paged
from lianqiao.api.schemas import Given, Named
from lianqiao.core.actor import CONTENT, OFFICE
from lianqiao.core.request import Request
from lianqiao.registry.actions.chains import link_segments, unlink_segments
from lianqiao.registry.models import SegmentLink
from lianqiao.registry.queries import segment_links_for, segments_for

router = Router(tags=["segment-links"])


class SegmentLinkOut(Schema):
    """`upstream` feeds `downstream`."""

    id: int
    chain: int
    upstream: Named
    downstream: Named

    @staticmethod
    def resolve_chain(row: SegmentLink) -> int:
        return row.upstream.chain_id


class SegmentLinkQuery(Paging):
    chain: Id | None = None


class SegmentLinkNew(Given):
    upstream: GivenId
    downstream: GivenId


def links(request: Request) -> Any:
    return segment_links_for(request.actor).select_related("upstream", "downstream").order_by("id")


@operation(router, "get", "/segment-links", allow=CONTENT, answer=page_of(SegmentLinkOut))
def segment_link_list(request: Request, asked: Query[SegmentLinkQuery]) -> dict[str, Any]:
    """What feeds what."""
    rows = links(request)
    return paged(rows.filter(upstream__chain=asked.chain) if asked.chain else rows, asked, request)


@operation(
    router,
    "post",
    "/segment-links",
    allow=OFFICE,
    permission="registry.link_segments",
    answer=SegmentLinkOut,
    status=201,
)
def segment_link(request: Request, given: SegmentLinkNew) -> Status:
    """Two segments of one chain; 409 `circle` names the way that leads back."""
    segments = segments_for(request.actor)
    upstream = named(segments, given.upstream, "upstream")
    downstream = named(segments, given.downstream, "downstream")
    return Status(201, link_segments(upstream, downstream, by=request.actor))


@operation(
    router,
    "post",
    "/segment-links/{pk}/remove",
    allow=OFFICE,
    permission="registry.unlink_segments",
    answer=SegmentLinkOut,
)
def segment_unlink(request: Request, pk: Id) -> SegmentLink:
    """As it was."""
    row = found(links(request), pk=pk)
    unlink_segments(row, by=request.actor)
    return row
