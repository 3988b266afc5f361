"""Counting in working days, by the calendar and beyond it."""

from datetime import date

import pytest

from lianqiao.core.actor import at_the_terminal
from lianqiao.registry.actions.reference import load_default_tables
from lianqiao.registry.workdays import Count, Deadline, add_workdays, last_known_year, workdays_between


@pytest.fixture
def calendar(db):
    load_default_tables(by=at_the_terminal("test"))


@pytest.mark.parametrize(
    ("day", "count", "end"),
    [
        (date(2026, 11, 20), 1, date(2026, 11, 23)),  # over a weekend
        (date(2026, 11, 20), 0, date(2026, 11, 20)),
        (date(2026, 9, 30), 1, date(2026, 10, 8)),  # over the national holiday
        (date(2026, 10, 9), 1, date(2026, 10, 10)),  # a Saturday on which people work
        (date(2026, 10, 8), -1, date(2026, 9, 30)),
    ],
)
def test_add_workdays_follows_the_calendar(calendar, day, count, end):
    assert add_workdays(day, count) == Deadline(end)


def test_workdays_between_counts_both_ways(calendar):
    assert workdays_between(date(2026, 9, 30), date(2026, 10, 10)) == Count(3)
    assert workdays_between(date(2026, 10, 10), date(2026, 9, 30)) == Count(-3)
    assert workdays_between(date(2026, 10, 10), date(2026, 10, 10)) == Count(0)


def test_workdays_beyond_the_last_known_year_are_guessed_with_a_warning(calendar):
    assert last_known_year() == 2027
    assert add_workdays(date(2027, 12, 30), 1) == Deadline(date(2027, 12, 31))
    assert add_workdays(date(2027, 12, 31), 1) == Deadline(date(2028, 1, 3), "unknown_year")
    assert workdays_between(date(2027, 12, 31), date(2028, 1, 3)) == Count(1, "unknown_year")


def test_workdays_without_any_calendar_are_monday_to_friday_with_a_warning(db):
    assert add_workdays(date(2026, 9, 30), 1) == Deadline(date(2026, 10, 1), "unknown_year")
