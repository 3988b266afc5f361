"""Floors of some enterprises only, and wishes about one entry."""

import os
import subprocess
import sys

import pytest

from lianqiao_engine.rounds import Rules, hold

from .conftest import need, offer, partners

COURSE = "工程造价、招投标和工程计价课程"


def two_needs_of_one_offer():
    """The big one says more of what the offer says; the small one has nothing else."""
    return [need("大", COURSE, "大公司"), need("小", "招投标", "小公司")], [offer("课", "经管学院", COURSE)]


@pytest.mark.parametrize(
    ("floors", "served"), [({}, "大"), ({"小公司": 1}, "小"), ({"大公司": 1}, "大"), ({"别的公司": 1}, "大")]
)
def test_floor_of_one_enterprise_holds_for_it_alone(floors, served):
    needs, offers = two_needs_of_one_offer()

    result = hold(needs, offers, Rules(objective="best", floor=0, floors=floors))

    assert (partners(result), result.limits) == ({served: "课"}, ())


def test_floor_of_one_enterprise_tells_what_it_costs():
    needs, offers = two_needs_of_one_offer()

    result = hold(needs, offers, Rules(objective="best", floor=0, floors={"小公司": 1}))

    free = hold(needs, offers, Rules(objective="best", floor=0))
    assert {price.rule: price.cost for price in result.prices} == {
        "floors": pytest.approx(free.sum - result.sum)
    }


def test_floors_below_zero_are_refused():
    with pytest.raises(ValueError, match="小公司"):
        Rules(floors={"小公司": -1})


@pytest.mark.parametrize(
    ("of_need", "of_offer", "bar"),
    [
        ({"never": frozenset({"造价"})}, {}, "never of the need"),
        ({}, {"never": frozenset({"甲"})}, "never of the offer"),
        ({"met": frozenset({"造价"})}, {}, "met"),
    ],
)
def test_one_entry_is_banned_and_its_side_is_not(of_need, of_offer, bar):
    needs = [need("甲", COURSE, "甲公司", **of_need), need("乙", COURSE, "甲公司")]
    offers = [offer("造价", "经管学院", COURSE, capacity=2, **of_offer)]

    result = hold(needs, offers)

    assert partners(result) == {"乙": "造价"}
    assert [(missed.need, missed.why, missed.bars) for missed in result.missed] == [("甲", "barred", (bar,))]


def test_one_offer_can_be_asked_for_by_its_id():
    needs = [need("甲", COURSE, must=frozenset({"实训"}))]
    offers = [offer("造价", "经管学院", COURSE), offer("实训", "经管学院", "招投标实训")]

    result = hold(needs, offers)

    assert [(match.offer, match.fixed) for match in result.matches] == [("实训", True)]


def test_stored_round_has_the_same_bytes_in_every_process():
    code = (
        "from lianqiao_engine.rounds import *; from lianqiao_engine.rounds.stored import *;"
        "n = [Need(Record('n', {'name': '造价'}), 'e', never=frozenset('abcdefgh'))];"
        "o = [Offer(Record('o', {'name': '造价'}), 'u', must=frozenset('ijklmnop'))];"
        "print(round_as_json(Stored(tuple(n), tuple(o), Rules(), hold(n, o))).decode())"
    )

    told = {
        subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }

    assert len(told) == 1
