"""From lists and rules to the assignment problem: who may be put together with whom, at what score."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from lianqiao_engine.assign import Problem
from lianqiao_engine.assign.problem import NONE
from lianqiao_engine.retrieve import top
from lianqiao_engine.score import Record, Space

from .bars import Barred
from .entries import Need, Offer
from .musts import Refused, musts
from .rules import Rules

EARLIER = "earlier"  # the facet of units that served the enterprise in the rounds before


@dataclass(frozen=True, eq=False)
class Candidates:
    """The problem of a round, with what is needed to explain it."""

    needs: Sequence[Need]
    offers: Sequence[Offer]
    rules: Rules
    space: Space
    vectors: csr_array  # (needs, terms)
    barred: Barred
    problem: Problem
    units: tuple[str, ...]
    enterprises: tuple[str, ...]
    refused: tuple[Refused, ...]

    def score(self, need: int, offer: int) -> float:
        """The share of the need that the offer meets, candidate or not."""
        return float(_scores(self.vectors, self.space, np.array([[need, offer]]))[0])


def candidates(
    needs: Sequence[Need],
    offers: Sequence[Offer],
    rules: Rules,
    progress: Callable[[int, int], None] | None = None,
) -> Candidates:
    """Return the candidates of every need: the best of its shortlist that reach the threshold, and its musts.

    Raises ValueError when a side is empty or an id stands twice.
    """
    _refuse(needs, offers)
    need_records = [_need_record(need, rules) for need in needs]
    space = Space([_offer_record(offer) for offer in offers], need_records, rules.weights)
    vectors, barred = space.vectors(need_records), Barred(needs, offers, rules)
    best = top(vectors, space.offers, rules.shortlist, excluded=barred, progress=progress)
    good = best.score >= rules.threshold
    kth = _kth(best.need, best.score, len(needs), rules)
    wishes, refused = musts(needs, offers, lambda *pair: _scores(vectors, space, np.array([pair]))[0], rules)
    fixed = np.array(wishes, np.int32).reshape(-1, 2)
    pairs = np.concatenate([np.column_stack([best.need[good], best.offer[good]]), fixed])
    scores = np.concatenate([best.score[good], _scores(vectors, space, fixed)])
    pairs, first = np.unique(pairs, axis=0, return_index=True)
    units = tuple(dict.fromkeys(offer.unit for offer in offers))
    enterprises = tuple(dict.fromkeys(need.enterprise for need in needs))
    wants = np.maximum(
        [rules.wants_of(need) for need in needs],
        np.bincount(fixed[:, 0], minlength=len(needs)),
    )
    of_enterprise = _places(enterprises, [need.enterprise for need in needs])
    problem = Problem(
        need=pairs[:, 0],
        offer=pairs[:, 1],
        score=scores[first],
        needs=len(needs),
        offers=len(offers),
        wants=wants,
        owed=np.array([need.owed for need in needs]),
        capacity=np.array([rules.capacity_of(offer) for offer in offers], np.int32),
        least=np.array([offer.least for offer in offers]),
        unit=_places(units, [offer.unit for offer in offers]),
        unit_capacity=np.array([rules.unit_capacity.get(unit, NONE) for unit in units]),
        unit_least=np.array([rules.unit_least.get(unit, 0) for unit in units]),
        enterprise=of_enterprise,
        enterprise_capacity=np.full(len(enterprises), NONE),
        enterprise_owed=_floors(of_enterprise, pairs[:, 0], wants, enterprises, rules),
        fixed=fixed,
        bundles=_bundles(needs),
        kth=kth,
    )
    return Candidates(
        needs, offers, rules, space, vectors, barred, problem, units, enterprises, tuple(refused)
    )


def without_floors(problem: Problem) -> Problem:
    """The same with no minimum of anybody."""
    none = np.zeros((), np.int32)
    return replace(problem, owed=none, least=none, unit_least=none, enterprise_owed=none)


def with_units_owed(found: Candidates) -> Problem | None:
    """The same, with a minimum for the units that are owed something; None when nobody is, or they are too many."""
    problem = found.problem
    owed = np.zeros(len(found.units), np.int32)
    np.maximum.at(owed, problem.unit, [offer.unit_owed for offer in found.offers])
    reachable = np.isin(np.arange(len(owed)), problem.unit[problem.offer])
    owed = np.where(reachable, np.minimum(owed, problem.unit_capacity), 0)
    if not found.rules.units_owed or not owed.any() or owed.sum() > problem.wants[problem.served].sum():
        return None
    return replace(problem, unit_least=np.maximum(problem.unit_least, owed))


def _places(names: Sequence[str], of: Sequence[str]) -> NDArray[np.int32]:
    at = {name: place for place, name in enumerate(names)}
    return np.array([at[name] for name in of], np.int32)


def _scores(vectors: csr_array, space: Space, pairs: NDArray[np.integer]) -> NDArray[np.float64]:
    """(pairs,) their scores."""
    return np.asarray(vectors[pairs[:, 0]].multiply(space.offers[pairs[:, 1]]).sum(axis=1), np.float64)


def _refuse(needs: Sequence[Need], offers: Sequence[Offer]) -> None:
    for side, entries in (("needs", needs), ("offers", offers)):
        if not entries:
            raise ValueError(f"there are no {side}")
        ids = [entry.id for entry in entries]
        if len(set(ids)) < len(ids):
            raise ValueError(f"an id stands twice among the {side}")


def _need_record(need: Need, rules: Rules) -> Record:
    known = tuple(unit for unit, rounds in need.earlier.items() if 0 < rounds < rules.rest_after)
    return replace(need.record, facets={**need.record.facets, EARLIER: known})


def _offer_record(offer: Offer) -> Record:
    return replace(offer.record, facets={**offer.record.facets, EARLIER: (offer.unit,)})


def _bundles(needs: Sequence[Need]) -> tuple[tuple[int, ...], ...]:
    named: defaultdict[str, list[int]] = defaultdict(list)
    for at, need in enumerate(needs):
        if need.bundle:
            named[need.bundle].append(at)
    return tuple(tuple(members) for members in named.values() if len(members) > 1)


def _kth(
    need: NDArray[np.int32], score: NDArray[np.float64], needs: int, rules: Rules
) -> NDArray[np.float64]:
    """(needs,) what a pair outside the shortlist can score; below the threshold it is no candidate."""
    full = np.bincount(need, minlength=needs) >= rules.shortlist
    last = np.full(needs, -np.inf)
    np.fmax.at(last, need, -np.inf)
    least = np.full(needs, np.inf)
    np.minimum.at(least, need, score)
    last[full] = least[full]
    last[last < rules.threshold] = -np.inf
    return last


def _floors(
    of_enterprise: NDArray[np.int32],
    served: NDArray[np.int32],
    wants: NDArray[np.int64],
    enterprises: Sequence[str],
    rules: Rules,
) -> NDArray[np.int32]:
    """(enterprises,) the floor of those who have a candidate at all."""
    reachable = np.zeros(len(wants), np.int64)
    reachable[np.unique(served)] = 1
    most = np.bincount(of_enterprise, reachable * wants, len(enterprises))
    return np.minimum([rules.floor_of(name) for name in enterprises], most).astype(np.int32)
