"""Whole choices of needs against every plan; and offers that nothing tells apart."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from lianqiao_engine.assign import Problem, by_choice, solve, whole
from lianqiao_engine.assign.alike import Alike
from lianqiao_engine.assign.by_choice import ByChoice
from lianqiao_engine.assign.clock import Clock
from lianqiao_engine.assign.plan import Prices, worst_of
from lianqiao_engine.check import verify

from .instances import every_plan, problems


@pytest.fixture
def near_is_everywhere(monkeypatch):
    monkeypatch.setattr(by_choice, "REACH", (1e9,))


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(problem=problems(most=3))
def test_the_best_choices_at_a_level_are_what_trying_every_plan_finds(near_is_everywhere, problem):
    plans = list(every_plan(problem))
    if not plans or not problem.served.any():
        return
    level = sorted(worst_of(problem, plan) for plan in plans)[len(plans) // 2]
    best = max(float(problem.score[plan].sum()) for plan in plans if worst_of(problem, plan) >= level - 1e-9)
    choices = ByChoice(problem, level, Prices.zero(problem), Clock(None, None))

    assert choices.bound >= best - 1e-9
    choices.tighten()
    assert choices.bound >= best - 1e-9
    edges = choices.best()
    assert verify(problem, problem.pairs(edges)) == ()
    assert worst_of(problem, edges) >= level - 1e-8
    assert problem.score[edges].sum() == pytest.approx(best)


def test_where_single_pairs_bound_badly_the_fair_plan_is_proven_by_choices(monkeypatch):
    proven = []
    find = whole._by_choice
    monkeypatch.setattr(whole, "_by_choice", lambda *given: proven.append(find(*given)) or proven[-1])
    scores = np.round(np.random.default_rng(0).gamma(1.0, 0.3, (14, 14)), 3)
    plan = solve(Problem.dense(scores, 3, 3, 3), objective="fair")

    assert [found.bound for found, _ in proven] == [pytest.approx(plan.sum)]
    assert plan.status == "optimal"


def test_offers_alike_are_one_class_unless_a_pair_is_fixed():
    scores = np.array([[1.0, 0.5, 0.5, 0.5], [0.2, 0.3, 0.3, 0.3]])
    problem = Problem.dense(scores, 1, [2, 2, 2, 2], fixed=[[0, 3]])

    assert Alike.of_problem(problem).of.tolist() == [0, 1, 1, 2]


def test_what_a_class_serves_is_dealt_evenly_and_nobody_gets_one_twice():
    problem = Problem.dense(np.ones((3, 3)), 2, 2)
    pairs = Alike.of_problem(problem).dealt(np.array([0, 0, 1, 1, 2, 2]), np.zeros(6, np.int64))

    assert len(np.unique(pairs, axis=0)) == 6
    assert np.bincount(pairs[:, 1]).tolist() == [2, 2, 2]
