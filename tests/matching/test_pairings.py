"""A unit and an enterprise that are paired, confirmed by all three."""

from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from lianqiao.core.refusals import NotPermitted, StateMoved
from lianqiao.matching.actions.pairings import (
    AlreadyConfirmed,
    confirm_pairing,
    decline_pairing,
    end_pairing,
)
from lianqiao.matching.models import Pairing
from lianqiao.matching.queries.pairings import pairings_for, waiting_for_confirmation
from lianqiao.notices.models import Notice
from tests import factories as make
from tests.matching.sides import sides

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return sides()


@pytest.fixture
def row(here):
    return make.pairing(here.chain, giver=here.school, unit=here.unit, enterprise=here.firm)


def confirmed(row, *actors):
    for actor in actors:
        row = confirm_pairing(row, by=actor, now=timezone.now())
    return row


def test_pairing_begins_with_the_third_confirmation(here, row):
    row = confirmed(row, here.actor("firm"), here.actor("office"))
    assert (row.state, row.starts_on) == ("proposed", None)

    row = confirmed(row, here.actor("college"))

    assert (row.state, row.starts_on) == ("confirmed", make.today())
    told = Notice.objects.filter(template="pairing_confirmed").values_list("person", flat=True)
    assert set(told) >= {here.held[who].person.pk for who in ("firm", "college", "school", "office")}


def test_pairing_is_confirmed_once_by_each(here, row):
    confirmed(row, here.actor("college"))

    for who in ("college", "school"):
        with pytest.raises(AlreadyConfirmed):
            confirmed(row, here.actor(who))
    for who in ("other_firm", "other_college", "leader", "liaison", "other_office", "auditor"):
        with pytest.raises(NotPermitted):
            confirmed(row, here.actor(who))


def test_pairing_declined_says_why_to_the_office_alone(login, here, row):
    with pytest.raises(ValidationError):
        decline_pairing(row, by=here.actor("firm"), reason=" ")
    decline_pairing(row, by=here.actor("firm"), reason="另有安排")

    url = reverse("pairing_detail", args=[row.pk])
    pages = {
        who: login(here.held[who]).get(url).text
        for who in ("firm", "college", "leader", "liaison", "office", "auditor")
    }
    assert {who for who, page in pages.items() if "另有安排" in page} == {"office", "auditor"}
    with pytest.raises(StateMoved):
        confirmed(row, here.actor("college"))


def test_pairing_ends_with_a_reason_and_can_be_proposed_anew(here):
    row = make.pairing(here.chain, giver=here.school, unit=here.unit, enterprise=here.firm, state="confirmed")

    row = end_pairing(row, by=here.actor("college"), now=timezone.now(), reason="人员调整")

    assert (row.state, row.ends_on, row.ended_reason) == ("ended", make.today(), "人员调整")
    make.pairing(here.chain, giver=here.school, unit=here.unit, enterprise=here.firm)


def test_pairings_are_seen_by_their_parties_and_those_who_look_over_the_chain(here, row):
    make.pairing()

    assert {who for who in here.held if row in pairings_for(here.actor(who))} == {
        "firm", "college", "school", "office", "leader", "liaison", "auditor",
    }  # fmt: skip
    assert {who for who in here.held if row in waiting_for_confirmation(here.actor(who))} == {
        "firm", "college", "school", "office",
    }  # fmt: skip


def test_pairing_list_same_number_of_queries(login, here, row, django_assert_num_queries):
    client = login(here.held["office"])
    with django_assert_num_queries(9):
        client.get(reverse("pairing_list"))
    for _ in range(2):
        make.pairing(here.chain)
    with django_assert_num_queries(9):
        client.get(reverse("pairing_list"))


def test_pairing_list_as_a_workbook_is_the_register(login, here, row):
    make.pairing(here.chain, state="confirmed")
    answer = login(here.held["office"]).get(reverse("pairing_list"), {"export": "xlsx", "state": "confirmed"})

    sheet = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert sheet[0][:5] == ["院校", "二级单位", "企业", "状态", "结对日期"]
    assert [line[3] for line in sheet[1:]] == ["已结对"]


def test_pairing_list_narrows_by_name_and_year(login, here, row):
    done = make.pairing(here.chain, state="confirmed")
    client = login(here.held["office"])

    def listed(**asked):
        return list(client.get(reverse("pairing_list"), asked).context["listing"].rows)

    assert listed(q=here.firm.name) == [row]
    assert listed(q="经管") == [row]
    assert listed(year=make.today().year) == [done]
    assert listed(year=2019) == []


def test_pairing_confirm_page_by_a_party(login, here, row):
    url = reverse("pairing_confirm", args=[row.pk])

    assert login(here.held["other_firm"]).post(url).status_code == 404
    assert login(here.held["leader"]).post(url).status_code == 403
    assert login(here.held["firm"]).post(url).status_code == 302
    row.refresh_from_db()
    assert row.enterprise_confirmed_at is not None


def test_pairing_decline_page_asks_why(login, here, row):
    client, url = login(here.held["college"]), reverse("pairing_decline", args=[row.pk])

    assert client.get(url).status_code == 200
    assert client.post(url, {"reason": ""}).status_code == 200
    assert client.post(url, {"reason": "力量不足"}).status_code == 302
    assert Pairing.objects.get(pk=row.pk).state == "declined"


def test_pairing_end_page_tells_both(login, here):
    row = make.pairing(here.chain, giver=here.school, unit=here.unit, enterprise=here.firm, state="confirmed")

    login(here.held["office"]).post(reverse("pairing_end", args=[row.pk]), {"reason": "期满"})

    assert "期满" in login(here.held["firm"]).get(reverse("pairing_detail", args=[row.pk])).text


def test_organisation_detail_shows_its_pairings(login, here, row):
    url = reverse("pairing_detail", args=[row.pk])
    pages = {
        who: login(here.held[who]).get(reverse("organisation_detail", args=[here.school.pk])).text
        for who in ("firm", "office", "other_firm")
    }

    assert {who for who, page in pages.items() if url in page} == {"firm", "office"}
