from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.core.exceptions import ValidationError
from django.utils import timezone
from ninja import Query, Router, Schema, Status
from pydantic import Field, StrictBool

from lianqiao.api.fields import Among, GivenId, Id, Line, Lines
from lianqiao.api.filling import filled, refuse_invalid, written
from lianqiao.api.lookup import NO_ROW, found, named
from lianqiao.api.operation import operation
from lianqiao.api.paging import Paging, page_of, paged
from lianqiao.api.resources.entries import EntryOut
from lianqiao.api.schemas import Given, Named
from lianqiao.api.sentences import SENTENCES
from lianqiao.core.actor import Actor
from lianqiao.core.permissions import may
from lianqiao.core.request import Request
from lianqiao.lists.queries import entries_for
from lianqiao.lists.shown import Shown, shown
from lianqiao.matching.actions.falling import fall_through
from lianqiao.matching.actions.matches import accept, decline, invite, rescope, withdraw
from lianqiao.matching.forms.matches import DeclineForm, MatchFilters, RescopeForm
from lianqiao.matching.models import Match, Side, Unfit
from lianqiao.matching.pages.matches import ANSWERERS, places
from lianqiao.matching.queries.matches import READERS, SIDES, answers_for, listed_matches, matches_for
from lianqiao.matching.queries.suggestions import Suggestion, fit_of, in_roles, suggestions_for
from lianqiao.matching.sentences import difference_sentences, reason_sentences
from lianqiao.matching.shown import MatchShown, answers_shown

router = Router(tags=["matches"])
Said = Annotated[str, Among(Match.Said, or_empty=True)]


class MatchOut(Schema):
    """What you may read of it: how it ended, and what the other side said against it, the office alone knows."""

    id: int
    chain: int
    round: int | None
    origin: Annotated[str, Among(Match.Origin)]
    need: Named
    offer: Named
    enterprise: Named
    giver: Named
    unit: Named | None
    state: Annotated[str, Among(Match.State)] | Literal["over"] = Field(
        description="`over`: it came to nothing"
    )
    side: Annotated[str, Among(Side)] | None = Field(description="Yours, if you are one")
    is_mine_to_answer: bool
    need_said: Said
    offer_said: Said
    scope: str = Field(description="What both talk about, where it is not what the entries say")
    score: float | None = Field(description="For the office")
    reasons: list[str]
    differences: list[str]
    answer_by: date | None
    offered_at: datetime | None
    pairing: int | None
    version: int

    @staticmethod
    def resolve_chain(row: MatchShown) -> int:
        return row.match.chain_id

    @staticmethod
    def resolve_round(row: MatchShown) -> int | None:
        return row.match.round_id

    @staticmethod
    def resolve_origin(row: MatchShown) -> str:
        return row.match.origin

    @staticmethod
    def resolve_need(row: MatchShown) -> dict[str, Any]:
        return {"id": row.match.need_id, "name": row.match.need.title}

    @staticmethod
    def resolve_offer(row: MatchShown) -> dict[str, Any]:
        return {"id": row.match.offer_id, "name": row.match.offer.title}

    @staticmethod
    def resolve_enterprise(row: MatchShown) -> Any:
        return row.match.enterprise

    @staticmethod
    def resolve_giver(row: MatchShown) -> Any:
        return row.match.giver

    @staticmethod
    def resolve_unit(row: MatchShown) -> Any:
        return row.match.unit

    @staticmethod
    def resolve_answer_by(row: MatchShown) -> date | None:
        return row.match.answer_by

    @staticmethod
    def resolve_offered_at(row: MatchShown) -> datetime | None:
        return row.match.offered_at

    @staticmethod
    def resolve_pairing(row: MatchShown) -> int | None:
        return row.match.pairing_id

    @staticmethod
    def resolve_version(row: MatchShown) -> int:
        return row.match.version


class AnswerOut(Schema):
    side: str
    said: str
    reason: str
    note: str
    scope: str
    at: datetime
    who: str


class MatchFull(MatchOut):
    """With both entries as you may read them, contacts once it came about, and what was said."""

    entries: list[EntryOut] = Field(description="The need, then the offer")
    answers: list[AnswerOut]

    @staticmethod
    def resolve_entries(row: MatchShown) -> list[Shown]:
        return [row.need, row.offer]

    @staticmethod
    def resolve_answers(row: MatchShown) -> list[dict[str, Any]]:
        return answers_shown(answers_for(row.actor).filter(match=row.match), row)


class MatchQuery(Paging):
    q: Line = Field("", description="Words of titles, names of organisations")
    chain: Id | None = None
    state: Annotated[str, Among(Match.State)] | Literal["over"] | None = None
    turn: Literal["mine", "theirs", "need", "offer"] | None = Field(
        None, description="Whose answer it waits for; `need` and `offer` for the office"
    )
    origin: Annotated[str, Among(Match.Origin)] | None = None
    round: Id | None = None


class Invitation(Given):
    need: GivenId
    offer: GivenId


class Acceptance(Given):
    note: Line = Field("", max_length=500, description="The other side reads it")


class Refusal(Given):
    reason: Annotated[str, Among(Unfit)]
    note: Lines = Field("", max_length=500)
    is_shared: StrictBool = Field(False, description="Whether the other side reads the note")


class Rescoping(Given):
    scope: Lines = Field(min_length=1, max_length=1000)


class SuggestionOut(Schema):
    entry: EntryOut
    reasons: list[str]
    differences: list[str]


def match_of(request: Request, pk: int) -> Match:
    return found(matches_for(request.actor), pk=pk)


def full(request: Request, pk: int) -> MatchShown:
    return MatchShown(match_of(request, pk), request.actor)


def narrowing_of(asked: MatchQuery, actor: Actor) -> MatchFilters:
    """Raises ValidationError, also for a filter that this person has not."""
    given = asked.model_dump(exclude={"limit", "offset", "chain"}, exclude_none=True)
    form = MatchFilters(given, actor=actor)
    if missing := [name for name in given if name not in form.fields]:
        raise ValidationError(dict.fromkeys(missing, SENTENCES["extra_forbidden"]))
    refuse_invalid(form)
    return form


@operation(router, "get", "/matches", allow=READERS, answer=page_of(MatchOut))
def match_list(request: Request, asked: Query[MatchQuery]) -> dict[str, Any]:
    """Those of your side or chain, the newest first."""
    actor = request.actor
    rows = narrowing_of(asked, actor).narrow(listed_matches(actor))
    answer = paged(rows.filter(chain=asked.chain) if asked.chain else rows, asked, request)
    return answer | {"items": [MatchShown(row, actor) for row in answer["items"]]}


@operation(router, "get", "/matches/{pk}", allow=READERS, answer=MatchFull)
def match_detail(request: Request, pk: Id) -> MatchShown:
    return full(request, pk)


@operation(router, "get", "/entries/{pk}/suggestions", allow=READERS, answer=list[SuggestionOut])
def suggestion_list(request: Request, pk: Id) -> list[dict[str, Any]]:
    """Whom to invite, for the entry's own side and the office; empty for others."""
    return [
        told(one, request.actor)
        for one in suggestions_for(found(entries_for(request.actor), pk=pk), request.actor)
    ]


def told(one: Suggestion, actor: Actor) -> dict[str, Any]:
    return {
        "entry": shown(one.entry, actor),
        "reasons": list(reason_sentences(one.fit.reasons)),
        "differences": difference_sentences(one.differences),
    }


@operation(
    router, "post", "/matches", allow=ANSWERERS, permission="matching.invite", answer=MatchFull, status=201
)
def match_invite(request: Request, given: Invitation) -> Status:
    """Your side says yes with it; the office asks both."""
    actor = request.actor
    rows = entries_for(actor)
    need, offer = in_roles(named(rows, given.need, "need"), named(rows, given.offer, "offer"))
    if not may(
        actor, "matching.invite", Match(chain_id=need.chain_id, need=need, offer=offer, **places(need, offer))
    ):
        raise ValidationError({"offer": ValidationError(NO_ROW, params={"id": given.offer})})
    row = invite(need, offer, by=actor, now=timezone.now(), fit=fit_of(need, offer))
    return Status(201, full(request, row.pk))


@operation(
    router, "post", "/matches/{pk}/accept", allow=SIDES, permission="matching.accept", answer=MatchFull
)
def match_accept(request: Request, pk: Id, given: Acceptance) -> MatchShown:
    """With the second yes it comes about: `accepted`, and contacts are open to both."""
    accept(match_of(request, pk), by=request.actor, now=timezone.now(), note=given.note)
    return full(request, pk)


@operation(
    router, "post", "/matches/{pk}/decline", allow=SIDES, permission="matching.decline", answer=MatchFull
)
def match_decline(request: Request, pk: Id, given: Refusal) -> MatchShown:
    """Why is read by your own side and the office alone, unless the note is shared."""
    form = filled(DeclineForm, given.model_dump())
    written(form, decline, match_of(request, pk), by=request.actor, now=timezone.now(), **form.facts())
    return full(request, pk)


@operation(
    router, "post", "/matches/{pk}/rescope", allow=SIDES, permission="matching.rescope", answer=MatchFull
)
def match_rescope(request: Request, pk: Id, given: Rescoping) -> MatchShown:
    """Something else than the entries say; the other side answers to it anew."""
    form = filled(RescopeForm, given.model_dump())
    written(form, rescope, match_of(request, pk), by=request.actor, now=timezone.now(), **form.facts())
    return full(request, pk)


@operation(
    router,
    "post",
    "/matches/{pk}/fall-through",
    allow=ANSWERERS,
    permission="matching.fall_through",
    answer=MatchFull,
)
def match_fall_through(request: Request, pk: Id, given: Refusal) -> MatchShown:
    """An accepted one comes to nothing: its places are free, and its need is open again."""
    form = filled(DeclineForm, given.model_dump())
    written(form, fall_through, match_of(request, pk), by=request.actor, now=timezone.now(), **form.facts())
    return full(request, pk)


@operation(
    router,
    "post",
    "/matches/{pk}/withdraw",
    allow=ANSWERERS,
    permission="matching.withdraw",
    answer=MatchFull,
)
def match_withdraw(request: Request, pk: Id) -> MatchShown:
    """By the office, or the side that had said yes."""
    withdraw(match_of(request, pk), by=request.actor, now=timezone.now())
    return full(request, pk)
