"""The contract of retrieval: every way passes it, over one block of offers and over many."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array, random_array

from lianqiao_engine.retrieve import Index, Top, index, top
from lianqiao_engine.retrieve.scan import Scan

WAYS = {"scan": Scan}
if index.installed():
    from lianqiao_engine.retrieve.blocks import Blocks

    WAYS["blocks"] = lambda offers: Blocks(offers, block=64, together=3)
    WAYS["wide blocks"] = Blocks

WEIGHTS = st.one_of(st.integers(0, 3), st.floats(0, 10, width=32), st.sampled_from([1e-30, 1e-9, 1e9, 1e30]))


@pytest.fixture(params=WAYS, autouse=True)
def way(request, monkeypatch):
    """Every question of the door goes this way."""
    monkeypatch.setattr(Index, "_blocks", lambda self: WAYS[request.param](self._offers))
    monkeypatch.setattr(index, "installed", lambda: True)
    monkeypatch.setattr(index, "WORTH", 0)


def vectors(rows, terms=None):
    return csr_array(np.asarray(rows, float).reshape(len(rows), terms or -1))


def pairs(best: Top):
    return list(zip(best.need.tolist(), best.offer.tolist(), best.score.tolist(), strict=True))


def sorted_products(needs, offers, k, excluded=None):
    """The naive answer: all products, sorted."""
    found = []
    for need, row in enumerate(needs.toarray()):
        products = [0.0] * offers.shape[0]
        for offer, other in enumerate(offers.toarray()):
            for one, two in zip(row.tolist(), other.tolist(), strict=True):
                products[offer] += one * two
        able = set(range(len(products))) - set(excluded(need).tolist() if excluded else ())
        first = sorted(able, key=lambda at: (-products[at], at))[:k]
        found += [(need, offer, products[offer]) for offer in first if products[offer] > 0]
    return found


def some(rows, terms, density, seed):
    vectors = random_array((rows, terms), density=density, rng=np.random.default_rng(seed), format="csr")
    vectors.data = np.ceil(vectors.data * 50) / 7  # so that equal scores happen
    return vectors


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.lists(WEIGHTS, min_size=4, max_size=4), min_size=1, max_size=5),
    st.lists(st.lists(WEIGHTS, min_size=4, max_size=4), min_size=1, max_size=9),
    st.integers(1, 12),
)
def test_top_of_any_weights_is_what_sorting_all_products_gives(needs, offers, k):
    assert pairs(top(vectors(needs), vectors(offers), k)) == sorted_products(
        vectors(needs), vectors(offers), k
    )


@pytest.mark.parametrize("k", [1, 5, 300])
@pytest.mark.parametrize("terms", [3, 70, 1500])
def test_top_over_many_offers_is_what_sorting_all_products_gives(terms, k):
    needs, offers = some(4, terms, 0.9, 1), some(200, terms, 0.04 + 1 / terms, 2)

    assert pairs(top(needs, offers, k)) == sorted_products(needs, offers, k)


def test_top_of_one_frequent_and_one_heavy_rare_term_misses_nothing():
    offers = np.zeros((200, 2))
    offers[:, 0] = np.arange(200) % 7 * 1e-6
    offers[[3, 150], 1] = 1e12

    assert pairs(top(vectors([[1, 1]]), vectors(offers), 20)) == sorted_products(
        vectors([[1, 1]]), vectors(offers), 20
    )


def test_top_gives_equal_offers_in_their_order():
    best = top(vectors([[1.0]]), vectors([[1.0]] * 150 + [[2.0]] + [[1.0]] * 150), 130)

    assert best.offer.tolist() == [150, *range(129)]


def test_top_gives_nothing_for_empty_needs_and_empty_sides():
    offers = vectors([[1, 0], [2, 0]])

    assert pairs(top(vectors([[0, 0], [1, 0], [0, 1]]), offers, 1)) == [(1, 1, 2.0)]
    assert pairs(top(offers, vectors(np.empty((0, 2)), 2), 1)) == []
    assert pairs(top(vectors(np.empty((0, 2)), 2), offers, 1)) == []
    assert pairs(top(csr_array((2, 0)), csr_array((3, 0)), 1)) == []


def test_top_leaves_out_what_is_excluded_before_it_chooses():
    needs, offers = some(7, 20, 0.5, 3), some(200, 20, 0.3, 4)
    first = top(needs, offers, 5)

    def excluded(need):
        return np.append(first.offer[first.need == need][::-1], 199)

    assert pairs(top(needs, offers, 5, excluded=excluded)) == sorted_products(needs, offers, 5, excluded)


def test_top_refuses_to_exclude_an_offer_that_there_is_not():
    with pytest.raises(IndexError, match="need 0 excludes"):
        top(vectors([[1]]), vectors([[1]]), 1, excluded=lambda need: np.array([-1]))


def test_top_of_permuted_offers_is_permuted():
    needs, offers = some(6, 40, 0.4, 5), random_array((200, 40), density=0.3, rng=6, format="csr")
    turned = np.random.default_rng(7).permutation(200)

    best, again = top(needs, offers, 9), top(needs, offers[turned], 9)

    assert turned[again.offer].tolist() == best.offer.tolist()
    assert again.score.tolist() == best.score.tolist()


def test_top_with_an_irrelevant_offer_is_the_same():
    needs, offers = some(6, 40, 0.4, 8), some(200, 40, 0.3, 9)
    more = csr_array(np.vstack([offers.toarray(), np.zeros((1, 40))]))

    assert pairs(top(needs, more, 9)) == pairs(top(needs, offers, 9))


def test_top_takes_a_term_that_is_given_twice_as_their_sum_and_changes_nothing_it_was_given():
    twice = csr_array((np.array([2.0, 1.0, 1.0]), np.array([1, 0, 0]), np.array([0, 3])), (1, 2))

    assert pairs(top(twice, vectors([[3, 0], [0, 3]]), 2)) == [(0, 0, 6.0), (0, 1, 6.0)]
    assert twice.indices.tolist() == [1, 0, 0]


def test_top_of_single_precision_is_scored_in_double():
    needs, offers = some(3, 30, 0.6, 10).astype(np.float32), some(90, 30, 0.5, 11).astype(np.float32)

    assert pairs(top(needs, offers, 4)) == sorted_products(needs, offers, 4)


def test_top_of_negative_weights_is_what_sorting_all_products_gives():
    needs, offers = vectors([[1, -2], [-1, 1]]), vectors([[1, 1], [3, 1], [-1, -1]])

    assert pairs(top(needs, offers, 3)) == [(0, 1, 1.0), (0, 2, 1.0)]
    assert pairs(top(needs[[1]], abs(offers), 3)) == []


def test_top_tells_how_far_it_is_and_ends_with_all():
    told = []

    top(some(10, 5, 0.9, 12), some(9, 5, 0.9, 13), 1, progress=lambda done, of: told.append((done, of)))

    assert told == sorted(told)
    assert told[-1] == (10, 10)


def test_index_answers_each_question_alone():
    needs, offers = some(5, 30, 0.5, 14), some(200, 30, 0.3, 15)
    prepared = Index(offers, asked=5)

    answers = [pair for need in range(5) for pair in pairs(prepared.top(needs[[need]], 6))]

    assert [pair[1:] for pair in answers] == [pair[1:] for pair in pairs(prepared.top(needs, 6))]


@pytest.mark.parametrize(
    ("needs", "offers", "k", "why"),
    [
        ([[1, 1]], [[1]], 1, "terms"),
        ([[1]], [[1]], 0, "at least 1"),
        ([[np.nan]], [[1]], 1, "needs hold"),
        ([[1]], [[np.inf]], 1, "offers hold"),
    ],
)
def test_top_refuses_what_is_no_question(needs, offers, k, why):
    with pytest.raises(ValueError, match=why):
        top(vectors(needs), vectors(offers), k)
