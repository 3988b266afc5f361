"""When a promise is due: so many times in each period of the term, on working days."""

from collections.abc import Iterator
from datetime import date, timedelta

from lianqiao.agreements.models import Obligation
from lianqiao.registry.workdays import calendar_days, is_workday

Every = Obligation.Every
# The last days of a school's terms; an office that counts otherwise moves the dates before the signing.
TERM_ENDS = ((1, 31), (7, 15))
# Where a text names no last day, a year is planned.
WITHOUT_END = timedelta(days=365)
LONGEST_HOLIDAY = timedelta(days=15)
MOST = 240


def due_days(times: int, every: str, starts_on: date, ends_on: date | None) -> list[date]:
    """The day by which each time is due. A period that the term covers by less than half promises nothing."""
    last = ends_on or starts_on + WITHOUT_END
    found: list[date] = []
    for first, end in periods(every, starts_on, last):
        length = (end - first).days + 1
        within = (min(end, last) - max(first, starts_on)).days + 1
        if every != Every.ONCE and within * 2 < length:
            continue
        begin, stop = max(first, starts_on), min(end, last)
        span = (stop - begin).days + 1
        found += [begin + timedelta(days=span * number // times - 1) for number in range(1, times + 1)]
    if not found:
        return []
    calendar = calendar_days(found[0] - LONGEST_HOLIDAY, found[-1])
    return [last_workday(day, calendar) for day in found[:MOST]]


def periods(every: str, starts_on: date, last: date) -> Iterator[tuple[date, date]]:
    if every == Every.ONCE:
        yield starts_on, last
    elif every == Every.YEAR:
        first = starts_on
        while first <= last:
            following = a_year_after(first)
            yield first, following - timedelta(days=1)
            first = following
    elif every == Every.TERM:
        first = starts_on
        while first <= last:
            end = next_term_end(first)
            yield previous_term_end(first) + timedelta(days=1), end
            first = end + timedelta(days=1)
    else:
        months = 3 if every == Every.QUARTER else 1
        first = date(starts_on.year, (starts_on.month - 1) // months * months + 1, 1)
        while first <= last:
            following = months_after(first, months)
            yield first, following - timedelta(days=1)
            first = following


def months_after(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, 1)


def a_year_after(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return date(day.year + 1, 3, 1)  # of 29 February


def term_ends(year: int) -> Iterator[date]:
    for number in (year - 1, year, year + 1):
        yield from (date(number, month, day) for month, day in TERM_ENDS)


def next_term_end(day: date) -> date:
    return min(end for end in term_ends(day.year) if end >= day)


def previous_term_end(day: date) -> date:
    return max(end for end in term_ends(day.year) if end < day)


def last_workday(day: date, calendar: dict[date, bool]) -> date:
    """The day itself or the last working day before it: nothing falls due on a holiday."""
    while not is_workday(day, calendar):
        day -= timedelta(days=1)
    return day
