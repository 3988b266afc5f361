"""The moves of an entry: who makes them, who is told, and back again."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from lianqiao.core.refusals import NotPermitted, StateMoved
from lianqiao.lists.actions.moves import publish, return_entry, submit, withdraw
from lianqiao.lists.models import Entry
from lianqiao.notices.models import Notice
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_moves_are_for_the_office_and_the_asker_and_told_to_the_other(contact, asker, office, here, staff):
    now = timezone.now()
    row = make.entry(on=here, organisation=contact.organisation, state="submitted")
    with pytest.raises(NotPermitted):
        publish(row, by=asker, now=now)
    returned = return_entry(row, by=office, now=now, reason="请写明数量")
    with pytest.raises(StateMoved):
        publish(row, by=office, now=now)
    submit(returned, by=asker, now=now)
    done = publish(row, by=office, now=now)
    gone = withdraw(done, by=asker)

    assert (done.state, done.answered_at, done.fresh_until) == (
        "published", now, timezone.localdate(now) + timedelta(days=90),
    )  # fmt: skip
    assert gone.state == "withdrawn"
    assert [(n.person, n.template, n.facts.get("reason")) for n in Notice.objects.order_by("pk")] == [
        (contact.person, "entry_returned", "请写明数量"),
        (staff.person, "entry_submitted", None),
        (contact.person, "entry_published", None),
    ]


def test_return_without_a_reason_and_publish_of_what_is_over_are_refused(office, here):
    from lianqiao.lists.actions.moves import EndsInThePast

    now = timezone.now()
    row = make.entry(on=here, state="submitted", ends_on=make.yesterday())
    with pytest.raises(ValidationError, match="写明原因"):
        return_entry(row, by=office, now=now, reason="  ")
    with pytest.raises(EndsInThePast):
        publish(row, by=office, now=now)


def test_entry_move_published_and_taken_back_in_one_press(login, staff, here):
    row = make.entry(on=here, state="submitted")
    client = login(staff)
    done = client.post(reverse("entry_move", args=[row.pk, "publish"]), {"then": "review"})
    published = Entry.objects.get().state
    token = client.get(done.url).context["done"]["token"]
    undone, again = (client.post(reverse("undo"), {"done": token}) for _ in range(2))
    entry = Entry.objects.get()

    assert (done.url, published) == (reverse("review_queue"), "published")
    assert (undone.status_code, again.status_code) == (302, 409)
    assert (entry.state, entry.published_at, entry.answered_at, entry.fresh_until) == (
        "submitted",
        None,
        None,
        None,
    )


def test_entry_move_that_nobody_knows_or_may_make_is_not_there(login, contact, staff, here):
    row = make.entry(on=here, state="submitted")
    moves = [(staff, "expire"), (staff, "fly"), (contact, "publish")]

    assert [login(held).post(reverse("entry_move", args=[row.pk, m])).status_code for held, m in moves] == [
        404
    ] * 3


def test_entry_move_in_the_wrong_state_says_so_on_the_entry(login, staff, here):
    row = make.entry(on=here, state="withdrawn")
    client = login(staff)
    answer = client.post(reverse("entry_move", args=[row.pk, "publish"]), follow=True)

    assert "现在的状态是“已撤回”" in answer.content.decode()


def test_entry_return_with_usual_and_other_reasons(login, staff, here):
    row = make.entry(on=here, state="submitted")
    client, url = login(staff), reverse("entry_return", args=[row.pk])
    empty = client.post(url, {})
    done = client.post(url, {"usual": ["0", "1"], "reason": "谢谢", "then": "review"})

    assert (empty.status_code, done.url) == (200, reverse("review_queue"))
    assert Entry.objects.get().returned_reason == (
        "请写明数量（人数、次数、面积或金额）。 请写明时间（什么时候要、什么时候可以）。 谢谢"
    )
