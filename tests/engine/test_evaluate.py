from math import isnan, log2

import numpy as np
import pytest

from lianqiao_engine.assign import Problem
from lianqiao_engine.evaluate import gini, lowest, plan, ranking

RUN = {"a": ["x", "y", "z"], "b": ["y", "x"], "unasked": ["x"]}
ANSWERS = {"a": {"y", "z", "w"}, "b": {"y"}, "left out": {"x"}, "empty": set()}


def test_ranking_gives_each_need_its_measures():
    quality = ranking(RUN, ANSWERS, 3)

    assert quality.needs == ("a", "b", "left out")
    assert quality.reciprocal_rank.tolist() == [1 / 2, 1, 0]
    assert quality.precision_at_1.tolist() == [0, 1, 0]
    assert quality.recall.tolist() == [2 / 3, 1, 0]
    assert quality.ndcg.tolist() == pytest.approx(
        [(1 / log2(3) + 1 / log2(4)) / (1 + 1 / log2(3) + 1 / log2(4)), 1, 0]
    )


def test_ranking_looks_no_deeper_than_k():
    quality = ranking(RUN, ANSWERS, 1)

    assert quality.recall.tolist() == [0, 1, 0]
    assert quality.ndcg.tolist() == [0, 1, 0]


def test_means_count_a_need_that_the_run_left_out_and_tell_apart_one_without_answers():
    quality = ranking(RUN, ANSWERS, 3)

    assert quality.unanswered == ("unasked",)
    assert quality.means() == pytest.approx(
        {"MRR@3": 0.5, "P@1": 1 / 3, "R@3": 5 / 9, "nDCG@3": (quality.ndcg[0] + 1) / 3}
    )


def test_means_without_any_answer_are_no_numbers():
    assert all(isnan(value) for value in ranking(RUN, {}, 3).means().values())


@pytest.mark.parametrize(("run", "k"), [({"a": ["x"]}, 0), ({"a": ["x", "x"]}, 1)])
def test_ranking_refuses_depth_below_one_and_an_offer_named_twice(run, k):
    with pytest.raises(ValueError, match=r"at least 1|twice"):
        ranking(run, {"a": {"x"}}, k)


def problem(**more) -> Problem:
    """Needs 0, 1, 2 have candidates, 3 has none; offers 0 and 1 are of one unit, offer 2 of none."""
    return Problem(
        need=[0, 0, 1, 2],
        offer=[0, 1, 1, 2],
        score=[3.0, 1.0, 2.0, 4.0],
        needs=4,
        offers=3,
        wants=2,
        capacity=2,
        unit=[0, 0, -1],
        **more,
    )


def test_plan_is_measured_by_hand():
    treatment = plan(problem(), [(0, 0), (0, 1), (1, 1)])

    assert (treatment.sum, treatment.worst, treatment.lowest) == (6.0, 0.0, 0.0)
    assert treatment.gini == pytest.approx(
        4 / 9
    )  # shares 4, 2, 0: differences 2, 2, 4, twice, over 2 * 3 * 6
    assert treatment.unserved.tolist() == [2, 3]
    assert treatment.possible == 0.75
    assert treatment.offer_loads.tolist() == [1, 2, 0]
    assert treatment.unit_loads.tolist() == [3]


def test_a_need_whose_only_candidate_is_banned_has_no_counterpart():
    treatment = plan(problem(banned=[(2, 2)]), [(0, 0), (1, 1)])

    assert treatment.possible == 0.5
    assert treatment.worst == 2.0


def test_plan_of_a_pair_that_is_no_candidate_is_refused():
    with pytest.raises(ValueError, match=r"\(3, 0\) is no candidate"):
        plan(problem(), [(3, 0)])


def test_lowest_is_the_mean_of_a_tenth_rounded_up():
    assert lowest(np.arange(20.0)) == 0.5
    assert lowest(np.arange(21.0)) == 1.0
    assert isnan(lowest([]))


@pytest.mark.parametrize(
    ("shares", "expected"), [([5, 5, 5], 0.0), ([0, 0, 0, 8], 0.75), ([1, 3], 0.25), ([2, 1, 3], 2 / 9)]
)
def test_gini_of_shares_known_by_hand(shares, expected):
    assert gini(shares) == pytest.approx(expected)


@pytest.mark.parametrize("shares", [[], [0, 0], [-1, 2]])
def test_gini_of_nothing_to_share_is_no_number(shares):
    assert isnan(gini(shares))
