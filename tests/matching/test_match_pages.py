"""The pages of matches: what each reader is shown of them, and what is pressed there."""

from datetime import timedelta

import pytest
from django.urls import reverse

from lianqiao.matching.models import Answer, Match
from tests import factories as make
from tests.matching.sides import sides

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return sides()


def test_match_list_same_number_of_queries(login, here, django_assert_num_queries):
    client = login(here.held["office"])
    make.match(here.need, here.offer)
    with django_assert_num_queries(9):
        client.get(reverse("match_list"))
    for _ in range(2):
        make.match(make.entry("need", here.chain), here.offer)
    with django_assert_num_queries(9):
        assert client.get(reverse("match_list")).text.count(here.offer.title) == 3


def test_match_list_narrows_to_what_waits_for_the_own_side(login, here):
    make.match(here.need, here.offer, offer_said="accept")
    make.match(
        make.entry("need", here.chain, organisation=here.firm, title="已答复的"),
        here.offer,
        need_said="accept",
    )
    client = login(here.held["firm"])

    pages = [client.get(reverse("match_list"), {"turn": turn}).text for turn in ("mine", "theirs")]

    assert [here.need.title in page for page in pages] == [True, False]
    assert ["已答复的" in page for page in pages] == [False, True]


def test_match_list_tells_a_side_nothing_of_how_it_ended(login, here):
    make.match(here.need, here.offer, state="lapsed")
    page = login(here.held["firm"]).get(reverse("match_list"))

    assert "未对接成" in page.text
    assert "逾期" not in page.text.split("<main")[1]
    assert (
        login(here.held["firm"]).get(reverse("match_list"), {"state": "lapsed"}).text.count(here.offer.title)
        == 0
    )


def test_match_detail_shows_both_sides_and_the_numbers_to_the_office_alone(login, here):
    reason = {
        "kind": "words",
        "about": "工程造价",
        "in_need": ["工程造价"],
        "in_offer": ["工程造价"],
        "amount": 0.31,
    }
    row = make.match(here.need, here.offer, score=0.4321, reasons=[reason])
    url = reverse("match_detail", args=[row.pk])

    pages = {who: login(here.held[who]).get(url) for who in ("firm", "college", "office", "leader")}

    assert {page.status_code for page in pages.values()} == {200}
    assert all("双方都提到“工程造价”" in page.text for page in pages.values())
    assert {who for who, page in pages.items() if "43.2" in page.text} == {"office"}
    assert {who for who, page in pages.items() if reverse("match_accept", args=[row.pk]) in page.text} == {
        "firm",
        "college",
    }


@pytest.mark.parametrize("who", ["other_firm", "other_college", "other_office", "mentor", "student"])
def test_match_detail_of_others_is_not_there(login, here, who):
    row = make.match(here.need, here.offer)

    assert login(here.held[who]).get(reverse("match_detail", args=[row.pk])).status_code in (403, 404)


def test_match_accept_page_brings_it_about(login, here):
    row = make.match(here.need, here.offer, need_said="accept")

    page = login(here.held["college"]).post(reverse("match_accept", args=[row.pk]), follow=True)

    row.refresh_from_db()
    assert row.state == "accepted"
    assert "13800001234" in page.text
    assert login(here.held["other_firm"]).post(reverse("match_accept", args=[row.pk])).status_code == 404


def test_match_decline_page_asks_for_a_reason(login, here):
    row = make.match(here.need, here.offer)
    client, url = login(here.held["firm"]), reverse("match_decline", args=[row.pk])

    assert client.get(url).status_code == 200
    assert client.post(url, {"reason": ""}).status_code == 200
    assert Answer.objects.count() == 0
    assert client.post(url, {"reason": "time", "note": "下半年再说"}).status_code == 302
    assert Answer.objects.get().note == "下半年再说"
    assert "下半年再说" not in login(here.held["college"]).get(reverse("match_detail", args=[row.pk])).text


def test_match_decline_page_tells_when_it_is_too_late(login, here):
    row = make.match(here.need, here.offer, state="withdrawn")

    page = login(here.held["firm"]).post(reverse("match_decline", args=[row.pk]), {"reason": "time"})

    assert "已撤回" in page.text


def test_match_rescope_page_sends_it_to_the_other_side(login, here):
    row = make.match(here.need, here.offer)

    login(here.held["firm"]).post(reverse("match_rescope", args=[row.pk]), {"scope": "只做两天"})

    page = login(here.held["college"]).get(reverse("match_detail", args=[row.pk])).text
    assert "只做两天" in page
    assert "只做两天" not in login(here.held["leader"]).get(reverse("match_detail", args=[row.pk])).text


def test_match_withdraw_page_is_for_the_office_and_who_said_yes(login, here):
    row = make.match(here.need, here.offer, need_said="accept")
    url = reverse("match_withdraw", args=[row.pk])

    assert login(here.held["college"]).post(url).status_code == 404
    assert login(here.held["firm"]).post(url).status_code == 302
    row.refresh_from_db()
    assert row.state == "withdrawn"


def test_match_invite_page_from_the_own_entry(login, here):
    url = reverse("match_invite", args=[here.need.pk, here.offer.pk])

    assert login(here.held["other_firm"]).post(url).status_code == 404
    assert login(here.held["firm"]).post(url).status_code == 302

    row = Match.objects.get()
    assert (row.need_said, row.rank) == ("accept", 1)
    assert row.score > 0.04
    assert row.reasons


def test_entry_detail_shows_its_matches_to_their_sides(login, here):
    row = make.match(here.need, here.offer, need_said="accept", answer_by=make.today() + timedelta(days=3))
    url = reverse("match_detail", args=[row.pk])

    pages = {
        who: login(here.held[who]).get(reverse("entry_detail", args=[here.need.pk])).text
        for who in ("college", "other_firm")
    }

    assert {who for who, page in pages.items() if url in page} == {"college"}
