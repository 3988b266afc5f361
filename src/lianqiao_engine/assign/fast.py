"""Within 1 % of the greatest sum in a fraction of a second, and the worst-off as high as exchanges bring it."""

from dataclasses import replace

import numpy as np

from . import auction, flow
from .best import answer, best_on_network
from .bound import best_alone
from .clock import Clock
from .columns import generate
from .levelling import levelled
from .plan import Answer, Prices
from .problem import Problem

# Shares of the sum that may be lost: to columns that were not looked at, and to raising the worst-off.
UNSEEN, RAISING = 0.004, 0.005
# Of what each seat may cost by that, the steps of bids that are tried: most seats cost less than a step.
STEPS = (2.0, 0.8, 0.2)


def fast_on_network(problem: Problem, clock: Clock) -> Answer | None:
    """A good plan when bundles are left aside; None when there is no plan. Raises OutOfTime."""
    clock.enter("good sum")
    found = best_on_network(problem, clock) if flow.installed() else _near_best(problem, clock)
    if found is None:
        return None
    clock.enter("worst-off", best=float(problem.score[found.edges].sum()), bound=found.bound)
    spare = RAISING * abs(float(problem.score[found.edges].sum()))
    return replace(found, edges=levelled(problem, found.edges, found.worst_bound, at_most=spare))


def _near_best(problem: Problem, clock: Clock) -> Answer | None:
    return (_sold(problem, clock) if auction.suits(problem) else None) or _by_columns(problem, clock)


def _sold(problem: Problem, clock: Clock) -> Answer | None:
    """By auction; None where its prices do not prove the plan near enough to the best."""
    alone = best_alone(problem)
    step = UNSEEN * float(alone[np.isfinite(alone)].sum()) / max(int(problem.wants.sum()), 1)
    if step <= 0:
        return None
    for share in STEPS:
        sold = auction.sell(problem, step * share, clock)
        if sold is None:
            return None
        found = answer(problem, sold.edges, replace(Prices.zero(problem), offer=sold.price))
        if found.bound - problem.score[sold.edges].sum() <= UNSEEN * abs(found.bound):
            return found
    return None


def _by_columns(problem: Problem, clock: Clock) -> Answer | None:
    relaxed = generate(problem, clock, gap=UNSEEN)
    if not relaxed.is_feasible:
        return None
    return answer(problem, relaxed.columns[np.flatnonzero(relaxed.x > 0.5)], relaxed.prices)
