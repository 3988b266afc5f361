"""Why pairs were not chosen. Each change that is said to flip it is applied, and the problem solved again."""

import numpy as np
import pytest
from hypothesis import given, settings

from lianqiao_engine.assign import Problem, solve
from lianqiao_engine.assign.change import Change, applied, with_pair
from lianqiao_engine.assign.why import Block, best_not_chosen, least_costs, why_not

from .instances import problems

TWO = Problem.dense([[0.9, 0.4], [0.8, 0.1]], 1, 1)  # 0 takes 1 and 1 takes 0


@pytest.mark.parametrize("objective", ["best", "fair"])
@settings(max_examples=20, deadline=None)
@given(problem=problems(most=4))
def test_each_change_that_is_said_to_flip_it_does(objective, problem):
    plan = solve(problem, objective=objective)
    if plan.status == "infeasible" or not problem.served.any():
        return
    need = int(np.flatnonzero(problem.served)[0])
    for answer in best_not_chosen(problem, plan, need, 2, objective=objective):
        for change in answer.flips:
            again = solve(applied(problem, change), objective=objective)

            assert list(answer.pair) in again.pairs.tolist(), (answer, change)


@settings(max_examples=20, deadline=None)
@given(problem=problems(most=4, bundles=True))
def test_what_taking_a_pair_costs_is_exact_and_never_less_than_the_prices_say(problem):
    plan = solve(problem)
    left = np.flatnonzero(~problem.marks(plan.pairs))
    if plan.status == "infeasible" or not len(left):
        return
    need, offer = problem.pairs(left[:1])[0].tolist()
    answer, taken = why_not(problem, plan, need, offer), solve(with_pair(problem, (need, offer)))

    assert answer.is_exact
    if taken.status == "infeasible":
        assert answer.cost_sum == np.inf
        return
    assert answer.cost_sum == pytest.approx(plan.sum - taken.sum, abs=1e-6)
    assert least_costs(problem, plan)[left[0]] <= answer.cost_sum + 1e-6


def test_what_stands_in_the_way_is_named_with_who_holds_the_place():
    problem = Problem(
        TWO.need, TWO.offer, TWO.score, 2, 2, 1, 1,
        owed=1, unit=[0, 0], unit_capacity=[2], enterprise=[0, 0], enterprise_capacity=[2],
    )  # fmt: skip
    answer = why_not(problem, solve(problem), 0, 0)

    assert answer.blocks == (
        Block("capacity", 0, ((1, 0),)),
        Block("unit_capacity", 0, ((0, 1), (1, 0))),
        Block("enterprise_capacity", 0, ((0, 1), (1, 0))),
        Block("wants", 0, ((0, 1),)),
    )
    assert (answer.cost_sum, answer.cost_worst) == pytest.approx((0.2, 0.3))


def test_the_smallest_raise_of_a_score_is_told_to_a_thousandth():
    answer = why_not(TWO, solve(TWO), 1, 1)

    assert [(change.kind, change.by) for change in answer.flips] == [("score", pytest.approx(0.2, abs=2e-3))]


def test_one_more_place_flips_it():
    assert why_not(TWO, solve(TWO), 0, 0).flips[0] == Change("capacity", 0, 1)


def test_a_banned_pair_is_taken_once_the_ban_is_lifted():
    problem = Problem.dense([[0.9, 0.4]], 1, 1, forbidden=[[True, False]])
    plan = solve(problem)

    assert why_not(problem, plan, 0, 0).blocks[0] == Block("banned", (0, 0))
    assert why_not(problem, plan, 0, 0).flips == ()
    assert why_not(problem, plan, 0, 0, score=0.9).flips == (Change("banned", (0, 0), 0.9),)
    assert why_not(problem, plan, 0, 0, score=0.3).flips == ()


def test_the_level_of_fairness_is_named_where_it_is_what_binds():
    # Best takes 0.9 and 0.1; fair prefers 0.5 and 0.3.
    problem = Problem.dense([[0.9, 0.5], [0.3, 0.1]], 1, 1)
    plan = solve(problem, objective="fair")
    answer = why_not(problem, plan, 0, 0, objective="fair")

    assert plan.pairs.tolist() == [[0, 1], [1, 0]]
    assert Block("level", 1) in answer.blocks
    assert answer.cost_worst == pytest.approx(0.2)


def test_a_pair_worth_nothing_says_so():
    problem = Problem([0, 0], [0, 1], [0.5, -0.2], 1, 2, 2, 1)

    assert why_not(problem, solve(problem), 0, 1).blocks == (Block("worth", (0, 1)),)


def test_a_large_problem_answers_by_its_prices():
    answer = why_not(TWO, solve(TWO), 0, 0, small=1)

    assert not answer.is_exact
    assert 0 <= answer.cost_sum <= 0.2 + 1e-9


def test_a_pair_that_was_chosen_is_no_question():
    with pytest.raises(ValueError, match="was chosen"):
        why_not(TWO, solve(TWO), 0, 1)
