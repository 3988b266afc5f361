"""Needs that one unit serves together, all of them or none: an integer program, for it is no network any more."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from .best import best_on_network
from .clock import Clock, OutOfTime
from .columns import promising
from .links import Links, links_of
from .plan import Answer, worst_of
from .problem import Problem
from .program import IntegerAnswer, Rows, maximise_whole, rows_of
from .whole import MAGNIFIED, WIDEST

Edges = NDArray[np.int64]
CANDIDATES = 12  # of each need outside of bundles, when there are too many for one program


def best_with_bundles(problem: Problem, clock: Clock) -> Answer | None:
    """The greatest sum; None when no plan is possible. Raises OutOfTime before the first plan."""
    clock.enter("best sum without bundles")
    first = best_on_network(problem, clock)
    if first is None:
        return None
    if is_kept(problem, first.edges):
        return first
    clock.enter("best sum", bound=first.bound)
    program = _Program.of(problem, first)
    answer = program.greatest_sum(clock, None)
    if answer is None:
        return None
    bound = min(first.bound, answer.bound) if program.is_whole else first.bound
    return replace(first, edges=program.edges(answer), bound=bound)


def fair_with_bundles(problem: Problem, clock: Clock) -> Answer | None:
    """The highest worst-off, then the greatest sum; None and OutOfTime as above."""
    best = best_with_bundles(problem, clock)
    if best is None or worst_of(problem, best.edges) >= best.worst_bound:
        return best
    program = _Program.of(problem, best)
    try:
        clock.enter("worst-off", best=float(problem.score[best.edges].sum()), bound=best.bound)
        highest = program.highest_level(clock, best.worst_bound)
        if highest is None or highest.x is None:
            return best
        reached = program.edges(highest)
        ceiling = min(best.worst_bound, highest.bound) if program.is_whole else best.worst_bound
        level = worst_of(problem, reached)
        fair = replace(best, edges=reached, worst_bound=max(ceiling, level))
        clock.enter("best sum at this level")
        answer = program.greatest_sum(clock, level)
    except OutOfTime:
        return best
    if answer is None or answer.x is None:
        return fair
    bound = min(best.bound, answer.bound) if program.is_whole else best.bound
    return replace(fair, edges=program.edges(answer), bound=bound)


def is_kept(problem: Problem, edges: Edges) -> bool:
    """Whether every bundle is served by one unit, or not at all."""
    for bundle in problem.bundles:
        mine = edges[np.isin(problem.need[edges], bundle)]
        units = np.unique(problem.unit[problem.offer[mine]])
        served = len(np.unique(problem.need[mine]))
        if served and (served < len(bundle) or len(units) > 1 or units[0] < 0):
            return False
    return True


@dataclass(frozen=True, eq=False)
class _Program:
    """Columns: candidates, then one switch for each bundle and each unit that could serve all of it."""

    problem: Problem
    columns: Edges
    links: Links
    is_whole: bool  # nothing was left out

    @classmethod
    def of(cls, problem: Problem, first: Answer) -> "_Program":
        columns = np.arange(len(problem.score))
        if len(columns) > WIDEST:
            tied = np.isin(problem.need, [need for bundle in problem.bundles for need in bundle])
            value = problem.score - first.prices.of_edges(problem)
            kept = tied | problem.is_fixed | promising(problem, value, CANDIDATES + problem.wants)
            kept[first.edges] = True
            columns = np.flatnonzero(kept)
        return cls(problem, columns, links_of(problem, columns), len(columns) == len(problem.score))

    def greatest_sum(self, clock: Clock, level: float | None) -> IntegerAnswer | None:
        unit = self._unit
        wanted = None if level is None else level / unit * MAGNIFIED
        answer = self._solve(self._rows(wanted), self.problem.score[self.columns] / unit, 0, clock)
        if answer and answer.x is None:
            raise OutOfTime
        return answer and answer.times(unit)

    def highest_level(self, clock: Clock, ceiling: float) -> IntegerAnswer | None:
        rows = self._rows(0.0)
        lifted = rows.with_column(np.where(rows.is_level, -MAGNIFIED, 0.0))
        answer = self._solve(lifted, np.zeros(len(self.columns)), 1, clock, ceiling / self._unit)
        return answer and answer.times(self._unit)

    def edges(self, answer: IntegerAnswer) -> Edges:
        assert answer.x is not None  # noqa: S101  (callers look first; this tells the type checker)
        return self.columns[answer.x[: len(self.columns)] > 0.5]

    @property
    def _unit(self) -> float:
        return float(np.abs(self.problem.score).max()) or 1.0

    def _rows(self, level: float | None) -> Rows:
        score = self.problem.score / self._unit * MAGNIFIED
        base = rows_of(self.problem, self.columns, level=level, score=score)
        return base.below(self.links.rows)

    def _solve(
        self, rows: Rows, gain: NDArray[np.float64], levels: int, clock: Clock, ceiling: float = 0.0
    ) -> IntegerAnswer | None:
        switches, size = self.links.switches, len(self.columns) + self.links.switches
        fixed = self.problem.is_fixed[self.columns].astype(float)
        return maximise_whole(
            rows,
            np.concatenate([gain, np.zeros(switches), np.ones(levels)]),
            np.concatenate([fixed, np.zeros(switches), np.full(levels, -np.inf)]),
            np.concatenate([np.ones(size), np.full(levels, ceiling)]),
            np.concatenate([np.ones(size), np.zeros(levels)]),
            clock,
        )
