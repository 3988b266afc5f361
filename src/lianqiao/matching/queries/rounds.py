"""Rounds, their plans and what goes into them."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from lianqiao.core.actor import COMMAND, OFFICE, Actor, Role
from lianqiao.core.models import Job
from lianqiao.lists.models import Entry, Kind
from lianqiao.lists.models import Wish as SidesWish
from lianqiao.lists.queries import OPEN, entries_of_chain
from lianqiao.matching.models import (
    Adjustment,
    AnswerTerm,
    Dismissal,
    Match,
    Pairing,
    Round,
    RoundNeed,
    RoundRecord,
    Weighting,
)
from lianqiao.matching.policy import RoundScope
from lianqiao.matching.queries.naming import names_in
from lianqiao.registry.models import Edition, Organisation
from lianqiao.registry.queries import names_of

READERS = OFFICE | {Role.LEADER, Role.AUDITOR}
# Who reads scores, private rules and what was not chosen: a leader reads the plan.
SEES_ALL = (*OFFICE, Role.AUDITOR, COMMAND)
LIVE = (Match.State.OFFERED, Match.State.ACCEPTED)
OUT = (Round.State.PUBLISHED, Round.State.CLOSED)
OF_MATCH = ("need__organisation", "offer__organisation", "offer__unit", "enterprise", "giver", "unit")
OF_ENTRY = ("organisation", "unit", "segment", "category")


def rounds_for(actor: Actor) -> QuerySet[Round]:
    rows = Round.objects.select_related("chain", "job")
    if actor.role in (Role.AUDITOR, COMMAND):
        return rows
    return rows.filter(chain__in=actor.chains) if actor.role in READERS else rows.none()


def sees_all(actor: Actor) -> bool:
    return actor.role in SEES_ALL


def plan_of(row: Round, actor: Actor) -> QuerySet[Match]:
    """The matches of a round, as planned or as they went on."""
    rows = Match.objects.filter(round=row, round__in=rounds_for(actor)).select_related(*OF_MATCH)
    return rows.order_by("need__number", "rank", "pk")


def needs_of(row: Round, actor: Actor) -> QuerySet[RoundNeed]:
    rows = RoundNeed.objects.filter(round=row, round__in=rounds_for(actor))
    return rows.select_related("need__organisation", "best__organisation", "best__unit").order_by(
        "need__number", "pk"
    )


def unserved_of(row: Round, actor: Actor) -> QuerySet[RoundNeed]:
    """Also those whose partner was taken away by hand."""
    matched = Match.objects.filter(round=row, need=OuterRef("need"))
    return needs_of(row, actor).filter(~Exists(matched))


def adjustments_of(row: Round, actor: Actor) -> QuerySet[Adjustment]:
    rows = Adjustment.objects.filter(round=row, round__in=rounds_for(actor))
    return rows.select_related("need__organisation", "taken__organisation", "given__organisation")


def record_of(row: Round) -> RoundRecord:
    """Raises RoundRecord.DoesNotExist for a round that was never held."""
    return RoundRecord.objects.get(round=row)


def loads_of(row: Round, actor: Actor) -> list[dict[str, Any]]:
    """Each giver and enterprise that are brought together, and how often."""
    rows = plan_of(row, actor).order_by().values("giver", "unit", "enterprise")
    counted = rows.annotate(count=Count("pk")).order_by("giver", "unit", "enterprise")
    return [dict(row) for row in counted]


def open_job(row: Round) -> Job | None:
    return row.job if row.job and row.job.is_open else None


# What goes in.


def taking_part(scope: RoundScope, chain_id: int) -> tuple[QuerySet[Entry], QuerySet[Entry]]:
    """The needs and the offers of a chain that this scope means. What only the office may read stays out: a match
    would show it to the other side."""
    rows = entries_of_chain(chain_id).filter(organisation__isnull=False)
    states = OPEN if scope.underway else (Entry.State.PUBLISHED,)
    needs = rows.filter(kind=Kind.NEED, state__in=states)
    offers = rows.filter(kind__in=scope.kinds, state__in=OPEN)
    if scope.need_categories:
        needs = needs.filter(category__in=scope.need_categories)
    if scope.offer_categories:
        offers = offers.filter(category__in=scope.offer_categories)
    if scope.segments:
        # What is offered often serves every segment and names none.
        needs = needs.filter(segment__in=scope.segments)
        offers = offers.filter(Q(segment__in=scope.segments) | Q(segment=None))
    if scope.enterprises:
        needs = needs.filter(organisation__in=scope.enterprises)
    if scope.givers:
        offers = offers.filter(organisation__in=scope.givers)
    if scope.since:
        needs = needs.filter(published_at__date__gte=scope.since)
    if scope.due_by:
        needs = needs.filter(due_on__lte=scope.due_by)
    return needs, offers


def places_of(entries: QuerySet[Entry]) -> QuerySet[Organisation]:
    return Organisation.objects.filter(pk__in=entries.order_by().values("organisation"))


def givers_in(offers: QuerySet[Entry]) -> list[tuple[str, str]]:
    """(name for the engine, label) of all who offer something here, by label."""
    return labelled(offers.order_by().values_list("organisation", "unit").distinct())


def givers_of_plan(row: Round, actor: Actor) -> list[tuple[str, str]]:
    """The same of all who give something in a plan."""
    return labelled(plan_of(row, actor).order_by().values_list("giver", "unit").distinct())


def labelled(places: Iterable[tuple[int | None, int | None]]) -> list[tuple[str, str]]:
    keys = {giver_key(giver, unit) for giver, unit in places}
    called = names_in(keys)
    return sorted(((key, called(key)) for key in keys), key=lambda one: one[1])


@dataclass(frozen=True)
class Around:
    """What of the database goes into a round beside the entries. All by id; `earlier` by the name of the giver."""

    must: dict[int, set[int]] = field(default_factory=dict)  # entry -> organisations
    never: dict[int, set[int]] = field(default_factory=dict)
    dismissed: dict[int, set[int]] = field(default_factory=dict)  # entry -> entries
    met: dict[int, set[int]] = field(default_factory=dict)  # need -> offers
    live: Counter[int] = field(default_factory=Counter)  # entry -> matches that are offered or accepted
    earlier: dict[int, dict[str, int]] = field(default_factory=dict)  # enterprise -> giver -> rounds in a row
    called: dict[str, str] = field(default_factory=dict)  # codes of majors, industries and regions


def around_entries(chain_id: int, needs: Iterable[Entry], offers: Iterable[Entry]) -> Around:
    found = Around(live=live_counts(chain_id), earlier=served_earlier(chain_id))
    for kind, of in (("must", found.must), ("never", found.never)):
        for entry, organisation in SidesWish.objects.filter(entry__chain=chain_id, kind=kind).values_list(
            "entry", "organisation"
        ):
            of.setdefault(entry, set()).add(organisation)
    for entry, other in Dismissal.objects.filter(entry__chain=chain_id, for_good=True).values_list(
        "entry", "other"
    ):
        found.dismissed.setdefault(entry, set()).add(other)
    settled = Match.objects.filter(chain=chain_id, state__in=[*LIVE, Match.State.DECLINED])
    for need, offer in settled.values_list("need", "offer"):
        found.met.setdefault(need, set()).add(offer)
    both = [*needs, *offers]
    codes = {
        Edition.Kind.MAJOR: {code for entry in both for code in majors_of(entry)},
        Edition.Kind.INDUSTRY: {code for entry in both for code in industries_of(entry)},
        Edition.Kind.REGION: {entry.organisation.region for entry in both if entry.organisation},
    }
    for edition, said in codes.items():
        found.called.update(names_of(edition, sorted(said)))
    return found


def majors_of(entry: Entry) -> list[str]:
    return [*entry.majors, *(entry.unit.majors if entry.unit else [])]


def industries_of(entry: Entry) -> list[str]:
    return [*entry.industries, *(entry.organisation.industries if entry.organisation else [])]


def live_counts(chain_id: int) -> Counter[int]:
    """How often each entry is promised already."""
    counts: Counter[int] = Counter()
    for need, offer in Match.objects.filter(chain=chain_id, state__in=LIVE).values_list("need", "offer"):
        counts[need] += 1
        counts[offer] += 1
    return counts


def giver_key(giver_id: int | None, unit_id: int | None) -> str:
    """How the engine names who gives: a unit by itself, else the organisation."""
    return f"u{unit_id}" if unit_id else f"o{giver_id}"


def served_earlier(chain_id: int) -> dict[int, dict[str, int]]:
    """In how many rounds in a row up to the last one a giver was accepted by an enterprise; who is paired counts
    as once."""
    numbers = Round.objects.filter(chain=chain_id, state__in=OUT).order_by("-number")
    rounds = list(numbers.values_list("pk", flat=True))
    served: defaultdict[tuple[int, str], set[int]] = defaultdict(set)
    accepted = Match.objects.filter(round__in=rounds, state=Match.State.ACCEPTED)
    for enterprise, giver, unit, row in accepted.values_list("enterprise", "giver", "unit", "round"):
        served[enterprise, giver_key(giver, unit)].add(row)
    earlier: defaultdict[int, dict[str, int]] = defaultdict(dict)
    confirmed = Pairing.objects.filter(chain=chain_id, state=Pairing.State.CONFIRMED)
    for enterprise, giver, unit in confirmed.values_list("enterprise", "giver", "unit"):
        earlier[enterprise][giver_key(giver, unit)] = 1
    for (enterprise, giver_name), held in served.items():
        in_a_row = next((place for place, row in enumerate(rounds) if row not in held), len(rounds))
        if in_a_row:
            earlier[enterprise][giver_name] = in_a_row
    return dict(earlier)


def small_enterprises(organisations: Iterable[int]) -> set[int]:
    sizes = [Organisation.Size.MICRO, Organisation.Size.SMALL]
    rows = Organisation.objects.filter(pk__in=set(organisations), size__in=sizes)
    return set(rows.values_list("pk", flat=True))


def weighting_in_force(chain_id: int) -> Weighting | None:
    return Weighting.objects.filter(chain=chain_id, state=Weighting.State.IN_FORCE).first()


def answer_term(chain_id: int) -> AnswerTerm:
    return AnswerTerm.objects.filter(chain=chain_id).first() or AnswerTerm(chain_id=chain_id)


def entries_of_round(scope: RoundScope, chain_id: int, today: date) -> tuple[list[Entry], list[Entry]]:
    """As they go in: in the order of their numbers, so that the same lists give the same round."""
    needs, offers = (
        rows.filter(Q(ends_on=None) | Q(ends_on__gte=today)).select_related(*OF_ENTRY).defer("search_text")
        for rows in taking_part(scope, chain_id)
    )
    return list(needs.order_by("pk")), list(offers.order_by("pk"))
