import pytest

from lianqiao_engine.score import Record, Space, Weights

BUDGET = Record("预算", {"name": "工程造价", "courses": ("建筑工程计量与计价", "工程招投标")})
MASONRY = Record("砌筑", {"name": "建筑工程施工", "courses": ("砌体施工", "建筑施工技术")})
COOKING = Record("烹饪", {"name": "中西面点", "courses": ("面点制作",)})
OFFERS = [BUDGET, MASONRY, COOKING]


def best_of(text: str, **weights) -> str:
    needs = [Record("需求", {"name": text})]
    space = Space(OFFERS, needs, Weights(**weights))
    scores = (space.vectors(needs) @ space.offers.T).toarray()[0]
    return OFFERS[scores.argmax()].id


@pytest.mark.parametrize(
    ("text", "meant"), [("预算员做工程量清单", "预算"), ("瓦工砌墙", "砌筑"), ("面点师", "烹饪")]
)
def test_space_brings_together_what_shares_no_word(text, meant):
    assert best_of(text) == meant


def test_scores_are_the_sums_of_what_each_term_adds():
    needs = [Record("需求", {"name": "造价员", "tasks": "工程计价和招投标"})]
    space = Space(OFFERS, needs)
    vectors = space.vectors(needs)

    addends = vectors.multiply(space.offers[[0]])

    assert addends.sum() == pytest.approx((vectors @ space.offers.T).toarray()[0][0])
    assert len(space.labels()) == space.offers.shape[1]


def test_space_counts_what_is_said_in_everyday_words_as_offices_write_it():
    lease = Record("租赁", {"content": "出租人应当退还保证金"})
    needs = [Record("需求", {"content": "房东不退押金"})]

    without, with_it = (
        Space([lease, COOKING], needs, Weights(officially=officially)).vectors(needs).sum()
        for officially in (0.0, 0.5)
    )

    assert with_it > without


def test_order_of_the_offers_changes_no_score():
    needs = [Record("需求", {"name": "工程预算和砌体施工"})]
    ahead, behind = Space(OFFERS, needs), Space(OFFERS[::-1], needs)

    scores = [(space.vectors(needs) @ space.offers.T).toarray()[0] for space in (ahead, behind)]

    assert scores[0].tolist() == pytest.approx(scores[1][::-1].tolist())


def test_empty_texts_score_nothing():
    needs = [Record("空", {"name": ""}), Record("无", {})]
    space = Space(OFFERS, needs)

    assert (space.vectors(needs) @ space.offers.T).sum() == 0


@pytest.mark.parametrize(
    "weights", [{"views": {"stars": 1.0}}, {"length": -1.0}, {"need_fields": {"name": float("nan")}}]
)
def test_weights_refuse_what_is_unknown_negative_or_no_number(weights):
    with pytest.raises(ValueError, match=r"view|must be a number"):
        Weights(**weights)
