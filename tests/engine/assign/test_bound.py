import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lianqiao_engine.assign import Problem, solve
from lianqiao_engine.assign.bound import certify
from lianqiao_engine.assign.plan import Prices

from .instances import every_plan, problems


@settings(max_examples=25, deadline=None)
@given(problem=problems(most=3), seed=st.integers(0, 1000))
def test_any_prices_bound_every_plan(problem, seed):
    random = np.random.default_rng(seed)
    zero = Prices.zero(problem)
    prices = Prices(
        *(random.normal(size=len(family)) for family in (zero.offer, zero.unit, zero.enterprise)), zero.level
    )
    bound = certify(problem, prices).bound

    assert [plan for plan in every_plan(problem) if problem.score[plan].sum() > bound + 1e-9] == []


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 1000))
def test_the_prices_of_a_best_plan_prove_it(seed):
    scores = np.random.default_rng(seed).normal(size=(6, 5))
    problem = Problem.dense(scores, 2, 3, 1)
    plan = solve(problem)

    assert certify(problem, plan.prices).bound == pytest.approx(plan.sum, abs=1e-6)


def test_pairs_left_out_that_could_help_name_their_needs():
    # Both needs want offer 0; need 1 knows no other, but something worth up to 0.6 was cut off.
    problem = Problem([0, 0, 1], [0, 1, 0], [0.9, 0.5, 0.8], 2, 3, 1, 1, kth=[0.2, 0.6])
    plan = solve(problem)
    certificate = certify(problem, plan.prices)

    assert plan.sum == pytest.approx(1.3)
    assert certificate.widen.tolist() == [1]
    assert certificate.global_bound >= 1.5 > certificate.bound == pytest.approx(1.3)
    assert certify(problem_with(problem, [0.2, 0.2]), plan.prices).is_global


def problem_with(problem, kth):
    return Problem(problem.need, problem.offer, problem.score, problem.needs, problem.offers, 1, 1, kth=kth)


def test_without_any_knowledge_of_what_was_left_out_nothing_is_global():
    problem = Problem([0], [0], [0.9], 1, 2, 1, 1, kth=[np.inf])

    assert certify(problem, solve(problem).prices).global_bound == np.inf
