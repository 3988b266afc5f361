"""Whom a person may read figures about, and which of their records."""

from datetime import datetime
from typing import Any

from django.db.models import Model, QuerySet
from django.utils import timezone

from lianqiao.agreements.models import Agreement, ObligationDate
from lianqiao.agreements.queries import agreements_for, obligation_dates_for
from lianqiao.core.actor import COMMAND, OFFICE, Actor, Role
from lianqiao.insight.models import AnalysisRule, Briefing, FigureValue
from lianqiao.insight.scope import Scope
from lianqiao.lists.models import Entry
from lianqiao.lists.queries import listed_entries, reached_by
from lianqiao.matching.models import RoundNeed
from lianqiao.matching.queries.rounds import rounds_for
from lianqiao.projects.models import Outcome, Project
from lianqiao.projects.queries import outcomes_for, projects_for
from lianqiao.registry.models import Chain, Organisation, Unit
from lianqiao.registry.queries import chains_for, organisations_for, segments_for, units_for

OVERSEERS = OFFICE | {Role.LEADER, Role.LIAISON, Role.AUDITOR}
SIDES = frozenset({Role.ENTERPRISE_CONTACT, Role.SCHOOL_COORDINATOR, Role.COLLEGE_CONTACT})
READERS = OVERSEERS | SIDES
# From this hour on what is noted is the day's last word.
EVENING = 22


def oversees(actor: Actor) -> bool:
    return actor.role in OVERSEERS or actor.role == COMMAND


def scope_for(
    actor: Actor,
    chain: int,
    segment: int | None = None,
    organisation: int | None = None,
    unit: int | None = None,
) -> Scope | None:
    """None where it is not theirs: whoever does not oversee the chain reads its sums and the figures of the own place."""
    if not chains_for(actor).filter(pk=chain).exists():
        return None
    if unit:
        return college(actor, chain, organisation, unit)
    if organisation:
        return place(actor, chain, organisation)
    if segment:
        there = oversees(actor) and segments_for(actor).filter(pk=segment, chain=chain).exists()
        return Scope(chain, "segment", segment) if there else None
    return Scope(chain)


def place(actor: Actor, chain: int, organisation: int) -> Scope | None:
    own = actor.role in SIDES and actor.role != Role.COLLEGE_CONTACT and actor.organisation_id == organisation
    row = organisations_for(actor).filter(pk=organisation).first() if own or oversees(actor) else None
    if row is None or row.kind not in (Organisation.Kind.ENTERPRISE, Organisation.Kind.SCHOOL):
        return None
    of = "enterprise" if row.kind == Organisation.Kind.ENTERPRISE else "college"
    return Scope(chain, of, organisation=organisation)  # type: ignore[arg-type]


def college(actor: Actor, chain: int, organisation: int | None, unit: int) -> Scope | None:
    row = units_for(actor).filter(pk=unit).first()
    if row is None or organisation not in (None, row.organisation_id):
        return None
    own = actor.organisation_id == row.organisation_id and (
        actor.role == Role.SCHOOL_COORDINATOR
        or (actor.role == Role.COLLEGE_CONTACT and actor.unit_id == unit)
    )
    if not own and not oversees(actor):
        return None
    return Scope(chain, "college", organisation=row.organisation_id, unit=unit)


def own_scope(actor: Actor, chain: int) -> Scope | None:
    """Of the place that a contact speaks for."""
    if actor.role not in SIDES:
        return None
    unit = actor.unit_id if actor.role == Role.COLLEGE_CONTACT else None
    return scope_for(actor, chain, organisation=actor.organisation_id, unit=unit)


def may_read_rows(actor: Actor, scope: Scope) -> bool:
    """The sums of a chain are everybody's on it; the records behind them are not."""
    return oversees(actor) or scope.is_place


def readable(rows: QuerySet[Any], actor: Actor) -> QuerySet[Any]:
    """Those of the records that the person reaches anywhere else too."""
    model: type[Model] = rows.model
    if model is Entry:
        # A question of the row itself: `in` would read the whole list.
        return (
            rows.filter(reached_by(actor))
            .defer("search_text")
            .select_related("organisation", "unit", "chain")
        )
    return rows.filter(pk__in=REACHED[model](actor).values("pk")).select_related(*ALONG.get(model, ()))


def round_needs_for(actor: Actor) -> QuerySet[RoundNeed]:
    reached = listed_entries(actor).values("pk")
    return RoundNeed.objects.filter(round__in=rounds_for(actor), need__in=reached)


REACHED: dict[type[Model], Any] = {
    Agreement: agreements_for,
    ObligationDate: obligation_dates_for,
    Project: projects_for,
    Outcome: outcomes_for,
    Organisation: organisations_for,
    Unit: units_for,
    RoundNeed: round_needs_for,
}
ALONG: dict[type[Model], tuple[str, ...]] = {
    ObligationDate: ("obligation__agreement",),
    Project: ("sponsor", "holder", "holder_unit"),
    Outcome: ("kind", "project"),
    Unit: ("organisation",),
    RoundNeed: ("round", "need__organisation"),
}


def briefings_for(actor: Actor) -> QuerySet[Briefing]:
    rows = Briefing.objects.select_related("chain").defer("content")
    if not oversees(actor):
        return rows.none()
    return rows.filter(chain__in=chains_for(actor))


def content_of(briefing: Briefing) -> bytes:
    return bytes(Briefing.objects.values_list("content", flat=True).get(pk=briefing.pk))


def values_noted(scope: Scope, codes: list[str], every: str) -> QuerySet[FigureValue]:
    """The daily values of the whole chain; nobody notes those of its parts."""
    return FigureValue.objects.filter(chain=scope.chain, code__in=codes, every=every).order_by("day")


def analysis_rule(chain_id: int) -> AnalysisRule:
    return AnalysisRule.objects.filter(chain=chain_id).first() or AnalysisRule(chain_id=chain_id)


def entries_counted(chain_id: int, most: int) -> int:
    return Entry.objects.filter(chain=chain_id).order_by()[: most + 1].count()


def is_noted(chain: Chain, now: datetime) -> bool:
    """Whether this day needs nothing more: once in the morning for the pages, once in the evening for history."""
    rows = FigureValue.objects.filter(chain=chain, day=timezone.localdate(now))
    last = rows.order_by("-noted_at").values_list("noted_at", flat=True).first()
    if last is None:
        return False
    return timezone.localtime(now).hour < EVENING or timezone.localtime(last).hour >= EVENING
