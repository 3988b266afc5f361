"""Raise the worst-off need of a plan by exchanging partners, without touching any count.

Either two needs exchange a partner each, or one takes an offer with room to spare of the same unit: the numbers of
partners, the loads of units and all limits stay met. Each step raises the worst-off and puts nobody as low (2-exchange
local search).
"""

import numpy as np
from numpy.typing import NDArray

from .plan import worst_of
from .problem import Problem

Edges = NDArray[np.int64]
STEPS = 2_000
ROUNDING = 1e-9  # of the largest score


def levelled(problem: Problem, edges: Edges, ceiling: float, *, at_most: float = np.inf) -> Edges:
    """Edges of a plan whose worst-off is no worse; `ceiling` is high enough, and the sum falls by `at_most` in all."""
    exchange = _Exchange(problem, edges, at_most)
    for _ in range(STEPS):
        sums = np.where(exchange.movable, exchange.sums, np.inf)
        worst = int(sums.argmin())
        if sums[worst] >= ceiling or not exchange.raise_sum_of(worst):
            break
    found = np.flatnonzero(exchange.chosen)
    return found if worst_of(problem, found) > worst_of(problem, edges) else edges


class _Exchange:
    def __init__(self, problem: Problem, edges: Edges, at_most: float) -> None:
        self.problem, self.left = problem, at_most
        # Sums are added in changing order: needs that are equal would exchange their rounding errors for ever.
        self.nothing = ROUNDING * float(np.abs(problem.score).max(initial=0.0))
        self.chosen = np.zeros(len(problem.score), np.bool_)
        self.chosen[edges] = True
        self.sums = problem.sums(edges)
        self.load = np.bincount(problem.offer[edges], minlength=problem.offers)
        self.movable = problem.served.copy()
        for bundle in problem.bundles:
            self.movable[list(bundle)] = False

    def raise_sum_of(self, need: int) -> bool:
        """Make the exchange that leaves the lower of its two needs highest; False when there is none."""
        problem, score = self.problem, self.problem.score
        mine = np.arange(problem.starts[need], problem.starts[need + 1])
        given = mine[self.chosen[mine] & ~problem.is_fixed[mine]]
        wanted = mine[~self.chosen[mine]]
        options = [self._room(given, wanted), self._swaps(given, wanted)]
        give, take, other, back = (np.concatenate(parts) for parts in zip(*options, strict=True))
        if not len(give):
            return False
        change = score[take] - score[give]
        swap = other >= 0
        other_change = np.where(swap, score[back] - score[other], 0.0)
        theirs = np.where(swap, self.sums[problem.need[other]] + other_change, np.inf)
        lower = np.minimum(self.sums[need] + change, theirs)
        total = change + other_change
        useful = (lower > self.sums[need] + self.nothing) & (total >= -self.left)
        if not useful.any():
            return False
        at = np.lexsort((-total, -np.where(useful, lower, -np.inf)))[0]
        self._apply(int(give[at]), int(take[at]), int(other[at]), int(back[at]), float(total[at]))
        return True

    def _room(self, given: Edges, wanted: Edges) -> tuple[Edges, Edges, Edges, Edges]:
        problem = self.problem
        free = wanted[self.load[problem.offer[wanted]] < problem.capacity[problem.offer[wanted]]]
        loose = given[self.load[problem.offer[given]] > problem.least[problem.offer[given]]]
        give, take = np.repeat(loose, len(free)), np.tile(free, len(loose))
        same = problem.unit[problem.offer[give]] == problem.unit[problem.offer[take]]
        none = np.full(int(same.sum()), -1)
        return give[same], take[same], none, none

    def _swaps(self, given: Edges, wanted: Edges) -> tuple[Edges, Edges, Edges, Edges]:
        """I give (need, j) for (need, k), another gives (other, k) for (other, j)."""
        problem = self.problem
        held = np.flatnonzero(self.chosen & ~problem.is_fixed)
        held = held[self.movable[problem.need[held]]]
        by_offer = held[np.argsort(problem.offer[held], kind="stable")]
        first = np.searchsorted(problem.offer[by_offer], problem.offer[wanted])
        many = np.searchsorted(problem.offer[by_offer], problem.offer[wanted], side="right") - first
        take = np.repeat(wanted, many)
        other = by_offer[np.repeat(first - np.cumsum(many) + many, many) + np.arange(len(take))]
        give, take, other = np.repeat(given, len(take)), np.tile(take, len(given)), np.tile(other, len(given))
        raises = problem.score[take] > problem.score[give]
        give, take, other = give[raises], take[raises], other[raises]
        back, exists = problem.lookup(problem.need[other], problem.offer[give])
        exists &= ~self.chosen[back]
        return give[exists], take[exists], other[exists], back[exists]

    def _apply(self, give: int, take: int, other: int, back: int, total: float) -> None:
        problem = self.problem
        leave, enter = ([give], [take]) if other < 0 else ([give, other], [take, back])
        self.chosen[leave], self.chosen[enter] = False, True
        np.subtract.at(self.load, problem.offer[leave], 1)
        np.add.at(self.load, problem.offer[enter], 1)
        np.subtract.at(self.sums, problem.need[leave], problem.score[leave])
        np.add.at(self.sums, problem.need[enter], problem.score[enter])
        self.left += min(total, 0.0)
