"""The verifier against plans that break one thing each."""

import pytest

from lianqiao_engine.assign import Problem
from lianqiao_engine.check import Claim, Violation, verify

PROBLEM = Problem(
    need=[0, 0, 1, 1, 2],
    offer=[0, 1, 0, 1, 2],
    score=[1.0, 0.5, 0.25, 0.75, 2.0],
    needs=3,
    offers=3,
    wants=[1, 1, 1],
    owed=[1, 0, 0],
    capacity=[1, 1, 1],
    least=[0, 0, 1],
    unit=[0, 0, 1],
    unit_capacity=[2, 1],
    enterprise=[0, 0, -1],
    enterprise_capacity=[2],
    enterprise_owed=[1],
    fixed=[[2, 2]],
    banned=[[1, 2]],
)
RIGHT = [(0, 0), (1, 1), (2, 2)]


def test_a_right_plan_with_a_right_claim_has_no_violation():
    assert verify(PROBLEM, RIGHT, Claim(3.75, 0.75)) == ()


@pytest.mark.parametrize(
    ("pairs", "violations"),
    [
        ([(0, 0), (0, 0), (2, 2)], {("duplicate", (0, 0)), ("wants", 0), ("capacity", 0)}),
        ([(0, 1), (1, 1), (2, 2)], {("capacity", 1)}),
        ([(1, 1), (2, 2)], {("owed", 0)}),
        ([(0, 0)], {("fixed", (2, 2)), ("least", 2)}),
        ([(0, 0), (1, 2), (2, 2)], {("banned", (1, 2)), ("capacity", 2), ("unit_capacity", 1)}),
        ([(0, 2), (2, 2)], {("not a candidate", (0, 2)), ("capacity", 2), ("unit_capacity", 1)}),
        ([(2, 2)], {("owed", 0), ("enterprise_owed", 0)}),
        ([*RIGHT, (7, 0)], {("out of range", (7, 0))}),
    ],
)
def test_each_thing_that_is_broken_is_named(pairs, violations):
    assert {(found.kind, found.where) for found in verify(PROBLEM, pairs)} == violations


def test_a_wrong_claim_is_told_with_what_is_true():
    assert verify(PROBLEM, RIGHT, Claim(4.0, 1.0)) == (
        Violation("sum", None, 3.75, 4.0),
        Violation("worst", None, 0.75, 1.0),
    )


@pytest.mark.parametrize(
    ("pairs", "broken"),
    [([(0, 0), (1, 1)], False), ([], False), ([(0, 0)], True), ([(0, 0), (1, 2)], True), ([(0, 3), (1, 3)], True)],
)  # fmt: skip
def test_a_bundle_is_served_whole_by_one_unit_or_not_at_all(pairs, broken):
    every = [(need, offer) for need in (0, 1) for offer in range(4)]
    problem = Problem(
        [need for need, _ in every],
        [offer for _, offer in every],
        [1.0] * 8,
        2,
        4,
        1,
        2,
        unit=[0, 0, 1, -1],
        bundles=((0, 1),),
    )

    assert [found.kind for found in verify(problem, pairs)] == ["bundle"] * broken
