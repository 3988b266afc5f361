"""A whole filter chosen at once, as the office places organisations at a segment."""

import re
from html import unescape

import pytest
from django.urls import reverse

from lianqiao.core import choosing
from lianqiao.core.actor import Role
from lianqiao.core.listing import PER_PAGE
from lianqiao.registry.models import Membership
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    return make.position(Role.OFFICE_STAFF)


@pytest.fixture
def small(staff):
    return [make.member(staff.chain, size="small") for _ in range(3)]


def hidden(page) -> dict[str, list[str]]:
    """What the page's own form sends along, as a browser without scripts does."""
    fields: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="(.*?)"', page.content.decode()):
        fields.setdefault(name, []).append(unescape(value))
    return fields


def choose_every(client, query):
    """Tick the box in the bulk bar of the list and press its button."""
    sent = hidden(client.get(reverse("organisation_list"), query))
    return client.post(reverse("members_place"), sent | {"every": "1"})


def standing_at(segment):
    return {row.organisation for row in Membership.objects.filter(segments=segment)}


def test_every_row_of_a_filter_over_all_its_pages_and_none_outside_it(login, staff):
    wanted = [make.member(staff.chain, size="small") for _ in range(PER_PAGE + 2)]
    make.member(staff.chain, size="large")
    make.member(make.chain(), size="small")
    segment = make.segment(staff.chain)
    client = login(staff)

    asked = choose_every(client, {"kind": "enterprise", "size": "small", "sort": "-name"})
    assert (asked.context["choice"].changed, standing_at(segment)) == (False, set())
    client.post(reverse("members_place"), hidden(asked) | {"segment": segment.pk})

    assert standing_at(segment) == set(wanted)


def test_every_row_without_a_filter_is_the_whole_list_of_this_person(login, staff, small):
    make.member(make.chain())

    asked = choose_every(login(staff), {})

    assert set(asked.context["choice"].rows) == {*small, staff.chain.office}


def test_every_row_not_ticked_leaves_it_at_the_rows_that_are(login, staff, small):
    client = login(staff)
    sent = hidden(client.get(reverse("organisation_list"), {"size": "small"}))

    asked = client.post(reverse("members_place"), sent | {"chosen": [small[0].pk]})

    assert asked.context["choice"].rows == [small[0]]


def test_every_row_tells_when_the_list_has_changed_since_it_was_opened(login, staff, small):
    client = login(staff)
    sent = hidden(client.get(reverse("organisation_list"), {"size": "small"}))
    make.member(staff.chain, size="small")

    asked = client.post(reverse("members_place"), sent | {"every": "1"})

    assert "当时 3 个，现在 4 个" in asked.content.decode()


@pytest.mark.parametrize("happens", ["one more", "one less", "another instead"])
def test_every_row_changed_after_it_was_confirmed_is_refused_and_asked_again(login, staff, small, happens):
    segment = make.segment(staff.chain)
    client = login(staff)
    asked = choose_every(client, {"size": "small"})
    if happens != "one more":
        small[0].size = "large"
        small[0].save()
    if happens != "one less":
        make.member(staff.chain, size="small")

    refused = client.post(reverse("members_place"), hidden(asked) | {"segment": segment.pk})
    count = {"one more": 4, "one less": 2, "another instead": 3}[happens]
    assert f"当时 3 个，现在 {count} 个" in refused.content.decode()
    assert (standing_at(segment), str(refused.context["form"]["segment"].value())) == (set(), str(segment.pk))

    client.post(reverse("members_place"), hidden(refused) | {"segment": segment.pk})
    assert {row.size for row in standing_at(segment)} == {"small"}
    assert len(standing_at(segment)) == count


def test_every_row_of_too_large_a_filter_is_refused_with_its_size(login, staff, small, monkeypatch):
    monkeypatch.setattr(choosing, "MOST", 2)

    refused = choose_every(login(staff), {"size": "small"})

    assert refused.status_code == 409
    assert "一次最多办理 2 条，这个筛选现在有 3 条" in refused.content.decode()


def test_every_row_with_a_closed_organisation_among_them_names_it_and_places_none(login, staff, small):
    closed = make.member(staff.chain, "云川宏达建设有限公司", size="small", state="closed")
    segment = make.segment(staff.chain)
    client = login(staff)
    asked = choose_every(client, {"size": "small"})

    page = client.post(reverse("members_place"), hidden(asked) | {"segment": segment.pk})

    assert closed.name in "".join(page.context["form"].errors["chosen"])
    assert standing_at(segment) == set()


@pytest.mark.parametrize("query", ["size=huge", "q=\x00", "%", "size=small&size=large&page=9", "&&;="])
def test_every_row_of_a_query_of_ones_own_is_never_more_than_the_person_sees(login, staff, small, query):
    stranger = make.member(make.chain(), size="large")

    sent = {"every": "1", "query": query, "shown": "3"}
    page = login(staff).post(reverse("members_place"), sent)

    assert page.status_code == 200
    assert stranger not in page.context["choice"].rows
