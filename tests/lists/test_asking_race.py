"""Whoever presses twice, or two who hold the same link at once: one answer is taken, both are told it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client

from lianqiao.core.actor import Role
from lianqiao.core.audit import verify
from lianqiao.core.models import AuditEntry
from lianqiao.lists.models import Asking, Entry
from tests import factories as make
from tests.lists.links import NEED, about, asked

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 5


def sent_at_once(url, bodies):
    start = Barrier(len(bodies))

    def send(body):
        start.wait()
        try:
            return Client().post(url, body).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(bodies)) as threads:
        return list(threads.map(send, bodies))


def test_need_stated_five_times_at_once_is_one_entry():
    here = make.chain()
    _, url = asked(make.actor(Role.OFFICE_STAFF, here), make.member(here), here)

    statuses = sent_at_once(url, [NEED | {"title": f"第{number}次"} for number in range(AT_ONCE)])

    entry = Entry.objects.get()
    assert set(statuses) <= {200, 302}
    assert entry.title in Client().get(url).text
    assert AuditEntry.objects.filter(action="lists.answer_asking").count() == 1
    assert verify().is_whole


def test_two_answers_to_one_question_at_once_leave_one():
    here = make.chain()
    entry = make.entry(on=here, state="published")
    asking, url = about(entry, make.actor(Role.OFFICE_STAFF, here))
    said = ["still_true", "not_needed"]

    sent_at_once(url, [{"answer": answer, "seen": entry.version} for answer in said])

    asking = Asking.objects.get(pk=asking.pk)
    entry.refresh_from_db()
    assert (asking.answer, entry.state) in [("still_true", "published"), ("not_needed", "withdrawn")]
    assert AuditEntry.objects.filter(action="lists.answer_asking").count() == 1
