from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from lianqiao_engine.assign import Problem, auction, solve
from lianqiao_engine.assign.bound import certify
from lianqiao_engine.assign.clock import Clock
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
    sold, best = auction.sell(plain, STEP, Clock(None, None)), solve(plain)

    if sold is None:
        assert best.status == "infeasible" or plain.owed.any()
        return
    assert verify(plain, plain.pairs(sold.edges)) == ()
    bound = certify(plain, replace(Prices.zero(plain), offer=sold.price)).bound
    assert plain.score[sold.edges].sum() <= best.sum + 1e-9 <= bound + 2e-9
    if not plain.owed.any() and not len(plain.fixed):
        assert bound - plain.score[sold.edges].sum() <= STEP * plain.wants.sum() + 1e-9


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
