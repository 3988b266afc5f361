"""What a solver answers, and what it tells meanwhile."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from .problem import Floats, Ints, Problem

Status = Literal["optimal", "feasible", "infeasible", "out of time"]


@dataclass(frozen=True)
class Progress:
    """How far a solver is: `done` 0..1 where it can know, the best sum found and the least upper bound so far."""

    stage: str
    done: float | None
    seconds: float
    best: float | None
    bound: float | None


Tell = Callable[[Progress], None]


@dataclass(frozen=True, eq=False)
class Prices:
    """Dual prices: what one more unit of a limit would add to the sum. Negative where a minimum binds.

    `level` is how much the sum would grow if the worst-off level could be lowered for that need, per unit of score.
    """

    offer: Floats  # (offers,)
    unit: Floats  # (units,)
    enterprise: Floats  # (enterprises,)
    level: Floats  # (needs,) zero but for the objective `fair`

    @classmethod
    def zero(cls, problem: Problem) -> "Prices":
        sizes = problem.offers, len(problem.unit_capacity), len(problem.enterprise_capacity), problem.needs
        return cls(*(np.zeros(size) for size in sizes))

    def of_edges(self, problem: Problem) -> Floats:
        """(E,) what taking each candidate uses up."""
        taken = self.offer + _of_group(self.unit, problem.unit)
        return taken[problem.offer] + _of_group(self.enterprise, problem.enterprise)[problem.need]

    def times(self, factor: float) -> "Prices":
        return Prices(*(price * factor for price in (self.offer, self.unit, self.enterprise, self.level)))


def _of_group(price: Floats, group: Ints) -> Floats:
    return np.append(price, 0.0)[group]


@dataclass(frozen=True)
class Slack:
    """One limit that would have to give way: `kind` and `index` name it, `by` how much.

    Kinds: capacity, least (offer) · unit_capacity, unit_least · owed (need) · enterprise_capacity, enterprise_owed ·
    fixed, banned (`index` is the pair) · bundle (`index` counts bundles).
    """

    kind: str
    index: int | tuple[int, int]
    by: int


@dataclass(frozen=True, eq=False)
class Plan:
    """Pairs with what they are worth and how much better any plan could be.

    `worst` is the least sum of one need's scores among the needs that have a candidate; no plan reaches more than
    `worst_bound`. `bound` is an upper limit of the sum, for `fair` of plans whose worst-off is at least as well off;
    `free_sum` is the greatest sum of all plans, where `fair` found it on the way.
    """

    pairs: Ints  # (P, 2) need, offer; sorted
    sum: float
    worst: float
    bound: float
    worst_bound: float
    status: Status
    seconds: float = 0.0
    prices: Prices | None = None
    relaxation: tuple[Slack, ...] = field(default=())
    free_sum: float | None = None

    @property
    def gap(self) -> float:
        """How far the sum can be from the best, as a share of the best."""
        if not np.isfinite(self.bound):
            return float("inf")
        return max(self.bound - self.sum, 0.0) / max(abs(self.bound), abs(self.sum), 1e-12)


@dataclass(frozen=True, eq=False)
class Answer:
    """What a solver hands on: candidates that make a plan, the prices, and what is proven of sum and worst-off."""

    edges: NDArray[np.int64]
    prices: Prices
    bound: float
    worst_bound: float
    free_sum: float | None = None


def worst_of(problem: Problem, edges: NDArray[np.generic]) -> float:
    """The least sum of one need's scores over these candidates; 0 when no need has a candidate."""
    sums = problem.sums(edges)[problem.served]
    return float(sums.min()) if len(sums) else 0.0
