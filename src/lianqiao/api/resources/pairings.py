from datetime import date, datetime
from typing import Annotated, Any

from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from lianqiao.api.fields import Among, Id, Line
from lianqiao.api.filling import filled, refuse_invalid, written
from lianqiao.api.lookup import found
from lianqiao.api.operation import operation
from lianqiao.api.paging import Paging, page_of, paged
from lianqiao.api.schemas import Given, Named
from lianqiao.core.request import Request
from lianqiao.matching.actions.pairings import confirm_pairing, decline_pairing, end_pairing
from lianqiao.matching.forms.matches import PairingFilters, ReasonForm
from lianqiao.matching.models import Pairing
from lianqiao.matching.pages.matches import ANSWERERS
from lianqiao.matching.pages.pairings import reason_for
from lianqiao.matching.queries.matches import READERS
from lianqiao.matching.queries.pairings import pairings_for

router = Router(tags=["pairings"])


class PairingOut(Schema):
    id: int
    chain: int
    giver: Named
    unit: Named | None
    enterprise: Named
    round: int | None
    state: Annotated[str, Among(Pairing.State)]
    giver_confirmed_at: datetime | None
    enterprise_confirmed_at: datetime | None
    office_confirmed_at: datetime | None
    starts_on: date | None
    ends_on: date | None
    ended_reason: str = Field(description="Why it ended; why it did not come to be, for the office")
    version: int

    @staticmethod
    def resolve_chain(row: Pairing) -> int:
        return row.chain_id

    @staticmethod
    def resolve_round(row: Pairing) -> int | None:
        return row.round_id

    @staticmethod
    def resolve_ended_reason(row: Pairing, context: dict[str, Any]) -> str:
        return reason_for(row, context["request"].actor)


class PairingQuery(Paging):
    q: Line = ""
    chain: Id | None = None
    state: Annotated[str, Among(Pairing.State)] | None = None


class PairingReason(Given):
    reason: Line = Field(min_length=1, max_length=300)


def pairing_of(request: Request, pk: int) -> Pairing:
    return found(pairings_for(request.actor), pk=pk)


@operation(router, "get", "/pairings", allow=READERS, answer=page_of(PairingOut))
def pairing_list(request: Request, asked: Query[PairingQuery]) -> dict[str, Any]:
    """Those of your side or chain, the newest first."""
    form = PairingFilters(asked.model_dump(include={"q", "state"}, exclude_none=True), actor=request.actor)
    refuse_invalid(form)
    rows = form.narrow(pairings_for(request.actor))
    return paged(rows.filter(chain=asked.chain) if asked.chain else rows, asked, request)


@operation(router, "get", "/pairings/{pk}", allow=READERS, answer=PairingOut)
def pairing_detail(request: Request, pk: Id) -> Pairing:
    return pairing_of(request, pk)


@operation(
    router,
    "post",
    "/pairings/{pk}/confirm",
    allow=ANSWERERS,
    permission="matching.confirm_pairing",
    answer=PairingOut,
)
def pairing_confirm(request: Request, pk: Id) -> Pairing:
    """By either side or the office; with the third it begins."""
    confirm_pairing(pairing_of(request, pk), by=request.actor, now=timezone.now())
    return pairing_of(request, pk)


@operation(
    router,
    "post",
    "/pairings/{pk}/decline",
    allow=ANSWERERS,
    permission="matching.decline_pairing",
    answer=PairingOut,
)
def pairing_decline(request: Request, pk: Id, given: PairingReason) -> Pairing:
    """Its matches go on without it."""
    form = filled(ReasonForm, given.model_dump())
    written(form, decline_pairing, pairing_of(request, pk), by=request.actor, **form.facts())
    return pairing_of(request, pk)


@operation(
    router,
    "post",
    "/pairings/{pk}/end",
    allow=ANSWERERS,
    permission="matching.end_pairing",
    answer=PairingOut,
)
def pairing_end(request: Request, pk: Id, given: PairingReason) -> Pairing:
    """What was agreed goes on as agreed."""
    form = filled(ReasonForm, given.model_dump())
    written(form, end_pairing, pairing_of(request, pk), by=request.actor, now=timezone.now(), **form.facts())
    return pairing_of(request, pk)
