"""The problem as a minimum-cost flow: needs (by way of their enterprises) -> offers -> units -> the sink.

Everything but bundles is a network, so that a best flow in whole numbers is a best plan (Ahuja, Magnanti, Orlin 1993,
chapter 9). A need sends what it wants; what it need not have goes to the sink by an arc of its own.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .grain import grain
from .plan import Prices
from .problem import Problem

Longs = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Network:
    """Arcs with limits and whole costs; the first of them are the candidates, in their order."""

    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    lower: Longs
    upper: Longs
    cost: Longs
    supply: Longs  # (nodes,)
    candidates: int
    scale: float  # costs are -score * scale, rounded

    @property
    def is_contradictory(self) -> bool:
        return bool((self.lower > self.upper).any())

    def shifted(self) -> tuple[Longs, Longs]:
        """Capacities and supplies of the same network without lower limits."""
        supply = self.supply.copy()
        np.subtract.at(supply, self.tail[self.lower > 0], self.lower[self.lower > 0])
        np.add.at(supply, self.head[self.lower > 0], self.lower[self.lower > 0])
        return self.upper - self.lower, supply


def network_of(problem: Problem, columns: NDArray[np.bool_] | None = None) -> Network:
    """Build the network, of the candidates marked in `columns` only if given."""
    chosen = slice(None) if columns is None else np.flatnonzero(columns)
    score, fixed = problem.score[chosen], problem.is_fixed[chosen]
    scale = scale_of(problem.score)
    needs, offers = problem.needs, problem.offers
    units, firms = len(problem.unit_capacity), len(problem.enterprise_capacity)
    first_unit, first_firm, sink = needs + offers, needs + offers + units, needs + offers + units + firms
    in_firm = problem.enterprise >= 0
    spend = np.minimum(_wanted(problem), problem.enterprise_capacity)
    supply = np.zeros(sink + 1, np.int64)
    supply[:needs] = np.where(in_firm, 0, problem.wants)
    supply[first_firm:sink] = spend
    supply[sink] = -supply.sum()

    every_need, every_offer = np.arange(needs), np.arange(offers)
    lone = every_need[~in_firm & (problem.wants > problem.owed)]
    unit_node = np.where(problem.unit >= 0, first_unit + problem.unit, sink)
    tail, head, lower, upper = zip(
        (problem.need[chosen], needs + problem.offer[chosen], fixed, np.ones(len(score))),
        (lone, np.full(len(lone), sink), np.zeros(len(lone)), (problem.wants - problem.owed)[lone]),
        (needs + every_offer, unit_node, problem.least, problem.capacity),
        (first_unit + np.arange(units), np.full(units, sink), problem.unit_least, problem.unit_capacity),
        (first_firm + problem.enterprise[in_firm], every_need[in_firm], problem.owed[in_firm], problem.wants[in_firm]),
        (first_firm + np.arange(firms), np.full(firms, sink), np.zeros(firms), spend - problem.enterprise_owed),
        strict=True,
    )  # fmt: skip
    cost = np.zeros(sum(map(len, tail)), np.int64)
    cost[: len(score)] = np.rint(-score * scale)
    return Network(
        np.concatenate(tail).astype(np.int32),
        np.concatenate(head).astype(np.int32),
        np.concatenate(lower).astype(np.int64),
        np.concatenate(upper).astype(np.int64),
        cost,
        supply,
        len(score),
        scale,
    )


def scale_of(score: NDArray[np.float64]) -> float:
    """What scores are multiplied with to become whole: exact where they have a grain.

    Else the largest becomes about 2^30, so that rounding moves no score by more than 1e-9 of the largest.
    """
    largest = float(np.abs(score).max(initial=0.0))
    return grain(score) or float(2.0 ** (30 - np.ceil(np.log2(largest))))


class NotBest(Exception):
    """The flow could be cheaper, so that no prices prove it."""


def prices_of(problem: Problem, network: Network, flow: Longs, near: Prices | None = None) -> Prices:
    """The dual prices of a best flow: shortest distances in its residual network (Bellman 1958, Ford 1956).

    Of many that are right, those closest below `near`. Raises NotBest.
    """
    forth, back = flow < network.upper, flow > network.lower
    tail = np.concatenate([network.tail[forth], network.head[back]])
    head = np.concatenate([network.head[forth], network.tail[back]])
    cost = np.concatenate([network.cost[forth], -network.cost[back]])
    needs, offers, units = problem.needs, problem.offers, len(problem.unit_capacity)
    # Beginning far from the sink finds low prices, which leave the needs most to gain.
    start = np.full(len(network.supply), np.abs(cost).max(initial=1))
    start[-1] = 0
    if near is not None:
        taken = near.offer + np.append(near.unit, 0.0)[problem.unit]
        start[needs : needs + offers] = np.rint(-taken * network.scale)
    distance = _distances(tail, head, cost, start)
    worth = (distance - distance[-1]) / network.scale  # of one more partner at each node
    unit = -worth[needs + offers : needs + offers + units]
    offer = -worth[needs : needs + offers] - np.append(unit, 0.0)[problem.unit]
    enterprise = worth[needs + offers + units : -1]
    # Where the needs together want no more than their enterprise may have, it is their wish that binds.
    free = _wanted(problem) <= problem.enterprise_capacity
    enterprise = np.where(free, np.minimum(enterprise, 0.0), enterprise)
    # Only a minimum has a price below zero.
    return Prices(
        np.where(problem.least > 0, offer, np.maximum(offer, 0.0)),
        np.where(problem.unit_least > 0, unit, np.maximum(unit, 0.0)),
        np.where(problem.enterprise_owed > 0, enterprise, np.maximum(enterprise, 0.0)),
        np.zeros(needs),
    )


def _wanted(problem: Problem) -> Longs:
    """(enterprises,) what the needs of each want together."""
    members = problem.enterprise >= 0
    wanted = np.bincount(
        problem.enterprise[members], problem.wants[members], len(problem.enterprise_capacity)
    )
    return wanted.astype(np.int64)


def _distances(tail: NDArray[np.int32], head: NDArray[np.int32], cost: Longs, distance: Longs) -> Longs:
    """Of all nodes, none above `distance`: no arc is longer than the difference of its ends. Raises NotBest.

    Only the arcs of nodes that have come nearer are looked at again.
    """
    nodes = len(distance)
    order = np.argsort(tail, kind="stable")
    head, cost = head[order], cost[order]
    first = np.searchsorted(tail[order], np.arange(nodes + 1))
    nearer = np.arange(nodes)
    for _ in range(nodes + 1):
        if not len(nearer):
            return distance
        many = first[nearer + 1] - first[nearer]
        arcs = np.repeat(first[nearer] - np.cumsum(many) + many, many) + np.arange(many.sum())
        reach = np.repeat(distance[nearer], many) + cost[arcs]
        ends = head[arcs]
        closer = reach < distance[ends]
        ends, reach = ends[closer], reach[closer]
        np.minimum.at(distance, ends, reach)
        nearer = _distinct(ends, nodes)
    raise NotBest


def _distinct(numbers: NDArray[np.int32], below: int) -> Longs:
    """Rising and each once; for many of them a table of marks is quicker than sorting."""
    if len(numbers) < below // 20:
        return np.unique(numbers).astype(np.int64)
    there = np.zeros(below, np.bool_)
    there[numbers] = True
    return np.flatnonzero(there)
