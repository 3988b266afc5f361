"""How good a ranking is by known answers, and how a plan treats everybody."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lianqiao_engine.assign.problem import Problem
from lianqiao_engine.retrieve import Top
from lianqiao_engine.score import Record

Floats = NDArray[np.float64]
LOWEST = 0.1  # the share of needs whose mean tells how the worst-off fare


@dataclass(frozen=True, eq=False)
class Quality:
    """Measures of a ranking at depth `k`, each (needs,), for the needs that have answers.

    Reciprocal rank after Voorhees (TREC-8, 1999); nDCG after Järvelin and Kekäläinen (2002) with the discount
    1 / log2(1 + rank) and gains of 0 or 1.
    """

    k: int
    needs: tuple[str, ...]
    reciprocal_rank: Floats  # 1 / rank of the first answer among the first k, else 0
    precision_at_1: Floats
    recall: Floats  # the share of a need's answers among the first k
    ndcg: Floats
    unanswered: tuple[str, ...]  # ranked needs that have no answer: nobody can say how well they were ranked

    def means(self) -> dict[str, float]:
        """Return the mean of each measure over `needs`; nan when no need has an answer."""
        measures = {
            f"MRR@{self.k}": self.reciprocal_rank,
            "P@1": self.precision_at_1,
            f"R@{self.k}": self.recall,
            f"nDCG@{self.k}": self.ndcg,
        }
        return {
            name: float(values.mean()) if len(values) else float("nan") for name, values in measures.items()
        }


def by_id(best: Top, needs: Sequence[Record], offers: Sequence[Record]) -> dict[str, list[str]]:
    """Return the offers of every need by their ids, the best first: what `ranking` measures."""
    run: dict[str, list[str]] = {need.id: [] for need in needs}
    for need, offer in zip(best.need.tolist(), best.offer.tolist(), strict=True):
        run[needs[need].id].append(offers[offer].id)
    return run


def ranking(run: Mapping[str, Sequence[str]], answers: Mapping[str, Collection[str]], k: int) -> Quality:
    """Measure `run` (need -> offers, the best first) by `answers` (need -> right offers).

    A need with answers that the run leaves out counts with 0, it is not passed over. Raises ValueError for k below 1
    and for a need whose ranking names an offer twice.
    """
    if k < 1:
        raise ValueError(f"k must be at least 1, not {k}")
    if twice := [need for need, offers in run.items() if len(set(offers)) < len(offers)]:
        raise ValueError(f"the ranking of {twice[0]} names an offer twice")
    right = {need: frozenset(offers) for need, offers in answers.items() if offers}
    needs = tuple(right)
    hits = np.zeros((len(needs), k))
    for row, need in enumerate(needs):
        found = [offer in right[need] for offer in run.get(need, ())[:k]]
        hits[row, : len(found)] = found
    wanted = np.array([len(right[need]) for need in needs], np.float64)
    ranks = np.arange(1, k + 1)
    discount = 1 / np.log2(1 + ranks)
    ideal = np.append(0.0, np.cumsum(discount))[np.minimum(wanted, k).astype(int)]
    return Quality(
        k,
        needs,
        (hits / ranks).max(axis=1, initial=0.0),
        hits[:, 0],
        hits.sum(axis=1) / wanted,
        hits @ discount / ideal,
        tuple(need for need in run if need not in right),
    )


@dataclass(frozen=True, eq=False)
class Treatment:
    """What a plan gives to whom. A need's share is the sum of the scores of its pairs.

    `worst`, `lowest` and `gini` look at the needs that have a counterpart at all, as no plan could serve the others;
    they are nan when there is none.
    """

    sum: float
    worst: float
    lowest: float  # the mean of the lowest tenth of the shares, at least one
    gini: float  # 0: all shares are equal; towards 1: one has all. nan when a share is negative or all are 0
    unserved: NDArray[np.int64]  # (U,) the needs without any pair
    possible: float  # the part of the needs that have at least one candidate that is not banned
    offer_loads: NDArray[np.int64]  # (offers,) pairs of each
    unit_loads: NDArray[np.int64]  # (units,) pairs of the offers of each


def plan(problem: Problem, pairs: Iterable[Sequence[int]]) -> Treatment:
    """Measure a plan, given as pairs of need and offer. Raises ValueError for a pair that is no candidate."""
    chosen = np.array([(need, offer) for need, offer in pairs], np.int64).reshape(-1, 2)
    worth = {
        (need, offer): score
        for need, offer, score in zip(
            problem.need.tolist(), problem.offer.tolist(), problem.score.tolist(), strict=True
        )
    }
    if strange := [pair for pair in map(tuple, chosen.tolist()) if pair not in worth]:
        raise ValueError(f"{strange[0]} is no candidate")
    scores = [worth[need, offer] for need, offer in chosen.tolist()]
    shares = np.bincount(chosen[:, 0], scores, problem.needs)
    able = np.bincount(problem.need, minlength=problem.needs) > 0
    served = np.bincount(chosen[:, 0], minlength=problem.needs) > 0
    unit = problem.unit[chosen[:, 1]]
    return Treatment(
        float(shares.sum()),
        float(shares[able].min()) if able.any() else float("nan"),
        lowest(shares[able]),
        gini(shares[able]),
        np.flatnonzero(~served),
        float(able.mean()),
        np.bincount(chosen[:, 1], minlength=problem.offers),
        np.bincount(unit[unit >= 0], minlength=len(problem.unit_capacity)),
    )


def lowest(shares: ArrayLike) -> float:
    """Return the mean of the lowest tenth of `shares` (N,), rounded up to whole ones; nan when there are none."""
    ordered = np.sort(np.asarray(shares, np.float64))
    return float(ordered[: int(np.ceil(LOWEST * len(ordered)))].mean()) if len(ordered) else float("nan")


def gini(shares: ArrayLike) -> float:
    """Return the Gini coefficient of `shares` (N,): half the relative mean difference (Sen 1973, On Economic
    Inequality, 2.8). nan when one is negative or all are 0."""
    ordered = np.sort(np.asarray(shares, np.float64))
    total = ordered.sum()
    if not total > 0 or ordered[0] < 0:
        return float("nan")
    places = np.arange(1, len(ordered) + 1)
    return float(((2 * places - len(ordered) - 1) @ ordered) / (len(ordered) * total))
