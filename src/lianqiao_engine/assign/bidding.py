"""Forward and reverse bids, by which a market that something happened to comes to rest again.

Whoever lacks a partner bids for the seat with the most profit, one eps above what makes the next best as good; whoever
is outbid bids again. A seat that falls free is offered to whom it profits most. A chain that profits less than eps
stops, or it would cycle (Bertsekas 1988; forward and reverse: Bertsekas, Castanon, Tsaknakis 1993).
"""

from collections import defaultdict, deque
from collections.abc import Sequence

import numpy as np

from .book import Numbers
from .market import Market
from .problem import Floats, Problem

# How long a chain of bids may be, and how often they are begun anew.
LONGEST, ROUNDS, SETTLED = 500, 20, 4


class Bidding:
    """A chain that is too long is left where it stands: the market knows what that costs."""

    def __init__(self, problem: Problem, market: Market, eps: float) -> None:
        self._market, self._eps = market, eps
        self._has_floors = bool(problem.enterprise_owed.any())
        self._fixed_at: defaultdict[int, list[int]] = defaultdict(list)
        for need, offer in problem.fixed.tolist():
            self._fixed_at[offer].append(need)

    def settle(self) -> None:
        """Whoever could gain by other seats than it holds leaves them and bids."""
        market = self._market
        for _ in range(SETTLED):
            touched = market.settle_losses()
            unhappy = [one for one in touched if market.loss(one) > self._eps * (1 + market.needs[one].wants)]
            if not unhappy:
                return
            for number in unhappy:
                self._change_seats(number)

    def _change_seats(self, number: int) -> None:
        market, need = self._market, self._market.needs[number]
        offers, worth = market.candidates(number)
        profit = worth - market.entry[offers]
        best = set(offers[np.argsort(-profit, kind="stable")[: need.wants]].tolist())
        given_up = [offer for offer in need.seats if offer not in best]
        for offer in given_up:
            market.leave(number, offer)
        self.fill(given_up, [number])
        self.bid([number])

    def bid(self, numbers: list[int]) -> None:
        """Forward: needs with room bid for seats; who is outbid bids again."""
        market, waiting, steps = self._market, deque(numbers), 0
        while waiting:
            number = waiting.popleft()
            need = market.needs[number]
            if len(need.seats) >= need.wants:
                continue
            offers, worth, profit = self._open_profit(number)
            at = int(profit.argmax()) if len(profit) else -1
            if at < 0 or profit[at] <= self._eps:
                continue
            steps += 1
            if steps > LONGEST:
                return
            best, profit[at] = float(profit[at]), -np.inf
            second = max(float(profit.max()), 0.0)
            offer, price = int(offers[at]), float(market.entry[offers[at]]) + best - second + self._eps
            _, outbid = market.in_the_way(offer)
            if outbid:
                market.leave(*outbid)
                waiting.append(outbid[0])
            market.take(number, offer, float(worth[at]), price)
            waiting.append(number)

    def _open_profit(self, number: int) -> tuple[Numbers, Floats, Floats]:
        """The offers of a need, what each is worth, and the profit of one more seat there; -inf where it can have none."""
        market = self._market
        offers, worth = market.candidates(number)
        profit = worth - market.entry[offers]
        profit[market.fixed_among(number, offers)] = -np.inf
        for offer in market.needs[number].seats:
            profit[offers == offer] = -np.inf
        if self._has_floors:
            for at in np.flatnonzero(profit > self._eps).tolist():
                blocked, outbid = market.in_the_way(int(offers[at]))
                if blocked and outbid is None:
                    profit[at] = -np.inf
        return offers, worth, profit

    def fill(self, numbers: list[int], displaced: Sequence[int] = ()) -> None:
        """Reverse and forward in turn, until a free seat profits nobody and nobody bids.

        Who was displaced waits for its turn to bid: only then does it choose among all its offers.
        """
        freed, bidders = dict.fromkeys(numbers), list(displaced)
        for _ in range(ROUNDS):
            if not self._give_away(freed, bidders):
                return
            self.bid(bidders)
            # One who bid for a lost seat may rather have a free one instead of another that it still holds.
            bidders = []

    def _give_away(self, freed: dict[int, None], bidders: list[int]) -> bool:
        """Reverse: free seats go to whom they profit most, who may leave another seat for it; whether any bidders are."""
        market, free, steps = self._market, deque(freed), 0
        while free:
            found = self._most_gain(self._near(free[0]), bidders)
            if found is None:
                free.popleft()
                continue
            steps += 1
            if steps > LONGEST:
                return False
            number, offer, score, price = found
            need = market.needs[number]
            if len(need.seats) >= need.wants:
                worst = min(need.seats, key=lambda one: need.seats[one][0] - need.seats[one][1])
                market.leave(number, worst)
                free.append(worst)
                freed[worst] = None
            if market.in_the_way(offer)[0]:
                # No free seat after all: in a unit without room, one at this offer is one less at another.
                bidders.append(number)
            else:
                market.take(number, offer, score, price)
        return bool(bidders)

    def _most_gain(self, offers: list[int], besides: list[int]) -> tuple[int, int, float, float] | None:
        """The need that gains most by a free seat at one of `offers`, `besides` some: need, offer, score, price."""
        best: tuple[float, int, int, float] | None = None
        second, market = 0.0, self._market
        for offer in offers:
            needs, scores = market.interested(offer)
            gain = scores - market.margin[needs] - market.entry[offer]
            taken = [*market.offers[offer].seats, *besides, *self._fixed_at[offer]]
            gain[np.isin(needs, taken)] = -np.inf
            if not len(gain):
                continue
            at = int(gain.argmax())
            found = float(gain[at]), int(needs[at]), offer, float(scores[at])
            gain[at] = -np.inf
            ranked = sorted([found[0], float(gain.max()), second, best[0] if best else 0.0], reverse=True)
            second = ranked[1]
            if best is None or found[0] > best[0]:
                best = found
        if best is None or best[0] <= self._eps:
            return None
        _, need, offer, score = best
        # Lower by eps than the runner-up would pay: else two needs could hand a seat to and fro.
        return need, offer, score, float(self._market.entry[offer]) + max(second - self._eps, 0.0)

    def _near(self, number: int) -> list[int]:
        """The offers that a free seat may make cheaper: those of the same unit that have room."""
        market, unit = self._market, self._market.offers[number].unit
        around = market.of_unit[unit] if unit >= 0 else [number]
        return [one for one in around if market.has_room(one)]
