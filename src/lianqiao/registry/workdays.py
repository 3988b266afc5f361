"""Counting in working days, by the calendar that the State Council publishes year by year.

What the calendar does not list is a working day from Monday to Friday. A year that it does not know at all is
counted that way too, and the answer warns: such a deadline is a guess.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from lianqiao.core.actor import at_the_terminal
from lianqiao.registry.models import Edition, ReferenceItem
from lianqiao.registry.queries import reference_for

UNKNOWN_YEAR = "unknown_year"
SATURDAY = 5


@dataclass(frozen=True)
class Deadline:
    """`warning` is empty, or the code of why the day is a guess."""

    day: date
    warning: str = ""


@dataclass(frozen=True)
class Count:
    days: int
    warning: str = ""


def add_workdays(day: date, count: int) -> Deadline:
    """The `count`-th working day after `day`; with a negative count, before it. Zero is the day itself."""
    step = timedelta(days=1 if count > 0 else -1)
    # Even a year of holidays has more than one working day a week in it.
    span = abs(count) * 7 + 30
    calendar = calendar_days(*sorted((day, day + step * span)))
    left = abs(count)
    while left:
        day += step
        left -= is_workday(day, calendar)
    return Deadline(day, warning_for(day))


def workdays_between(start: date, end: date) -> Count:
    """Working days after `start` up to and including `end`; negative when `end` is earlier."""
    first, last = sorted((start, end))
    calendar = calendar_days(first, last)
    days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    count = sum(is_workday(day, calendar) for day in days)
    return Count(count if start <= end else -count, warning_for(last))


def is_workday(day: date, calendar: dict[date, bool]) -> bool:
    return calendar.get(day, day.weekday() < SATURDAY)


def warning_for(day: date) -> str:
    known = last_known_year()
    return "" if known is not None and day.year <= known else UNKNOWN_YEAR


def last_known_year() -> int | None:
    """The year of the last day listed: notices come for whole years."""
    last = listed_days().order_by("-code").values_list("code", flat=True).first()
    return date.fromisoformat(last).year if last else None


def calendar_days(first: date, last: date) -> dict[date, bool]:
    """Which of these days the calendar lists, and whether people work on them."""
    rows = listed_days().filter(code__gte=first.isoformat(), code__lte=last.isoformat())
    return {
        date.fromisoformat(code): facts["is_workday"] for code, facts in rows.values_list("code", "facts")
    }


def listed_days() -> QuerySet[ReferenceItem]:
    # A deadline is the same for everybody, so no person's view of the table is asked.
    return reference_for(at_the_terminal("workdays"), Edition.Kind.WORKDAYS).filter(valid_to=None)
