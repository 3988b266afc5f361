"""Who asked for whom: a "must" becomes a fixed pair, with the best that the two have for each other."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from .bars import bars
from .entries import Need, Offer
from .rules import Rules

Pair = tuple[int, int]


@dataclass(frozen=True)
class Refused:
    """A "must" that cannot be: entry `who` asked for `whom`; `why` is "unknown" or a bar (see `bars`)."""

    who: str
    whom: str
    why: str


def musts(
    needs: Sequence[Need], offers: Sequence[Offer], score: Callable[[int, int], float], rules: Rules
) -> tuple[list[Pair], list[Refused]]:
    """Return the pairs (need, offer) that must be, and the wishes that cannot be."""
    fixed: dict[Pair, None] = {}
    refused: list[Refused] = []
    used: Counter[int] = Counter()
    for who, whom, pairs in _wishes(needs, offers):
        allowed = [pair for pair in pairs if not bars(needs[pair[0]], offers[pair[1]], rules)]
        if not allowed:
            need, offer = pairs[0] if pairs else (0, 0)
            why = bars(needs[need], offers[offer], rules)[0] if pairs else "unknown"
            refused.append(Refused(who, whom, why))
        elif not fixed.keys() & allowed:
            # Of equally free ones the best; a full one only when there is no other.
            free = {at for _, at in allowed if rules.capacity_of(offers[at]) > used[at]}
            best = max(allowed, key=lambda pair: (pair[1] in free, score(*pair), -pair[0], -pair[1]))
            fixed[best] = None
            used[best[1]] += 1
    return sorted(fixed), refused


def _wishes(needs: Sequence[Need], offers: Sequence[Offer]) -> Iterator[tuple[str, str, list[Pair]]]:
    of_offers, of_needs = _places(offers), _places(needs)
    for at, need in enumerate(needs):
        for name in sorted(need.must):
            yield need.id, name, [(at, place) for place in of_offers.get(name, ())]
    for place, offer in enumerate(offers):
        for name in sorted(offer.must):
            yield offer.id, name, [(at, place) for at in of_needs.get(name, ())]


def _places(entries: Iterable[Need | Offer]) -> dict[str, list[int]]:
    """Where each name stands."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for at, entry in enumerate(entries):
        for name in entry.names:
            places[name].append(at)
    return places
