"""From fractions to whole pairs at a level: integer programs over few candidates that are right for all of them.

A candidate whose reduced cost exceeds the gap between the bound and a plan that is known cannot be part of a better
plan (Dantzig, Fulkerson, Johnson 1954), so that only the others are given to HiGHS.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .bound import certify
from .by_choice import WORTH, ByChoice
from .choices import TooMany
from .clock import Clock
from .columns import Relaxed
from .grain import attainable
from .plan import Prices, worst_of
from .problem import Problem
from .program import IntegerAnswer, maximise_whole, rows_of

Edges = NDArray[np.int64]
# So many candidates an integer program may have; further ones are left out at the cost of a looser bound.
WIDEST = 150_000
# HiGHS meets rows within 1e-6: rows of levels are magnified, so that the level is met within 1e-8 of the largest score.
MAGNIFIED = 100.0


@dataclass(frozen=True, eq=False)
class Whole:
    edges: Edges
    bound: float


def best_at_level(
    problem: Problem, relaxed: Relaxed, level: float, clock: Clock, known: Edges | None = None
) -> Whole | None:
    """The best sum of whole pairs whose worst-off is at `level`; None when no such plan is found."""
    certificate = certify(problem, relaxed.prices, level)
    upper = attainable(problem.score, certificate.bound)
    clock.enter("best sum at this level", bound=upper)
    if ByChoice.suits(problem):
        whole, upper = _by_choice(problem, relaxed.prices, level, upper, clock)
        if whole is not None:
            return whole
    answer = _best_of(problem, relaxed.columns, level, clock)
    found = _better(problem, _edges(relaxed.columns, answer), known)
    sum_found = -np.inf if found is None else float(problem.score[found].sum())
    close = 1e-9 * max(1.0, abs(upper))
    if sum_found >= upper - close:
        return Whole(found, upper)  # type: ignore[arg-type]
    weighted = problem.score * (1 + relaxed.prices.level[problem.need])
    reduced = weighted - relaxed.prices.of_edges(problem) - certificate.need[problem.need]
    kept, rest = _widest(reduced, upper - sum_found)
    clock.enter("proof", best=sum_found if found is not None else None)
    if clock.is_over or (
        len(np.setdiff1d(kept, relaxed.columns)) == 0 and answer is not None and answer.proven
    ):
        bound = upper if answer is None or clock.is_over else max(answer.bound, sum_found)
        return None if found is None else Whole(found, min(upper, max(bound, certificate.bound + rest)))
    wide = _best_of(problem, kept, level, clock)
    found = _better(problem, _edges(kept, wide), found)
    if found is None:
        return None
    proven = max(wide.bound if wide else -np.inf, certificate.bound + rest, problem.score[found].sum())
    return Whole(found, min(upper, float(proven)))


def _by_choice(
    problem: Problem, prices: Prices, level: float, upper: float, clock: Clock
) -> tuple[Whole | None, float]:
    """The best plan by whole choices, where they bound closer than `upper`; and the least bound."""
    whole = None
    try:
        choices = ByChoice(problem, level, prices, clock)
        if choices.bound < upper - WORTH * abs(upper):
            choices.tighten()
            if not choices.is_reachable:
                return None, upper
            clock.enter("proof", bound=choices.bound)
            edges = choices.best()
            whole = None if edges is None else Whole(edges, attainable(problem.score, choices.bound))
    except TooMany:
        return None, upper
    return whole, min(upper, attainable(problem.score, choices.bound))


def highest_level(
    problem: Problem, relaxed: Relaxed, known: Edges, ceiling: float, clock: Clock
) -> tuple[Edges, float]:
    """The plan of whole pairs with the highest worst-off that is found in time, and what none can exceed."""
    all_of_them = len(problem.score) <= WIDEST
    columns = np.arange(len(problem.score)) if all_of_them else relaxed.columns
    unit = float(np.abs(problem.score).max())
    rows = rows_of(problem, columns, level=0.0, score=problem.score / unit * MAGNIFIED)
    lifted = rows.with_column(np.where(rows.is_level, -MAGNIFIED, 0.0))
    answer = maximise_whole(
        lifted,
        np.append(np.zeros(len(columns)), 1.0),
        np.append(problem.is_fixed[columns], -np.inf),
        np.append(np.ones(len(columns)), ceiling / unit),
        np.append(np.ones(len(columns), np.bool_), False),
        clock,
    )
    if answer is None:
        return known, ceiling
    found = _edges(columns, answer)
    best = known if found is None or worst_of(problem, found) < worst_of(problem, known) else found
    proven = attainable(problem.score, answer.bound * unit) if all_of_them else ceiling
    return best, max(min(ceiling, proven), worst_of(problem, best))


def _best_of(problem: Problem, columns: Edges, level: float, clock: Clock) -> IntegerAnswer | None:
    unit = float(np.abs(problem.score).max()) or 1.0
    rows = rows_of(problem, columns, level=level / unit * MAGNIFIED, score=problem.score / unit * MAGNIFIED)
    ones = np.ones(len(columns))
    answer = maximise_whole(
        rows,
        problem.score[columns] / unit,
        problem.is_fixed[columns].astype(np.float64),
        ones,
        ones.astype(np.bool_),
        clock,
    )
    return answer and answer.times(unit)


def _edges(columns: Edges, answer: IntegerAnswer | None) -> Edges | None:
    return None if answer is None or answer.x is None else columns[answer.x[: len(columns)] > 0.5]


def _better(problem: Problem, one: Edges | None, other: Edges | None) -> Edges | None:
    if one is None or other is None:
        return other if one is None else one
    return max(one, other, key=lambda edges: float(problem.score[edges].sum()))


def _widest(reduced: NDArray[np.float64], gap: float) -> tuple[Edges, float]:
    """The candidates that can be in a better plan, and by how much the best of the others falls short."""
    kept = np.flatnonzero(reduced >= -gap - 1e-9)
    if len(kept) <= WIDEST:
        return kept, -np.inf
    order = np.argsort(-reduced[kept], kind="stable")
    return np.sort(kept[order[:WIDEST]]), float(reduced[kept[order[WIDEST]]])
