"""The same problem in another order, by which equally good plans are told apart."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .plan import Plan, Prices, Slack
from .problem import Problem


@dataclass(frozen=True, eq=False)
class Shuffle:
    """`need[i]` and `offer[j]` are the numbers in the original of what is i and j here."""

    problem: Problem
    need: NDArray[np.int64]
    offer: NDArray[np.int64]

    @classmethod
    def of(cls, problem: Problem, seed: int) -> "Shuffle":
        random = np.random.default_rng(seed)
        need, offer = random.permutation(problem.needs), random.permutation(problem.offers)
        new_need, new_offer = np.argsort(need), np.argsort(offer)

        def moved(pairs: NDArray[Any]) -> NDArray[Any]:
            return np.column_stack([new_need[pairs[:, 0]], new_offer[pairs[:, 1]]])

        by_need = {
            name: getattr(problem, name)[need]
            for name in ("wants", "owed", "enterprise", "kth")
            if getattr(problem, name) is not None
        }
        by_offer = {name: getattr(problem, name)[offer] for name in ("capacity", "least", "unit")}
        mixed = replace(
            problem,
            need=new_need[problem.need].astype(np.int32),
            offer=new_offer[problem.offer].astype(np.int32),
            fixed=moved(problem.fixed),
            banned=moved(problem.banned),
            bundles=tuple(tuple(int(new_need[one]) for one in bundle) for bundle in problem.bundles),
            **by_need,
            **by_offer,
        )
        return cls(mixed, need, offer)

    def back(self, plan: Plan) -> Plan:
        """The plan in the numbers of the original."""
        pairs = np.column_stack([self.need[plan.pairs[:, 0]], self.offer[plan.pairs[:, 1]]]).astype(np.int32)
        return replace(
            plan,
            pairs=pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))],
            prices=plan.prices and self._prices(plan.prices),
            relaxation=tuple(map(self._slack, plan.relaxation)),
        )

    def _prices(self, prices: Prices) -> Prices:
        new_need, new_offer = np.argsort(self.need), np.argsort(self.offer)
        return replace(prices, offer=prices.offer[new_offer], level=prices.level[new_need])

    def _slack(self, slack: Slack) -> Slack:
        if isinstance(slack.index, tuple):
            need, offer = slack.index
            return replace(slack, index=(int(self.need[need]), int(self.offer[offer])))
        if slack.kind == "owed":
            return replace(slack, index=int(self.need[slack.index]))
        if slack.kind in ("capacity", "least"):
            return replace(slack, index=int(self.offer[slack.index]))
        return slack
