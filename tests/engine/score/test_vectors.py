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
    assert len(space.labels) == space.offers.shape[1]


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


def scores_of(offers, needs, **weights):
    space = Space(offers, needs, Weights(**weights))
    return (space.vectors(needs) @ space.offers.T).toarray()


def test_score_is_the_share_of_the_need_that_an_offer_meets():
    text = "编制工程量清单和招标控制价"
    said_again, said_in_part = Record("全", {"content": text}), Record("部分", {"content": "招标控制价"})

    whole, part = scores_of([said_again, said_in_part], [Record("需求", {"content": text})])[0]

    assert 0.5 < whole < 1.5
    assert 0 < part < whole


def test_what_no_offer_holds_lessens_the_share():
    asked = Record("一", {"content": "工程造价"}), Record("二", {"content": "工程造价和xyz冷链溯源"})

    scores = scores_of(OFFERS, asked)

    assert scores[1][0] < scores[0][0]


def test_usual_words_tell_little_even_in_a_short_list():
    meant_one = Record("造价", {"content": "工程预算和结算的编制"})
    usual = Record("泛", {"content": "支持企业发展，加强合作"})
    needs = [Record("需求", {"content": "希望学校支持企业做工程预算，加强合作"})]

    meant, said = scores_of([meant_one, usual], needs)[0]

    assert meant > said


def test_shared_facets_add_their_weight_and_others_nothing():
    here = Record("近", {"name": "工程造价"}, {"district": ("云龙区",), "colour": ("红",)})
    there = Record("远", {"name": "工程造价"}, {"district": ("泉山区",), "colour": ("红",)})
    needs = [Record("需求", {"name": "预算"}, {"district": ("云龙区",), "colour": ("红",)})]

    near, far = scores_of([here, there], needs, facets={"district": 0.1})[0]

    assert near == pytest.approx(far + 0.1)
