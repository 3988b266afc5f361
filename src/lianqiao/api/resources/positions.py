from datetime import date
from typing import Annotated, Any

from django.utils import timezone
from ninja import Query, Router, Schema

from lianqiao.api.fields import Among, Id
from lianqiao.api.operation import operation
from lianqiao.api.paging import Paging, page_of, paged
from lianqiao.api.schemas import Named
from lianqiao.core.actor import POSITIONS, Role
from lianqiao.core.request import Request
from lianqiao.registry.models import Position
from lianqiao.registry.queries import positions_for

router = Router(tags=["positions"])


class PositionOut(Schema):
    """Who holds which role where. Neither phone nor mail of the person."""

    id: int
    person: Named
    role: Annotated[str, Among(Role)]
    organisation: Named | None
    unit: Named | None
    chain: Named | None
    starts_on: date
    ends_on: date | None
    held: bool

    @staticmethod
    def resolve_held(row: Position) -> bool:
        return row.is_held(timezone.localdate())


class PositionQuery(Paging):
    role: Annotated[str, Among(Role)] | None = None
    organisation: Id | None = None
    chain: Id | None = None


@operation(router, "get", "/positions", allow=POSITIONS, answer=page_of(PositionOut))
def position_list(request: Request, asked: Query[PositionQuery]) -> dict[str, Any]:
    """Who holds which role where: the office sees its chain, a school its own, the others themselves."""
    narrowing = asked.model_dump(exclude={"limit", "offset"}, exclude_none=True)
    return paged(positions_for(request.actor).filter(**narrowing), asked, request)
