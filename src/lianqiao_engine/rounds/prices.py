"""What each rule costs: the same round without it."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from lianqiao_engine.assign import solve
from lianqiao_engine.assign.problem import NONE

from .result import Price
from .rules import Rules
from .solving import Solved


def prices(answer: Solved, rules: Rules) -> Iterator[Price]:
    """Yield the price of each rule that is in force: fairness, floors, units that are owed a need, musts, limits."""
    problem, plan = answer.problem, answer.plan
    if rules.objective == "fair":
        free = solve(problem, seed=rules.seed).sum if plan.free_sum is None else plan.free_sum
        yield Price("fair", max(0.0, free - plan.sum))
    for rule, cost in answer.costs.items():
        yield Price(rule, cost)
    for rule, without in {
        "musts": replace(problem, fixed=np.empty((0, 2), np.int32)) if len(problem.fixed) else None,
        "unit limits": replace(problem, unit_capacity=np.array(NONE, np.int32))
        if (problem.unit_capacity < NONE).any()
        else None,
    }.items():
        if without is not None:
            freed = solve(without, objective=rules.objective, seed=rules.seed)
            yield Price(rule, max(0.0, freed.sum - plan.sum))
