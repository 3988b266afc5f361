"""The greatest sum, proven: a minimum-cost flow, or with bundles an integer program."""

import numpy as np
from numpy.typing import NDArray

from . import flow
from .apart import LARGE, best_flow_apart
from .bound import best_alone, certify
from .clock import Clock
from .columns import generate
from .network import network_of, prices_of
from .plan import Answer, Prices
from .problem import Problem


def best_on_network(problem: Problem, clock: Clock) -> Answer | None:
    """The best plan when bundles are left aside; None when there is none. Raises OutOfTime."""
    return _by_flow(problem, clock) if flow.installed() else _by_columns(problem, clock)


def _by_flow(problem: Problem, clock: Clock) -> Answer | None:
    network = network_of(problem)
    flows = best_flow_apart(network, clock) if len(network.cost) >= LARGE else flow.best_flow(network)
    if flows is None:
        return None
    clock.check()
    return answer(problem, np.flatnonzero(flows[: network.candidates]), prices_of(problem, network, flows))


def _by_columns(problem: Problem, clock: Clock) -> Answer | None:
    """The linear program of a network has its best corner in whole numbers (Hoffman and Kruskal 1956)."""
    relaxed = generate(problem, clock)
    if not relaxed.is_feasible:
        return None
    return answer(problem, relaxed.columns[relaxed.x > 0.5], relaxed.prices)


def answer(problem: Problem, edges: NDArray[np.int64], prices: Prices) -> Answer:
    """With what the prices prove, and the best that the needs could have if each were alone."""
    alone = best_alone(problem)[problem.served]
    return Answer(edges, prices, certify(problem, prices).bound, float(alone.min()) if len(alone) else 0.0)
