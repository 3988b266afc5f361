"""What each rule costs: the same round without it."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from lianqiao_engine.assign import Plan, Problem, solve
from lianqiao_engine.assign.problem import NONE

from .candidates import without_floors
from .result import Price
from .rules import Rules


def prices(plain: Problem, problem: Problem, plan: Plan, rules: Rules) -> Iterator[Price]:
    """Yield the price of each rule that is in force: fairness, units that are owed a need, floors, musts, limits.

    `plain` is the problem without what units are owed.
    """
    if rules.objective == "fair":
        yield Price("fair", max(0.0, solve(problem, seed=rules.seed).sum - plan.sum))
    for rule, without in {
        "units owed": replace(problem, unit_least=plain.unit_least),
        "floors": replace(without_floors(problem), unit_least=problem.unit_least),
        "musts": replace(problem, fixed=np.empty((0, 2), np.int32)),
        "unit limits": replace(problem, unit_capacity=np.array(NONE, np.int32)),
    }.items():
        if not _same(problem, without):
            freed = solve(without, objective=rules.objective, seed=rules.seed)
            yield Price(rule, max(0.0, freed.sum - plan.sum))


def _same(problem: Problem, other: Problem) -> bool:
    changed = ("owed", "least", "unit_least", "enterprise_owed", "fixed", "unit_capacity")
    return all(np.array_equal(getattr(problem, name), getattr(other, name)) for name in changed)
