"""Keep a plan right while needs and offers come, change and leave, in milliseconds.

An auction whose prices outlive the solve; see bidding.py for the bids and market.py for what the prices prove.
"""

import numpy as np
from numpy.typing import NDArray

from .bidding import Bidding
from .book import Numbers
from .market import Market, Need, Offer, known
from .plan import Plan
from .problem import NONE, Floats, Problem
from .refusal import BadProblem

# Of the mean score: the least profit that a step must bring; and the share of the sum from which a full solve is due.
EPS, TOO_FAR = 0.0014, 0.002


class Keeper:
    """A plan that is kept current. Needs and offers keep their numbers; new ones get the next.

    Kept are capacities of offers and units, what needs want, fixed pairs and floors of enterprises. Raises BadProblem
    for problems with minima of needs, offers or units, capacities of enterprises or bundles. No event breaks a capacity
    or a fixed pair: one that would raises BadProblem (`what`: fixed). Where a floor is not met any more,
    or a chain of bids was too long, `needs_full_solve` says so.
    """

    def __init__(self, problem: Problem, plan: Plan) -> None:
        _refuse(problem)
        self._market = Market(problem, plan)
        self._problem = problem
        eps = EPS * abs(plan.sum) / max(len(plan.pairs), 1)
        self._bidding = Bidding(problem, self._market, eps)

    @property
    def sum(self) -> float:
        return self._market.sum

    @property
    def gap(self) -> float:
        """How far the sum can be from the best, as a share of it; proven. Infinite where a floor is not met."""
        if not self._market.keeps_floors:
            return float("inf")
        return self._market.short_of_best() / max(abs(self.sum), 1e-12)

    @property
    def needs_full_solve(self) -> bool:
        return self.gap > TOO_FAR

    def pairs(self) -> NDArray[np.int32]:
        """(P, 2) need, offer; sorted."""
        found = [(number, offer) for number, need in self._market.needs.items() for offer in need.seats]
        found += [(int(need), int(offer)) for need, offer in self._problem.fixed]
        return np.array(sorted(found), np.int32).reshape(-1, 2)

    # What happens.

    def add_need(self, offers: Numbers, scores: Floats, wants: int = 1, enterprise: int = -1) -> int:
        """A need arrives with its candidates; returns its number."""
        if not -1 <= enterprise < len(self._problem.enterprise_owed):
            raise BadProblem("unknown", "enterprise", enterprise)
        number = len(self._market.margin)
        self._enter(number, offers, scores, Need(wants, enterprise))
        self._bidding.settle()
        return number

    def change_need(self, number: int, offers: Numbers, scores: Floats, wants: int = 1) -> None:
        """A need has other candidates, other scores, or wants another number of partners."""
        enterprise = self._unfixed_need(number).enterprise
        self._remove_need(number)
        self._enter(number, offers, scores, Need(wants, enterprise))
        self._bidding.settle()

    def remove_need(self, number: int) -> None:
        self._unfixed_need(number)
        self._remove_need(number)
        self._bidding.settle()

    def add_offer(self, needs: Numbers, scores: Floats, capacity: int = 1, unit: int = -1) -> int:
        """An offer arrives with the needs it could serve; returns its number."""
        market = self._market
        if not -1 <= unit < len(market.of_unit):
            raise BadProblem("unknown", "unit", unit)
        number = len(market.entry)
        market.book.write_offer(number, np.asarray(needs, np.int64), np.asarray(scores, float))
        market.put_offer(number, Offer(capacity, unit))
        self._bidding.fill([number])
        self._bidding.settle()
        return number

    def remove_offer(self, number: int) -> None:
        known(self._market.offers, "offer", number)
        if (self._problem.fixed[:, 1] == number).any():
            raise BadProblem("fixed", "offer", number)
        self.change_capacity(number, 0)
        self._market.book.strike_offer(number)
        self._market.drop_offer(number)

    def change_capacity(self, number: int, capacity: int) -> None:
        market, offer = self._market, known(self._market.offers, "offer", number)
        used = int((self._problem.fixed[:, 1] == number).sum())
        if capacity < used:
            raise BadProblem("fixed", "capacity", capacity)
        offer.capacity = capacity - used
        too_many = max(len(offer.seats) - offer.capacity, 0)
        displaced = sorted(offer.seats, key=offer.seats.__getitem__)[:too_many]
        for need in displaced:
            market.leave(need, number)
        market.reprice(number)
        self._bidding.fill([number], displaced)
        self._bidding.settle()

    # How it is made right again.

    def _unfixed_need(self, number: int) -> Need:
        if (self._problem.fixed[:, 0] == number).any():
            raise BadProblem("fixed", "need", number)
        return known(self._market.needs, "need", number)

    def _remove_need(self, number: int) -> None:
        market = self._market
        freed = list(market.needs[number].seats)
        for offer in freed:
            market.leave(number, offer)
        market.drop_need(number)
        market.book.write_need(number, np.empty(0, np.int64), np.empty(0))
        self._bidding.fill(freed)

    def _enter(self, number: int, offers: Numbers, scores: Floats, need: Need) -> None:
        self._market.book.write_need(number, np.asarray(offers, np.int64), np.asarray(scores, float))
        self._market.put_need(number, need)
        self._bidding.bid([number])


def _refuse(problem: Problem) -> None:
    kept = {
        "owed": problem.owed.any(),
        "least": problem.least.any(),
        "unit_least": problem.unit_least.any(),
        "enterprise_capacity": (problem.enterprise_capacity < NONE).any(),
        "bundles": len(problem.bundles) > 0,
    }
    for name, there in kept.items():
        if there:
            raise BadProblem("not kept current", name)
