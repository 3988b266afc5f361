from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Any

from django.utils import timezone
from ninja import Query, Router, Schema, Status
from pydantic import Field, StrictBool, StrictInt

from lianqiao.api.fields import Among, Day, GivenId, Id, Line
from lianqiao.api.filling import filled, written
from lianqiao.api.lookup import found
from lianqiao.api.operation import operation
from lianqiao.api.paging import Paging, page_of, paged
from lianqiao.api.resources.jobs import JobOut
from lianqiao.api.schemas import Change, Given, Named
from lianqiao.core.actor import OFFICE
from lianqiao.core.request import Request
from lianqiao.lists.models import Kind
from lianqiao.matching.actions.rounds import (
    begin_round,
    close_round,
    discard_round,
    edit_round,
    preview_round,
    publish_round,
    run_round,
)
from lianqiao.matching.forms.rounds import RoundForm
from lianqiao.matching.models import Match, Round, RoundNeed
from lianqiao.matching.policy import Floor, Level, Objective, RoundRules, RoundScope
from lianqiao.matching.queries.rounds import READERS, plan_of, rounds_for, sees_all, unserved_of
from lianqiao.matching.sentences import difference_sentences, reason_sentences

router = Router(tags=["rounds"])
Ids = Annotated[list[GivenId], Field(max_length=500)]
Times = Annotated[StrictInt, Field(ge=0, le=100_000)]


class RoundOut(Schema):
    """A round of matching. Leaders read counts and no scores."""

    id: int
    chain: int
    number: int
    title: str
    state: Annotated[str, Among(Round.State)]
    job: JobOut | None = Field(description="What is being computed, or was last")
    needs: int | None
    offers: int | None
    matched: int | None = Field(description="Needs with a partner")
    unserved: int | None
    sum: float | None
    bound: float | None = Field(description="Under the same rules no plan is worth more")
    ready_at: datetime | None
    published_at: datetime | None
    closed_at: datetime | None
    version: int

    @staticmethod
    def resolve_chain(row: Round) -> int:
        return row.chain_id

    @staticmethod
    def resolve_job(row: Round, context: dict[str, Any]) -> Any:
        return row.job if sees_all(context["request"].actor) else None

    @staticmethod
    def resolve_needs(row: Round) -> Any:
        return row.summary.get("needs")

    @staticmethod
    def resolve_offers(row: Round) -> Any:
        return row.summary.get("offers")

    @staticmethod
    def resolve_matched(row: Round) -> Any:
        return row.summary.get("matched")

    @staticmethod
    def resolve_unserved(row: Round) -> Any:
        return row.summary.get("unserved")

    @staticmethod
    def resolve_sum(row: Round, context: dict[str, Any]) -> Any:
        return row.summary.get("sum") if sees_all(context["request"].actor) else None

    @staticmethod
    def resolve_bound(row: Round, context: dict[str, Any]) -> Any:
        return row.summary.get("bound") if sees_all(context["request"].actor) else None


class PlannedOut(Schema):
    """One match of a plan: sentences in the language that was asked for."""

    id: int
    need: Named
    offer: Named
    enterprise: Named
    giver: Named
    unit: Named | None
    state: Annotated[str, Among(Match.State)]
    score: float | None
    reasons: list[str]
    differences: list[str]
    answer_by: date | None

    @staticmethod
    def resolve_need(row: Match) -> dict[str, Any]:
        return {"id": row.need_id, "name": row.need.title}

    @staticmethod
    def resolve_offer(row: Match) -> dict[str, Any]:
        return {"id": row.offer_id, "name": row.offer.title}

    @staticmethod
    def resolve_score(row: Match, context: dict[str, Any]) -> float | None:
        return row.score if sees_all(context["request"].actor) else None

    @staticmethod
    def resolve_reasons(row: Match) -> list[str]:
        return list(reason_sentences(row.reasons))

    @staticmethod
    def resolve_differences(row: Match) -> list[str]:
        return difference_sentences(row.differences)


class MissedOut(Schema):
    need: Named
    why: Annotated[str, Among(RoundNeed.Why, or_empty=True)] = Field(description="Empty: taken out by hand")

    @staticmethod
    def resolve_need(row: RoundNeed) -> dict[str, Any]:
        return {"id": row.need_id, "name": row.need.title}


class RoundFacts(Schema):
    kinds: Annotated[list[Annotated[str, Among(Kind)]], Field(min_length=1, max_length=2)] = [
        "resource",
        "service",
    ]
    need_categories: Ids = []
    offer_categories: Ids = []
    segments: Ids = []
    enterprises: Ids = []
    givers: Ids = []
    since: Day | None = None
    due_by: Day | None = None
    underway: StrictBool = True
    objective: Annotated[str, Among(Objective)] = Objective.FAIR.value
    floor: Annotated[str, Among(Floor)] = Floor.ALL.value
    units_owed: StrictBool = True
    wants: Annotated[StrictInt, Field(ge=1, le=100_000)] = 1
    capacity: Times = 1
    continuity: Annotated[str, Among(Level)] = Level.USUAL.value
    rest_after: Annotated[StrictInt, Field(ge=1, le=20)] = 3
    district: Annotated[str, Among(Level)] = Level.USUAL.value


class RoundNew(RoundFacts, Given):
    chain: GivenId
    title: Line = Field(min_length=1, max_length=80)


class RoundChange(RoundFacts, Change):
    title: Line = Field("", max_length=80)


class RoundQuery(Paging):
    chain: Id | None = None
    state: Annotated[str, Among(Round.State)] | None = None


SCOPE, RULES = set(RoundScope().plain()), set(RoundRules().plain())


def changed(value: Any, told: dict[str, Any], names: set[str]) -> Any:
    """The scope or the rules with what was given. Raises ValidationError."""
    given = {
        name: tuple(said) if isinstance(said, list) else said for name, said in told.items() if name in names
    }
    return replace(value, **given)


def round_of(request: Request, pk: int) -> Round:
    return found(rounds_for(request.actor), pk=pk)


@operation(router, "get", "/rounds", allow=READERS, answer=page_of(RoundOut))
def round_list(request: Request, asked: Query[RoundQuery]) -> dict[str, Any]:
    """Those of your chains, newest first."""
    rows = rounds_for(request.actor)
    for name in ("chain", "state"):
        if wanted := getattr(asked, name):
            rows = rows.filter(**{name: wanted})
    return paged(rows, asked, request)


@operation(router, "get", "/rounds/{pk}", allow=READERS, answer=RoundOut)
def round_detail(request: Request, pk: Id) -> Round:
    return round_of(request, pk)


@operation(
    router, "post", "/rounds", allow=OFFICE, permission="matching.begin_round", answer=RoundOut, status=201
)
def round_add(request: Request, given: RoundNew) -> Status:
    """A round in preparation; `run` it next. Who must or must never meet is said on its page."""
    told = given.model_dump(exclude_unset=True)
    form = filled(RoundForm, {"chain": given.chain, "title": given.title}, actor=request.actor)
    facts = form.facts() | {
        "scope": changed(RoundScope(), told, SCOPE),
        "rules": changed(RoundRules(), told, RULES),
    }
    row = written(form, begin_round, by=request.actor, **facts)
    return Status(201, round_of(request, row.pk))


@operation(router, "patch", "/rounds/{pk}", allow=OFFICE, permission="matching.edit_round", answer=RoundOut)
def round_edit(request: Request, pk: Id, given: RoundChange) -> Round:
    """While it is in preparation. Only what is given changes."""
    row, told = round_of(request, pk), given.model_dump(exclude_unset=True)
    facts: dict[str, Any] = {
        "scope": changed(RoundScope.of(row.scope), told, SCOPE),
        "rules": changed(RoundRules.of(row.rules), told, RULES),
    }
    if told.get("title"):
        facts["title"] = told["title"]
    edit_round(row, by=request.actor, seen=given.seen, **facts)
    return round_of(request, pk)


@operation(
    router, "post", "/rounds/{pk}/preview", allow=OFFICE, permission="matching.preview_round", answer=RoundOut
)
def round_preview(request: Request, pk: Id) -> Round:
    """`job` tells when it is there; nothing is stored but the summary that the page shows."""
    preview_round(round_of(request, pk), by=request.actor)
    return round_of(request, pk)


@operation(router, "post", "/rounds/{pk}/run", allow=OFFICE, permission="matching.run_round", answer=RoundOut)
def round_run(request: Request, pk: Id) -> Round:
    """`job` writes the whole plan, or nothing."""
    run_round(round_of(request, pk), by=request.actor)
    return round_of(request, pk)


@operation(
    router, "post", "/rounds/{pk}/publish", allow=OFFICE, permission="matching.publish_round", answer=RoundOut
)
def round_publish(request: Request, pk: Id) -> Round:
    """Every match goes to both sides; 409 `promises_broken` where the lists do not bear the plan any more."""
    publish_round(round_of(request, pk), by=request.actor, now=timezone.now())
    return round_of(request, pk)


@operation(
    router, "post", "/rounds/{pk}/close", allow=OFFICE, permission="matching.close_round", answer=RoundOut
)
def round_close(request: Request, pk: Id) -> Round:
    """Its matches go on."""
    close_round(round_of(request, pk), by=request.actor, now=timezone.now())
    return round_of(request, pk)


@operation(
    router, "post", "/rounds/{pk}/discard", allow=OFFICE, permission="matching.discard_round", answer=RoundOut
)
def round_discard(request: Request, pk: Id) -> Round:
    """Before it is published."""
    discard_round(round_of(request, pk), by=request.actor)
    return round_of(request, pk)


@operation(router, "get", "/rounds/{pk}/plan", allow=READERS, answer=page_of(PlannedOut))
def round_plan(request: Request, pk: Id, asked: Query[Paging]) -> dict[str, Any]:
    """The matches, by the number of the need."""
    return paged(plan_of(round_of(request, pk), request.actor), asked, request)


@operation(router, "get", "/rounds/{pk}/missed", allow=READERS, answer=page_of(MissedOut))
def round_missed(request: Request, pk: Id, asked: Query[Paging]) -> dict[str, Any]:
    """The needs without a partner, and why."""
    return paged(unserved_of(round_of(request, pk), request.actor), asked, request)
