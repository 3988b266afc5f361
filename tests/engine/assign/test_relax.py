import pytest

from lianqiao_engine.assign import Problem, Slack, solve

TWO = [[1.0, 0.5], [0.5, 1.0]]


@pytest.mark.parametrize(
    ("limits", "relaxation"),
    [
        ({"coverage": 2, "load_ub": [2, 1]}, (Slack("capacity", 1, 1),)),
        ({"coverage": 1, "load_ub": 3, "load_lb": [3, 0]}, (Slack("least", 0, 1),)),
        ({"coverage": 3, "load_ub": 2}, (Slack("owed", 0, 1), Slack("owed", 1, 1))),
        ({"coverage": [0, 1], "load_ub": 1, "fixed": [[0, 0]]}, (Slack("fixed", (0, 0), 1),)),
        ({"coverage": [2, 0], "load_ub": 1, "forbidden": [[True, False], [False, False]]}, (Slack("owed", 0, 1),)),
        ({"coverage": 0, "load_ub": [1, 0], "load_lb": [0, 0]}, ()),
    ],
)  # fmt: skip
def test_the_smallest_relaxation_is_named(limits, relaxation):
    plan = solve(Problem.dense(TWO, **limits))

    assert plan.relaxation == relaxation
    assert plan.status == ("infeasible" if relaxation else "optimal")


def test_a_minimum_above_its_own_capacity_is_named():
    problem = Problem([0, 1], [0, 0], [1.0, 1.0], 2, 1, 1, [1], least=[2])

    assert solve(problem).relaxation == (Slack("capacity", 0, 1),)


def test_a_bundle_that_no_unit_serves_is_named():
    problem = Problem([0, 1], [0, 1], [1.0, 1.0], 2, 2, 1, 1, owed=1, unit=[0, 1], bundles=((0, 1),))

    assert solve(problem).relaxation == (Slack("bundle", 0, 1),)
