from datetime import date
from typing import Any

from ninja import Query, Router, Schema, Status
from pydantic import Field

from lianqiao.api.fields import Day, GivenId, Id, Line
from lianqiao.api.filling import filled, written
from lianqiao.api.lookup import found, named
from lianqiao.api.operation import operation
from lianqiao.api.paging import Paging, page_of, paged
from lianqiao.api.schemas import Given, Named
from lianqiao.core.actor import CONTENT, OFFICE
from lianqiao.core.request import Request
from lianqiao.registry.actions.chains import join_party_organisation, leave_party_organisation
from lianqiao.registry.forms.party import AccessionForm, LeaveForm
from lianqiao.registry.models import Accession
from lianqiao.registry.queries import accessions_for, party_organisations_for

router = Router(tags=["accessions"])


class AccessionOut(Schema):
    """An organisation in the chain's Party organisation, from when to when."""

    id: int
    party_organisation: Named
    chain: int
    organisation: Named
    joined_on: date
    left_on: date | None
    reason_left: str
    version: int

    @staticmethod
    def resolve_chain(row: Accession) -> int:
        return row.party_organisation.chain_id


class AccessionQuery(Paging):
    party_organisation: Id | None = None
    organisation: Id | None = None


class AccessionNew(Given):
    party_organisation: GivenId
    organisation: GivenId
    joined_on: Day


class AccessionEnd(Given):
    left_on: Day = Field(description="The last day")
    reason_left: Line = Field("", max_length=200)


@operation(router, "get", "/accessions", allow=CONTENT, answer=page_of(AccessionOut))
def accession_list(request: Request, asked: Query[AccessionQuery]) -> dict[str, Any]:
    """Which organisations joined the chain's Party organisation, and when they left."""
    narrowing = asked.model_dump(exclude={"limit", "offset"}, exclude_none=True)
    return paged(accessions_for(request.actor).filter(**narrowing), asked, request)


@operation(
    router,
    "post",
    "/accessions",
    allow=OFFICE,
    permission="registry.join_party_organisation",
    answer=AccessionOut,
    status=201,
)
def accession_join(request: Request, given: AccessionNew) -> Status:
    actor = request.actor
    party = named(party_organisations_for(actor), given.party_organisation, "party_organisation")
    form = filled(AccessionForm, given.model_dump(exclude={"party_organisation"}), actor=actor)
    return Status(201, written(form, join_party_organisation, party, by=actor, **form.cleaned_data))


@operation(
    router,
    "post",
    "/accessions/{pk}/leave",
    allow=OFFICE,
    permission="registry.leave_party_organisation",
    answer=AccessionOut,
)
def accession_leave(request: Request, pk: Id, given: AccessionEnd) -> Accession:
    row = found(accessions_for(request.actor), pk=pk)
    form = filled(LeaveForm, given.model_dump(), instance=row)
    return written(form, leave_party_organisation, row, by=request.actor, **form.cleaned_data)
