"""The greatest sum, proven: a minimum-cost flow, or with bundles an integer program."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from . import auction, flow
from .apart import LARGE, best_flow_apart
from .bound import best_alone, certify
from .clock import Clock, OutOfTime
from .columns import generate
from .network import Longs, Network, NotBest, network_of, prices_of
from .plan import Answer, Prices
from .problem import Floats, Problem

# From this number of candidates on an auction goes before.
MANY = 400_000
# What an auction is wanted to be within, in shares of the sum, before the best plan is looked for; the steps of bids
# that are tried, in what each seat may cost then (most seats cost less than a step); and how far from what it would
# take a need's candidates are looked at first, in mean scores.
AUCTION, STEPS, WIDTH = 0.001, (2.0, 0.8, 0.2), 0.1


def best_on_network(problem: Problem, clock: Clock) -> Answer | None:
    """The best plan when bundles are left aside; None when there is none.

    Raises OutOfTime, unless an auction had an answer before.
    """
    clock.check()
    first = by_auction(problem, AUCTION, clock) if len(problem.score) >= MANY else None
    if first is not None:
        clock.enter(clock.stage, best=float(problem.score[first.edges].sum()), bound=first.bound)
    try:
        if not flow.installed():
            return _by_columns(problem, first, clock)
        return _by_thin_flow(problem, first, clock) if first is not None else _by_flow(problem, clock)
    except OutOfTime:
        if first is None:
            raise
        return first


def by_auction(problem: Problem, gap: float, clock: Clock) -> Answer | None:
    """A plan whose prices prove it to be within `gap` of the best, a share of the sum; None where bids find none."""
    alone = best_alone(problem)
    step = gap * float(alone[np.isfinite(alone)].sum()) / max(int(problem.wants.sum()), 1)
    if not auction.suits(problem) or step <= 0:
        return None
    for share in STEPS:
        sold = auction.sell(problem, step * share, clock)
        if sold is None:
            return None
        found = answer(problem, sold.edges, replace(Prices.zero(problem), offer=sold.price))
        if found.bound - problem.score[sold.edges].sum() <= gap * abs(found.bound):
            return found
    return None


def _by_thin_flow(problem: Problem, first: Answer, clock: Clock) -> Answer | None:
    """Over the candidates that come near at the prices of an auction, and then those that the best prices still want."""
    mean = float(np.abs(problem.score[first.edges]).mean()) if len(first.edges) else 1.0
    thin = problem.is_fixed | (_gain(problem, first) >= -WIDTH * mean)
    thin[first.edges] = True
    network = network_of(problem, thin)
    flows, prices = flows_of(network, clock), first.prices
    while flows is not None:
        try:
            prices = prices_of(problem, network, flows, prices)
        except NotBest:
            flows = flows_of(network, clock)
            continue
        columns = np.flatnonzero(thin)
        found = answer(problem, columns[np.flatnonzero(flows[: network.candidates])], prices)
        wanted = (_gain(problem, found) > 1e-9) & ~thin
        if not wanted.any():
            return found
        thin |= wanted
        wider = network_of(problem, thin)
        # What is not among the candidates stays as it flows.
        flows = np.concatenate([np.zeros(wider.candidates, np.int64), flows[network.candidates :]])
        flows[np.searchsorted(np.flatnonzero(thin), found.edges)] = 1
        network = wider
    return _by_flow(problem, clock)


def _by_flow(problem: Problem, clock: Clock) -> Answer | None:
    network = network_of(problem)
    flows = flows_of(network, clock)
    if flows is None:
        return None
    return answer(problem, np.flatnonzero(flows[: network.candidates]), prices_of(problem, network, flows))


def flows_of(network: Network, clock: Clock) -> Longs | None:
    """The cheapest flow; None when none meets all limits. Raises OutOfTime."""
    return best_flow_apart(network, clock) if len(network.cost) >= LARGE else flow.best_flow(network)


def _gain(problem: Problem, found: Answer) -> Floats:
    """(E,) what each candidate is worth after prices beyond the least that its need holds."""
    value = problem.score - found.prices.of_edges(problem)
    margin = np.full(problem.needs, np.inf)
    np.minimum.at(margin, problem.need[found.edges], value[found.edges])
    have = np.bincount(problem.need[found.edges], minlength=problem.needs)
    # With fewer than it wants it could take another, and with more than it is owed leave one.
    margin[have < problem.wants] = np.minimum(margin, 0.0)[have < problem.wants]
    margin[(have > problem.owed) & (have < problem.wants)] = 0.0
    return value - margin[problem.need]


def _by_columns(problem: Problem, first: Answer | None, clock: Clock) -> Answer | None:
    """The linear program of a network has its best corner in whole numbers (Hoffman and Kruskal 1956)."""
    start = None if first is None else problem.marks(problem.pairs(first.edges))
    relaxed = generate(problem, clock, start=start, prices=None if first is None else first.prices)
    if not relaxed.is_feasible:
        return None
    return answer(problem, relaxed.columns[relaxed.x > 0.5], relaxed.prices)


def answer(problem: Problem, edges: NDArray[np.int64], prices: Prices) -> Answer:
    """With what the prices prove, and the best that the needs could have if each were alone."""
    alone = best_alone(problem)[problem.served]
    return Answer(edges, prices, certify(problem, prices).bound, float(alone.min()) if len(alone) else 0.0)
