"""The nearest candidates that were not chosen, what stood in the way, and what would change it."""

from collections.abc import Iterator, Sequence
from math import isfinite

import numpy as np

from lianqiao_engine.assign import Plan, Problem
from lianqiao_engine.assign.change import Change as Flip
from lianqiao_engine.assign.why import Held, Why, best_not_chosen, blocks_of, least_costs

from .candidates import Candidates
from .result import Alternative, Change

NEAREST = 3
# Solving again costs about as much as there are candidates: so much of it a plan may wait for.
WORK = 20_000
LARGEST = 50_000  # candidates up to which somebody who asks about one need is answered exactly


def alternatives(found: Candidates, problem: Problem, plan: Plan) -> Iterator[Alternative]:
    """Yield the best three of every need, the best first.

    What taking them would cost is solved for where that is quick: first for needs without a partner, then for those
    with the weakest. The others get the least that it costs, by the prices of the plan.
    """
    chosen = problem.marks(plan.pairs)
    asked = np.argsort(problem.sums(chosen), kind="stable")[: WORK // max(len(chosen) * NEAREST, 1)].tolist()
    least, held = least_costs(problem, plan), Held(problem, plan)
    for need in range(problem.needs):
        if need in asked:
            yield from of_need(found, problem, plan, need)
            continue
        begin, end = problem.starts[need : need + 2]
        best = begin + np.argsort(-problem.score[begin:end], kind="stable")
        for at in best[~chosen[best]][:NEAREST].tolist():
            pair = need, int(problem.offer[at])
            blocks = tuple(blocks_of(problem, held, pair))
            yield of_why(
                found,
                Why(pair, float(problem.score[at]), blocks, float(least[at]), None, is_exact=False, flips=()),
            )


def of_need(found: Candidates, problem: Problem, plan: Plan, need: int) -> Iterator[Alternative]:
    """Yield the best three of one need, with what would change it."""
    objective = found.rules.objective
    for why in best_not_chosen(problem, plan, need, NEAREST, objective=objective, small=LARGEST):
        yield of_why(found, why)


def of_why(found: Candidates, why: Why) -> Alternative:
    """The same by the names of the entries."""
    block = (
        next((block for block in why.blocks if block.kind != "wants"), why.blocks[0]) if why.blocks else None
    )
    need, offer = why.pair
    holders: Sequence[tuple[int, int]] = block.holders if block else ()
    return Alternative(
        found.needs[need].id,
        found.offers[offer].id,
        float(why.score or 0.0),
        block.kind if block else "worth",
        tuple(dict.fromkeys(found.needs[other].id for other, _ in holders if other != need)),
        cost=max(why.cost_sum, 0.0) if why.cost_sum is not None and isfinite(why.cost_sum) else None,
        exact=why.is_exact,
        change=_change(found, why.flips[0]) if why.flips else None,
    )


def _change(found: Candidates, flip: Flip) -> Change:
    if isinstance(flip.index, tuple):
        return Change(flip.kind, found.offers[flip.index[1]].id, flip.by)
    names = {
        "capacity": [offer.id for offer in found.offers],
        "unit_capacity": found.units,
        "enterprise_capacity": found.enterprises,
        "wants": [need.id for need in found.needs],
    }
    return Change(flip.kind, names[flip.kind][flip.index], flip.by)
