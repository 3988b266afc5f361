"""If no plan exists: the fewest limits that would have to give way, as data.

An elastic program (Chinneck 2008): each limit may be broken at a price of 1 a unit, and the cheapest way of breaking
them is found exactly. Of equally few, those are taken that an office can change most easily: see `PRICES`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from .clock import Clock, OutOfTime
from .links import links_of
from .plan import Slack
from .problem import Floats, Problem
from .program import Rows, maximise_whole, rows_of

# All about 1, so that one unit less always comes first as long as fewer than a hundred are missing.
PRICES = {
    "capacity": 1.0,
    "unit_capacity": 1.001,
    "enterprise_capacity": 1.002,
    "least": 1.003,
    "unit_least": 1.004,
    "enterprise_owed": 1.005,
    "owed": 1.006,
    "banned": 1.007,
    "fixed": 1.008,
    "bundle": 1.009,
}
MOST = {"offer": "capacity", "unit": "unit_capacity", "enterprise": "enterprise_capacity"}
LEAST = {"need": "owed", "offer": "least", "unit": "unit_least", "enterprise": "enterprise_owed"}


def relax(problem: Problem, clock: Clock) -> tuple[Slack, ...]:
    """The limits to change, each with by how much; empty when there is a plan. Raises OutOfTime.

    `owed` counts what a need goes without, because it has too few candidates or because too few are free.
    """
    elastic = _Elastic.of(problem)
    size = len(elastic.cost)
    answer = maximise_whole(
        elastic.rows, -elastic.cost, np.zeros(size), elastic.high, np.ones(size, np.bool_), clock
    )
    if answer is None:
        raise RuntimeError("a program that may break every limit has an answer")
    if answer.x is None:
        raise OutOfTime
    return tuple(elastic.slacks(np.rint(answer.x).astype(int)))


@dataclass(frozen=True, eq=False)
class _Elastic:
    """Columns: candidates with the banned ones, switches of bundles, then one for each limit that may give way."""

    problem: Problem  # with the banned pairs as candidates
    rows: Rows
    cost: Floats
    high: Floats
    banned: NDArray[np.bool_]  # (candidates,)
    limits: list[tuple[str, int]]  # kind and index of the last columns
    surely: NDArray[np.int64]  # by how much each limit gives way before anything is chosen

    @classmethod
    def of(cls, problem: Problem) -> "_Elastic":
        lifted = _with_banned(problem)
        banned = lifted.marks(problem.banned)
        columns = np.arange(len(lifted.score))
        links = links_of(lifted, columns)
        rows = rows_of(lifted, columns).below(links.rows)
        limits: list[tuple[str, int]] = []
        cells: list[tuple[int, int, float]] = []
        # A minimum above its own capacity: one of the two gives way whatever is chosen, and capacity comes first.
        crossed = np.maximum(rows.lower - rows.upper, 0.0)
        rows = replace(rows, upper=np.maximum(rows.lower, rows.upper))
        surely = []
        for name, first, members in rows.families:
            for row, member in enumerate(members, first):
                for kind, sign, is_limit in (
                    (MOST.get(name), -1.0, np.isfinite(rows.upper[row])),
                    (LEAST.get(name), 1.0, np.isfinite(rows.lower[row])),
                ):
                    if kind and is_limit:
                        cells.append((row, len(limits), sign))
                        limits.append((kind, int(member)))
                        surely.append(int(crossed[row]) if sign < 0 else 0)
        for number, tied in enumerate(links.rows_of_bundle):
            cells += [(row, len(limits), sign) for row, sign in tied]
            limits.append(("bundle", number))
            surely.append(0)
        cost = np.where(banned, PRICES["banned"], 0.0) - np.where(lifted.is_fixed, PRICES["fixed"], 0.0)
        free = np.array([1.0 if kind == "bundle" else np.inf for kind, _ in limits])
        return cls(
            lifted,
            rows.beside(cells, len(limits)),
            np.concatenate([cost, np.zeros(links.switches), [PRICES[kind] for kind, _ in limits]]),
            np.concatenate([np.ones(len(columns) + links.switches), free]),
            banned,
            limits,
            np.array(surely, np.int64),
        )

    def slacks(self, x: NDArray[np.int64]) -> Iterator[Slack]:
        counts = x[len(x) - len(self.limits) :] + self.surely
        for (kind, index), by in zip(self.limits, counts, strict=True):
            if by:
                yield Slack(kind, index, int(by))
        taken = x[: len(self.banned)] > 0
        for kind, edges in (("banned", self.banned & taken), ("fixed", self.problem.is_fixed & ~taken)):
            for need, offer in self.problem.pairs(edges):
                yield Slack(kind, (int(need), int(offer)), 1)


def _with_banned(problem: Problem) -> Problem:
    known = np.column_stack([problem.need, problem.offer])
    pairs = np.unique(np.concatenate([known, problem.banned]), axis=0)
    return replace(
        problem,
        need=pairs[:, 0],
        offer=pairs[:, 1],
        score=np.zeros(len(pairs)),
        banned=np.empty((0, 2), np.int32),
        kth=None,
    )
