from datetime import datetime
from typing import Annotated, Any

from django.utils import timezone
from ninja import Query, Router, Schema, Status

from lianqiao.api.fields import Among, GivenId, Id
from lianqiao.api.lookup import found, named
from lianqiao.api.operation import operation
from lianqiao.api.paging import Paging, page_of, paged
from lianqiao.api.schemas import Given, Named
from lianqiao.core.actor import CONTENT, OFFICE
from lianqiao.core.request import Request
from lianqiao.registry.actions.merging import merge_organisations, undo_merge
from lianqiao.registry.models import Merge
from lianqiao.registry.queries import listed_organisations, merges_for

router = Router(tags=["merges"])


class MergeOut(Schema):
    """Two records of one organisation: `gone` lives on in `kept`."""

    id: int
    gone: Named
    kept: Named
    state: Annotated[str, Among(Merge.State)]
    merged_at: datetime


class MergeQuery(Paging):
    kept: Id | None = None
    state: Annotated[str, Among(Merge.State)] | None = None


class MergeNew(Given):
    gone: GivenId
    kept: GivenId


@operation(router, "get", "/merges", allow=CONTENT, answer=page_of(MergeOut))
def merge_list(request: Request, asked: Query[MergeQuery]) -> dict[str, Any]:
    """Newest first."""
    narrowing = asked.model_dump(exclude={"limit", "offset"}, exclude_none=True)
    return paged(merges_for(request.actor).filter(**narrowing), asked, request)


@operation(
    router,
    "post",
    "/merges",
    allow=OFFICE,
    permission="registry.merge_organisations",
    answer=MergeOut,
    status=201,
)
def organisation_merge(request: Request, given: MergeNew) -> Status:
    """Everything of `gone` moves to `kept`."""
    rows = listed_organisations(request.actor)
    gone, kept = named(rows, given.gone, "gone"), named(rows, given.kept, "kept")
    return Status(201, merge_organisations(gone, kept, by=request.actor, now=timezone.now()))


@operation(
    router, "post", "/merges/{pk}/undo", allow=OFFICE, permission="registry.undo_merge", answer=MergeOut
)
def merge_undo(request: Request, pk: Id) -> Merge:
    """Give back what the merge moved; what came to `kept` later stays there."""
    return undo_merge(found(merges_for(request.actor), pk=pk), by=request.actor)
