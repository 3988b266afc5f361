"""When promises are due, who is reminded of them, and what the calendar does to an agreement."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from lianqiao.agreements.actions import clock
from lianqiao.agreements.models import ObligationDate
from lianqiao.agreements.scheduling import due_days
from lianqiao.notices.models import Notice
from tests.agreements import rows

pytestmark = pytest.mark.django_db
START, END = date(2026, 12, 1), date(2028, 11, 30)


def at(day):
    return datetime(day.year, day.month, day.day, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize(
    ("times", "every", "count", "first", "last"),
    [
        (6, "year", 12, date(2027, 1, 29), END),
        (1, "quarter", 8, date(2027, 3, 31), date(2028, 12, 29)),
        (1, "month", 24, date(2026, 12, 31), END),
        (1, "term", 4, date(2027, 7, 15), END),
        (1, "year", 2, date(2027, 11, 30), END),
        (1, "once", 1, END, END),
    ],
)
def test_due_days_are_the_last_workday_of_each_part_of_the_term(times, every, count, first, last):
    days = due_days(times, every, START, END)

    assert len(days) == count
    assert (days[0], max(days)) == (first, min(last, END))
    assert all(day.weekday() < 5 and START <= day <= END for day in days)


def test_due_days_without_an_end_are_planned_for_a_year():
    assert len(due_days(1, "quarter", date(2027, 1, 1), None)) == 4


def test_remind_due_tells_once_and_who_owes_it(pair, office, contact, teacher):
    rows.match(pair)
    rows.signed(pair, by=office)
    first = ObligationDate.objects.order_by("due_on").first()
    now = at(first.due_on - timedelta(days=10))
    counts = [clock.remind_due(by=rows.SYSTEM, now=now) for _n in range(2)]

    assert counts[0] >= 1
    assert counts[1] == 0
    told = Notice.objects.filter(template="obligation_due").values_list("person", flat=True)
    assert {contact.person_id, teacher.person_id} <= set(told)


def test_warn_ending_at_90_and_at_30_days_once_each(pair, office, contact):
    rows.match(pair)
    rows.signed(pair, by=office)
    told = []
    for days in (100, 90, 60, 30, 10):
        clock.warn_ending(by=rows.SYSTEM, now=at(END - timedelta(days=days)))
        told.append(Notice.objects.filter(template="agreement_ends", person=contact.person).count())

    assert told == [0, 1, 1, 2, 2]


def test_warn_ending_after_a_long_pause_warns_once(pair, office, contact):
    rows.match(pair)
    rows.signed(pair, by=office)
    clock.warn_ending(by=rows.SYSTEM, now=at(END - timedelta(days=5)))

    assert Notice.objects.filter(template="agreement_ends", person=contact.person).count() == 1


def test_expire_over_closes_what_is_over(pair, office):
    rows.match(pair)
    row = rows.signed(pair, by=office)
    counts = [
        clock.expire_over(by=rows.SYSTEM, now=at(day))
        for day in (END, END + timedelta(days=1), END + timedelta(days=2))
    ]
    row.refresh_from_db()

    assert (counts, row.state) == ([0, 1, 0], "expired")
