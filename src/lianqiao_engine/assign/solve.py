"""One door to the solvers."""

from typing import Literal, get_args

import numpy as np

from .best import best_on_network
from .bundles import best_with_bundles, fair_with_bundles
from .clock import Clock, OutOfTime
from .fair import fair_on_network
from .fast import fast_on_network
from .plan import Answer, Plan, Slack, Status, Tell, worst_of
from .problem import Problem
from .refusal import BadProblem
from .relax import relax
from .shuffle import Shuffle

Objective = Literal["best", "fair", "fast"]
ON_NETWORK = {"best": best_on_network, "fair": fair_on_network, "fast": fast_on_network}
OBJECTIVES = get_args(Objective)
# There is no faster way with bundles than the exact one.
WITH_BUNDLES = {"best": best_with_bundles, "fair": fair_with_bundles, "fast": best_with_bundles}
# A sum this near its bound, in shares of itself or of the largest score, is the best: so much is lost to rounding.
PROVEN = 1e-7
# HiGHS meets the rows of levels no more exactly.
LEVEL = 1e-6


def solve(
    problem: Problem,
    *,
    objective: Objective = "best",
    seed: int = 0,
    time_limit: float | None = None,
    progress: Tell | None = None,
) -> Plan:
    """Choose the pairs.

    `best`: the greatest sum, proven. `fair`: the greatest worst-off need (the sum of its scores), then the greatest
    sum. `fast`: a sum within 1 % of the best, and a worst-off as high as exchanges bring it. Equally good plans are
    told apart by `seed` only. `progress` is called at least every 2 seconds, from another thread too. After
    `time_limit` seconds the best plan so far is returned with its bound. If there is no plan, the answer's relaxation
    says which limits would have to give way. Raises BadProblem for an objective that is not known.
    """
    if objective not in OBJECTIVES:
        raise BadProblem("unknown", "objective", objective)
    clock = Clock(time_limit, progress)
    with clock.ticking():
        if not seed:
            return _solve(problem, objective, clock)
        shuffle = Shuffle.of(problem, seed)
        return shuffle.back(_solve(shuffle.problem, objective, clock))


def _solve(problem: Problem, objective: Objective, clock: Clock) -> Plan:
    solver = (WITH_BUNDLES if problem.bundles else ON_NETWORK)[objective]
    try:
        answer = solver(problem, clock)
    except OutOfTime:
        return _without_pairs("out of time", clock)
    if answer is None:
        return _infeasible(problem, clock)
    return _plan(problem, answer, objective, clock)


def _plan(problem: Problem, answer: Answer, objective: Objective, clock: Clock) -> Plan:
    total, worst = float(problem.score[answer.edges].sum()), worst_of(problem, answer.edges)
    largest = float(np.abs(problem.score).max(initial=0.0))
    proven = answer.bound - total <= PROVEN * max(abs(total), largest)
    if objective == "fair":
        proven = proven and answer.worst_bound - worst <= LEVEL * max(abs(worst), largest)
    return Plan(
        pairs=problem.pairs(np.sort(answer.edges)),
        sum=total,
        worst=worst,
        bound=max(answer.bound, total),
        worst_bound=max(answer.worst_bound, worst),
        status="optimal" if proven else "feasible",
        seconds=clock.seconds,
        prices=answer.prices,
        free_sum=answer.free_sum,
    )


def _infeasible(problem: Problem, clock: Clock) -> Plan:
    clock.enter("smallest relaxation")
    try:
        return _without_pairs("infeasible", clock, relaxation=relax(problem, clock))
    except OutOfTime:
        return _without_pairs("infeasible", clock)


def _without_pairs(status: Status, clock: Clock, relaxation: tuple[Slack, ...] = ()) -> Plan:
    nothing = np.empty((0, 2), np.int32)
    unknown = -np.inf if status == "infeasible" else np.inf
    return Plan(nothing, 0.0, 0.0, unknown, unknown, status, clock.seconds, relaxation=relaxation)
