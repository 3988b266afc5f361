"""What a rule costs: the plan beside the best one without it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .plan import Plan
from .problem import Problem
from .refusal import BadProblem
from .solve import Objective, solve

RULES = ("fairness", "floors", "minima", "bans", "fixed")


@dataclass(frozen=True)
class Price:
    """Of a rule: the sum and the worst-off with it and without. `is_exact` when both plans are proven."""

    rule: str
    sum: float
    sum_without: float
    worst: float
    worst_without: float
    is_exact: bool


def price_of(
    problem: Problem,
    plan: Plan,
    rule: str,
    *,
    objective: Objective = "best",
    banned_scores: ArrayLike | None = None,
    time_limit: float | None = None,
) -> Price:
    """Solve without the rule. `plan` was solved for `objective`.

    fairness: the greatest sum instead · floors: of enterprises · minima: of needs, offers and units · bans: needs
    `banned_scores` (B,), what each of problem.banned would be worth · fixed. Raises BadProblem.
    """
    if rule not in RULES:
        raise BadProblem("unknown", "rule", rule)
    if rule == "fairness":
        other = solve(problem, objective="best", time_limit=time_limit)
    else:
        without = _without_bans(problem, banned_scores) if rule == "bans" else LIFTED[rule](problem)
        other = solve(without, objective=objective, time_limit=time_limit)
    return Price(
        rule, plan.sum, other.sum, plan.worst, other.worst, is_exact=plan.status == other.status == "optimal"
    )


def _without_bans(problem: Problem, banned_scores: ArrayLike | None) -> Problem:
    if banned_scores is None or np.shape(banned_scores) != (len(problem.banned),):
        raise BadProblem("missing", "banned_scores", f"{len(problem.banned)} are wanted")
    return replace(
        problem,
        need=np.append(problem.need, problem.banned[:, 0]),
        offer=np.append(problem.offer, problem.banned[:, 1]),
        score=np.append(problem.score, banned_scores),
        banned=_nothing(),
    )


def _nothing() -> NDArray[np.int32]:
    return np.empty((0, 2), np.int32)


def _without_minima(problem: Problem) -> Problem:
    floors = {name: np.zeros_like(getattr(problem, name)) for name in ("owed", "least", "unit_least")}
    return replace(problem, **floors)


LIFTED: dict[str, Callable[[Problem], Problem]] = {
    "floors": lambda problem: replace(problem, enterprise_owed=np.zeros_like(problem.enterprise_owed)),
    "minima": _without_minima,
    "fixed": lambda problem: replace(problem, fixed=_nothing()),
}
