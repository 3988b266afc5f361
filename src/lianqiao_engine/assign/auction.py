"""Bids and prices: a plan near the best with NumPy alone, where neither minima of offers nor groups bind.

All needs that lack partners bid at once for their most profitable offers, each a step above what makes the next best
as good; an offer keeps its highest bids and costs its lowest one when it is full (Bertsekas 1988, in Jacobi fashion).
The sum ends within one step for each seat of the best, and the prices prove what it is within.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .clock import Clock
from .problem import NONE, Floats, Problem

Numbers = NDArray[np.int64]
# Rounds after which needs are taken to compete for what is not there.
ROUNDS = 3_000


@dataclass(frozen=True, eq=False)
class Sold:
    edges: Numbers
    price: Floats  # (offers,)


def suits(problem: Problem) -> bool:
    """Whether only needs and offers have limits, and offers no minimum."""
    return not (
        problem.bundles
        or problem.least.any()
        or problem.enterprise_owed.any()
        or problem.unit_least.any()
        or (problem.unit_capacity < NONE).any()
        or (problem.enterprise_capacity < NONE).any()
    )


def sell(problem: Problem, step: float, clock: Clock) -> Sold | None:
    """None when it finds no end: what is owed may be more than there is. Raises OutOfTime."""
    seats = _Seats(problem)
    if not seats.are_possible:
        return None
    for _ in range(ROUNDS):
        clock.check()
        bidders = seats.bidders()
        if not len(bidders):
            return Sold(seats.edges(), seats.prices())
        if not seats.bid(bidders, step):
            return None
    return None


class _Seats:
    """Who holds a seat at which offer, for which bid. Fixed pairs sit outside of the auction."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._room = problem.capacity - np.bincount(problem.fixed[:, 1], minlength=problem.offers)
        given = np.bincount(problem.fixed[:, 0], minlength=problem.needs)
        self._wants, self._owed = problem.wants - given, np.maximum(problem.owed - given, 0)
        # One row for each need, filled up with an offer that nobody can profit from.
        place = np.arange(len(problem.score)) - problem.starts[problem.need]
        shape = problem.needs, int(np.diff(problem.starts).max(initial=0)) + 1
        self._score, self._offer = np.full(shape, -np.inf), np.zeros(shape, np.int64)
        free = ~problem.is_fixed & (self._room[problem.offer] > 0)
        self._score[problem.need[free], place[free]] = problem.score[free]
        self._offer[problem.need, place] = problem.offer
        # What a need bids that has no other choice.
        self._most = 4 * float(np.abs(problem.score).max(initial=0.0))
        # Where there is no room from the start, nobody can pay enough.
        self._price = np.where(self._room > 0, 0.0, self._most)
        self._need, self._place, self._bid = np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0)
        self._have = np.zeros(problem.needs, np.int64)
        self._is_idle = np.zeros(problem.needs, np.bool_)

    @property
    def are_possible(self) -> bool:
        return bool((self._room >= 0).all() and (self._wants >= 0).all())

    def bidders(self) -> Numbers:
        return np.flatnonzero((self._have < self._wants) & ~self._is_idle)

    def bid(self, bidders: Numbers, step: float) -> bool:
        """One bid for each partner that they lack; False when one that is owed has nothing left to bid for."""
        profit = self._score[bidders] - self._price[self._offer[bidders]]
        row = np.full(len(self._have), -1)
        row[bidders] = np.arange(len(bidders))
        mine = row[self._need] >= 0
        profit[row[self._need[mine]], self._place[mine]] = -np.inf
        lacks = (self._wants - self._have)[bidders]
        owed = (self._owed - self._have)[bidders]
        many = min(int(lacks.max()), profit.shape[1] - 1)
        top = np.argpartition(-profit, many, axis=1)[:, : many + 1]
        top = np.take_along_axis(
            top, np.argsort(-np.take_along_axis(profit, top, 1), axis=1, kind="stable"), 1
        )
        gain = np.take_along_axis(profit, top, 1)
        pick = np.arange(many)
        must = pick < owed[:, None]
        wanted = (pick < lacks[:, None]) & np.isfinite(gain[:, :-1]) & (must | (gain[:, :-1] > 0))
        if (wanted.sum(axis=1) < owed).any():
            return False
        self._is_idle[bidders[~wanted.any(axis=1)]] = True
        next_best = gain[np.arange(len(bidders)), np.minimum(lacks, many)][:, None]
        other = np.where(must, np.maximum(next_best, gain[:, :-1] - self._most), np.maximum(next_best, 0.0))
        who, which = np.nonzero(wanted)
        need, place = bidders[who], top[who, which]
        bid = self._price[self._offer[need, place]] + gain[who, which] - other[who, which] + step
        self._seat(need, place, bid)
        return True

    def edges(self) -> Numbers:
        """The candidates that are chosen."""
        held = self._problem.starts[self._need] + self._place
        return np.sort(np.concatenate([np.flatnonzero(self._problem.is_fixed), held]))

    def prices(self) -> Floats:
        """(offers,) what a seat costs: nothing while there is room."""
        load = np.bincount(self._offer[self._need, self._place], minlength=len(self._room))
        return np.where(load >= self._room, self._price, 0.0)

    def _seat(self, need: Numbers, place: Numbers, bid: Floats) -> None:
        """The highest bids get the seats of each offer."""
        touched = np.zeros(len(self._room), np.bool_)
        touched[self._offer[need, place]] = True
        again = touched[self._offer[self._need, self._place]]
        need = np.concatenate([self._need[again], need])
        place = np.concatenate([self._place[again], place])
        bid = np.concatenate([self._bid[again], bid])
        offer = self._offer[need, place]
        order = np.lexsort((-bid, offer))
        need, place, bid, offer = need[order], place[order], bid[order], offer[order]
        rank = np.arange(len(offer)) - np.searchsorted(offer, offer)
        last = rank == self._room[offer] - 1
        self._price[offer[last]] = bid[last]
        lost = need[rank >= self._room[offer]]
        self._is_idle[lost] = False
        kept = rank < self._room[offer]
        self._need = np.concatenate([self._need[~again], need[kept]])
        self._place = np.concatenate([self._place[~again], place[kept]])
        self._bid = np.concatenate([self._bid[~again], bid[kept]])
        self._have = np.bincount(self._need, minlength=len(self._have))
