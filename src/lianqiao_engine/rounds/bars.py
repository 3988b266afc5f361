"""Who cannot be put together, and why: looked at before the best are chosen, so that a shortlist is never used up."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from .entries import Need, Offer
from .rules import Rules

Bar = Literal["never of the need", "never of the offer", "dates", "rest", "own", "met"]


def bars(need: Need, offer: Offer, rules: Rules) -> tuple[Bar, ...]:
    """Every reason why this pair may not be; empty when it may."""
    found: list[Bar] = []
    if need.never & offer.names:
        found.append("never of the need")
    if need.names & offer.never:
        found.append("never of the offer")
    if not need.period.meets(offer.period):
        found.append("dates")
    if need.earlier.get(offer.unit, 0) >= rules.rest_after:
        found.append("rest")
    if need.enterprise in offer.givers:
        found.append("own")
    if offer.id in need.met:
        found.append("met")
    return tuple(found)


class Barred:
    """The places of the offers that each need may not have."""

    def __init__(self, needs: Sequence[Need], offers: Sequence[Offer], rules: Rules) -> None:
        self._needs, self._rules = needs, rules
        self._of_name = _places(offer.names for offer in offers)
        self._of_giver = _places(offer.givers for offer in offers)
        self._of_unit = _places((offer.unit,) for offer in offers)
        self._never = _places(offer.never for offer in offers)
        open_ends = np.datetime64("0001-01-01"), np.datetime64("9999-12-31")
        self._first, self._last = (
            np.array([getattr(offer.period, end) or other for offer in offers], "datetime64[D]")
            for end, other in zip(("first", "last"), open_ends, strict=True)
        )

    def __call__(self, place: int) -> NDArray[np.int64]:
        need = self._needs[place]
        resting = (unit for unit, rounds in need.earlier.items() if rounds >= self._rules.rest_after)
        barred = {
            *(at for name in need.names for at in self._never.get(name, ())),
            *(at for name in need.never | need.met for at in self._of_name.get(name, ())),
            *self._of_giver.get(need.enterprise, ()),
            *(at for unit in resting for at in self._of_unit.get(unit, ())),
        }
        apart = np.zeros(len(self._first), np.bool_)
        if need.period.last:
            apart |= self._first > np.datetime64(need.period.last)
        if need.period.first:
            apart |= self._last < np.datetime64(need.period.first)
        return np.union1d(np.array(sorted(barred), np.int64), np.flatnonzero(apart))


def _places(names: Iterable[Iterable[str]]) -> dict[str, list[int]]:
    """Where each name stands."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for at, names_here in enumerate(names):
        for name in names_here:
            places[name].append(at)
    return places
