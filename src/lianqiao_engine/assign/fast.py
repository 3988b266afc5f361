"""Within 1 % of the greatest sum in a fraction of a second, and the worst-off as high as exchanges bring it."""

from dataclasses import replace

import numpy as np

from . import flow
from .best import MANY, answer, best_on_network, by_auction
from .clock import Clock
from .columns import generate
from .levelling import levelled
from .plan import Answer
from .problem import Problem

# Shares of the sum that may be lost: to columns that were not looked at, and to raising the worst-off.
UNSEEN, RAISING = 0.004, 0.005


def fast_on_network(problem: Problem, clock: Clock) -> Answer | None:
    """A good plan when bundles are left aside; None when there is no plan. Raises OutOfTime."""
    clock.enter("good sum")
    found = _near_best(problem, clock)
    if found is None:
        return None
    clock.enter("worst-off", best=float(problem.score[found.edges].sum()), bound=found.bound)
    spare = RAISING * abs(float(problem.score[found.edges].sum()))
    return replace(found, edges=levelled(problem, found.edges, found.worst_bound, at_most=spare))


def _near_best(problem: Problem, clock: Clock) -> Answer | None:
    if flow.installed() and len(problem.score) < MANY:
        return best_on_network(problem, clock)
    return by_auction(problem, UNSEEN, clock) or _by_columns(problem, clock)


def _by_columns(problem: Problem, clock: Clock) -> Answer | None:
    relaxed = generate(problem, clock, gap=UNSEEN)
    if not relaxed.is_feasible:
        return None
    return answer(problem, relaxed.columns[np.flatnonzero(relaxed.x > 0.5)], relaxed.prices)
