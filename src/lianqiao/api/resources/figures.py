"""Figures and the records behind them, the analysis of a chain, and briefings."""

from datetime import date, datetime
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from ninja import Query, Router, Schema, Status
from pydantic import Field

from lianqiao.api.fields import Among, Count, Day, GivenId, Id
from lianqiao.api.filling import filled, refuse_invalid, written
from lianqiao.api.lookup import NO_ROW, found, named
from lianqiao.api.operation import operation
from lianqiao.api.paging import Paging, address, page_of, paged
from lianqiao.api.schemas import Change, Given
from lianqiao.api.sentences import REQUIRED
from lianqiao.core.actor import OFFICE
from lianqiao.core.request import Request
from lianqiao.insight.actions.briefings import make_briefing, settle_analysis
from lianqiao.insight.analysis import Proposal, analysis_of
from lianqiao.insight.catalogue import BY_CODE, FIGURES, Figure, Kind
from lianqiao.insight.composing import proposal_words
from lianqiao.insight.forms.period import AnalysisRuleForm, PeriodForm
from lianqiao.insight.measuring import day_of
from lianqiao.insight.models import AnalysisRule, Briefing
from lianqiao.insight.period import Every
from lianqiao.insight.queries.asked import Asked
from lianqiao.insight.queries.reading import (
    OVERSEERS,
    READERS,
    analysis_rule,
    briefings_for,
    may_read_rows,
    readable,
    scope_for,
)
from lianqiao.insight.standing import Board, Standing
from lianqiao.registry.models import Chain
from lianqiao.registry.queries import chains_for

router = Router(tags=["figures"])
Length = Annotated[str, Among(Every)]


class PartOut(Schema):
    """`value` is null for fewer than five people."""

    group: str
    code: str
    name: str
    value: float | None
    of: float | None
    unit: str


class PeriodOut(Schema):
    every: Length
    first: date
    last: date


class FigureOut(Schema):
    code: str
    name: str
    definition: str
    formula: str
    unit: str
    kind: Annotated[str, Among(Kind)]
    period: PeriodOut
    value: float | None = Field(description="Null where there was nothing to count")
    of: float | None = Field(description="The denominator")
    rows: int = Field(description="How many records it was computed from")
    before: float | None = Field(description="Of the period before")
    parts: list[PartOut]
    noted_at: datetime | None = Field(description="When it was noted; null: counted just now")


class PointOut(Schema):
    first: date
    last: date
    value: float | None


class FigureWhole(FigureOut):
    points: list[PointOut]


class FigurePage(Schema):
    items: list[FigureOut]


class RecordOut(Schema):
    type: str
    id: int
    counted: bool | None = Field(description="Whether it is in the numerator, of a share")
    amount: float | None


class FigureQuery(Schema):
    chain: Id
    segment: Id | None = None
    organisation: Id | None = None
    unit: Id | None = None
    every: Length = "quarter"
    day: Day | None = None
    first: Day | None = None
    last: Day | None = None


class RecordQuery(FigureQuery, Paging):
    source: Annotated[int, Field(ge=0, le=1)] = 0


def asked_by(request: Request, query: FigureQuery) -> Asked:
    """Raises ValidationError."""
    scope = scope_for(request.actor, query.chain, query.segment, query.organisation, query.unit)
    if scope is None:
        given = query.model_dump(include={"chain", "segment", "organisation", "unit"}, exclude_none=True)
        unknown = {name: ValidationError(NO_ROW, params={"id": pk}) for name, pk in given.items()}
        raise ValidationError(unknown or {"chain": REQUIRED})
    form = PeriodForm(query.model_dump(include={"every", "day", "first", "last"}))
    refuse_invalid(form)
    today = timezone.localdate()
    return Asked(scope, form.period(today), today)


def figure_at(code: str, asked: Asked) -> Figure:
    figure = BY_CODE.get(code)
    if figure is None or asked.scope.of not in figure.of:
        raise Http404
    return figure


def told(standing: Standing) -> dict[str, Any]:
    figure, measured, period = standing.figure, standing.measured, standing.asked.period
    words = {
        name: str(getattr(figure, name)) for name in ("code", "name", "definition", "formula", "unit", "kind")
    }
    parts = [vars(part) | {"value": None if part.is_few else part.value} for part in measured.parts]
    return {
        **words,
        "period": vars(period),
        "value": measured.value,
        "of": measured.of,
        "rows": measured.rows,
        "before": standing.before,
        "parts": parts,
        "noted_at": standing.noted_at,
    }


@operation(router, "get", "/figures", allow=READERS, answer=FigurePage)
def figure_list(request: Request, asked: Query[FigureQuery]) -> dict[str, Any]:
    """Every figure of a chain, a segment, an enterprise or a college over one period."""
    board = Board(asked_by(request, asked), [figure.code for figure in FIGURES])
    return {"items": [told(standing) for standing in board.standings()]}


@operation(router, "get", "/figures/{code}", allow=READERS, answer=FigureWhole)
def figure_detail(request: Request, code: str, asked: Query[FigureQuery]) -> dict[str, Any]:
    """One figure, and how it went over the last twelve periods."""
    of = asked_by(request, asked)
    figure, board = figure_at(code, of), Board(of, [code] if code in BY_CODE else [])
    standing = board.standing(figure)
    points = board.curve(figure, standing.measured)
    return told(standing) | {
        "points": [{"first": one.period.first, "last": one.period.last, "value": one.value} for one in points]
    }


@operation(router, "get", "/figures/{code}/records", allow=READERS, answer=page_of(RecordOut))
def figure_records(request: Request, code: str, asked: Query[RecordQuery]) -> dict[str, Any]:
    """The records it was computed from, as far as you reach them. Places that met stand in two sources."""
    of = asked_by(request, asked)
    sources = figure_at(code, of).rows(of)
    if not may_read_rows(request.actor, of.scope) or asked.source >= len(sources):
        raise Http404
    rows = readable(sources[asked.source], request.actor).order_by("-pk")
    total, end = rows.count(), asked.offset + asked.limit
    items = [recorded(row) for row in rows[asked.offset : end]]
    return {"items": items, "total": total, "next": address(request, end, total)}


def recorded(row: Any) -> dict[str, Any]:
    days = (day_of(row.to) - day_of(row.since)).days if hasattr(row, "since") else None
    amount = getattr(row, "amount", None) if not hasattr(row, "achieved_on") else None
    return {
        "type": row._meta.label_lower,
        "id": row.pk,
        "counted": getattr(row, "counted", None),
        "amount": days if days is not None else amount,
    }


class ProposalOut(Schema):
    way: Annotated[str, Field(description="reinforce, complete or extend")]
    reason: str
    segment: int | None
    sentence: str
    entries: list[int] = Field(description="Some of the needs that speak for it")

    @staticmethod
    def resolve_segment(row: Proposal) -> int | None:
        return row.segment.pk if row.segment else None

    @staticmethod
    def resolve_sentence(row: Proposal) -> str:
        return proposal_words(row)

    @staticmethod
    def resolve_entries(row: Proposal) -> list[int]:
        return [entry.pk for entry in row.entries]


class RuleOut(Schema):
    few_members: int
    least_needs: int
    unmatched_share: int
    least_outside: int
    version: int


class AnalysisOut(Schema):
    rule: RuleOut
    proposals: list[ProposalOut]


class RuleChange(Change):
    few_members: Count = Field(1, le=1000)
    least_needs: Count = Field(3, ge=1, le=1000)
    unmatched_share: Count = Field(50, le=100)
    least_outside: Count = Field(2, ge=1, le=1000)


@operation(router, "get", "/chains/{pk}/analysis", allow=OVERSEERS, answer=AnalysisOut)
def chain_analysis(request: Request, pk: Id) -> Any:
    """Which segments to reinforce, complete or extend, the gravest first, and from when on that is said."""
    return analysis_of(found(chains_for(request.actor), pk=pk), request.actor, timezone.localdate())


@operation(
    router,
    "patch",
    "/chains/{pk}/analysis",
    allow=OFFICE,
    permission="insight.settle_analysis",
    answer=RuleOut,
)
def analysis_settle(request: Request, pk: Id, given: RuleChange) -> AnalysisRule:
    """From when on segments of this chain are proposed."""
    chain = found(chains_for(request.actor), pk=pk)
    form = filled(AnalysisRuleForm, given.model_dump(exclude_unset=True), instance=analysis_rule(pk))
    return written(
        form, settle_analysis, chain, by=request.actor, seen=form.cleaned_data["seen"], **form.facts()
    )


class BriefingOut(Schema):
    id: int
    chain: int
    title: str
    every: Length
    first: date
    last: date
    made_at: datetime
    sha256: str
    document: str = Field(description="The address of the Word document, for a browser that is logged in")

    @staticmethod
    def resolve_chain(row: Briefing) -> int:
        return row.chain_id

    @staticmethod
    def resolve_document(row: Briefing) -> str:
        return reverse("briefing_download", args=[row.pk])


class BriefingQuery(Paging):
    chain: Id | None = None


class BriefingNew(Given):
    chain: GivenId
    every: Length = "quarter"
    day: Day | None = None
    first: Day | None = None
    last: Day | None = None


@operation(router, "get", "/briefings", allow=OVERSEERS, answer=page_of(BriefingOut))
def briefing_list(request: Request, asked: Query[BriefingQuery]) -> dict[str, Any]:
    """Newest first."""
    rows = briefings_for(request.actor)
    return paged(rows.filter(chain=asked.chain) if asked.chain else rows, asked, request)


@operation(
    router,
    "post",
    "/briefings",
    allow=OFFICE,
    permission="insight.make_briefing",
    answer=BriefingOut,
    status=201,
)
def briefing_make(request: Request, given: BriefingNew) -> Status:
    """A Word document of the period's figures, kept as it was made."""
    chain: Chain = named(chains_for(request.actor), given.chain, "chain")
    form = PeriodForm(given.model_dump(include={"every", "day", "first", "last"}))
    refuse_invalid(form)
    row = written(
        form, make_briefing, chain, form.period(timezone.localdate()), by=request.actor, now=timezone.now()
    )
    return Status(201, row)
