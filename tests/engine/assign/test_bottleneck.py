"""Fair plans of one partner each by flows: as good as trying every plan, and proven."""

import numpy as np
import pytest
from hypothesis import assume, given, settings

from lianqiao_engine.assign import Problem, bottleneck, solve
from lianqiao_engine.assign.bound import certify
from lianqiao_engine.assign.plan import worst_of

from .instances import every_plan, problems


@settings(deadline=None, max_examples=60)
@given(problem=problems(single=True, most=3))
def test_fair_by_flows_is_what_trying_every_plan_finds(problem):
    assert bottleneck.suits(problem)
    fair = solve(problem, objective="fair")
    worths = [(worst_of(problem, plan), float(problem.score[plan].sum())) for plan in every_plan(problem)]

    assume(worths)
    worst = max(low for low, _ in worths)
    assert fair.status == "optimal"
    assert (fair.worst, fair.worst_bound) == pytest.approx((worst, worst), abs=1e-9)
    assert fair.sum == pytest.approx(max(total for low, total in worths if low >= worst - 1e-12), abs=1e-6)
    if fair.free_sum is not None:
        assert fair.free_sum == pytest.approx(max(total for _, total in worths), abs=1e-6)


@settings(deadline=None, max_examples=60)
@given(problem=problems(single=True, most=6))
def test_its_prices_prove_it(problem):
    fair = solve(problem, objective="fair")

    assume(fair.status == "optimal")
    assert certify(problem, fair.prices, fair.worst).bound == pytest.approx(fair.sum, abs=1e-6)


@settings(deadline=None, max_examples=60)
@given(problem=problems(single=True, most=6))
def test_it_is_what_the_linear_programs_find(problem):
    by_flows = solve(problem, objective="fair")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bottleneck, "suits", lambda problem: False)
        by_programs = solve(problem, objective="fair")

    assert by_flows.status == by_programs.status
    assert (by_flows.worst, by_flows.sum) == pytest.approx((by_programs.worst, by_programs.sum), abs=1e-5)


def test_two_partners_or_scores_below_zero_are_not_for_it():
    assert not bottleneck.suits(Problem.dense([[1.0, 1.0]], 2, 1))
    assert not bottleneck.suits(Problem.dense([[1.0, -1.0]], 1, 1))
    assert bottleneck.suits(Problem.dense(np.eye(2), 1, 1))
