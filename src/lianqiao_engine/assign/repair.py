"""Keep a plan right while needs and offers come, change and leave, in milliseconds.

An auction with prices that outlives the solve (Bertsekas 1988; forward and reverse: Bertsekas, Castanon, Tsaknakis
1993). Each seat at an offer has the price that its need bid. Whoever lacks a partner bids for the seat with the most
profit, one eps above what makes the next best as good; whoever is outbid bids again. A seat that falls free is offered
to whom it profits most. At the end no need could gain more than eps by any other seat, so the sum is within
eps x seats of the best (eps-complementary slackness); a chain that profits less than eps stops, or it would cycle.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from .book import Book, Numbers
from .plan import Plan
from .problem import NONE, Floats, Problem
from .refusal import BadProblem

# Of the mean score: the share of the sum that repairs may cost, and the share from which a full solve is asked for.
EPS, TOO_FAR = 0.0014, 0.002
# Chains of bids that are longer wait for the full solve.
LONGEST, ROUNDS = 500, 20


@dataclass
class _Need:
    wants: int
    seats: dict[int, tuple[float, float]] = field(default_factory=dict)  # offer -> (score, price)


@dataclass
class _Offer:
    capacity: int
    unit: int
    seats: dict[int, float] = field(default_factory=dict)  # need -> price


Member = TypeVar("Member", _Need, _Offer)


class Keeper:
    """A plan that is kept current. Needs and offers keep their numbers; new ones get the next.

    Kept are capacities of offers and units, and what needs want. Raises BadProblem for problems with minima, floors,
    fixed pairs, capacities of enterprises or bundles: after an event those ask for a full solve.
    """

    def __init__(self, problem: Problem, plan: Plan) -> None:
        _refuse(problem)
        self._book, self._problem = Book(problem), problem
        self._needs = {number: _Need(int(wants)) for number, wants in enumerate(problem.wants)}
        self._offers = {
            number: _Offer(int(capacity), int(unit))
            for number, (capacity, unit) in enumerate(zip(problem.capacity, problem.unit, strict=True))
        }
        self._room = problem.unit_capacity.astype(np.int64)
        self._of_unit: list[list[int]] = [[] for _ in self._room]
        for number, offer in self._offers.items():
            if offer.unit >= 0:
                self._of_unit[offer.unit].append(number)
        self._entry = np.zeros(problem.offers)  # what a seat at each offer costs now
        self._margin = np.zeros(problem.needs)  # the profit of each need's least profitable seat
        self._wanted, self._short, self.sum = int(problem.wants.sum()), False, 0.0
        self.eps = EPS * abs(plan.sum) / max(len(plan.pairs), 1)
        self._lost = max(plan.bound - plan.sum, 0.0)
        self._seat(problem, plan)

    @property
    def gap(self) -> float:
        """How far the sum can be from the best, as a share of it; proven."""
        lost = self._lost + self._wanted * self.eps
        return float("inf") if self._short else lost / max(abs(self.sum), 1e-12)

    @property
    def needs_full_solve(self) -> bool:
        return self.gap > TOO_FAR

    def pairs(self) -> NDArray[np.int32]:
        """(P, 2) need, offer; sorted."""
        found = [(number, offer) for number, need in self._needs.items() for offer in need.seats]
        return np.array(sorted(found), np.int32).reshape(-1, 2)

    # What happens.

    def add_need(self, offers: Numbers, scores: Floats, wants: int = 1) -> int:
        """A need arrives with its candidates; returns its number."""
        number = len(self._margin)
        self._margin = np.append(self._margin, 0.0)
        self._enter(number, offers, scores, wants)
        return number

    def change_need(self, number: int, offers: Numbers, scores: Floats, wants: int = 1) -> None:
        """A need has other candidates, other scores, or wants another number of partners."""
        self.remove_need(number)
        self._enter(number, offers, scores, wants)

    def remove_need(self, number: int) -> None:
        need = _known(self._needs, "need", number)
        self._wanted -= need.wants
        freed = list(need.seats)
        for offer in freed:
            self._leave(number, offer)
        del self._needs[number]
        self._margin[number] = np.inf
        self._book.write_need(number, np.empty(0, np.int64), np.empty(0))
        self._fill(freed)

    def add_offer(self, needs: Numbers, scores: Floats, capacity: int = 1, unit: int = -1) -> int:
        """An offer arrives with the needs it could serve; returns its number."""
        if not -1 <= unit < len(self._room):
            raise BadProblem("unknown", "unit", unit)
        number = len(self._entry)
        self._entry = np.append(self._entry, 0.0)
        self._offers[number] = _Offer(capacity, unit)
        if unit >= 0:
            self._of_unit[unit].append(number)
        self._book.write_offer(number, np.asarray(needs, np.int64), np.asarray(scores, float))
        self._reprice(number)
        self._fill([number])
        return number

    def remove_offer(self, number: int) -> None:
        offer = _known(self._offers, "offer", number)
        self.change_capacity(number, 0)
        self._book.strike_offer(number)
        del self._offers[number]
        if offer.unit >= 0:
            self._of_unit[offer.unit].remove(number)

    def change_capacity(self, number: int, capacity: int) -> None:
        offer = _known(self._offers, "offer", number)
        offer.capacity = capacity
        displaced = sorted(offer.seats, key=offer.seats.__getitem__)[: max(len(offer.seats) - capacity, 0)]
        for need in displaced:
            self._leave(need, number)
        self._reprice(number)
        self._fill([number], displaced)

    # How it is made right again.

    def _enter(self, number: int, offers: Numbers, scores: Floats, wants: int) -> None:
        self._book.write_need(number, np.asarray(offers, np.int64), np.asarray(scores, float))
        self._needs[number] = _Need(wants)
        self._wanted += wants
        self._remargin(number)
        self._bid([number])

    def _bid(self, numbers: list[int]) -> None:
        """Forward: needs with room bid for seats; who is outbid bids again."""
        waiting, steps = deque(numbers), 0
        while waiting:
            number = waiting.popleft()
            need = self._needs[number]
            if len(need.seats) >= need.wants:
                continue
            offers, scores = self._book.of_need(number)
            profit = scores - self._entry[offers]
            profit[np.isin(offers, list(need.seats))] = -np.inf
            at = int(profit.argmax()) if len(profit) else -1
            if at < 0 or profit[at] <= self.eps:
                continue
            steps += 1
            if steps > LONGEST:
                self._short = True
                return
            best, profit[at] = float(profit[at]), -np.inf
            second = max(float(profit.max()), 0.0)
            offer, price = int(offers[at]), float(self._entry[offers[at]]) + best - second + self.eps
            outbid = self._cheapest(offer)
            if outbid:
                self._leave(*outbid)
                waiting.append(outbid[0])
            self._take(number, offer, float(scores[at]), price)
            waiting.append(number)

    def _fill(self, numbers: list[int], displaced: Sequence[int] = ()) -> None:
        """Reverse and forward in turn, until a free seat profits nobody and nobody bids.

        Who was displaced waits for its turn to bid: only then does it choose among all its offers.
        """
        freed, bidders = dict.fromkeys(numbers), list(displaced)
        for _ in range(ROUNDS):
            if not self._give_away(freed, bidders):
                return
            self._bid(bidders)
            # One who bid for a lost seat may rather have a free one instead of another that it still holds.
            bidders = []
        self._short = True

    def _give_away(self, freed: dict[int, None], bidders: list[int]) -> bool:
        """Reverse: free seats go to whom they profit most, who may leave another seat for it; whether any bidders are."""
        free, steps = deque(freed), 0
        while free:
            found = self._most_gain(self._near(free[0]), bidders)
            if found is None:
                free.popleft()
                continue
            steps += 1
            if steps > LONGEST:
                self._short = True
                return False
            number, offer, score, price = found
            need = self._needs[number]
            if len(need.seats) >= need.wants:
                worst = min(need.seats, key=lambda one: need.seats[one][0] - need.seats[one][1])
                self._leave(number, worst)
                free.append(worst)
                freed[worst] = None
            if self._cheapest(offer):
                # No free seat after all: in a unit without room, one at this offer is one less at another.
                bidders.append(number)
            else:
                self._take(number, offer, score, price)
        return bool(bidders)

    def _most_gain(self, offers: list[int], besides: list[int]) -> tuple[int, int, float, float] | None:
        """The need that gains most by a free seat at one of `offers`, `besides` some: need, offer, score, price."""
        best: tuple[float, int, int, float] | None = None
        second = 0.0
        for offer in offers:
            needs, scores = self._book.of_offer(offer)
            gain = scores - self._margin[needs] - self._entry[offer]
            gain[np.isin(needs, [*self._offers[offer].seats, *besides])] = -np.inf
            if not len(gain):
                continue
            at = int(gain.argmax())
            found = float(gain[at]), int(needs[at]), offer, float(scores[at])
            gain[at] = -np.inf
            ranked = sorted([found[0], float(gain.max()), second, best[0] if best else 0.0], reverse=True)
            second = ranked[1]
            if best is None or found[0] > best[0]:
                best = found
        if best is None or best[0] <= self.eps:
            return None
        _, need, offer, score = best
        # Lower by eps than the runner-up would pay: else two needs could hand a seat to and fro.
        return need, offer, score, float(self._entry[offer]) + max(second - self.eps, 0.0)

    def _near(self, number: int) -> list[int]:
        """The offers that a free seat may make cheaper: those of the same unit that have room."""
        offer = self._offers[number]
        around = self._of_unit[offer.unit] if offer.unit >= 0 else [number]
        return [one for one in around if len(self._offers[one].seats) < self._offers[one].capacity]

    def _cheapest(self, number: int) -> tuple[int, int] | None:
        """The seat that must be left for another at this offer: need, offer; None when there is room."""
        offer = self._offers[number]
        if len(offer.seats) >= offer.capacity:
            return min(offer.seats, key=offer.seats.__getitem__), number
        if offer.unit >= 0 and self._load(offer.unit) >= self._room[offer.unit]:
            return min(self._seats_of(offer.unit))[1:]
        return None

    def _take(self, need: int, offer: int, score: float, price: float) -> None:
        self._needs[need].seats[offer] = score, price
        self._offers[offer].seats[need] = price
        self.sum += score
        self._reprice(offer)
        self._remargin(need)

    def _leave(self, need: int, offer: int) -> None:
        score, _ = self._needs[need].seats.pop(offer)
        del self._offers[offer].seats[need]
        self.sum -= score
        self._reprice(offer)
        self._remargin(need)

    def _reprice(self, number: int) -> None:
        """What a seat costs at this offer, and at the others of its unit, after a change."""
        unit = self._offers[number].unit
        if unit < 0:
            self._entry[number] = self._price(number, 0.0)
            return
        is_full = self._load(unit) >= self._room[unit]
        least = min(self._seats_of(unit), default=(np.inf,))[0] if is_full else 0.0
        for one in self._of_unit[unit]:
            self._entry[one] = self._price(one, least)

    def _price(self, number: int, of_unit: float) -> float:
        offer = self._offers[number]
        if len(offer.seats) < offer.capacity:
            return of_unit
        return min(offer.seats.values(), default=np.inf)

    def _remargin(self, number: int) -> None:
        need = self._needs[number]
        if len(need.seats) < need.wants:
            self._margin[number] = 0.0
        else:
            self._margin[number] = min(
                (score - price for score, price in need.seats.values()), default=np.inf
            )

    def _load(self, unit: int) -> int:
        return sum(len(self._offers[one].seats) for one in self._of_unit[unit])

    def _seats_of(self, unit: int) -> Iterator[tuple[float, int, int]]:
        for offer in self._of_unit[unit]:
            for need, price in self._offers[offer].seats.items():
                yield price, need, offer

    def _seat(self, problem: Problem, plan: Plan) -> None:
        edges = problem.at(plan.pairs)
        cost = np.zeros(len(problem.score)) if plan.prices is None else plan.prices.of_edges(problem)
        for edge in edges.tolist():
            need, offer = int(problem.need[edge]), int(problem.offer[edge])
            score, price = float(problem.score[edge]), max(float(cost[edge]), 0.0)
            self._needs[need].seats[offer] = score, price
            self._offers[offer].seats[need] = price
            self.sum += score
        seen: set[int] = set()
        for number, there in self._offers.items():
            if there.unit < 0 or there.unit not in seen:
                seen.add(there.unit)
                self._reprice(number)
        for number in self._needs:
            self._remargin(number)


def _known(there: dict[int, Member], side: str, number: int) -> Member:
    if number not in there:
        raise BadProblem("unknown", side, number)
    return there[number]


def _refuse(problem: Problem) -> None:
    kept = {
        "owed": problem.owed.any(),
        "least": problem.least.any(),
        "unit_least": problem.unit_least.any(),
        "enterprise_owed": problem.enterprise_owed.any(),
        "enterprise_capacity": (problem.enterprise_capacity < NONE).any(),
        "fixed": len(problem.fixed) > 0,
        "bundles": len(problem.bundles) > 0,
    }
    for name, there in kept.items():
        if there:
            raise BadProblem("not kept current", name)
