"""Who could be the one, and why: reasons as values, sentences on the page, nothing that the reader may not know."""

from datetime import timedelta

import pytest
from django.urls import reverse

from lianqiao.core.actor import Role
from lianqiao.lists.counterparts import Counterpart, Reason, counterparts_with_reasons
from tests import factories as make

pytestmark = pytest.mark.django_db
SEEKS = {"title": "铝板幕墙深化设计", "description": "需要三名幕墙深化设计人员，会用BIM软件"}
GIVES = {"title": "幕墙深化设计师资", "description": "教师五名，可带学生做幕墙深化设计"}


@pytest.fixture
def pair(here):
    segment = make.segment(here, "幕墙施工")
    both = {"on": here, "segment": segment, "dimensions": ["training", "research"], "majors": ["440306"]}
    near = {"organisation": make.member(here, region="320303")}
    need = make.entry(
        "need", **both | near | SEEKS, due_on=make.today() + timedelta(days=40), partners_wanted=2, people=3
    )
    offer = make.entry(
        "resource",
        **both | GIVES | {"dimensions": ["training"]},
        organisation=make.member(here, region="320303"),
        capacity=5,
        reach="anywhere",
        ends_on=make.today() + timedelta(days=90),
    )
    return need, offer


def reasons_for(entry, actor):
    found = counterparts_with_reasons(entry, actor)
    assert all(isinstance(each, Counterpart) for each in found)
    return {each.entry: {reason.code: reason for reason in each.reasons} for each in found}


def test_counterparts_of_a_need_come_with_what_both_say_and_have(office, pair):
    need, offer = pair
    reasons = reasons_for(need, office)[offer]

    assert "幕墙深化设计" in reasons.pop("words").mine
    reasons.pop("trade", None)
    assert reasons == {
        "majors": Reason("majors", ("440306",)),
        "segment": Reason("segment", ("幕墙施工",)),
        "dimensions": Reason("dimensions", ("训",)),
        "district": Reason("district"),
        "anywhere": Reason("anywhere"),
        "capacity": Reason("capacity", theirs=(5,)),
        "in_time": Reason("in_time", theirs=(need.due_on,)),
    }


def test_counterparts_of_a_resource_are_needs_with_how_much_they_want(office, pair):
    need, offer = pair
    reasons = reasons_for(offer, office)[need]

    assert reasons["partners_wanted"].theirs == (2,)
    assert reasons["people"].theirs == (3,)
    assert reasons["in_time"].theirs == (need.due_on,)
    assert "capacity" not in reasons


def test_counterparts_calendar_counts_the_weeks_to_come(office, pair):
    need, offer = pair
    offer.calendar = {"2020-W01": 9, "2099-W01": 2, "2099-W02": 3, "2099-W03": 0}
    offer.save()

    assert reasons_for(need, office)[offer]["weeks"].theirs == (2, 5)


def test_reasons_tell_no_reader_what_it_may_not_know(pair, here, office):
    need, offer = pair
    offer.description, offer.title = "秘密工法用于幕墙深化设计", "幕墙深化设计"
    offer.visibility = {"description": "office", "capacity": "office"}
    offer.save()
    need.description = "要用秘密工法做幕墙深化设计"
    need.save()
    other = make.actor(Role.ENTERPRISE_CONTACT, here)
    found = [reasons_for(need, who)[offer] for who in (other, office)]

    assert ["capacity" in reasons for reasons in found] == [False, True]
    assert not [word for reasons in found for word in reasons["words"].mine if "秘密" in word]


def test_entry_detail_says_the_reasons_in_sentences_to_who_does_not_keep_it(login, here, pair):
    need, _offer = pair
    other = make.position(Role.ENTERPRISE_CONTACT, here)
    page = login(other).get(reverse("entry_detail", args=[need.pk])).content.decode()
    sentences = (
        "可对接的资源和服务",
        "两边都提到“",
        "同在链环节：幕墙施工",
        "两家单位同在一个行政区",
        "对方容量或次数：5",
    )

    assert [sentence for sentence in sentences if sentence not in page] == []
