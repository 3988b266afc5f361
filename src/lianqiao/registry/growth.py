"""How a chain grew, month by month, from the periods of its members."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

LONGEST = 24  # months shown


@dataclass(frozen=True)
class Month:
    """`total` members on the month's last day, or today in the running month; who came and went since the one before."""

    first: date
    total: int
    joined: int
    left: int


Period = tuple[int, date, date | None]  # whose, from, to (the last day, if it ended)


def growth(periods: Collection[Period], today: date) -> list[Month]:
    """At most LONGEST months up to today, from the first in which there was a member."""
    begun = [start for _, start, _ in periods if start <= today]
    if not begun:
        return []
    first = max(min(begun).replace(day=1), months_before(today, LONGEST - 1))
    months = []
    before = present(periods, first - timedelta(days=1))
    while first <= today:
        following = (first + timedelta(days=31)).replace(day=1)
        now = present(periods, min(following - timedelta(days=1), today))
        months.append(Month(first, len(now), len(now - before), len(before - now)))
        before, first = now, following
    return months


def present(periods: Collection[Period], day: date) -> set[int]:
    """An organisation with several memberships, one after the other or at once, counts once."""
    return {who for who, start, end in periods if start <= day and (end is None or day <= end)}


def months_before(day: date, count: int) -> date:
    months = day.year * 12 + day.month - 1 - count
    return date(months // 12, months % 12 + 1, 1)
