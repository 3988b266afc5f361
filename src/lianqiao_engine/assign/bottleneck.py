"""Fair where whoever is served takes one partner: the highest score below which nobody need go, then the best flow there.

Whether everybody can have a partner at a score or above is a question of a flow, so that the level is found by halving
the scores that occur (the bottleneck assignment of Gross 1959), and the best sum over the candidates that reach it is
a flow again: whole numbers, proven, without a linear program.
"""

from dataclasses import replace

import numpy as np

from . import flow
from .best import best_on_network, flows_of
from .bound import at_level
from .clock import Clock
from .network import network_of
from .plan import Answer, worst_of
from .problem import Problem


def suits(problem: Problem) -> bool:
    """Nobody who has a candidate wants more than one; to have none is no better than the weakest; flows are at hand."""
    single = bool((problem.wants[problem.served] == 1).all())
    return single and flow.installed() and float(problem.score.min(initial=0.0)) >= 0


def fair_by_flows(problem: Problem, first: Answer, so_far: Answer, clock: Clock) -> Answer:
    """The fair plan; no plan exceeds the `worst_bound` of `so_far`, one of the best after exchanges. Raises OutOfTime."""
    level = _highest(problem, worst_of(problem, so_far.edges), so_far.worst_bound, clock)
    if level <= 0:
        return replace(first, worst_bound=level)
    clock.enter("best sum at this level")
    stricter = at_level(problem, level)
    found = best_on_network(stricter, clock)
    if found is None:
        raise RuntimeError("no plan at a level that one reaches")
    return Answer(problem.at(stricter.pairs(found.edges)), found.prices, found.bound, level)


def _highest(problem: Problem, reached: float, ceiling: float, clock: Clock) -> float:
    """The highest score that everybody can have or exceed: `reached` is one, and none is above `ceiling`."""
    fixed = float(problem.score[problem.is_fixed].min(initial=np.inf))
    scores = np.unique(problem.score)
    scores = scores[(scores > reached) & (scores <= min(ceiling, fixed))]
    clock.enter("worst-off")
    low, high = -1, len(scores)  # what is reached, and what is not
    while high - low > 1:
        clock.check()
        middle = (low + high) // 2
        if _can_have(problem, float(scores[middle]), clock):
            low = middle
        else:
            high = middle
    return reached if low < 0 else float(scores[low])


def _can_have(problem: Problem, level: float, clock: Clock) -> bool:
    network = network_of(at_level(problem, level))
    return flows_of(replace(network, cost=np.zeros_like(network.cost)), clock) is not None
