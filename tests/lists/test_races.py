"""Two people do something with one entry, or one list, at the same moment."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from lianqiao.core.actor import Role
from lianqiao.core.models import AuditEntry
from lianqiao.core.refusals import Refused
from lianqiao.lists.actions.entries import add_entry
from lianqiao.lists.actions.moves import publish, return_entry, submit
from lianqiao.lists.models import Entry
from tests import factories as make


def at_once(*steps: Callable[[], Any]) -> list[str]:
    """What became of each, in no order."""
    outcomes, start = [], threading.Barrier(len(steps))

    def run(step: Callable[[], Any]) -> None:
        start.wait()
        try:
            step()
            outcomes.append("done")
        except Refused as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[step]) for step in steps]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    return sorted(outcomes)


@pytest.mark.django_db(transaction=True)
def test_publish_and_return_at_once_answer_once():
    here, now = make.chain(), timezone.now()
    office = make.actor(Role.OFFICE_STAFF, here)
    row = make.entry(on=here, state="submitted")
    outcomes = at_once(
        lambda: publish(row, by=office, now=now),
        lambda: publish(row, by=office, now=now),
        lambda: publish(row, by=office, now=now),
    )
    both = at_once(
        *[lambda: return_entry(row, by=office, now=now, reason="请写明数量")] * 2,
    )

    assert (outcomes, both) == (["done", "state_moved", "state_moved"], ["done", "state_moved"])
    assert Entry.objects.get().state == "returned"
    answers = AuditEntry.objects.filter(action__in=["lists.publish", "lists.return_entry"])
    assert answers.count() == 2


@pytest.mark.django_db(transaction=True)
def test_entries_submitted_at_once_have_numbers_of_their_own():
    here = make.chain()
    office, who = make.actor(Role.OFFICE_STAFF, here), make.member(here)
    rows = [
        add_entry(by=office, chain=here, organisation=who, kind="need", title=f"第{n}条") for n in range(4)
    ]
    outcomes = at_once(*[lambda row=row: submit(row, by=office, now=timezone.now()) for row in rows])

    assert outcomes == ["done"] * 4
    assert sorted(Entry.objects.values_list("number", flat=True)) == [1, 2, 3, 4]
