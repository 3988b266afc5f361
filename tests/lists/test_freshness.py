"""A year of one need, with the clock moved by hand: written bit by bit, confirmed with one tap, forgotten, brought back."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from lianqiao.core.actor import Role
from lianqiao.lists.models import Entry
from lianqiao.lists.tasks import look_after_freshness
from lianqiao.notices.models import Notice
from tests import factories as make

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 2, 2, tzinfo=UTC)


@pytest.fixture
def day(time_machine):
    """`day(n)` is the n-th day at ten in the morning, after the clock's hourly look."""

    def move(n):
        time_machine.move_to(START + timedelta(days=n), tick=False)
        look_after_freshness.call_local()
        look_after_freshness.call_local()

    return move


def told(person):
    return [notice.template for notice in Notice.objects.filter(person=person).order_by("pk")]


def todos(client):
    return [todo.code for todo in client.get(reverse("home")).context["todos"]]


def test_freshness_of_a_need_from_its_first_word_to_its_return(login, contact, staff, here, day):
    other = make.position(Role.ENTERPRISE_CONTACT, here)

    def is_seen():
        return login(other).get(reverse("entry_detail", args=[Entry.objects.get().pk])).status_code == 200

    def tap(held, move):
        return login(held).post(reverse("entry_move", args=[Entry.objects.get().pk, move]))

    day(0)
    typed = {"kind": "need", "chain": here.pk, "title": "铝板幕墙深化"}
    login(contact).post(reverse("entry_keep"), typed)
    draft = Entry.objects.get()
    kept = {**typed, "title": "铝板幕墙深化设计人员三名", "draft": draft.pk, "seen": draft.version}
    login(contact).post(reverse("entry_keep"), kept)
    drafts = todos(login(contact))

    day(3)
    page = login(contact).get(reverse("entry_edit", args=[draft.pk]))
    typed_before = page.context["form"]["title"].value()
    facts = kept | {"seen": Entry.objects.get().version, "step": "submit", "due_on": "2027-01-31"}
    login(contact).post(reverse("entry_edit", args=[draft.pk]), facts)
    tap(staff, "publish")
    entry = Entry.objects.get()

    assert (typed_before, "entry_drafts" in drafts) == ("铝板幕墙深化设计人员三名", True)
    assert (entry.state, str(entry.fresh_until), is_seen()) == ("published", "2026-06-03", True)

    day(78)
    early = told(contact.person)
    day(79)
    reminded, page = told(contact.person), login(contact).get(reverse("entry_detail", args=[entry.pk]))

    assert (early, reminded) == (["entry_published"], ["entry_published", "entry_expires_soon"])
    assert "entry_to_confirm" in todos(login(contact))
    assert page.context["moves"][0]["name"] == "confirm_fresh"

    day(80)
    tap(contact, "confirm_fresh")
    assert str(Entry.objects.get().fresh_until) == str((START + timedelta(days=170)).date())
    assert "entry_to_confirm" not in todos(login(contact))

    day(155)
    quiet = told(contact.person)
    day(156)
    again = told(contact.person)
    day(170)
    last_day = Entry.objects.get().state
    day(171)

    assert (len(quiet), again[2:], last_day) == (2, ["entry_expires_soon"], "published")
    assert (Entry.objects.get().state, is_seen()) == ("expired", False)
    assert told(contact.person)[3:] == ["entry_expired"]
    assert "entry_expired" in todos(login(contact))

    day(200)
    tap(contact, "resume")
    entry = Entry.objects.get()

    assert (entry.state, is_seen()) == ("published", True)
    assert entry.fresh_until == (START + timedelta(days=290)).date()
    assert len(told(contact.person)) == 4


def test_freshness_of_what_nobody_stands_for_is_told_to_the_office(staff, here, day):
    day(0)
    entry = make.entry(on=here)
    day(76)
    day(91)

    assert told(staff.person) == ["entry_expires_soon", "entry_expired"]
    assert Entry.objects.get(pk=entry.pk).state == "expired"
