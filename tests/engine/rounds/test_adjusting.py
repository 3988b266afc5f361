"""A plan changed by hand."""

import pytest

from lianqiao_engine.check import CLOSE
from lianqiao_engine.rounds import Rules, hold
from lianqiao_engine.rounds.adjusting import Basis, adjust, asked_why, change_between
from lianqiao_engine.rounds.stored import Stored

from .conftest import need, offer, partners

COURSE = "工程造价、招投标和工程计价课程"


def basis(needs, offers, rules=None) -> Basis:
    rules = rules or Rules()
    return Basis.of(Stored(tuple(needs), tuple(offers), rules, hold(needs, offers, rules)))


def plan(of: Basis) -> list[tuple[str, str]]:
    return [(match.need, match.offer) for match in of.stored.result.matches]


@pytest.fixture
def crowded() -> Basis:
    """One course that two want, and a lesser one that is free."""
    needs = [need("甲", COURSE), need("乙", "招投标和工程计价"), need("丙", "装饰")]
    offers = [
        offer("课", "经管学院", COURSE),
        offer("书", "图书馆", "工程计价"),
        offer("装", "装饰学院", "装饰施工"),
    ]
    return basis(needs, offers)


def test_adjust_takes_an_offer_away_and_tells_what_it_was_worth(crowded):
    found = adjust(crowded, plan(crowded), "丙", "装", None)

    lost = next(match.score for match in crowded.stored.result.matches if match.need == "丙")
    assert (found.gone, found.come, found.unserved) == ((("丙", "装"),), (), ("丙",))
    assert found.sum_before - found.sum_after == pytest.approx(lost)
    assert (found.worst_after, found.bound) == (0.0, crowded.stored.result.bound)


def test_adjust_to_a_full_offer_moves_its_holder_to_what_is_free(crowded):
    before = partners(crowded.stored.result)
    full = before["甲"]
    free = before["乙"]

    found = adjust(crowded, plan(crowded), "乙", free, full)

    assert dict(found.pairs) == {"甲": free, "乙": full, "丙": "装"}
    assert found.unserved == ()
    assert found.sum_after == pytest.approx(sum(crowded.score(crowded.pair(*pair)) for pair in found.pairs))
    assert found.sum_after <= found.bound + CLOSE


def test_adjust_to_a_full_offer_names_who_is_left_without():
    one = basis(
        [need("甲", COURSE), need("乙", "招投标")],
        [offer("课", "经管学院", COURSE)],
        Rules(objective="best", floor=0),
    )
    held = partners(one.stored.result)
    (has,) = held
    other = ({"甲", "乙"} - {has}).pop()

    found = adjust(one, plan(one), other, None, "课")

    assert (found.pairs, found.unserved) == (((other, "课"),), (has,))


def test_adjust_touches_nobody_else(crowded):
    found = adjust(crowded, plan(crowded), "甲", partners(crowded.stored.result)["甲"], None)

    # What came free is not handed on by itself: the office asked for one change.
    assert (len(found.gone), found.come) == (1, ())


def test_adjust_names_the_rules_that_break(crowded):
    found = adjust(crowded, plan(crowded), "丙", "装", None)

    assert {(fault.kind, fault.of) for fault in found.broken} >= {("enterprise_owed", ("丙公司",))}


def test_adjust_to_whom_a_side_will_not_have_is_forbidden():
    one = basis(
        [need("甲", COURSE, never=frozenset({"经管学院"}))],
        [offer("课", "经管学院", COURSE), offer("书", "图书馆", "工程计价")],
    )

    found = adjust(one, plan(one), "甲", "书", "课")

    assert (found.bars, found.is_forbidden) == (("never of the need",), True)
    assert ("never of the need", ("甲", "课")) in {(fault.kind, fault.of) for fault in found.broken}


def test_adjust_takes_what_was_no_candidate(crowded):
    found = adjust(crowded, plan(crowded), "丙", "装", "书")

    assert ("丙", "书") in found.pairs
    assert not found.is_forbidden


def test_change_between_is_the_change_back(crowded):
    there = adjust(crowded, plan(crowded), "丙", "装", None)

    back = change_between(crowded, there.pairs, plan(crowded))

    assert (back.come, back.gone, back.broken) == (there.gone, there.come, ())
    assert back.sum_after == pytest.approx(there.sum_before)


def test_asked_why_of_a_pair_tells_who_holds_the_place_and_what_would_change_it(crowded):
    held = partners(crowded.stored.result)

    told = asked_why(crowded, plan(crowded), "乙", held["甲"])

    assert (told.stood_in_the_way, told.held_by) == ("capacity", ("甲",))
    assert told.exact


def test_adjust_of_who_takes_no_part_is_refused(crowded):
    with pytest.raises(KeyError):
        adjust(crowded, plan(crowded), "丁", None, "课")
