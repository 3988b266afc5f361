from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lianqiao_engine.assign import BadProblem
from lianqiao_engine.stable import blocking_pairs, stable


@st.composite
def markets(draw):
    residents, hospitals = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    lists = [draw(st.permutations(range(hospitals))) for _ in range(residents)]
    wishes = [one[: draw(st.integers(0, hospitals))] for one in lists]
    orders = [
        draw(st.permutations(range(residents)))[: draw(st.integers(0, residents))] for _ in range(hospitals)
    ]
    return wishes, orders, [draw(st.integers(0, 2)) for _ in range(hospitals)]


def every_stable_matching(residents, hospitals, capacities):
    """By trying each resident with each hospital that both accept."""
    options = [
        [None, *(hospital for hospital in wishes if one in hospitals[hospital])]
        for one, wishes in enumerate(residents)
    ]
    for choice in product(*options):
        pairs = [(one, hospital) for one, hospital in enumerate(choice) if hospital is not None]
        fits = all(choice.count(hospital) <= most for hospital, most in enumerate(capacities))
        if fits and not blocking_pairs(residents, hospitals, capacities, pairs):
            yield tuple(pairs)


@settings(max_examples=150, deadline=None)
@given(markets())
def test_the_matching_is_stable_and_the_best_stable_one_for_its_side(market):
    residents, _hospitals, _ = market
    all_stable = list(every_stable_matching(*market))
    for_residents = stable(*market)
    for_hospitals = stable(*market, optimal_for="hospitals")

    assert {for_residents, for_hospitals} <= set(all_stable)
    for one, wishes in enumerate(residents):
        places = [wishes.index(dict(matching)[one]) for matching in all_stable if one in dict(matching)]
        if places:
            assert wishes.index(dict(for_residents)[one]) == min(places)
            assert wishes.index(dict(for_hospitals)[one]) == max(places)


def test_each_side_can_have_its_way():
    residents, hospitals = [[0, 1], [1, 0]], [[1, 0], [0, 1]]

    assert stable(residents, hospitals, [1, 1]) == ((0, 0), (1, 1))
    assert stable(residents, hospitals, [1, 1], optimal_for="hospitals") == ((0, 1), (1, 0))


def test_a_pair_that_would_rather_have_each_other_is_found():
    residents, hospitals = [[0, 1], [0, 1]], [[0, 1], [0, 1]]

    assert blocking_pairs(residents, hospitals, [1, 1], [(0, 1), (1, 0)]) == ((0, 0),)
    assert blocking_pairs(residents, hospitals, [2, 0], []) == ((0, 0), (1, 0))


@pytest.mark.parametrize(
    ("market", "where"),
    [
        (([[0]], [[0]], [1, 1]), "capacities"),
        (([[0]], [[0]], [-1]), "capacities[0]"),
        (([[0, 0]], [[0]], [1]), "residents[0]"),
        (([[0]], [[3]], [1]), "hospitals[0]"),
    ],
)
def test_lists_that_name_nobody_are_refused(market, where):
    with pytest.raises(BadProblem) as refusal:
        stable(*market)

    assert refusal.value.where == where


def test_an_unknown_side_is_refused():
    with pytest.raises(BadProblem, match="optimal_for"):
        stable([[0]], [[0]], [1], optimal_for="students")
