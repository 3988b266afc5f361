"""Who holds a seat at which offer, what seats cost, and how far that is from the best: the state of a plan kept current.

A seat has the price that its need bid. An offer that is full costs its cheapest seat, one with room in a full unit the
cheapest seat of the unit, any other nothing. These prices prove a bound (see bound.py): the plan falls short of it by
the losses of needs, what each could gain by other seats, and by what subsidies of floors pay beyond the floors.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from .book import Book, Numbers
from .bound import best_choices
from .plan import Plan, Prices
from .problem import Floats, Problem
from .refusal import BadProblem


@dataclass
class Need:
    wants: int
    enterprise: int = -1
    seats: dict[int, tuple[float, float]] = field(
        default_factory=dict
    )  # offer -> (score with subsidy, price)


@dataclass
class Offer:
    capacity: int
    unit: int
    seats: dict[int, float] = field(default_factory=dict)  # need -> price


Member = TypeVar("Member", Need, Offer)
Seat = tuple[int, int]  # need, offer


class Market:
    """Fixed pairs take no part: they lower what their needs want, and the room at their offers and units."""

    def __init__(self, problem: Problem, plan: Plan) -> None:
        prices = plan.prices or Prices.zero(problem)
        self.book = Book(problem)
        given = np.bincount(problem.fixed[:, 0], minlength=problem.needs)
        used = np.bincount(problem.fixed[:, 1], minlength=problem.offers)
        self.needs = {
            number: Need(int(wants), int(enterprise))
            for number, (wants, enterprise) in enumerate(
                zip(problem.wants - given, problem.enterprise, strict=True)
            )
        }
        self.offers = {
            number: Offer(int(capacity), int(unit))
            for number, (capacity, unit) in enumerate(zip(problem.capacity - used, problem.unit, strict=True))
        }
        in_unit = problem.unit[problem.fixed[:, 1]]
        self._room = problem.unit_capacity - np.bincount(
            in_unit[in_unit >= 0], minlength=len(problem.unit_capacity)
        )
        self.of_unit: list[list[int]] = [[] for _ in self._room]
        for number, offer in self.offers.items():
            if offer.unit >= 0:
                self.of_unit[offer.unit].append(number)
        self._load = np.zeros(len(self._room), np.int64)
        self._floor = problem.enterprise_owed.astype(np.int64)
        in_firm = problem.enterprise[problem.fixed[:, 0]]
        self._served = np.bincount(in_firm[in_firm >= 0], minlength=len(self._floor))
        self._paid = np.append(np.maximum(-prices.enterprise, 0.0), 0.0)
        self.subsidy = self._paid[problem.enterprise]  # (needs,) what a floor adds to each score
        self.entry = np.zeros(problem.offers)  # what a seat at each offer costs now
        self.margin = np.zeros(problem.needs)  # the profit of each need's least profitable seat
        self._loss = np.zeros(problem.needs)
        self._cheaper: set[int] = set()
        self._moved: set[int] = set()
        self.sum = float(problem.score[problem.is_fixed].sum())
        self._of_fixed: defaultdict[int, list[int]] = defaultdict(list)
        for need, offer in problem.fixed.tolist():
            self._of_fixed[need].append(offer)
        self._open(problem, plan, prices)

    def short_of_best(self) -> float:
        """By how much the sum can fall short of the best, proven by the prices."""
        self.settle_losses()
        beyond = float((self._paid[:-1] * (self._served - self._floor)).sum())
        return float(self._loss.sum()) + max(beyond, 0.0)

    @property
    def keeps_floors(self) -> bool:
        return bool((self._served >= self._floor).all())

    def fixed_among(self, need: int, offers: Numbers) -> NDArray[np.bool_]:
        """Which of the offers the need has for good."""
        if need not in self._of_fixed:
            return np.zeros(len(offers), np.bool_)
        return np.isin(offers, self._of_fixed[need])

    def candidates(self, need: int) -> tuple[Numbers, Floats]:
        """The offers of a need, and what each is worth to it."""
        offers, scores = self.book.of_need(need)
        return offers, scores + self.subsidy[need]

    def interested(self, offer: int) -> tuple[Numbers, Floats]:
        """The needs that could have an offer, and what it is worth to each."""
        needs, scores = self.book.of_offer(offer)
        return needs, scores + self.subsidy[needs]

    def put_need(self, number: int, need: Need) -> None:
        if number == len(self.margin):
            self.margin, self._loss = np.append(self.margin, 0.0), np.append(self._loss, 0.0)
            self.subsidy = np.append(self.subsidy, self._paid[need.enterprise])
        self.needs[number] = need
        self._moved.add(number)
        self._remargin(number)

    def drop_need(self, number: int) -> None:
        del self.needs[number]
        self.margin[number], self._loss[number] = np.inf, 0.0
        self._moved.discard(number)

    def put_offer(self, number: int, offer: Offer) -> None:
        self.entry = np.append(self.entry, 0.0)
        self.offers[number] = offer
        if offer.unit >= 0:
            self.of_unit[offer.unit].append(number)
        self.reprice(number)
        self._cheaper.add(number)

    def drop_offer(self, number: int) -> None:
        unit = self.offers.pop(number).unit
        if unit >= 0:
            self.of_unit[unit].remove(number)

    def has_room(self, number: int) -> bool:
        offer = self.offers[number]
        return len(offer.seats) < offer.capacity

    def is_full(self, unit: int) -> bool:
        return unit >= 0 and bool(self._load[unit] >= self._room[unit])

    def in_the_way(self, number: int) -> tuple[bool, Seat | None]:
        """Whether a seat must be left for another at this offer, and which is the cheapest that may be."""
        offer = self.offers[number]
        if self.has_room(number) and not self.is_full(offer.unit):
            return False, None
        one = [number] if not self.has_room(number) else self.of_unit[offer.unit]
        held = ((price, need, at) for at in one for need, price in self.offers[at].seats.items())
        cheapest = min((seat for seat in held if not self._is_protected(seat[1])), default=None)
        return True, cheapest and cheapest[1:]

    def take(self, need: int, offer: int, score: float, price: float) -> None:
        self.needs[need].seats[offer] = score, price
        self.offers[offer].seats[need] = price
        self._count(need, offer, score, 1)

    def leave(self, need: int, offer: int) -> None:
        score, _ = self.needs[need].seats.pop(offer)
        del self.offers[offer].seats[need]
        self._count(need, offer, score, -1)

    def reprice(self, number: int) -> None:
        """What a seat costs at this offer, and at the others of its unit, after a change."""
        unit = self.offers[number].unit
        if unit < 0:
            self._put_price(number, 0.0)
            return
        seats = (price for one in self.of_unit[unit] for price in self.offers[one].seats.values())
        least = min(seats, default=np.inf) if self.is_full(unit) else 0.0
        for one in self.of_unit[unit]:
            self._put_price(one, least)

    def settle_losses(self) -> list[int]:
        """The needs whose losses may have changed since the last time, looked at anew."""
        touched = set(self._moved)
        for offer in self._cheaper:
            if offer in self.offers:
                needs, worth = self.interested(offer)
                # Who holds better seats loses nothing.
                touched.update(needs[worth - self.entry[offer] > self.margin[needs]].tolist())
        self._cheaper.clear()
        self._moved.clear()
        there = [need for need in touched if need in self.needs]
        for need in there:
            self._loss[need] = self._loss_of(need)
        return there

    def loss(self, need: int) -> float:
        return float(self._loss[need])

    def _loss_of(self, number: int) -> float:
        need = self.needs[number]
        if not need.wants:
            return 0.0
        offers, worth = self.candidates(number)
        profit = worth - self.entry[offers]
        profit[self.fixed_among(number, offers)] = 0.0
        if len(profit) > need.wants:
            profit = np.partition(profit, len(profit) - need.wants)[len(profit) - need.wants :]
        held = sum(score - float(self.entry[offer]) for offer, (score, _) in need.seats.items())
        return max(float(np.maximum(profit, 0.0).sum()) - held, 0.0)

    def _is_protected(self, need: int) -> bool:
        enterprise = self.needs[need].enterprise
        return enterprise >= 0 and bool(self._served[enterprise] <= self._floor[enterprise])

    def _count(self, need: int, offer: int, score: float, by: int) -> None:
        unit, enterprise = self.offers[offer].unit, self.needs[need].enterprise
        if unit >= 0:
            self._load[unit] += by
        if enterprise >= 0:
            self._served[enterprise] += by
        self.sum += by * (score - float(self.subsidy[need]))
        self.reprice(offer)
        self._remargin(need)
        self._moved.add(need)

    def _put_price(self, number: int, of_unit: float) -> None:
        offer = self.offers[number]
        full = not self.has_room(number)
        price = min(offer.seats.values(), default=np.inf) if full else of_unit
        if price != self.entry[number]:
            # When a seat gets dearer, the losses of those who do not hold one only fall.
            if price < self.entry[number]:
                self._cheaper.add(number)
            self._moved.update(offer.seats)
            self.entry[number] = price

    def _remargin(self, number: int) -> None:
        need = self.needs[number]
        profits = (score - price for score, price in need.seats.values())
        self.margin[number] = 0.0 if len(need.seats) < need.wants else min(profits, default=np.inf)

    def _open(self, problem: Problem, plan: Plan, prices: Prices) -> None:
        edges = problem.at(plan.pairs)
        edges = edges[~problem.is_fixed[edges]]
        taken = prices.offer + np.append(prices.unit, 0.0)[problem.unit]
        for edge in edges.tolist():
            need, offer = int(problem.need[edge]), int(problem.offer[edge])
            price = max(float(taken[offer]), 0.0)
            self.needs[need].seats[offer] = float(problem.score[edge] + self.subsidy[need]), price
            self.offers[offer].seats[need] = price
            self.sum += float(problem.score[edge])
        units, firms = problem.unit[problem.offer[edges]], problem.enterprise[problem.need[edges]]
        self._load += np.bincount(units[units >= 0], minlength=len(self._load))
        self._served += np.bincount(firms[firms >= 0], minlength=len(self._served))
        seen: set[int] = set()
        for number, there in self.offers.items():
            if there.unit < 0 or there.unit not in seen:
                seen.add(there.unit)
                self.reprice(number)
        for number in self.needs:
            self._remargin(number)
        self._cheaper.clear()
        self._moved.clear()
        value = problem.score + self.subsidy[problem.need] - self.entry[problem.offer]
        value[problem.is_fixed] = 0.0
        held = np.bincount(problem.need[edges], value[edges], problem.needs)
        self._loss = np.maximum(best_choices(problem, value)[0] - held, 0.0)


def known(there: dict[int, Member], side: str, number: int) -> Member:
    if number not in there:
        raise BadProblem("unknown", side, number)
    return there[number]
