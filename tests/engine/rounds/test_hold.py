from dataclasses import replace
from datetime import date
from itertools import permutations

import pytest

from lianqiao_engine.rounds import Period, Rules, hold

from .conftest import need, offer, partners


def test_hold_brings_together_who_is_of_one_trade(needs, offers):
    result = hold(needs, offers)

    assert partners(result) == {"甲": "造价", "乙": "装饰", "丙": "施工"}
    assert (result.status, result.gap) == ("optimal", pytest.approx(0, abs=1e-9))
    assert {(pairing.unit, pairing.enterprise, pairing.matches) for pairing in result.pairings} == {
        ("经管学院", "甲公司", 1),
        ("装饰学院", "乙公司", 1),
        ("建造学院", "丙公司", 1),
    }


def test_reasons_of_every_match_sum_to_its_score(needs, offers):
    for match in hold(needs, offers).matches:
        assert sum(reason.amount for reason in match.reasons) == pytest.approx(match.score)


def test_order_of_the_lists_changes_nothing(needs, offers):
    plans = {
        frozenset(partners(hold(list(some), list(others))).items())
        for some in permutations(needs)
        for others in (offers, offers[::-1])
    }

    assert len(plans) == 1


def test_offer_nobody_needs_changes_no_plan(needs, offers):
    more = [*offers, offer("钢琴", "音乐学院", "钢琴演奏")]

    assert partners(hold(needs, more)) == partners(hold(needs, offers))


def test_need_said_twice_is_served_like_the_first(needs, offers):
    twice = [*needs, need("甲二", "编制工程量清单和招标控制价")]
    roomy = [replace(one, capacity=2) for one in offers]

    result = hold(twice, roomy)

    scores = {match.need: match.score for match in result.matches}
    assert partners(result)["甲"] == partners(result)["甲二"] == "造价"
    assert scores["甲"] == pytest.approx(scores["甲二"])


def test_need_that_is_taken_from_says_so(offers):
    two = [need("甲", "工程造价"), need("乙", "工程造价和烹饪", wants=2)]

    result = hold(two, offers[:1])

    assert [(one.need, one.why, one.best) for one in result.missed] == [("乙", "taken", "造价")]
    assert [(limit.kind, limit.of, limit.by) for limit in result.limits] == [("capacity", ("造价",), 1)]


@pytest.mark.parametrize(
    ("text", "why"), [("", "silent"), ("xyz", "nothing fits"), ("需要一名会计", "nothing fits")]
)
def test_need_that_nothing_fits_says_so(offers, text, why):
    result = hold([need("甲", text), need("乙", "装饰装修设计")], offers)

    assert [(one.need, one.why) for one in result.missed] == [("甲", why)]


@pytest.mark.parametrize(
    ("of_need", "of_offer", "bar"),
    [
        ({"never": frozenset({"经管学院"})}, {}, "never of the need"),
        ({"never": frozenset({"大学"})}, {}, "never of the need"),
        ({}, {"never": frozenset({"甲公司"})}, "never of the offer"),
        ({"earlier": {"经管学院": 3}}, {}, "rest"),
        ({"enterprise": "经管学院"}, {}, "own"),
    ],
)
def test_who_may_not_meet_does_not(offers, of_need, of_offer, bar):
    asked = need("甲", "工程造价和招投标", **of_need)

    result = hold([asked], [replace(offers[0], **of_offer)])

    assert [one.bars for one in result.missed] == [(bar,)]


def test_barred_offers_do_not_use_up_the_shortlist(offers):
    banned = [offer(f"造价{at}", "乙学院", "工程造价和招投标") for at in range(5)]
    asked = need("甲", "工程造价和招投标", never=frozenset({"乙学院"}))

    result = hold([asked], [*banned, offers[0]], Rules(shortlist=1))

    assert partners(result) == {"甲": "造价"}


def test_dates_that_do_not_meet_keep_apart(offers):
    late = replace(offers[0], period=Period(date(2030, 1, 1), None))
    asked = need("甲", "工程造价和招投标", period=Period(None, date(2029, 12, 31)))

    assert [one.bars for one in hold([asked], [late]).missed] == [("dates",)]
    assert hold([replace(asked, period=Period(None, date(2030, 1, 1)))], [late]).matches


def test_must_is_kept_and_called_fixed(needs, offers):
    wished = [replace(needs[0], must=frozenset({"装饰学院"})), *needs[1:]]

    result = hold(wished, offers)

    assert partners(result)["甲"] == "装饰"
    assert [match.need for match in result.matches if match.fixed] == ["甲"]
    assert {price.rule: price.cost > 0 for price in result.prices}["musts"]


def test_must_of_an_offer_is_kept(needs, offers):
    wished = [replace(offers[0], must=frozenset({"丙公司"})), *offers[1:]]

    assert partners(hold(needs, wished))["丙"] == "造价"


@pytest.mark.parametrize(
    ("must", "never", "why"),
    [("无此学院", "", "unknown"), ("装饰学院", "装饰学院", "never of the need")],
)
def test_must_that_cannot_be_is_refused_and_told(needs, offers, must, never, why):
    asked = replace(needs[0], must=frozenset({must}), never=frozenset(filter(None, {never})))

    result = hold([asked, *needs[1:]], offers)

    assert [(one.who, one.whom, one.why) for one in result.refused] == [("甲", must, why)]


def test_units_keep_their_limits(needs, offers):
    one_unit = [replace(one, unit="经管学院", capacity=3) for one in offers]

    result = hold(needs, one_unit, Rules(unit_capacity={"经管学院": 2}))

    assert len(result.matches) == 2
    assert [(load.name, load.used, load.capacity) for load in result.units] == [("经管学院", 2, 2)]


def test_units_that_are_owed_a_need_have_one_where_that_can_be(needs, offers):
    owed = [replace(one, unit_owed=1, capacity=3) for one in offers[:3]]
    alike = [need(name, "工程造价、装饰施工") for name in "甲乙丙"]

    spread = hold(alike, owed)
    too_many = hold(alike[:2], owed)

    assert {load.name: load.used for load in spread.units} == {"经管学院": 1, "装饰学院": 1, "建造学院": 1}
    assert {price.rule for price in spread.prices} >= {"units owed"}
    assert (spread.units_owed, too_many.units_owed) == (True, False)
    assert not hold(alike, owed, Rules(units_owed=False)).units_owed
    assert len(too_many.matches) == 2


def test_floors_that_cannot_hold_are_named_and_set_aside(needs, offers):
    result = hold([replace(one, owed=1) for one in needs], [replace(offers[0], capacity=0), *offers[1:]])

    assert {limit.kind for limit in result.limits} <= {"capacity", "owed", "enterprise_owed"}
    assert result.limits
    assert partners(result)["丙"] == "施工"


def test_whoever_worked_together_is_preferred_until_they_rest(offers):
    twins = [offer("一", "甲学院", "工程造价"), offer("二", "乙学院", "工程造价")]
    known = need("需", "工程造价", earlier={"乙学院": 1})

    assert partners(hold([known], twins)) == {"需": "二"}
    assert partners(hold([replace(known, earlier={"乙学院": 3})], twins)) == {"需": "一"}


@pytest.mark.parametrize("side", ["needs", "offers"])
def test_hold_refuses_an_empty_side_and_an_id_twice(needs, offers, side):
    lists = {"needs": needs, "offers": offers}

    with pytest.raises(ValueError, match=f"there are no {side}"):
        hold(**{**lists, side: []})
    with pytest.raises(ValueError, match=f"twice among the {side}"):
        hold(**{**lists, side: lists[side] * 2})


@pytest.mark.parametrize("wrong", [{"wants": 0}, {"capacity": -1}, {"threshold": 1.0}, {"rest_after": 0}])
def test_rules_refuse_impossible_numbers(wrong):
    with pytest.raises(ValueError, match="must be"):
        Rules(**wrong)


def test_each_rule_that_is_in_force_has_its_price(offers):
    one = [replace(offers[0], capacity=1)]
    two = [need("甲", "工程造价"), need("乙", "工程造价和烹饪", must=frozenset({"经管学院"}))]

    prices = {price.rule: price.cost for price in hold(two, one, Rules(objective="best", floor=0)).prices}
    best = {match.need: match.score for match in hold([two[0]], one).matches}
    kept = {match.need: match.score for match in hold(two, one, Rules(floor=0)).matches}

    assert prices == {"musts": pytest.approx(best["甲"] - kept["乙"], abs=0.02)}


def test_bundle_is_served_by_one_unit_as_a_team():
    offers = [
        offer("造价", "经管学院", "工程造价和招投标"),
        offer("合同", "经管学院", "工程合同管理"),
        offer("法律", "法学院", "合同管理与法律纠纷"),
    ]
    team = [need("甲", "工程造价", bundle="一"), need("乙", "合同管理与法律纠纷", bundle="一")]
    alone = [replace(one, bundle="") for one in team]

    assert partners(hold(alone, offers)) == {"甲": "造价", "乙": "法律"}
    assert partners(hold(team, offers)) == {"甲": "造价", "乙": "合同"}
