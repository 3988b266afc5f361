import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from lianqiao_engine.retrieve import Top, top

SMALL = st.integers(0, 3)


def vectors(rows):
    return csr_array(np.asarray(rows, float))


def pairs(best: Top):
    return list(zip(best.need.tolist(), best.offer.tolist(), best.score.tolist(), strict=True))


def test_top_gives_the_best_first_and_equal_ones_in_their_order():
    offers = vectors([[1, 0], [2, 0], [0, 5], [2, 0]])

    best = top(vectors([[1, 0], [0, 0], [0, 2]]), offers, 2)

    assert pairs(best) == [(0, 1, 2.0), (0, 3, 2.0), (2, 2, 10.0)]


def test_top_leaves_out_what_is_excluded_before_it_chooses():
    offers = vectors([[3], [2], [1]])

    best = top(vectors([[1]]), offers, 2, excluded=lambda need: np.array([0]))

    assert pairs(best) == [(0, 1, 2.0), (0, 2, 1.0)]


def test_top_tells_how_far_it_is(monkeypatch):
    monkeypatch.setattr("lianqiao_engine.retrieve.scan.CELLS", 2)
    told = []

    top(vectors([[1], [1], [1]]), vectors([[1], [1]]), 1, progress=lambda done, of: told.append((done, of)))

    assert told == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize(("needs", "k"), [([[1, 1]], 1), ([[1]], 0)])
def test_top_refuses_vectors_of_two_spaces_and_k_below_one(needs, k):
    with pytest.raises(ValueError, match=r"terms|at least 1"):
        top(vectors(needs), vectors([[1]]), k)


@given(
    st.lists(st.lists(SMALL, min_size=3, max_size=3), min_size=1, max_size=6),
    st.lists(st.lists(SMALL, min_size=3, max_size=3), min_size=1, max_size=9),
    st.integers(1, 5),
)
def test_top_is_what_sorting_all_products_gives(needs, offers, k):
    products = np.asarray(needs, float) @ np.asarray(offers, float).T
    wanted = [
        (need, offer, row[offer])
        for need, row in enumerate(products)
        for offer in sorted(range(len(row)), key=lambda at: (-row[at], at))[:k]
        if row[offer] > 0
    ]

    assert pairs(top(vectors(needs), vectors(offers), k)) == wanted
