"""A certificate by weak duality: how good any plan can be, from any prices, without trusting who made the plan.

For prices p, r, y of offers, units and enterprises, no plan is worth more than
    sum of (capacity p+ - least p-) and the same for r and y
    + sum over needs of its best choice of owed..wants candidates by score - p - r - y
(Lagrangian relaxation; Fisher 1981). Bundles are left out, which keeps the bound valid. O(candidates).
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from .plan import Prices
from .problem import Floats, Problem


@dataclass(frozen=True, eq=False)
class Certificate:
    """`bound` holds over the candidates, `global_bound` over the pairs left out of them too (see Problem.kth).

    `widen`: the needs that could gain from pairs left out; when it is empty the two bounds are the same.
    """

    bound: float
    global_bound: float
    widen: NDArray[np.int64]
    need: Floats  # (needs,) what the last choice of each need is worth above its price

    @property
    def is_global(self) -> bool:
        return not len(self.widen)


def certify(problem: Problem, prices: Prices, level: float = 0.0) -> Certificate:
    """Bound the sum of every plan; with a `level` above zero, of every plan whose needs all reach it."""
    if level > 0:
        problem = at_level(problem, level)
    weighted = problem.score * (1 + prices.level[problem.need]) if prices.level.any() else problem.score
    base = limits_at(problem, prices) - level * float(prices.level.sum())
    gains, marginal = best_choices(problem, weighted - prices.of_edges(problem))
    bound = base + float(gains.sum())
    if problem.kth is None:
        return Certificate(bound, bound, np.empty(0, np.int64), marginal)
    # A pair left out scores at most kth and costs at least the cheapest offer.
    cheapest = float((prices.offer + np.append(prices.unit, 0.0)[problem.unit]).min())
    mine = np.append(prices.enterprise, 0.0)[problem.enterprise]
    omitted = problem.kth * (1 + prices.level) - cheapest - mine
    could = (omitted > marginal) & (problem.wants > 0) & np.isfinite(problem.kth)
    more = np.zeros(problem.needs)
    more[could] = (omitted[could] - marginal[could]) * problem.wants[could]
    # kth = +inf: nothing is known of what was left out.
    unknown = np.isposinf(problem.kth)
    return Certificate(
        bound,
        float("inf") if unknown.any() else bound + float(more.sum()),
        np.flatnonzero(could | unknown),
        marginal,
    )


def at_level(problem: Problem, level: float) -> Problem:
    """What is left to plans whose needs all reach `level`, above zero, by the sum of their scores.

    Everybody who has a candidate has a partner, and who takes one alone takes none below the level.
    """
    owed = np.where(problem.served, np.maximum(problem.owed, np.minimum(problem.wants, 1)), problem.owed)
    low = (problem.wants == 1)[problem.need] & (problem.score < level) & ~problem.is_fixed
    if not low.any():
        return replace(problem, owed=owed)
    kept = ~low
    return replace(
        problem,
        need=problem.need[kept],
        offer=problem.offer[kept],
        score=problem.score[kept],
        owed=owed,
    )


def worst_bound(problem: Problem, weights: Floats, prices: Prices) -> float:
    """Bound the worst-off of every plan: it is at most any average of the needs' sums, `weights` adding up to 1."""
    gains, _ = best_choices(problem, problem.score * weights[problem.need] - prices.of_edges(problem))
    return limits_at(problem, prices) + float(gains.sum())


def best_alone(problem: Problem) -> Floats:
    """(needs,) the best sum each need could have if it were the only one."""
    return best_choices(problem, problem.score)[0]


def limits_at(problem: Problem, prices: Prices) -> float:
    """What all limits together are worth at these prices."""
    families = (
        (prices.offer, problem.capacity, problem.least),
        (prices.unit, problem.unit_capacity, problem.unit_least),
        (prices.enterprise, problem.enterprise_capacity, problem.enterprise_owed),
    )
    return sum(
        float(np.where(price > 0, price * most, price * least).sum()) for price, most, least in families
    )


def best_choices(problem: Problem, value: Floats) -> tuple[Floats, Floats]:
    """(needs,) the value of each need's best choice, and that of the last it may take; at least 0 when not owed.

    A need without enough candidates has nothing to choose from: its margin is -inf when it is owed more, else 0.
    """
    has = np.flatnonzero(problem.served)
    gains, chosen = np.zeros(problem.needs), np.zeros(problem.needs, np.int32)
    marginal = np.where(problem.owed > 0, -np.inf, 0.0)
    left = value.copy()
    if problem.is_fixed.any():
        gains += np.bincount(problem.need, np.where(problem.is_fixed, value, 0.0), problem.needs)
        chosen += np.bincount(problem.need[problem.is_fixed], minlength=problem.needs).astype(np.int32)
        left[problem.is_fixed] = -np.inf
    if not len(has):
        return gains, marginal
    starts = problem.starts[:-1][has]
    sizes = np.diff(problem.starts)[has]
    for _ in range(int((problem.wants - chosen).max(initial=0))):
        best = np.maximum.reduceat(left, starts)
        take = (chosen[has] < problem.wants[has]) & np.isfinite(best)
        take &= (best > 0) | (chosen[has] < problem.owed[has])
        if not take.any():
            break
        who = has[take]
        gains[who] += best[take]
        chosen[who] += 1
        marginal[who] = np.where(chosen[who] <= problem.owed[who], best[take], np.maximum(best[take], 0.0))
        # Of equal candidates only the first is taken.
        top = np.flatnonzero(left == np.repeat(np.where(take, best, np.nan), sizes))
        left[top[np.unique(problem.need[top], return_index=True)[1]]] = -np.inf
    marginal[chosen < problem.owed] = -np.inf
    return gains, np.where((chosen < problem.wants) & (chosen >= problem.owed), 0.0, marginal)
