"""Who could be the one, for an entry's own side and for the office: at once, with reasons and differences."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils import timezone

from lianqiao.core.actor import Actor
from lianqiao.lists.models import Entry, Kind
from lianqiao.lists.models import Wish as SidesWish
from lianqiao.lists.queries import OPEN, entries_for, last_changes
from lianqiao.lists.shown import reads
from lianqiao.lists.terms import Audience
from lianqiao.matching import nearness
from lianqiao.matching.differences import differences_of
from lianqiao.matching.engine import capacity_of, need_of, offer_of
from lianqiao.matching.models import Dismissal, Match
from lianqiao.matching.nearness import Fit, Lists
from lianqiao.matching.policy import RoundRules, RoundScope
from lianqiao.matching.queries.matches import newest_match
from lianqiao.matching.queries.rounds import (
    LIVE,
    OF_ENTRY,
    Around,
    around_entries,
    taking_part,
    weighting_in_force,
)

USUAL = 5


@dataclass(frozen=True)
class Suggestion:
    entry: Entry
    fit: Fit
    differences: list[dict[str, Any]]


def is_asked_for(entry: Entry, actor: Actor) -> bool:
    """Whether this entry can be brought together with others, and the actor has a say in it."""
    if entry.state not in OPEN or entry.organisation_id is None or entry.audience == Audience.OFFICE:
        return False
    return reads(actor, entry) == Audience.OFFICE


def suggestions_for(
    entry: Entry, actor: Actor, most: int = USUAL, wait: float | None = None
) -> list[Suggestion]:
    """The first is not the best for everybody where others are as good (`nearness`).

    Raises BeingPrepared when it would take longer than `wait` seconds.
    """
    if not is_asked_for(entry, actor):
        return []
    lists = lists_around(entry, wait)
    if lists is None:
        return []
    around = Around()
    found = nearness.shortlist(lists, entry, around, excluded_for(entry))
    seen = entries_for(actor).select_related(*OF_ENTRY).in_bulk([pk for _score, pk in found])
    taken = places_of(seen)
    told: list[Suggestion] = []
    for score, pk in found:
        other = seen.get(pk)
        if other is None or bars_between(entry, other, taken) or len(told) == most:
            continue
        need, offer = in_roles(entry, other)
        if offer.pk in lists.offers:
            fit = Fit(score, len(told) + 1, lists.reasons(need, offer.pk, score, around))
            told.append(Suggestion(other, fit, differences_of(need, offer)))
    return told


def fit_of(need: Entry, offer: Entry) -> Fit | None:
    """How well these two go together, whoever asks; None where the lists do not hold the offer."""
    lists = lists_around(offer)
    if lists is None or offer.pk not in lists.offers:
        return None
    found = lists.scores_of(need, Around())
    if found is None:
        return None
    scores = dict(zip(*found, strict=True))
    score = float(scores[offer.pk])
    rank = 1 + sum(float(other) > score for other in scores.values())
    return Fit(score, rank, lists.reasons(need, offer.pk, score, Around()))


def why_not(entry: Entry, other: Entry, actor: Actor) -> tuple[Fit | None, list[str]]:
    """What stands between the two, for the office: codes, the weightiest first."""
    need, offer = in_roles(entry, other)
    bars = bars_between(entry, other, places_of({other.pk: other}))
    if other.pk in met_by(entry):
        bars.append("met")
    if other.pk in unwanted_by(entry):
        bars.append("unwanted")
    fit = fit_of(need, offer)
    if fit is None:
        bars.append("old")
    elif not bars and fit.score < nearness.THRESHOLD:
        bars.append("far")
    return fit, bars


def in_roles(entry: Entry, other: Entry) -> tuple[Entry, Entry]:
    """(need, offer)"""
    return (entry, other) if entry.kind == Kind.NEED else (other, entry)


def lists_around(entry: Entry, wait: float | None = None) -> Lists | None:
    chain_id, today = entry.chain_id, timezone.localdate()
    weighting = weighting_in_force(chain_id)
    state = (*last_changes(chain_id, Kind.values), *newest_match(chain_id), weighting and weighting.pk, today)

    def read() -> tuple[list[Entry], list[Entry], Around, Any]:
        sides = [
            rows.filter(Q(ends_on=None) | Q(ends_on__gte=today))
            .select_related(*OF_ENTRY)
            .defer("search_text")
            for rows in taking_part(RoundScope(), chain_id)
        ]
        # By age: whoever is prepared twice from the same lists comes out the same.
        needs, offers = (
            sorted(rows.order_by("-pk")[: nearness.MOST], key=lambda row: row.pk) for rows in sides
        )
        around = around_entries(chain_id, needs, offers)
        return needs, offers, around, weighting.weights if weighting else None

    return nearness.lists_of(chain_id, state, read, today=today, wanted=entry.pk, wait=wait)


def excluded_for(entry: Entry) -> set[int]:
    return met_by(entry) | unwanted_by(entry)


def met_by(entry: Entry) -> set[int]:
    """Who is being asked, has come together with it, or did not want to."""
    rows = Match.objects.filter(Q(need=entry) | Q(offer=entry), state__in=[*LIVE, Match.State.DECLINED])
    pairs = rows.values_list("need", "offer")
    return {pk for pair in pairs for pk in pair if pk != entry.pk}


def unwanted_by(entry: Entry) -> set[int]:
    """By either side: what the other side said for good counts here too, and is told to nobody."""
    said = Q(entry=entry) | Q(other=entry, for_good=True)
    dismissed = Dismissal.objects.filter(said).values_list("entry", "other")
    never = SidesWish.objects.filter(kind=SidesWish.Kind.NEVER, entry__chain=entry.chain_id)
    wishes = never.filter(Q(entry=entry) | Q(organisation=entry.organisation_id))
    named, found = set(), {pk for pair in dismissed for pk in pair}
    for pk, organisation in wishes.values_list("entry", "organisation"):
        if pk == entry.pk:
            named.add(organisation)
        else:
            found.add(pk)
    if named:
        theirs = Entry.objects.filter(chain=entry.chain_id, state__in=OPEN, organisation__in=named)
        found.update(theirs.values_list("pk", flat=True))
    return found - {entry.pk}


def places_of(entries: dict[int, Entry]) -> dict[int, int]:
    """How often each is promised already."""
    counts = dict.fromkeys(entries, 0)
    rows = Match.objects.filter(Q(need__in=counts) | Q(offer__in=counts), state__in=LIVE)
    for pair in rows.values_list("need", "offer"):
        for pk in pair:
            if pk in counts:
                counts[pk] += 1
    return counts


def bars_between(entry: Entry, other: Entry, taken: dict[int, int]) -> list[str]:
    need, offer = in_roles(entry, other)
    today = timezone.localdate()
    bars = []
    if need.organisation_id == offer.organisation_id:
        bars.append("own")
    if not need_of(need).period.meets(offer_of(offer, today=today).period):
        bars.append("dates")
    limited = offer.capacity is not None or offer.calendar
    if limited and taken.get(offer.pk, 0) >= capacity_of(offer, RoundRules(), today):
        bars.append("full")
    wanted = need.partners_wanted
    if wanted and taken.get(need.pk, 0) >= wanted:
        bars.append("served")
    return bars
