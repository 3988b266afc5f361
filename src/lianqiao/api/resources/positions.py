from datetime import date
from typing import Annotated, Any

from django.utils import timezone
from ninja import Query, Router, Schema, Status
from pydantic import Field

from lianqiao.api.fields import Among, Day, GivenId, Id
from lianqiao.api.filling import filled, written
from lianqiao.api.lookup import found, named
from lianqiao.api.operation import operation
from lianqiao.api.paging import Paging, page_of, paged
from lianqiao.api.schemas import Given, Named
from lianqiao.core.actor import POSITIONS, Role
from lianqiao.core.request import Request
from lianqiao.registry.actions.positions import (
    end_position,
    extend_position,
    grant_position,
    withdraw_position,
)
from lianqiao.registry.forms.people import EndForm, ExtensionForm, PositionForm
from lianqiao.registry.models import Position
from lianqiao.registry.pages.people import APPOINTERS
from lianqiao.registry.queries import people_for, positions_for

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


class PositionNew(Given):
    person: GivenId
    role: Annotated[str, Among(Role)]
    organisation: GivenId | None = None
    unit: GivenId | None = None
    chain: GivenId | None = None
    starts_on: Day
    ends_on: Day | None = Field(None, description="The last day; without it, until further notice")


class PositionEnd(Given):
    ends_on: Day = Field(description="The last day")


class PositionExtension(Given):
    ends_on: Day | None = Field(description="The new last day; null: until further notice")


@operation(router, "get", "/positions", allow=POSITIONS, answer=page_of(PositionOut))
def position_list(request: Request, asked: Query[PositionQuery]) -> dict[str, Any]:
    """Who holds which role where: the office sees its chain, a school its own, the others themselves."""
    narrowing = asked.model_dump(exclude={"limit", "offset"}, exclude_none=True)
    return paged(positions_for(request.actor).filter(**narrowing), asked, request)


@operation(
    router,
    "post",
    "/positions",
    allow=APPOINTERS,
    permission="registry.grant_position",
    answer=PositionOut,
    status=201,
)
def position_grant(request: Request, given: PositionNew) -> Status:
    """To somebody you meet already; their sessions end. Newcomers are invited on the page, which shows the link."""
    actor = request.actor
    others = people_for(actor).exclude(pk__in=[actor.person_id])
    person = named(others, given.person, "person")
    fields = given.model_dump(exclude_unset=True, exclude={"person"})
    form = filled(PositionForm, fields, actor=actor)
    return Status(201, written(form, grant_position, person=person, by=actor, **form.cleaned_data))


@operation(
    router,
    "post",
    "/positions/{pk}/end",
    allow=APPOINTERS,
    permission="registry.end_position",
    answer=PositionOut,
)
def position_end(request: Request, pk: Id, given: PositionEnd) -> Position:
    """Sessions and tokens of this position end at once."""
    row = found(positions_for(request.actor), pk=pk)
    form = filled(EndForm, given.model_dump())
    return written(form, end_position, row, by=request.actor, **form.cleaned_data)


@operation(
    router,
    "post",
    "/positions/{pk}/extend",
    allow=APPOINTERS,
    permission="registry.extend_position",
    answer=PositionOut,
)
def position_extend(request: Request, pk: Id, given: PositionExtension) -> Position:
    row = found(positions_for(request.actor), pk=pk)
    form = filled(ExtensionForm, given.model_dump())
    return written(form, extend_position, row, by=request.actor, **form.cleaned_data)


@operation(
    router,
    "post",
    "/positions/{pk}/withdraw",
    allow=APPOINTERS,
    permission="registry.withdraw_position",
    answer=PositionOut,
)
def position_withdraw(request: Request, pk: Id) -> Position:
    """Granted by mistake, as it was; 409 `already_held` once it was held for a day."""
    row = found(positions_for(request.actor), pk=pk)
    withdraw_position(row, today=timezone.localdate(), by=request.actor)
    return row
