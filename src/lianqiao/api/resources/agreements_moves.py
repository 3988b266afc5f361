from typing import Any

from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from lianqiao.agreements.actions import moves, reviewing, signing
from lianqiao.agreements.actions.renewing import renew
from lianqiao.agreements.forms.moves import EndForm, RemarkForm, SignatureForm
from lianqiao.agreements.models import AgreementParty
from lianqiao.agreements.pages.agreements import TAKES_PART
from lianqiao.agreements.pages.facts import clause_names
from lianqiao.agreements.parties import side_of
from lianqiao.agreements.queries import newest_version, parties_of
from lianqiao.agreements.shown import reading_for
from lianqiao.api.fields import Count, Day, GivenId, Id, Line, Lines
from lianqiao.api.filling import filled, written
from lianqiao.api.lookup import named
from lianqiao.api.operation import operation
from lianqiao.api.resources.agreements import AgreementFull, Whole, agreement_of, full
from lianqiao.api.schemas import Given
from lianqiao.core.actor import OFFICE, Role
from lianqiao.core.request import Request

router = Router(tags=["agreements"])
SCHOOL = frozenset({Role.SCHOOL_COORDINATOR})


class AgreementAnswer(Given):
    party: GivenId
    text_version: Count = Field(description="The text that was read; 409 when another one is under review")


class AgreementSigning(Given):
    party: GivenId
    signed_on: Day
    signer: Line = Field(min_length=1, max_length=60)
    sha256: Line = Field("", max_length=64, description="Of the text on the paper; 409 when it is another")


class AgreementEnding(Given):
    ended_on: Day
    reason: Line = Field(min_length=1, max_length=200)


class AgreementReason(Given):
    reason: Line = Field(min_length=1, max_length=200)


class AgreementRemarkGiven(Given):
    clause: Line = Field("", max_length=40, description="Key of the clause; empty for the whole text")
    text: Lines = Field(min_length=1, max_length=1000)


class AgreementRemarkOut(Schema):
    id: int
    clause: str
    text: str
    state: str
    by_label: str


def party_of(request: Request, pk: int, party: int) -> AgreementParty:
    """Raises Http404, and ValidationError for a party that is none of it."""
    rows = agreement_of(request, pk).parties.select_related("agreement", "organisation", "unit")
    return named(rows, party, "party")


def noted(request: Request) -> dict[str, Any]:
    return {"by": request.actor, "now": timezone.now()}


@operation(
    router, "post", "/agreements/{pk}/send", allow=OFFICE, permission="agreements.send", answer=AgreementFull
)
def agreement_send(request: Request, pk: Id) -> Whole:
    """Seal the text and ask the parties; 409 `unfilled` names what is missing."""
    moves.send(agreement_of(request, pk), **noted(request))
    return full(request, pk)


@operation(
    router, "post", "/agreements/{pk}/reopen", allow=OFFICE, permission="agreements.reopen",
    answer=AgreementFull,
)  # fmt: skip
def agreement_reopen(request: Request, pk: Id) -> Whole:
    """A new text to write on; signatures under the old one do not count for it."""
    moves.reopen(agreement_of(request, pk), **noted(request))
    return full(request, pk)


@operation(
    router, "post", "/agreements/{pk}/agree", allow=TAKES_PART, permission="agreements.agree",
    answer=AgreementFull,
)  # fmt: skip
def agreement_agree(request: Request, pk: Id, given: AgreementAnswer) -> Whole:
    """For your own party; with the last one the text is final and has its number."""
    reviewing.agree(party_of(request, pk, given.party), version=given.text_version, **noted(request))
    return full(request, pk)


@operation(
    router, "post", "/agreements/{pk}/approve", allow=SCHOOL, permission="agreements.approve",
    answer=AgreementFull,
)  # fmt: skip
def agreement_approve(request: Request, pk: Id, given: AgreementAnswer) -> Whole:
    """The school, for the agreement of its college."""
    reviewing.approve(party_of(request, pk, given.party), version=given.text_version, **noted(request))
    return full(request, pk)


@operation(
    router, "post", "/agreements/{pk}/remarks", allow=TAKES_PART, permission="agreements.remark",
    answer=AgreementRemarkOut,
)  # fmt: skip
def agreement_remark(request: Request, pk: Id, given: AgreementRemarkGiven) -> Any:
    """What should be otherwise, while the text is under review."""
    actor, row = request.actor, agreement_of(request, pk)
    version = newest_version(row, actor)
    names = clause_names(reading_for(version, actor)) if version else []
    form = filled(RemarkForm, given.model_dump(), clauses=names)
    party = side_of(actor, parties_of(row), row.chain_id)
    return written(form, reviewing.remark, row, party, **noted(request), **form.facts())


@operation(
    router, "post", "/agreements/{pk}/sign", allow=TAKES_PART, permission="agreements.note_signature",
    answer=AgreementFull,
)  # fmt: skip
def agreement_sign(request: Request, pk: Id, given: AgreementSigning) -> Whole:
    """A party signed on paper; with the last one the agreement is in force and its promises have dates."""
    form = filled(SignatureForm, given.model_dump(exclude={"party"}))
    party = party_of(request, pk, given.party)
    written(form, signing.note_signature, party, **noted(request), **form.facts())
    return full(request, pk)


@operation(
    router, "post", "/agreements/{pk}/abandon", allow=OFFICE, permission="agreements.abandon",
    answer=AgreementFull,
)  # fmt: skip
def agreement_abandon(request: Request, pk: Id, given: AgreementReason) -> Whole:
    """It comes to nothing."""
    moves.abandon(agreement_of(request, pk), by=request.actor, reason=given.reason)
    return full(request, pk)


@operation(
    router, "post", "/agreements/{pk}/end", allow=OFFICE, permission="agreements.end_early",
    answer=AgreementFull,
)  # fmt: skip
def agreement_end(request: Request, pk: Id, given: AgreementEnding) -> Whole:
    """Before its last day; what was due later is waived."""
    form = filled(EndForm, given.model_dump())
    written(form, moves.end_early, agreement_of(request, pk), by=request.actor, **form.facts())
    return full(request, pk)


@operation(
    router, "post", "/agreements/{pk}/renew", allow=OFFICE, permission="agreements.renew",
    answer=AgreementFull,
)  # fmt: skip
def agreement_renew(request: Request, pk: Id) -> Whole:
    """The draft that follows, which tells what of this one was kept."""
    return full(request, renew(agreement_of(request, pk), **noted(request)).pk)
