from datetime import date, datetime
from typing import Annotated, Any

from django.utils import timezone
from ninja import Query, Router, Schema, Status
from pydantic import Field, StrictInt

from lianqiao.agreements.actions.drafting import draft_from_pairing
from lianqiao.agreements.actions.editing import write_clauses
from lianqiao.agreements.forms.drafting import PairingDraftForm
from lianqiao.agreements.forms.filters import AgreementFilters
from lianqiao.agreements.models import Agreement, AgreementKind, AgreementVersion, Obligation
from lianqiao.agreements.pages.agreements import READS
from lianqiao.agreements.parties import has_agreed, needs_approval
from lianqiao.agreements.queries import (
    ONLOOKERS,
    agreements_for,
    fulfilment,
    newest_version,
    parties_of,
    signatures_for,
)
from lianqiao.agreements.shown import reading_for
from lianqiao.api.fields import Among, Count, Day, GivenId, Id, Line, Lines
from lianqiao.api.filling import filled, refuse_invalid, written
from lianqiao.api.lookup import found
from lianqiao.api.operation import operation
from lianqiao.api.paging import Paging, page_of, paged
from lianqiao.api.schemas import Given
from lianqiao.core.actor import OFFICE, Actor
from lianqiao.core.request import Request
from lianqiao.lists.models import Dimension

router = Router(tags=["agreements"])
Kind = Annotated[str, Among(AgreementKind)]
AState = Annotated[str, Among(Agreement.State)]
Every = Annotated[str, Among(Obligation.Every)]


class AgreementOut(Schema):
    id: int
    chain: int
    kind: Kind
    title: str
    number: str | None = Field(description="Given when the text is final")
    state: AState
    pairing: int | None
    dimensions: list[Annotated[str, Among(Dimension)]]
    starts_on: date | None
    ends_on: date | None
    signed_on: date | None
    ended_on: date | None
    ended_reason: str
    renews: int | None
    filed_at: str = Field(description="Where the paper lies")
    version: int
    changed_at: datetime

    @staticmethod
    def resolve_chain(row: Agreement) -> int:
        return row.chain_id

    @staticmethod
    def resolve_pairing(row: Agreement) -> int | None:
        return row.pairing_id

    @staticmethod
    def resolve_renews(row: Agreement) -> int | None:
        return row.renews_id


class AgreementPartyOut(Schema):
    id: int
    position: int
    name: str = Field(description="A person's is masked for who only looks on")
    organisation: int | None
    unit: int | None
    agreed: bool = Field(description="To the newest text that you see")
    needs_approval: bool = Field(description="A college: its school approves too")
    ready: bool
    signed_on: date | None


class AgreementOwed(Schema):
    what: str
    times: int
    every: Every
    by: int = Field(description="Position of the party, 0 for all together")


class AgreementClauseOut(Schema):
    key: str
    number: str
    title: str
    paragraphs: list[str]
    owed: AgreementOwed | None


class AgreementFulfilment(Schema):
    done: int
    due: int = Field(description="Until today, with what was done before its day")
    promised: int


class AgreementFull(AgreementOut):
    """With the newest text that you may read, its digest, and who said what to it."""

    text_version: int
    text_seen: int = Field(description="Give it back as `seen` when you change the clauses")
    sealed: bool = Field(description="Sent to the parties: this text never changes any more")
    sha256: str
    parties: list[AgreementPartyOut]
    clauses: list[AgreementClauseOut]
    fulfilment: AgreementFulfilment


class AgreementQuery(Paging):
    q: Line = ""
    chain: Id | None = None
    state: AState | None = None
    kind: Kind | None = None
    dimension: Annotated[str, Among(Dimension)] | None = None


class AgreementNew(Given):
    pairing: GivenId = Field(description="A confirmed one")
    kind: Kind
    starts_on: Day | None = Field(None, description="Without it: the day when all have signed")
    ends_on: Day | None = None
    student: Line = Field("", max_length=60, description="Of an internship, who signs for himself")


class AgreementOwedGiven(Given):
    what: Line = Field(min_length=1, max_length=200)
    times: Annotated[StrictInt, Field(ge=1, le=100)] = 1
    every: Every = "once"
    by: Annotated[StrictInt, Field(ge=0, le=4)] = 0


class AgreementClauseGiven(Given):
    key: Line = Field(min_length=1, max_length=40)
    title: Line = Field("", max_length=60)
    text: Lines = Field(min_length=1, max_length=4000)
    owed: AgreementOwedGiven | None = None


class AgreementClauses(Given):
    seen: Count | None = None
    clauses: Annotated[list[AgreementClauseGiven], Field(min_length=1, max_length=60)]


class Whole:
    """An agreement with the text, the parties and the figures that this reader sees."""

    def __init__(self, row: Agreement, facts: dict[str, Any]) -> None:
        self.row, self.facts = row, facts

    def __getattr__(self, name: str) -> Any:
        return self.facts[name] if name in self.facts else getattr(self.row, name)


def full(request: Request, pk: int) -> Whole:
    """Raises Http404."""
    actor = request.actor
    row = found(agreements_for(actor), pk=pk)
    version = newest_version(row, actor)
    # Whoever reaches an agreement sees a version of it.
    assert version is not None  # noqa: S101
    reading = reading_for(version, actor)
    signed = {
        each.party_id: each.signed_on
        for each in signatures_for(actor).filter(revision=version, voided_at=None)
    }
    done, due, promised = fulfilment(row, timezone.localdate())
    facts = {
        "text_version": version.number,
        "text_seen": version.version,
        "sealed": version.sealed_at is not None,
        "sha256": version.sha256,
        "parties": [party_out(party, version, signed, actor) for party in parties_of(row)],
        "clauses": [
            {
                "key": each.key,
                "number": each.number,
                "title": each.title,
                "paragraphs": each.paragraphs,
                "owed": each.obligation or None,
            }
            for each in reading.clauses
        ],
        "fulfilment": {"done": done, "due": due, "promised": promised},
    }
    return Whole(row, facts)


def party_out(party: Any, version: AgreementVersion, signed: dict[int, date], actor: Actor) -> dict[str, Any]:
    hidden = party.person_name and actor.role in ONLOOKERS
    return {
        "id": party.pk,
        "position": party.position,
        "name": f"{party.person_name[:1]}**" if hidden else str(party),
        "organisation": party.organisation_id,
        "unit": party.unit_id,
        "agreed": party.agreed_version == version.number,
        "needs_approval": needs_approval(party),
        "ready": has_agreed(party, version.number),
        "signed_on": signed.get(party.pk),
    }


def agreement_of(request: Request, pk: int) -> Agreement:
    return found(agreements_for(request.actor), pk=pk)


@operation(router, "get", "/agreements", allow=READS, answer=page_of(AgreementOut))
def agreement_list(request: Request, asked: Query[AgreementQuery]) -> dict[str, Any]:
    """Those you may see, the newest first."""
    given = asked.model_dump(exclude={"limit", "offset", "chain"}, exclude_none=True)
    form = AgreementFilters(given, actor=request.actor)
    refuse_invalid(form)
    rows = form.narrow(agreements_for(request.actor))
    return paged(rows.filter(chain=asked.chain) if asked.chain else rows, asked, request)


@operation(router, "get", "/agreements/{pk}", allow=READS, answer=AgreementFull)
def agreement_detail(request: Request, pk: Id) -> Whole:
    """One agreement with its newest text."""
    return full(request, pk)


@operation(
    router, "post", "/agreements", allow=OFFICE, permission="agreements.draft_agreement",
    answer=AgreementFull, status=201,
)  # fmt: skip
def agreement_add(request: Request, given: AgreementNew) -> Status:
    """A draft from a confirmed pairing: parties, what was settled in the matches, and the usual clauses."""
    form = filled(PairingDraftForm, given.model_dump(exclude_unset=True), actor=request.actor)
    facts = form.facts()
    pairing = facts.pop("pairing")
    row = written(form, draft_from_pairing, pairing, by=request.actor, now=timezone.now(), **facts)
    return Status(201, full(request, row.pk))


@operation(
    router, "post", "/agreements/{pk}/clauses", allow=OFFICE, permission="agreements.write_clauses",
    answer=AgreementFull,
)  # fmt: skip
def agreement_edit(request: Request, pk: Id, given: AgreementClauses) -> Whole:
    """All clauses of the open text, in their order; 409 `sealed` once it was sent to the parties."""
    row = agreement_of(request, pk)
    clauses = [
        each.model_dump(exclude={"owed"}) | {"obligation": each.owed.model_dump() if each.owed else {}}
        for each in given.clauses
    ]
    write_clauses(row, clauses, by=request.actor, seen=given.seen)
    return full(request, pk)
