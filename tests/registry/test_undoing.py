from datetime import date

import pytest
from django.core import signing
from django.urls import reverse

from lianqiao.core.actor import Role
from lianqiao.registry.models import Accession, ChainPartyOrganisation, Membership, SegmentLink
from lianqiao.registry.pages import undoing
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    return make.position(Role.OFFICE_STAFF)


@pytest.fixture
def party(staff):
    return ChainPartyOrganisation.objects.create(chain=staff.chain, name="链上党组织")


def undone(client, answer):
    """Follow to the page that tells what was done, press its button, read what the next page tells."""
    done = client.get(answer.url).context["done"]
    again = client.post(reverse("undo"), {"done": done["token"]})
    return done["sentence"], again


def test_accession_add_is_told_by_name_and_undone_in_one_press(login, staff, party):
    who, client = make.member(staff.chain), login(staff)
    url = reverse("accession_add", args=[party.pk])

    answer = client.post(url, {"organisation": who.pk, "joined_on": "2024-01-01"})
    sentence, again = undone(client, answer)

    assert sentence == f"“{who.name}”已加入“链上党组织”。"
    assert again.url == reverse("party_organisation_detail", args=[party.pk])
    assert not Accession.objects.exists()
    page = client.get(again.url)
    assert (page.context["done"], "已撤销" in page.content.decode()) == (None, True)


def test_accession_leave_undone_gives_back_dates_and_reason(login, staff, party):
    row = Accession.objects.create(
        party_organisation=party, organisation=make.member(staff.chain), joined_on=date(2024, 1, 1)
    )
    client = login(staff)

    answer = client.post(
        reverse("accession_leave", args=[row.pk]), {"left_on": "2024-05-01", "reason_left": "x"}
    )
    sentence, _ = undone(client, answer)

    assert sentence == f"“{row.organisation.name}”已退出“链上党组织”。"
    row.refresh_from_db()
    assert (row.left_on, row.reason_left) == (None, "")


def test_membership_add_is_told_by_name_and_undone_in_one_press(login, staff):
    segment, who = make.segment(staff.chain), make.organisation(registered_by=staff.organisation)
    url = f"{reverse('membership_add')}?segment={segment.pk}"
    facts = {"organisation": who.pk, "chain": staff.chain.pk, "segments": [segment.pk]}
    client = login(staff)

    answer = client.post(url, facts | {"starts_on": "2024-01-01"})
    sentence, again = undone(client, answer)

    assert sentence == f"“{who.name}”已加入{staff.chain.name}。"
    assert again.url == f"{reverse('chain_detail', args=[staff.chain.pk])}?segment={segment.pk}"
    assert not Membership.objects.exists()


def test_undo_pressed_twice_says_that_it_was_done(login, staff):
    newcomer = make.organisation(registered_by=staff.organisation)
    facts = {"organisation": newcomer.pk, "chain": staff.chain.pk, "starts_on": "2024-01-01"}
    placing = {"chosen": [newcomer.pk], "segment": make.segment(staff.chain).pk}
    client = login(staff)
    for name, typed in [("membership_add", facts), ("members_place", placing)]:
        client.post(reverse(name), typed)
        token = client.session["done"]["token"]

        first, second = [client.post(reverse("undo"), {"done": token}) for _ in range(2)]

        assert (first.status_code, second.status_code) == (302, 409)
        assert "已经撤销过" in second.content.decode()


def test_membership_end_undone_gives_back_the_day(login, staff):
    row = make.membership(staff.chain, make.organisation())
    client = login(staff)

    answer = client.post(reverse("membership_end", args=[row.pk]), {"ends_on": "2024-05-01"})
    assert Membership.objects.get(pk=row.pk).ends_on == date(2024, 5, 1)
    _, again = undone(client, answer)

    assert again.url == reverse("organisation_detail", args=[row.organisation_id])
    assert Membership.objects.get(pk=row.pk).ends_on is None


def test_segment_link_and_unlink_are_undone(login, staff):
    up, down = make.segment(staff.chain, "设计"), make.segment(staff.chain, "施工")
    client = login(staff)

    answer = client.post(reverse("segment_link", args=[up.pk]), {"direction": "down", "other": down.pk})
    sentence, _ = undone(client, answer)
    assert (sentence, SegmentLink.objects.count()) == ("已连接“设计”→“施工”。", 0)

    link = SegmentLink.objects.create(upstream=up, downstream=down)
    answer = client.post(reverse("segment_unlink", args=[link.pk]), {"here": down.pk})
    assert answer.url == reverse("segment_link", args=[down.pk])
    sentence, _ = undone(client, answer)
    assert (sentence, SegmentLink.objects.count()) == ("已断开“设计”→“施工”。", 1)


def test_undo_after_somebody_changed_the_row_or_entered_another_is_refused(login, staff, party):
    row = make.membership(staff.chain, make.organisation())
    client = login(staff)
    answer = client.post(reverse("membership_end", args=[row.pk]), {"ends_on": "2024-05-01"})
    make.membership(staff.chain, row.organisation, starts_on=date(2024, 6, 1))

    assert undone(client, answer)[1].status_code == 409

    row.refresh_from_db()
    facts = {"pk": row.pk, "ends_on": None, "seen": row.version - 1}
    stale = signing.dumps({"event": "ended", "facts": facts, "url": "/"}, salt=undoing.SALT)
    assert client.post(reverse("undo"), {"done": stale}).status_code == 409
    assert Membership.objects.get(pk=row.pk).ends_on == date(2024, 5, 1)


@pytest.mark.parametrize("event", ["linked", "placed"])
def test_undo_with_a_token_of_ones_own_or_for_another_chain_changes_nothing(login, staff, event):
    up, down = make.segment(staff.chain), make.segment(staff.chain)
    link = SegmentLink.objects.create(upstream=up, downstream=down)
    row = make.membership(staff.chain, make.organisation(), up)
    placement = {"segment_id": up.pk, "moved": [], "joined": [(row.pk, row.version)]}
    asked = {"event": event, "facts": {"linked": {"pk": link.pk}, "placed": placement}[event], "url": "/"}
    mine, real = signing.dumps(asked, salt="x"), signing.dumps(asked, salt=undoing.SALT)
    stranger = make.position(Role.OFFICE_STAFF)

    assert login(staff).post(reverse("undo"), {"done": mine}).status_code == 404
    assert login(stranger).post(reverse("undo"), {"done": real}).status_code == 409
    assert (SegmentLink.objects.count(), Membership.objects.count()) == (1, 1)


@pytest.mark.parametrize("here", ["9" * 5000, "9" * 19, "-1", "x", ""])
def test_segment_unlink_with_no_id_of_its_ends_goes_to_the_upstream(login, staff, here):
    up, down = make.segment(staff.chain), make.segment(staff.chain)
    link = SegmentLink.objects.create(upstream=up, downstream=down)

    answer = login(staff).post(reverse("segment_unlink", args=[link.pk]), {"here": here})

    assert answer.url == reverse("segment_link", args=[up.pk])
