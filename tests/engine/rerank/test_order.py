import numpy as np
import pytest

from lianqiao_engine.explain import explain
from lianqiao_engine.rank import rank
from lianqiao_engine.rerank import Endpoint, ModelTrouble, compare, rerank
from lianqiao_engine.retrieve import Top
from lianqiao_engine.score import Record, Space

NEEDS = [Record("押金", {"name": "工程押金"}), Record("瓦工", {"name": "工程瓦工"})]
OFFERS = [
    Record("1", {"name": "工程"}),
    Record("2", {"name": "工程的砌体"}),
    Record("3", {"name": "工程的保证金"}),
]


class Fixed:
    """Says 1 of one offer and of all others `other`."""

    name = "fixed"

    def __init__(self, best: str, other: float = 0.0) -> None:
        self.best, self.other = best, other
        self.asked: list[tuple[str, int]] = []

    def scores(self, need_text, offer_texts):
        self.asked.append((need_text, len(offer_texts)))
        return [1.0 if self.best in text else self.other for text in offer_texts]


def ids(best: Top) -> list[tuple[str, str]]:
    return [(NEEDS[need].id, OFFERS[offer].id) for need, offer in zip(best.need, best.offer, strict=True)]


def bits(best: Top) -> list[bytes]:
    return [best.need.tobytes(), best.offer.tobytes(), best.score.tobytes()]


def test_a_model_orders_anew_and_its_share_is_an_exact_addend(stand_in):
    best = rank(OFFERS, NEEDS)

    reranked = rerank(best, NEEDS, OFFERS, Endpoint(stand_in.url, "good").reranker(), weight=2.0)

    assert (ids(reranked.best)[0], ids(reranked.best)[3]) == (("押金", "3"), ("瓦工", "2"))
    assert reranked.amounts[0] == pytest.approx(2.0)
    space = Space(OFFERS, NEEDS)
    for pair, (need, offer) in enumerate(zip(reranked.best.need, reranked.best.offer, strict=True)):
        given = [*explain(space, NEEDS[need], offer), reranked.reason(pair)]
        assert sum(reason.amount for reason in given) == pytest.approx(reranked.best.score[pair])
        assert (given[-1].kind, given[-1].about) == ("model", "good")


def test_only_the_first_are_asked_about_and_none_of_them_falls_behind():
    best = rank(OFFERS, NEEDS)
    model = Fixed("砌体", other=-1.0)

    reranked = rerank(best, NEEDS, OFFERS, model, weight=5.0, first=2)

    assert [number for _, number in model.asked] == [2, 2]
    for need in range(len(NEEDS)):
        before, after = (top.offer[top.need == need].tolist() for top in (best, reranked.best))
        assert (set(after[:2]), after[2:]) == (set(before[:2]), before[2:])
    assert (np.diff(reranked.best.score)[np.diff(reranked.best.need) == 0] <= 0).all()


def test_without_weight_the_model_is_not_asked_and_nothing_changes():
    best, model = rank(OFFERS, NEEDS), Fixed("砌体")

    reranked = rerank(best, NEEDS, OFFERS, model)

    assert model.asked == []
    assert bits(reranked.best) == bits(best)
    assert reranked.reason(0) is None


def test_a_model_that_fails_at_one_need_leaves_all_as_they_were_and_says_why():
    class Failing(Fixed):
        def scores(self, need_text, offer_texts):
            if "瓦工" in need_text:
                raise ModelTrouble("timeout", "10 s")
            return super().scores(need_text, offer_texts)

    best = rank(OFFERS, NEEDS)

    reranked = rerank(best, NEEDS, OFFERS, Failing("保证金"), weight=1.0)

    assert bits(reranked.best) == bits(best)
    assert not reranked.amounts.any()
    assert (reranked.trouble.what, reranked.trouble.detail) == ("timeout", "10 s")


@pytest.mark.parametrize("how", [{"weight": -1.0}, {"weight": float("nan")}, {"first": 0}])
def test_weights_and_depths_that_mean_nothing_are_refused(how):
    with pytest.raises(ValueError, match=r"weight must be|first must be"):
        rerank(rank(OFFERS, NEEDS), NEEDS, OFFERS, Fixed(""), **how)


def top_of(orders: list[list[int]]) -> Top:
    lengths = [len(order) for order in orders]
    offers = np.array([offer for order in orders for offer in order], np.int32)
    return Top(
        np.repeat(np.arange(len(orders), dtype=np.int32), lengths), offers, -np.arange(len(offers)) * 1.0
    )


@pytest.mark.parametrize(("needs", "share", "helps"), [(100, 0.9, True), (100, 0.5, False), (40, 1.0, False)])
def test_a_model_helps_when_the_offices_answers_prove_it(needs, share, helps):
    named = [Record(f"n{number}", {}) for number in range(needs)]
    answers = {need.id: {OFFERS[number < share * needs].id} for number, need in enumerate(named)}

    verdict = compare(top_of([[0, 1, 2]] * needs), top_of([[1, 0, 2]] * needs), named, OFFERS, answers)

    assert verdict.needs == needs
    assert verdict.helps is helps
