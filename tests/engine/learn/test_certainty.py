import numpy as np
import pytest

from lianqiao_engine.learn.certainty import held_out
from lianqiao_engine.learn.evidence import Shown, paired
from lianqiao_engine.learn.fit import GREATEST, LEAST, as_before, learned

from .made import GROUPS, answered, at_random, by

TRADES = GROUPS.index("trades")


@pytest.mark.parametrize("seed", range(6))
def test_answers_at_random_prove_nothing(seed):
    assert not held_out(answered(seed, at_random)).enough


@pytest.mark.parametrize("seed", range(2))
def test_taking_the_first_that_will_do_proves_nothing(seed):
    assert not held_out(answered(seed, at_random, needs=300, first_only=True)).enough


@pytest.mark.parametrize("rounds", [1, 6])
def test_answers_that_follow_one_group_prove_it_and_raise_it(rounds):
    evidence = answered(1, by([1, 1, 1, 3, 1, 1]), rounds=rounds)

    certainty = held_out(evidence)
    multipliers = learned(evidence, np.arange(len(evidence.need))).multipliers

    assert certainty.enough
    assert certainty.by == ("round" if rounds > 1 else "need")
    assert multipliers.argmax() == TRADES
    assert multipliers[TRADES] > 1.5


def test_answers_that_follow_the_score_as_it_is_change_nothing():
    evidence = answered(2, by([1] * 6))

    assert not held_out(evidence).enough
    assert learned(evidence, np.arange(len(evidence.need))).multipliers == pytest.approx(np.ones(6), abs=0.5)


def test_multipliers_stay_within_their_bounds():
    evidence = answered(3, by([0, 0, 0, 50, 0, 0], scale=4), needs=400)

    multipliers = learned(evidence, np.arange(len(evidence.need))).multipliers

    assert multipliers.min() >= LEAST
    assert multipliers.max() <= GREATEST


def test_what_is_seldom_seen_counts_more_when_it_is_answered():
    addends = np.array([[0.4], [0.1], [0.2]])

    evidence = paired(
        ["words"], [Shown(0, "需求", addends, (1, 2, 4), (True, False, False))], {1: 1.0, 2: 0.5, 4: 0.01}
    )

    assert evidence.ahead[:, 0] == pytest.approx([0.3, 0.2])
    assert evidence.below.tolist() == [-1.0, -2.0]
    assert evidence.counts == pytest.approx([2 / 6, 10 / 6])  # 1 / .5 and, clipped, 1 / .1; 1 on average


def test_a_need_that_comes_back_is_one_need():
    addends = np.array([[0.4], [0.1]])
    shown = [Shown(number, name, addends, (1, 2), (True, False)) for number, name in enumerate("aba")]

    evidence = paired(["words"], shown, {1: 1.0, 2: 1.0})

    assert (evidence.need.tolist(), evidence.needs, evidence.round.tolist()) == ([0, 1, 0], 2, [0, 1, 2])


def test_model_of_the_score_as_it_is_has_the_gradient_zero_at_its_scale():
    evidence = answered(4, by([1] * 6))
    rows = np.arange(len(evidence.need))
    model = as_before(evidence, rows)

    def loss(scale: float) -> float:
        score = evidence.ahead.sum(axis=1)
        odds = scale * score + model.habit * evidence.below
        ridge = (scale**2 * (score**2).mean() + model.habit**2 * (evidence.below**2).mean()) / 2
        return float(evidence.counts @ np.logaddexp(0, -odds) + ridge)

    assert loss(model.scale) <= min(loss(model.scale * 0.97), loss(model.scale * 1.03))
