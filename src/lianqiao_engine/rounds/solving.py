"""Solve a round: first without floors, then with each kind of floor that the plan does not keep anyway.

So a floor that costs nothing costs no time either, and what it costs is known when it is solved for.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from lianqiao_engine.assign import Plan, Problem, Slack, solve
from lianqiao_engine.assign.plan import Tell
from lianqiao_engine.check import verify

from .candidates import Candidates, with_units_owed, without_floors
from .result import Limit
from .rules import Rules


@dataclass(frozen=True, eq=False)
class Solved:
    """The problem that was solved in the end, its plan, what each floor costs, and what would have to give way."""

    problem: Problem
    plan: Plan
    costs: Mapping[str, float]
    limits: tuple[Limit, ...] = ()


def solved(found: Candidates, progress: Tell | None = None) -> Solved:
    problem = without_floors(found.problem)
    plan = _solve(problem, found.rules, progress)
    costs: dict[str, float] = {}
    if not _is_plan(plan):
        return Solved(problem, plan, costs, _limits(found, plan))
    for rule, stricter in (("floors", found.problem), ("units owed", with_units_owed(found))):
        if stricter is None or _same_floors(problem, stricter):
            continue
        kept = not verify(stricter, plan.pairs.tolist())
        other = plan if kept else _solve(stricter, found.rules, progress)
        if _is_plan(other):
            costs[rule] = max(0.0, plan.sum - other.sum)
            problem, plan = stricter, other
        elif rule == "floors":
            # What units are owed is a courtesy; the other floors are promises, and the office is told what breaks them.
            return Solved(problem, plan, costs, _limits(found, other))
    return Solved(problem, plan, costs)


def _solve(problem: Problem, rules: Rules, progress: Tell | None) -> Plan:
    return solve(
        problem,
        objective=rules.objective,
        seed=rules.seed,
        time_limit=rules.time_limit,
        progress=progress,
    )


def _is_plan(plan: Plan) -> bool:
    return plan.status in ("optimal", "feasible")


def _same_floors(problem: Problem, other: Problem) -> bool:
    floors = ("owed", "least", "unit_least", "enterprise_owed")
    return all(np.array_equal(getattr(problem, name), getattr(other, name)) for name in floors)


def _limits(found: Candidates, plan: Plan) -> tuple[Limit, ...]:
    return tuple(_limit(found, slack) for slack in plan.relaxation)


def _limit(found: Candidates, slack: Slack) -> Limit:
    ids = [need.id for need in found.needs], [offer.id for offer in found.offers]
    if isinstance(slack.index, tuple):
        return Limit(slack.kind, (ids[0][slack.index[0]], ids[1][slack.index[1]]), slack.by)
    names = {
        "owed": ids[0],
        "capacity": ids[1],
        "least": ids[1],
        "unit_capacity": found.units,
        "unit_least": found.units,
        "enterprise_owed": found.enterprises,
        "enterprise_capacity": found.enterprises,
    }
    return Limit(slack.kind, (names[slack.kind][slack.index],), slack.by)
