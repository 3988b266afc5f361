"""Single pairs as a round would score them, at once: the lists of a chain prepared and kept for a while.

**Who is shown first.** Were each list cut off after its best line, everybody would be shown the best-known teacher.
So among those that are about as good as the best (`CLOSE`), the one comes first that is least promised and least shown
first to others. Who that is, is settled for the whole chain in one go, in the order of the entries' numbers, so that
the same lists and promises give everybody the same first line whenever the page is opened.
"""

import time
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from lianqiao.core.kept import Kept
from lianqiao.lists.models import Entry, Kind
from lianqiao.lists.preparing import is_prepared
from lianqiao.matching.engine import need_of, offer_of, reasons_of, rules_of
from lianqiao.matching.policy import RoundRules
from lianqiao.matching.queries.rounds import Around
from lianqiao_engine.explain import explain
from lianqiao_engine.retrieve import top
from lianqiao_engine.rounds import Need, Offer, Rules
from lianqiao_engine.score import Space

MOST = 1000  # entries of a side, the newest: whoever is first to ask waits for them to be prepared
SHORTLIST = 60
CLOSE = 0.9  # of the best score: nobody could say which of the two is better
SPREAD_OVER = 10  # of the best are looked at when first places are given out
PATIENCE = 20  # lists that change all the time are prepared for one twentieth of the time at most
MOST_CHAINS = 8
THRESHOLD = Rules().threshold


@dataclass(frozen=True)
class Fit:
    """How well a pair goes together: `reasons` each with what it adds, `rank` among those that could be."""

    score: float
    rank: int = 0
    reasons: tuple[dict[str, Any], ...] = ()


@dataclass(eq=False)
class Lists:
    """What a chain asks and offers, as the engine knows it."""

    rules: Rules
    needs: dict[int, int]  # entry -> place
    offers: dict[int, int]
    records: Sequence[Need]
    space: Space
    vectors: csr_array  # (needs, terms)
    first: dict[int, int]  # entry -> the counterpart that it is shown first
    loads: Counter[int]

    def scores_of(self, entry: Entry, around: Around) -> tuple[Sequence[int], NDArray[np.float64]] | None:
        """(ids of the other side, their scores); None for an offer that is not among the newest."""
        if entry.kind == Kind.NEED:
            return list(self.offers), (self.space.offers @ self.vector_of(entry, around).T).toarray().ravel()
        place = self.offers.get(entry.pk)
        if place is None:
            return None
        return list(self.needs), (self.vectors @ self.space.offers[[place]].T).toarray().ravel()

    def vector_of(self, need: Entry, around: Around) -> csr_array:
        place = self.needs.get(need.pk)
        if place is not None:
            return self.vectors[[place]]
        return self.space.vectors([with_earlier(need_of(need, around), self.rules).record])

    def reasons(self, need: Entry, offer: int, score: float, around: Around) -> tuple[dict[str, Any], ...]:
        vector = self.vector_of(need, around)
        place = self.needs.get(need.pk)
        record = self.records[place].record if place is not None else need_of(need, around).record
        return tuple(reasons_of(explain(self.space, record, self.offers[offer], vector), score))


@dataclass(frozen=True)
class Prepared:
    """`lists` is None where a side is empty, which is kept as well."""

    state: Hashable
    lists: Lists | None
    seconds: float
    made: float

    def is_recent(self) -> bool:
        return time.monotonic() - self.made < self.seconds * PATIENCE

    def holds(self, entry: int) -> bool:
        return self.lists is not None and (entry in self.lists.needs or entry in self.lists.offers)


PREPARED: Kept[int, Prepared] = Kept(MOST_CHAINS)
Read = Callable[[], tuple[list[Entry], list[Entry], Around, Mapping[str, Any] | None]]


class BeingPrepared(Exception):
    """The lists will be there in a moment."""


def lists_of(
    chain_id: int, state: Hashable, read: Read, *, today: date, wanted: int, wait: float | None
) -> Lists | None:
    """The lists of a chain; `read` is asked only when they have to be prepared anew. `wanted` should be among them.

    Raises BeingPrepared when that takes longer than `wait` seconds; None waits for it.
    """

    def make() -> None:
        began = time.monotonic()
        lists = prepared(*read(), today=today)
        now = time.monotonic()
        PREPARED.put(chain_id, Prepared(state, lists, now - began, now))

    known = PREPARED.get(chain_id)
    if known is None or (known.state != state and not (known.is_recent() and known.holds(wanted))):
        if not is_prepared(("suggestions", chain_id), make, wait):
            raise BeingPrepared
        known = PREPARED.get(chain_id)
    return known.lists if known else None


def prepared(
    needs: list[Entry],
    offers: list[Entry],
    around: Around,
    weights: Mapping[str, Any] | None,
    *,
    today: date,
) -> Lists | None:
    if not needs or not offers:
        return None
    usual = RoundRules()
    rules = rules_of(usual, weights)
    asked = [with_earlier(need_of(entry, around, usual), rules) for entry in needs]
    given = [with_unit(offer_of(entry, around, usual, today=today)) for entry in offers]
    space = Space([offer.record for offer in given], [need.record for need in asked], rules.weights)
    vectors = space.vectors([need.record for need in asked])
    needs_at, offers_at = ({entry.pk: at for at, entry in enumerate(side)} for side in (needs, offers))
    loads = Counter({pk: count for pk, count in around.live.items() if count})
    first = first_places(vectors, space.offers, list(needs_at), list(offers_at), loads, rules.threshold)
    return Lists(rules, needs_at, offers_at, asked, space, vectors, first, loads)


def with_earlier(need: Need, rules: Rules) -> Need:
    """As a round does: who served this enterprise in the rounds before is a facet of both."""
    known = tuple(unit for unit, rounds in need.earlier.items() if 0 < rounds < rules.rest_after)
    return replace(need, record=replace(need.record, facets={**need.record.facets, "earlier": known}))


def with_unit(offer: Offer) -> Offer:
    return replace(
        offer, record=replace(offer.record, facets={**offer.record.facets, "earlier": (offer.unit,)})
    )


def first_places(
    vectors: csr_array,
    offers: csr_array,
    needs: Sequence[int],
    given: Sequence[int],
    loads: Counter[int],
    threshold: float,
) -> dict[int, int]:
    """For each entry of both sides the counterpart shown first; `loads` grows by what is given out.

    A need that has somebody already waits for nobody.
    """
    found: dict[int, int] = {}
    served = {pk for pk in needs if loads[pk]}
    for asking, asked, mine, theirs in ((vectors, offers, needs, given), (offers, vectors, given, needs)):
        best = top(asking, asked, SPREAD_OVER)
        choices: dict[int, list[tuple[float, int]]] = {}
        for row, column, score in zip(best.need, best.offer, best.score, strict=True):
            if score >= threshold:
                choices.setdefault(mine[row], []).append((float(score), theirs[column]))
        for pk in sorted(choices.keys() - served):
            found[pk] = least_shown(choices[pk], loads)
            loads[found[pk]] += 1
    return found


def least_shown(choices: Iterable[tuple[float, int]], loads: Mapping[int, int]) -> int:
    """Of those that are about as good as the best; then the better, then the older one."""
    choices = list(choices)
    best = max(score for score, _pk in choices)
    close = [(loads.get(pk, 0), -score, pk) for score, pk in choices if score >= CLOSE * best]
    return min(close)[2]


def in_order(
    scored: Sequence[tuple[float, int]], first: int | None, loads: Mapping[int, int]
) -> list[tuple[float, int]]:
    """The best first, after the one that is due to be shown first."""
    ordered = sorted(scored, key=lambda one: (-one[0], one[1]))
    if not ordered:
        return []
    close = {pk for score, pk in ordered if score >= CLOSE * ordered[0][0]}
    due = first if first in close else least_shown(ordered, loads)
    return sorted(ordered, key=lambda one: one[1] != due)


def shortlist(
    lists: Lists, entry: Entry, around: Around, excluded: Collection[int]
) -> list[tuple[float, int]]:
    """(score, id) of the other side, without `excluded`, in the order in which they are shown."""
    found = lists.scores_of(entry, around)
    if found is None:
        return []
    ids, scores = found
    good = np.argsort(-scores, kind="stable")[: SHORTLIST + len(excluded)].tolist()
    scored = [
        (float(scores[place]), ids[place])
        for place in good
        if scores[place] >= lists.rules.threshold and ids[place] not in excluded
    ]
    return in_order(scored[:SHORTLIST], lists.first.get(entry.pk), lists.loads)
