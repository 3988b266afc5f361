import numpy as np
import pytest

from lianqiao_engine.assign import BadProblem, Problem

GOOD = {
    "need": [0, 0, 1],
    "offer": [0, 1, 1],
    "score": [0.5, 0.25, 1.0],
    "needs": 2,
    "offers": 2,
    "wants": 1,
    "capacity": [1, 2],
}


@pytest.mark.parametrize(
    ("change", "what", "where"),
    [
        ({"needs": 0}, "empty", "needs"),
        ({"offers": 0}, "empty", "offers"),
        ({"score": [0.5, np.nan, 1.0]}, "not finite", "score[1]"),
        ({"score": [0.5, np.inf, 1.0]}, "not finite", "score[1]"),
        ({"score": [0.5, 0.25]}, "shape", "need"),
        ({"offer": [0, 2, 1]}, "out of range", "candidates[1]"),
        ({"offer": [0, 0, 1]}, "duplicate", "candidates"),
        ({"capacity": [1, -2]}, "negative", "capacity[1]"),
        ({"capacity": [1, 2, 3]}, "shape", "capacity"),
        ({"capacity": [1, 1.5]}, "not whole", "capacity"),
        ({"capacity": "many"}, "not numbers", "capacity"),
        ({"wants": [[1, 1]]}, "shape", "wants"),
        ({"fixed": [[1, 0]]}, "unknown", "fixed"),
        ({"fixed": [[0, 5]]}, "out of range", "fixed[0]"),
        ({"fixed": [[0, 1]], "banned": [[0, 1]]}, "contradiction", "fixed"),
        ({"unit": [0, 3], "unit_capacity": [1, 1]}, "unknown", "unit[1]"),
        ({"bundles": [(0, 7)]}, "out of range", "bundles[0]"),
        ({"bundles": [(0, 1), (1,)]}, "duplicate", "bundles[1]"),
        ({"kth": [0.1, np.nan]}, "not finite", "kth[1]"),
    ],
)
def test_problem_refuses_what_no_solver_can_mean(change, what, where):
    with pytest.raises(BadProblem) as refusal:
        Problem(**GOOD | change)

    assert (refusal.value.what, refusal.value.where) == (what, where)


def test_problem_keeps_candidates_sorted_and_without_the_banned():
    problem = Problem(**GOOD | {"need": [1, 0, 0], "offer": [1, 1, 0], "banned": [[0, 1]]})

    assert problem.pairs(np.arange(2)).tolist() == [[0, 0], [1, 1]]
    assert problem.score.tolist() == [1.0, 0.5]


def test_dense_takes_marks_and_pairs_alike():
    scores, marks = np.ones((3, 2)), np.array([[0, 0], [0, 1], [0, 0]], bool)

    assert Problem.dense(scores, 1, 2, forbidden=marks).banned.tolist() == [[1, 1]]
    assert Problem.dense(scores, 1, 2, fixed=[[1, 1]]).fixed.tolist() == [[1, 1]]


@pytest.mark.parametrize(
    ("scores", "what"), [(np.ones((0, 3)), "empty"), (np.ones(3), "shape"), ([["a"]], "not numbers")]
)
def test_dense_refuses_a_matrix_that_is_none(scores, what):
    with pytest.raises(BadProblem) as refusal:
        Problem.dense(scores, 1, 1)

    assert (refusal.value.what, refusal.value.where) == (what, "scores")


# See the end of test_solve.py for others of its kind: it happened in the best matcher that can be had.


def test_one_pair_with_two_identities_is_refused():
    with pytest.raises(BadProblem, match="duplicate"):
        Problem([0, 0], [1, 1], [0.5, 0.6], 1, 2, 1, 1)
