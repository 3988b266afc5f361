"""Matches and pairings through the API: the same answers as on the pages."""

import pytest
from django.utils import timezone

from lianqiao.core.actor import Role
from lianqiao.matching.models import Match
from tests import factories as make
from tests.matching.sides import sides

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return sides()


def test_suggestion_list_is_for_the_own_side(caller, here):
    path = f"/entries/{here.need.pk}/suggestions"

    [one] = caller(here.held["firm"]).get(path).json()
    assert (one["entry"]["id"], one["differences"]) == (here.offer.pk, [])
    assert "工程造价" in one["reasons"][0]
    assert caller(here.held["other_firm"]).get(path).json() == []
    assert caller(here.held["other_office"]).get(path).status_code == 404


def test_match_invite_then_match_accept_brings_it_about(caller, here):
    firm, college = caller(here.held["firm"]), caller(here.held["college"])

    made = firm.post("/matches", {"need": here.need.pk, "offer": here.offer.pk})
    assert (made.status_code, made.json()["side"], made.json()["need_said"]) == (201, "need", "accept")
    assert made.json()["score"] is None
    path = f"/matches/{made.json()['id']}"
    assert college.get(path).json()["is_mine_to_answer"] is True
    assert college.get(path).json()["entries"][0]["contact_phone"] == "138****1234"

    done = college.post(f"{path}/accept", {}).json()

    assert (done["state"], done["entries"][0]["contact_phone"]) == ("accepted", "13800001234")
    assert [answer["said"] for answer in done["answers"]] == ["同意", "同意"]
    again = college.post(f"{path}/accept", {})
    assert (again.status_code, again.json()["code"]) == (409, "state_moved")


def test_match_invite_for_others_is_not_there(caller, here):
    body = {"need": here.need.pk, "offer": here.offer.pk}

    assert caller(here.held["other_firm"]).post("/matches", body).status_code == 422
    assert caller(here.held["leader"]).post("/matches", body).status_code == 403
    assert Match.objects.count() == 0


def test_match_decline_tells_the_other_side_no_more_than_that_it_is_over(caller, here):
    row = make.match(here.need, here.offer, offer_said="accept")
    path = f"/matches/{row.pk}"

    told = caller(here.held["firm"]).post(f"{path}/decline", {"reason": "cost", "note": "太贵"}).json()
    seen = caller(here.held["college"]).get(path).json()

    assert (told["need_said"], told["answers"][0]["note"]) == ("decline", "太贵")
    assert (seen["state"], seen["need_said"], seen["answers"]) == ("over", "", [])
    assert caller(here.held["office"]).get(path).json()["state"] == "declined"
    refused = caller(here.held["firm"]).post(f"{path}/decline", {"reason": "nonsense"})
    assert refused.status_code == 422


def test_match_rescope_and_match_withdraw(caller, here):
    row = make.match(here.need, here.offer)
    path = f"/matches/{row.pk}"

    told = caller(here.held["college"]).post(f"{path}/rescope", {"scope": "两天"}).json()
    assert (told["scope"], told["offer_said"]) == ("两天", "rescope")
    assert caller(here.held["leader"]).get(path).json()["scope"] == ""
    assert caller(here.held["firm"]).post(f"{path}/withdraw").status_code == 403
    assert caller(here.held["college"]).post(f"{path}/withdraw").json()["state"] == "over"


def test_match_list_filters_and_refuses_what_is_not_ones_own(caller, here):
    make.match(here.need, here.offer, offer_said="accept")
    make.match(make.entry("need", here.chain), here.offer)
    firm, office = caller(here.held["firm"]), caller(here.held["office"])

    assert firm.get("/matches", turn="mine").json()["total"] == 1
    assert office.get("/matches", turn="need", chain=here.chain.pk).json()["total"] == 2
    assert caller(here.held["leader"]).get("/matches", turn="mine").status_code == 422
    assert firm.get("/matches", state="lapsed").status_code == 422


def test_match_list_same_number_of_queries(caller, here, django_assert_num_queries):
    office = caller(here.held["office"])
    make.match(here.need, here.offer)
    office.get("/matches")
    with django_assert_num_queries(5):
        office.get("/matches")
    for _ in range(2):
        make.match(make.entry("need", here.chain), here.offer)
    with django_assert_num_queries(5):
        office.get("/matches")


def test_match_detail_of_others_is_not_there(caller, here):
    row = make.match(here.need, here.offer)

    for who in ("other_firm", "other_college", "other_office"):
        assert caller(here.held[who]).get(f"/matches/{row.pk}").status_code == 404


def test_pairing_confirm_by_all_three_then_pairing_end(caller, here):
    row = make.pairing(here.chain, giver=here.school, unit=here.unit, enterprise=here.firm)
    path = f"/pairings/{row.pk}"

    states = [
        caller(here.held[who]).post(f"{path}/confirm").json()["state"]
        for who in ("firm", "college", "office")
    ]
    assert states == ["proposed", "proposed", "confirmed"]
    assert caller(here.held["firm"]).post(f"{path}/confirm").status_code == 409
    ended = caller(here.held["firm"]).post(f"{path}/end", {"reason": "期满"}).json()
    assert (ended["state"], ended["ended_reason"]) == ("ended", "期满")


def test_pairing_decline_says_why_to_the_office(caller, here):
    row = make.pairing(here.chain, giver=here.school, unit=here.unit, enterprise=here.firm)
    path = f"/pairings/{row.pk}"

    assert (
        caller(here.held["college"]).post(f"{path}/decline", {"reason": "力量不足"}).json()["ended_reason"]
        == ""
    )
    assert caller(here.held["office"]).get(path).json()["ended_reason"] == "力量不足"


def test_pairing_list_and_pairing_detail_are_for_its_parties(caller, here):
    row = make.pairing(here.chain, giver=here.school, unit=here.unit, enterprise=here.firm)
    make.pairing(here.chain, state="confirmed", starts_on=timezone.localdate())

    assert caller(here.held["firm"]).get("/pairings").json()["total"] == 1
    assert caller(here.held["office"]).get("/pairings", state="confirmed").json()["total"] == 1
    assert caller(here.held["other_firm"]).get(f"/pairings/{row.pk}").status_code == 404
    assert caller(make.position(Role.STUDENT)).get("/pairings").status_code == 403
