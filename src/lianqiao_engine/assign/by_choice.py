"""The best sum at a level where rows of levels say too little: whole choices of each need instead of single pairs.

The linear program over choices (Dantzig and Wolfe 1960) bounds much closer than the one over pairs, for it knows which
sets of partners reach the level. Its prices are kept within a box that moves (Marsten, Hogan, Blankenship 1975). All
choices near enough to the bound are then given to one integer program (Baldacci, Christofides, Mingozzi 2008).
"""

import numpy as np
from numpy.typing import NDArray

from .alike import Alike
from .choices import TooMany, menus_of
from .clock import Clock
from .limits import Limits
from .listed import Listed, Table
from .plan import Prices
from .problem import Floats, Problem
from .program import Rows, maximise_whole, sparse

Numbers = NDArray[np.int64]
# Needs with more partners than this have too many choices to list.
MOST_PICKS = 4
# A table of all needs and offers is kept.
LARGEST = 4_000_000
# Choices of each need that are listed first, and in each later round; how many rounds there may be.
FIRST, MORE, ROUNDS = 10, 8, 100
# Half the width of the box, in shares of the largest score; how near to the best prices is near enough, in shares of
# the bound; and from which share on this way is worth going.
BOX, NEAR, WORTH = 0.1, 1e-5, 1e-4
# How far below the bound choices are listed, in shares of it, and how many an integer program may have.
REACH, WIDEST = (2e-4, 8e-4, 3e-3, 1.2e-2), 30_000


class ByChoice:
    """The choices of a problem's needs that reach a level, listed only as they are wanted.

    `bound` is the least upper limit of the sum that was found, `prices` (rows of limits) prove it.
    """

    def __init__(self, problem: Problem, level: float, prices: Prices, clock: Clock) -> None:
        """Raises TooMany, OutOfTime."""
        self.problem, self.alike, self.clock = problem, Alike.of_problem(problem), clock
        self.unit = float(np.abs(problem.score).max(initial=0.0)) or 1.0
        self.menus = list(menus_of(problem, self.alike, level - 1e-9 * self.unit))
        self.limits = Limits.of(problem, self.alike, prices)
        self._need = np.array([menu.need for menu in self.menus], np.int64)
        self._table = Table.of(problem, self.alike, self.limits, self._need)
        # At a level that every need reaches no plan is worth less.
        self._least = level * len(self.menus) - 1e-6 * self.unit
        self.bound, self.prices = np.inf, self.limits.start
        self.first = self._look(self.prices, FIRST)

    @classmethod
    def suits(cls, problem: Problem) -> bool:
        return int(problem.wants.max(initial=0)) <= MOST_PICKS and problem.needs * problem.offers <= LARGEST

    @property
    def is_reachable(self) -> bool:
        """False once the bound proves that no plan is at the level."""
        return self.bound >= self._least

    def tighten(self) -> None:
        """Find the prices with the least bound. Raises TooMany, OutOfTime."""
        listed, found = Listed(self._table, self.clock), self.first
        box, width = self.prices, BOX * self.unit
        for _ in range(ROUNDS):
            new = listed.add(found)
            solved = listed.solve(box - width, box + width)
            if solved is None:
                return
            value, prices, floors, is_at_edge = solved
            if not self.is_reachable or self.bound - value <= NEAR * max(abs(value), self.unit):
                return
            found = self._look(prices, MORE, floors)
            if is_at_edge and new <= len(self.menus):
                box = self.prices

    def best(self) -> Numbers | None:
        """The pairs of the best plan near the bound, as candidates, and lower the bound to what is proven then.

        None when there is none so near. Raises OutOfTime.
        """
        by_prices, known, value = self.bound, None, -np.inf
        for share in REACH:
            # What is not listed is in no plan that is less than `reach` below the bound of the prices.
            reach = min(share * max(abs(by_prices), self.unit), by_prices - value)
            try:
                menu, choices = self._near(reach)
            except TooMany:
                break
            answer = self._whole(menu, choices, value)
            if answer is not None:
                chosen, found, is_proven = answer
                if found > value:
                    known, value = self._edges(menu[chosen], choices[chosen]), found
                if not is_proven:
                    break
            self.bound = min(self.bound, max(value, by_prices - reach))
            if value >= self.bound - 1e-9 * self.unit:
                break
        return known

    def _look(self, prices: Floats, many: int, floors: Floats | None = None) -> list[Numbers]:
        """Each menu's best choices at these prices that are worth more than its floor."""
        by_class, own = self._of_menus(prices)
        found, total = [], self.limits.worth(prices)
        for number, menu in enumerate(self.menus):
            self.clock.check()
            choices, worth = menu.best(by_class, float(own[number]), many)
            total += float(worth[0]) if len(worth) else -np.inf
            found.append(choices if floors is None else choices[worth > floors[number] + 1e-7 * self.unit])
        if total < self.bound:
            self.bound, self.prices = total, prices
        return found

    def _of_menus(self, prices: Floats) -> tuple[Floats, Floats]:
        """(classes + 1,) what a partner of each class costs, and (menus,) what any partner costs besides."""
        return self.limits.of_class.T @ prices, (self.limits.of_need.T @ prices)[self._need]

    def _near(self, reach: float) -> tuple[Numbers, Numbers]:
        """(choices,) the number of its menu, and (choices, wants) its classes: all that are worth enough."""
        by_class, own = self._of_menus(self.prices)
        found, many = [], 0
        for menu, extra in zip(self.menus, own.tolist(), strict=True):
            _, worth = menu.best(by_class, extra, 1)
            found.append(menu.down_to(float(worth[0]) - reach, by_class, extra))
            many += len(found[-1])
            if many > WIDEST:
                raise TooMany
        return np.repeat(np.arange(len(found)), list(map(len, found))), np.concatenate(found)

    def _whole(self, menu: Numbers, choices: Numbers, least: float) -> tuple[Numbers, float, bool] | None:
        """The best of these that is worth at least `least`: which, its value, and whether it is proven."""
        value = self._table.values(menu, choices) / self.unit
        loads, one = self._table.loads(menu, choices)
        size = np.ones(len(self.menus))
        rows = Rows(
            sparse().vstack([loads, one, value[None]], format="csr"),
            np.concatenate([self.limits.lower, size, [least / self.unit - 1e-9]]),
            np.concatenate([self.limits.upper, size, [np.inf]]),
            (),
        )
        ones = np.ones(len(value))
        answer = maximise_whole(rows, value, np.zeros(len(value)), ones, ones > 0, self.clock)
        if answer is None or answer.x is None:
            return None
        chosen = np.flatnonzero(answer.x > 0.5)
        return chosen, float(value[chosen].sum()) * self.unit, answer.proven

    def _edges(self, menu: Numbers, choices: Numbers) -> Numbers:
        need = np.repeat(self._need[menu], choices.shape[1])
        there = choices.ravel() < len(self.alike.members)
        return np.sort(self.problem.at(self.alike.dealt(need[there], choices.ravel()[there])))
