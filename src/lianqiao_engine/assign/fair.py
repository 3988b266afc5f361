"""The worst-off need first (by the SUM of its partners' scores), then the greatest sum; both proven where time allows.

With more than one partner a need it is not a flow (the problem of FairFlow: Kobren, Saha, McCallum 2019), so in two
stages: how high the worst-off can be, then the best sum at that level, each from a linear program down to whole
numbers. With one partner each, both are flows (bottleneck.py).
"""

from dataclasses import replace

import numpy as np

from . import bottleneck
from .best import best_on_network
from .bound import worst_bound
from .clock import Clock, OutOfTime
from .columns import Relaxed, generate
from .grain import attainable
from .levelling import levelled
from .plan import Answer, worst_of
from .problem import Problem
from .whole import best_at_level, highest_level

CLOSE = 1e-7


def fair_on_network(problem: Problem, clock: Clock) -> Answer | None:
    """The fair plan when bundles are left aside; None when there is no plan. Raises OutOfTime before the first."""
    clock.enter("best sum")
    first = best_on_network(problem, clock)
    if first is None:
        return None
    first = replace(first, free_sum=_proven_sum(problem, first))
    so_far = first
    try:
        if worst_of(problem, first.edges) >= first.worst_bound:
            return first
        so_far = replace(first, edges=levelled(problem, first.edges, first.worst_bound))
        by_flows = bottleneck.suits(problem)
        found = (bottleneck.fair_by_flows if by_flows else _in_two_stages)(problem, first, so_far, clock)
        return replace(found, free_sum=first.free_sum)
    except OutOfTime:
        return so_far


def _proven_sum(problem: Problem, found: Answer) -> float | None:
    total = float(problem.score[found.edges].sum())
    return total if found.bound - total <= CLOSE * max(1.0, abs(total)) else None


def _in_two_stages(problem: Problem, first: Answer, so_far: Answer, clock: Clock) -> Answer:
    clock.enter("worst-off", best=float(problem.score[so_far.edges].sum()), bound=so_far.bound)
    relaxed, level = _highest_fraction(problem, first, so_far.worst_bound, clock)
    found, ceiling = best_at_level(problem, relaxed, level, clock), level
    if found is None:
        clock.enter("worst-off in whole pairs")
        reached, ceiling = highest_level(problem, relaxed, so_far.edges, level, clock)
        level = worst_of(problem, reached)
        start = problem.marks(problem.pairs(reached))
        relaxed = generate(problem, clock, level=level, start=start, prices=relaxed.prices)
        found = best_at_level(problem, relaxed, level, clock, known=reached)
    if found is None:
        return replace(so_far, worst_bound=ceiling)
    return Answer(found.edges, relaxed.prices, found.bound, max(ceiling, level))


def _highest_fraction(problem: Problem, first: Answer, level: float, clock: Clock) -> tuple[Relaxed, float]:
    """The highest level that fractions of pairs can reach, and the best sum of fractions there.

    A level that is too high has prices that prove a lower one (Newton's method on the dual; Dinkelbach 1967).
    """
    start, prices = problem.marks(problem.pairs(first.edges)), first.prices
    while True:
        relaxed = generate(problem, clock, level=level, start=start, prices=prices)
        if relaxed.is_feasible:
            return relaxed, level
        weights = np.where(problem.served, 1 + relaxed.prices.level, 0.0)
        total = float(weights.sum())
        proven = worst_bound(problem, weights / total, relaxed.prices.times(1 / total))
        lower = attainable(problem.score, proven)
        # What is missing is a rounding error: whole numbers will tell.
        if lower >= level - CLOSE * max(1.0, abs(level)):
            return relaxed, level
        start[relaxed.columns] = True
        level, prices = lower, relaxed.prices
