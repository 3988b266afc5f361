import pytest

from lianqiao_engine.explain import Reason, explain
from lianqiao_engine.score import Record, Space

BUDGET = Record("预算", {"name": "工程造价", "courses": ("建筑工程计量与计价", "工程量清单编制")})
LEASE = Record("租赁", {"content": "出租人应当退还保证金"})
COOKING = Record("烹饪", {"name": "中西面点"})
OFFERS = [BUDGET, LEASE, COOKING]


def reasons(need: Record, place: int) -> tuple[Space, tuple[Reason, ...]]:
    space = Space(OFFERS, [need])
    return space, explain(space, need, place)


@pytest.mark.parametrize("text", ["编制工程量清单和预算", "房东不退押金", "造价员 套定额 BIM"])
def test_amounts_of_all_reasons_sum_to_the_score(text):
    need = Record("需求", {"name": text})

    for place in range(len(OFFERS)):
        space, given = reasons(need, place)
        score = (space.vectors([need]) @ space.offers.T).toarray()[0][place]
        assert sum(reason.amount for reason in given) == pytest.approx(score)


def test_reason_names_the_longest_phrase_that_both_texts_hold():
    _, given = reasons(Record("需求", {"name": "会编制工程量清单"}), 0)

    phrases = {reason.about for reason in given if reason.kind == "words"}
    assert "工程量清单" in phrases
    assert "工程" not in phrases


def test_reason_of_a_trade_names_the_words_on_both_sides():
    _, given = reasons(Record("需求", {"name": "预算员"}), 0)

    trade = next(reason for reason in given if reason.kind == "trade" and reason.about == "工程造价")
    assert "预算员" in trade.in_need
    assert "工程造价" in trade.in_offer


def test_everyday_words_inside_other_words_mean_nothing():
    _, given = reasons(Record("需求", {"name": "装饰装修工程"}), 1)

    assert given == ()


def test_reason_of_everyday_words_names_what_was_said():
    _, given = reasons(Record("需求", {"name": "房东"}), 1)

    said = next(reason for reason in given if reason.kind == "officially")
    assert (said.about, said.in_need) == ("出租人", ("房东",))


def test_nothing_shared_gives_no_reason():
    assert reasons(Record("需求", {"name": "BIM"}), 2)[1] == ()


def test_reason_of_a_facet_names_the_facet_and_its_value():
    offer = Record("近", {"name": "工程造价"}, {"district": ("云龙区",)})
    need = Record("需求", {"name": "预算"}, {"district": ("云龙区",)})

    given = explain(Space([offer], [need]), need, 0)

    assert Reason("facet", "district", ("云龙区",), ("云龙区",), 0.01) in given
