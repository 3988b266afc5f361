"""Column generation: a linear program over few of the candidates that is right for all of them.

Solve over some, price the others with the duals, add those that would pay, repeat (Ford and Fulkerson 1958; Dantzig
and Wolfe 1960). Minima that the first columns cannot meet are met by slack at a price that no real pair costs.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .bound import certify
from .clock import Clock
from .plan import Prices
from .problem import Floats, Problem
from .program import LinearAnswer, Rows, maximise, prices_of, rows_of

FIRST, MORE = 6, 25  # candidates of each need at the beginning, and added in each round
PRICES_OF_SLACK = (4.0, 1e3, 1e6)  # in units of the largest score
TOLERANCE, ENOUGH = 1e-7, 1e-6


@dataclass(frozen=True, eq=False)
class Relaxed:
    """The linear program's answer, right for all candidates."""

    columns: NDArray[np.int64]  # the candidates it was solved over, rising
    x: Floats  # (columns,)
    prices: Prices
    slack: float  # what is missing to the minima and levels, in partners and in units of the largest score

    @property
    def is_feasible(self) -> bool:
        return self.slack <= ENOUGH


def generate(
    problem: Problem,
    clock: Clock,
    *,
    level: float | None = None,
    start: NDArray[np.bool_] | None = None,
    prices: Prices | None = None,
    gap: float = 0.0,
) -> Relaxed:
    """Maximise the sum over fractions of pairs; every need's sum reaches `level`.

    `start` marks candidates to begin with, `prices` tell which others are likely to be needed. Done as soon as the
    sum is proven to be within `gap`, a share of it. Raises OutOfTime.
    """
    unit = float(np.abs(problem.score).max(initial=0.0)) or 1.0
    score = problem.score / unit
    wanted = None if level is None else level / unit
    cost = np.zeros(len(score)) if prices is None else prices.of_edges(problem) / unit
    marked = problem.is_fixed | promising(problem, score - cost, FIRST + problem.wants)
    if start is not None:
        marked |= start
    at = 0
    while True:
        clock.check()
        columns = np.flatnonzero(marked)
        answer, rows = _solve(problem, columns, score, wanted, PRICES_OF_SLACK[at], clock)
        if answer is None:
            return Relaxed(columns, np.zeros(len(columns)), Prices.zero(problem), np.inf)
        found, need = prices_of(problem, rows, answer.duals)
        gain = score * (1 + found.level[problem.need]) - found.of_edges(problem) - need[problem.need]
        gain[marked] = 0.0
        paying = gain > TOLERANCE
        near, slack = False, float(answer.x[len(columns) :].sum())
        scaled = replace(
            found.times(unit), level=found.level
        )  # prices of levels are per unit of score already
        if gap and slack <= ENOUGH:
            reached = float(problem.score[columns] @ answer.x[: len(columns)])
            near = certify(problem, scaled, level or 0.0).bound - reached <= gap * abs(reached)
        if paying.any() and not near:
            gain[~paying] = -np.inf
            marked |= paying & promising(problem, gain, MORE)
        elif slack > ENOUGH and at + 1 < len(PRICES_OF_SLACK):
            at += 1
        else:
            return Relaxed(columns, answer.x[: len(columns)], scaled, slack)


def promising(problem: Problem, value: Floats, many: int | NDArray[Any]) -> NDArray[np.bool_]:
    """(E,) the candidates of each need with the `many` highest values; of equal ones those that come first."""
    sizes = np.diff(problem.starts)
    order = np.lexsort((-value, problem.need))
    rank = np.arange(len(value)) - np.repeat(problem.starts[:-1], sizes)
    kept = np.zeros(len(value), np.bool_)
    kept[order] = rank < np.repeat(np.broadcast_to(many, problem.needs), sizes)
    return kept


def _solve(
    problem: Problem,
    columns: NDArray[np.int64],
    score: Floats,
    level: float | None,
    price: float,
    clock: Clock,
) -> tuple[LinearAnswer | None, Rows]:
    """Over the candidates and one slack for each row with a minimum."""
    rows = rows_of(problem, columns, level=level, score=score)
    short = np.flatnonzero(rows.lower > 0)
    fixed = problem.is_fixed[columns].astype(float)
    answer = maximise(
        rows.with_slack(short),
        np.concatenate([score[columns], np.full(len(short), -price)]),
        np.concatenate([fixed, np.zeros(len(short))]),
        np.concatenate([np.ones(len(columns)), np.full(len(short), np.inf)]),
        clock,
    )
    return answer, rows
