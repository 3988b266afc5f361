from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from lianqiao_engine.assign import Problem, auction, best, flow, solve
from lianqiao_engine.assign.bound import certify
from lianqiao_engine.assign.clock import Clock, OutOfTime
from lianqiao_engine.assign.plan import Prices
from lianqiao_engine.check import verify

from .instances import problems

STEP = 0.01


def in_the_auction(problem: Problem) -> Problem:
    """Without the limits that no bid meets; each need may still be owed partners."""
    nothing = np.zeros(problem.offers, int)
    return Problem(
        problem.need,
        problem.offer,
        problem.score,
        problem.needs,
        problem.offers,
        problem.wants,
        problem.capacity,
        owed=problem.owed,
        least=nothing,
        fixed=problem.fixed,
    )


@settings(max_examples=80, deadline=None)
@given(problem=problems(most=7))
def test_what_is_sold_keeps_every_limit_and_its_prices_bound_every_plan(problem):
    plain = in_the_auction(problem)
    sold, plan = auction.sell(plain, STEP, Clock(None, None)), solve(plain)

    if sold is None:
        assert plan.status == "infeasible" or plain.owed.any()
        return
    assert verify(plain, plain.pairs(sold.edges)) == ()
    bound = certify(plain, replace(Prices.zero(plain), offer=sold.price)).bound
    assert plain.score[sold.edges].sum() <= plan.sum + 1e-9 <= bound + 2e-9
    if not plain.owed.any() and not len(plain.fixed):
        assert bound - plain.score[sold.edges].sum() <= STEP * plain.wants.sum() + 1e-9


@settings(max_examples=60, deadline=None)
@given(problem=problems(most=7))
def test_the_best_plan_over_few_candidates_is_the_best_over_all(problem):
    plain = in_the_auction(problem)
    first, whole = best.by_auction(plain, 0.5, Clock(None, None)), solve(plain)
    if first is None or not flow.installed():
        return
    found = best._by_thin_flow(plain, first, Clock(None, None))

    assert found.bound == pytest.approx(whole.sum, abs=1e-6)
    assert plain.score[found.edges].sum() == pytest.approx(whole.sum, abs=1e-6)


def test_a_large_problem_out_of_time_has_the_plan_of_its_auction(monkeypatch):
    monkeypatch.setattr(best, "MANY", 1)
    monkeypatch.setattr(best, "_by_thin_flow", out_of_time)
    monkeypatch.setattr(best, "_by_columns", out_of_time)
    plan = solve(Problem.dense([[0.9, 0.1], [0.8, 0.7]], 1, 1), time_limit=60)

    assert (plan.status, plan.pairs.tolist()) == ("feasible", [[0, 0], [1, 1]])
    assert plan.bound >= plan.sum == pytest.approx(1.6)


def out_of_time(*_):
    raise OutOfTime


@pytest.mark.parametrize(
    "limit",
    [
        {"least": 1},
        {"unit": 0, "unit_capacity": [1]},
        {"enterprise": 0, "enterprise_owed": [1]},
        {"bundles": ((0,),)},
    ],
)
def test_limits_that_no_bid_meets_are_left_to_others(limit):
    assert not auction.suits(Problem([0], [0], [0.9], 1, 1, 1, 1, **limit))
