"""Who is suggested to whom, in what order, and the office's desk."""

from collections import Counter
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from lianqiao.core.actor import Role
from lianqiao.lists.models import Wish
from lianqiao.matching import nearness
from lianqiao.matching.actions.dismissing import dismiss
from lianqiao.matching.differences import differences_of
from lianqiao.matching.models import Dismissal, Match
from lianqiao.matching.nearness import CLOSE, in_order, least_shown
from lianqiao.matching.pages.desk import marked
from lianqiao.matching.queries.suggestions import suggestions_for, why_not
from tests import factories as make
from tests.matching.sides import sides

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_tells]
ASKS = {"title": "工程造价人员培训", "description": "需要工程造价、招投标方面的培训"}
GIVES = {"title": "工程造价课程", "description": "工程造价、招投标和工程计价课程"}


@pytest.fixture(autouse=True)
def nothing_is_kept():
    nearness.PREPARED.clear()


@pytest.fixture
def here():
    return sides()


def found(entry, actor):
    return [one.entry for one in suggestions_for(entry, actor)]


def test_suggestions_are_there_as_soon_as_an_entry_is_published(here):
    office = here.actor("office")
    assert found(here.need, office) == [here.offer]

    fresh = make.entry("resource", here.chain, **GIVES)

    assert found(fresh, office) == [here.need]
    assert set(found(here.need, office)) == {here.offer, fresh}


def test_suggestions_say_why_and_what_differs(here):
    here.need.people, here.offer.capacity = 10, 6
    here.offer.description += "，每期 6 人"
    here.need.save()
    here.offer.save()

    [one] = suggestions_for(here.need, here.actor("firm"))

    assert one.fit.rank == 1
    assert one.fit.score >= sum(reason["amount"] for reason in one.fit.reasons) > 0
    assert "工程造价" in str(one.fit.reasons)
    assert one.differences == [{"code": "capacity", "need": 10, "offer": 6}]


def test_a_capacity_that_may_count_times_differs_from_no_number_of_people(here):
    here.need.people, here.offer.capacity = 10, 6
    here.offer.description += "，每年 16 人次"

    assert differences_of(here.need, here.offer) == []


def test_suggestions_are_for_the_own_side_and_the_office(here):
    seen = {who for who in here.held if suggestions_for(here.need, here.actor(who))}

    assert seen == {"firm", "office", "auditor"}
    assert {who for who in here.held if suggestions_for(here.offer, here.actor(who))} == {
        "college", "school", "office", "auditor",
    }  # fmt: skip


@pytest.mark.parametrize("state", ["offered", "accepted", "declined"])
def test_suggestions_leave_out_who_is_asked_or_said_no(here, state):
    make.match(here.need, here.offer, state=state)

    assert found(here.need, here.actor("firm")) == []


def test_suggestions_leave_out_what_is_given_away_or_comes_too_late(here):
    here.offer.capacity = 1
    here.offer.save()
    make.match(make.entry("need", here.chain), here.offer, state="accepted")
    late = make.entry("resource", here.chain, starts_on=make.today() + timedelta(days=90), **GIVES)
    here.need.due_on = make.today() + timedelta(days=30)
    here.need.save()

    assert found(here.need, here.actor("office")) == []
    assert [why_not(here.need, other, here.actor("office"))[1] for other in (here.offer, late)] == [
        ["full"], ["dates"],
    ]  # fmt: skip


def test_suggestions_leave_out_who_is_not_wanted_by_either_side_without_saying_so(here):
    Wish.objects.create(entry=here.need, organisation=here.school, kind="never")

    assert (found(here.need, here.actor("firm")), found(here.offer, here.actor("college"))) == ([], [])


def test_dismissed_is_left_out_for_its_own_side_alone_until_it_is_for_good(here):
    firm, college, now = here.actor("firm"), here.actor("college"), timezone.now()

    dismiss(here.need, here.offer, by=firm, now=now, reason="time", for_good=False)
    assert (found(here.need, firm), found(here.offer, college)) == ([], [here.need])
    dismiss(here.need, here.offer, by=firm, now=now, reason="place", for_good=True)
    assert (found(here.need, firm), found(here.offer, college)) == ([], [])
    assert Dismissal.objects.count() == 1


def test_everybody_is_shown_another_first_where_offers_are_as_good():
    chain = make.chain()
    for _ in range(4):
        make.entry("resource", chain, organisation=make.member(chain, region="320303"), **GIVES)
    needs = [make.entry("need", chain, **ASKS) for _ in range(12)]
    office = make.actor(Role.OFFICE_STAFF, chain)

    first = Counter(found(need, office)[0] for need in needs)

    assert sorted(first.values()) == [3, 3, 3, 3]
    nearness.PREPARED.clear()
    assert Counter(found(need, office)[0] for need in needs) == first


def test_first_place_goes_to_who_is_promised_least():
    chain = make.chain()
    known, unknown = (make.entry("resource", chain, **GIVES) for _ in range(2))
    for _ in range(3):
        make.match(make.entry("need", chain, title="别的事", description="别的"), known, state="accepted")
    need = make.entry("need", chain, **ASKS)

    assert found(need, make.actor(Role.OFFICE_STAFF, chain)) == [unknown, known]


def test_who_is_clearly_better_stays_first_for_everybody():
    chain = make.chain()
    best = make.entry("resource", chain, **GIVES)
    make.entry("resource", chain, title="室内装饰工作室", description="装饰施工和造价")
    office = make.actor(Role.OFFICE_STAFF, chain)

    assert {found(make.entry("need", chain, **ASKS), office)[0] for _ in range(4)} == {best}


def test_least_shown_looks_only_at_those_about_as_good():
    close, far = CLOSE, CLOSE - 0.01

    assert least_shown([(1.0, 1), (close, 2), (far, 3)], {1: 5, 2: 1}) == 2
    assert least_shown([(1.0, 1), (close, 2)], {}) == 1
    assert in_order([(close, 2), (1.0, 1), (far, 3)], 2, {}) == [(close, 2), (1.0, 1), (far, 3)]
    assert in_order([(close, 2), (1.0, 1), (far, 3)], 3, {}) == [(1.0, 1), (close, 2), (far, 3)]


def test_marked_cuts_no_phrase_by_a_shorter_one():
    assert marked("工程造价培训", {"造价", "工程造价"}) == [("工程造价", True), ("培训", False)]
    assert marked("A (b) c", {"(B)"}) == [("A ", False), ("(b)", True), (" c", False)]


# Pages.


def test_entry_detail_suggests_with_buttons_to_its_own_side(login, here):
    pages = {
        who: login(here.held[who]).get(reverse("entry_detail", args=[here.need.pk])).text
        for who in ("firm", "office", "other_firm")
    }
    invite = reverse("match_invite", args=[here.need.pk, here.offer.pk])

    assert {who for who, page in pages.items() if invite in page} == {"firm", "office"}
    assert "双方都提到“" in pages["firm"]
    assert "契合度" not in pages["firm"]
    assert reverse("match_desk", args=[here.need.pk]) not in pages["firm"]


def test_dismissal_add_is_told_with_a_press_that_takes_it_back(login, here):
    client = login(here.held["firm"])
    url = reverse("dismissal_add", args=[here.need.pk, here.offer.pk])

    page = client.post(url, {"reason": "time"}, follow=True)
    assert "不再推荐给" in page.text
    assert (Dismissal.objects.get().reason, Dismissal.objects.get().for_good) == ("time", False)
    client.post(reverse("undo"), {"done": page.context["done"]["token"]})

    assert Dismissal.objects.count() == 0
    assert login(here.held["college"]).post(url, {"reason": "time"}).status_code == 404


def test_dismissal_remove_by_the_own_side(login, here):
    row = Dismissal.objects.create(entry=here.need, other=here.offer, reason="time", at=timezone.now())
    url = reverse("dismissal_remove", args=[row.pk])

    assert login(here.held["college"]).post(url).status_code == 404
    login(here.held["firm"]).post(url)

    assert Dismissal.objects.count() == 0


def test_match_desk_list_has_needs_without_anybody_first(login, here):
    asked = make.entry("need", here.chain, title="已有人的", published_at=timezone.now() - timedelta(days=9))
    make.match(asked, here.offer)
    page = login(here.held["office"]).get(reverse("match_desk_list")).text

    assert page.index(here.need.title) < page.index("已有人的")


def test_match_desk_list_same_number_of_queries(login, here, django_assert_num_queries):
    client = login(here.held["office"])
    with django_assert_num_queries(11):
        client.get(reverse("match_desk_list"))
    for _ in range(2):
        make.entry("need", here.chain)
    with django_assert_num_queries(11):
        client.get(reverse("match_desk_list"))


def test_match_desk_shows_bars_reasons_and_differences(login, here):
    here.need.people, here.offer.capacity = 10, 6
    here.offer.description += "，每期 6 人"
    here.need.save()
    here.offer.save()

    page = login(here.held["office"]).get(reverse("match_desk", args=[here.need.pk])).text

    assert "<mark>" in page
    assert "lq-bar" in page
    assert "需要 10 人，容量 6" in page


def test_match_desk_same_number_of_queries(login, here, django_assert_num_queries):
    client, url = login(here.held["office"]), reverse("match_desk", args=[here.need.pk])
    client.get(url)
    with django_assert_num_queries(19):
        client.get(url)
    for _ in range(2):
        make.entry("resource", here.chain, organisation=here.school, unit=here.unit, **GIVES)
    nearness.PREPARED.clear()
    client.get(url)
    with django_assert_num_queries(19):
        assert client.get(url).text.count("data-desk-line") == 3


@pytest.mark.parametrize("who", ["firm", "college", "leader", "liaison", "student"])
def test_match_desk_is_the_offices(login, here, who):
    assert login(here.held[who]).get(reverse("match_desk", args=[here.need.pk])).status_code == 403


def test_match_desk_says_why_it_is_not_another(login, here):
    other = make.entry("resource", here.chain, title="室内设计工作室", description="装饰施工")
    client = login(here.held["office"])

    page = client.get(reverse("match_desk", args=[here.need.pk]), {"q": "室内设计"}).text
    assert "契合度不够" in page
    client.post(reverse("match_invite", args=[here.need.pk, other.pk]), {"by_hand": "yes"})

    assert Match.objects.get().origin == "by_hand"
