from datetime import date
from typing import Annotated, Any

from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from lianqiao.agreements.actions import keeping
from lianqiao.agreements.forms.moves import DisputeForm, KeepForm, WaiveForm
from lianqiao.agreements.models import Obligation, ObligationDate
from lianqiao.agreements.pages.agreements import READS, TAKES_PART
from lianqiao.agreements.queries import obligation_dates_for, owed_by
from lianqiao.api.fields import Among, Day, Id, Line, Lines
from lianqiao.api.filling import filled, written
from lianqiao.api.lookup import found
from lianqiao.api.operation import operation
from lianqiao.api.paging import Paging, page_of, paged
from lianqiao.api.schemas import Given
from lianqiao.core.actor import OFFICE
from lianqiao.core.request import Request

router = Router(tags=["agreements"])
DateState = Annotated[str, Among(ObligationDate.State)]


class ObligationOut(Schema):
    """One time that something promised is due."""

    id: int
    agreement: int
    what: str
    every: Annotated[str, Among(Obligation.Every)]
    owed_by: int | None = Field(description="The party, nothing for all together")
    due_on: date
    state: DateState
    done_on: date | None
    note: str
    objection: str
    by_label: str
    version: int

    @staticmethod
    def resolve_agreement(row: ObligationDate) -> int:
        return row.obligation.agreement_id

    @staticmethod
    def resolve_what(row: ObligationDate) -> str:
        return row.obligation.what

    @staticmethod
    def resolve_every(row: ObligationDate) -> str:
        return row.obligation.every

    @staticmethod
    def resolve_owed_by(row: ObligationDate) -> int | None:
        return row.obligation.owed_by_id


class ObligationQuery(Paging):
    agreement: Id | None = None
    state: DateState | None = None
    own: bool = Field(False, description="What your own place owes and has not done yet")


class ObligationKept(Given):
    done_on: Day
    note: Lines = Field(min_length=1, max_length=500)


class ObligationObjection(Given):
    objection: Line = Field(min_length=1, max_length=300)


class ObligationWaiver(Given):
    note: Line = Field(min_length=1, max_length=300)


def date_of(request: Request, pk: int) -> ObligationDate:
    return found(obligation_dates_for(request.actor), pk=pk)


@operation(router, "get", "/obligations", allow=READS, answer=page_of(ObligationOut))
def obligation_list(request: Request, asked: Query[ObligationQuery]) -> dict[str, Any]:
    """By the day when they are due."""
    rows = owed_by(request.actor) if asked.own else obligation_dates_for(request.actor)
    if asked.agreement:
        rows = rows.filter(obligation__agreement=asked.agreement)
    if asked.state:
        rows = rows.filter(state=asked.state)
    return paged(rows.order_by("due_on", "pk"), asked, request)


@operation(router, "get", "/obligations/{pk}", allow=READS, answer=ObligationOut)
def obligation_detail(request: Request, pk: Id) -> ObligationDate:
    """One time."""
    return date_of(request, pk)


@operation(
    router, "post", "/obligations/{pk}/keep", allow=TAKES_PART, permission="agreements.keep",
    answer=ObligationOut,
)  # fmt: skip
def obligation_keep(request: Request, pk: Id, given: ObligationKept) -> ObligationDate:
    """One side says that it was done; the others may object."""
    form = filled(KeepForm, given.model_dump())
    written(form, keeping.keep, date_of(request, pk), by=request.actor, now=timezone.now(), **form.facts())
    return date_of(request, pk)


@operation(
    router, "post", "/obligations/{pk}/dispute", allow=TAKES_PART, permission="agreements.dispute",
    answer=ObligationOut,
)  # fmt: skip
def obligation_dispute(request: Request, pk: Id, given: ObligationObjection) -> ObligationDate:
    """It was not so; it counts as not done until it is said anew."""
    form = filled(DisputeForm, given.model_dump())
    written(form, keeping.dispute, date_of(request, pk), by=request.actor, **form.facts())
    return date_of(request, pk)


@operation(
    router, "post", "/obligations/{pk}/take-back", allow=TAKES_PART, permission="agreements.take_back",
    answer=ObligationOut,
)  # fmt: skip
def obligation_take_back(request: Request, pk: Id) -> ObligationDate:
    """By the side that noted it."""
    keeping.take_back(date_of(request, pk), by=request.actor)
    return date_of(request, pk)


@operation(
    router, "post", "/obligations/{pk}/waive", allow=OFFICE, permission="agreements.waive",
    answer=ObligationOut,
)  # fmt: skip
def obligation_waive(request: Request, pk: Id, given: ObligationWaiver) -> ObligationDate:
    """It need not be done; it counts neither way."""
    form = filled(WaiveForm, given.model_dump())
    written(form, keeping.waive, date_of(request, pk), by=request.actor, **form.facts())
    return date_of(request, pk)
