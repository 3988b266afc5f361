"""From one point in time to another: 2024.9-2025.6, 9月至12月, 自十月起, 年底前."""

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date

from .moments import Moment, moment
from .plain import Refused

BEFORE = re.compile(
    "^(?:截止时间|截止|截至|不晚于|最迟|最晚|至|到)(?:到|至|于)?:?|(?:之前|以前|截止|为止|前|止)$"
)
SINCE = re.compile("^(?:自|从)|(?:起始|开始|以后|之后|以来|起|后)$")
BETWEEN = re.compile("至|到|~|-")


@dataclass(frozen=True, slots=True)
class Period:
    """From `first` to `last`, both included; None is an open end."""

    first: date | None
    last: date | None

    def __post_init__(self) -> None:
        if self.first and self.last and self.first > self.last:
            raise ValueError(f"a period ends after it begins, not {self.first} to {self.last}")

    @classmethod
    def of_day(cls, day: date) -> "Period":
        return cls(day, day)

    @property
    def day(self) -> date | None:
        """The day, if it is one day."""
        return self.first if self.first == self.last else None

    def meets(self, other: "Period") -> bool:
        """Whether the two share a day."""
        return not (
            (self.last and other.first and self.last < other.first)
            or (other.last and self.first and other.last < self.first)
        )


def point(text: str, today: date, back: int) -> Period | Refused:
    found = moment(text, today)
    if isinstance(found, Moment):
        return _span(found, today, back)
    if found is not Refused.NO_DATE:
        return found
    for sign, before in ((BEFORE, True), (SINCE, False)):
        inner = sign.sub("", text)
        if inner != text and not BETWEEN.search(inner[4:].replace("-", "", 2)):
            found = moment(inner, today)
            if isinstance(found, Moment):
                span = _span(found, today, back)
                if isinstance(span, Refused):
                    return span
                return Period(None, span.last) if before else Period(span.first, None)
    return Refused.NO_DATE


def span_of_two(text: str, today: date, back: int) -> Period | Refused:
    text = re.sub("^(?:自|从)|(?:为止|止)$", "", text)
    refused = Refused.NO_DATE
    for sign in BETWEEN.finditer(text):
        left, right = text[: sign.start()].removesuffix("起"), text[sign.end() :]
        if right in ("今", "现在", "目前"):
            began = point(left, today, back)
            return Period(began.first, today) if isinstance(began, Period) else began
        found = _between(left, right, today, back)
        if isinstance(found, Period):
            return found
        refused = found if refused is Refused.NO_DATE else refused
    return refused


def _between(left: str, right: str, today: date, back: int) -> Period | Refused:
    later = re.match("(?:次年|翌年|第2年|来年)(?:的)?", right)
    right = right[later.end() :] if later else right
    ends = moment(right, today)
    begins = moment(left, today)
    if ends is Refused.NO_DATE and right.isdecimal() and isinstance(begins, Moment):
        ends = moment(right + ("日" if begins.day else "月"), today)
    if begins is Refused.NO_DATE and isinstance(ends, Moment):
        begins = moment(left + ("日" if ends.day else "月"), today)
    if not isinstance(begins, Moment) or not isinstance(ends, Moment):
        refused = begins if isinstance(begins, Refused) else ends
        return refused if isinstance(refused, Refused) else Refused.NO_DATE
    if not ends.month and not ends.year and not ends.part:
        ends = replace(ends, month=begins.month)
    begins, ends = _years(begins, ends, bool(later))
    if not begins.year:
        # The year is the one in which the range is not over.
        last = _span(ends, today, back)
        if isinstance(last, Refused) or not last.last:
            return Refused.NO_DATE
        ends = replace(ends, year=last.last.year)
        begins = replace(begins, year=last.last.year - (bool(later) or _order(begins) > _order(ends)))
    first, last = _span(begins, today, back), _span(ends, today, back)
    if isinstance(first, Refused):
        return first
    if isinstance(last, Refused):
        return last
    if not first.first or not last.last or first.first > last.last:
        return Refused.REVERSED
    return Period(first.first, last.last)


def _years(begins: Moment, ends: Moment, later: bool) -> tuple[Moment, Moment]:
    """Give each end the year that only the other one says."""
    if begins.year and not ends.year:
        ends = replace(ends, year=begins.year + (later or _order(ends) < _order(begins)))
    elif ends.year and not begins.year:
        begins = replace(begins, year=ends.year - (_order(begins) > _order(ends)))
    return begins, ends


def _order(moment: Moment) -> tuple[int, int]:
    return moment.months[0], moment.day or 0


def _span(found: Moment, today: date, back: int) -> Period | Refused:
    if found.year:
        return _in_year(found, found.year)
    earliest = months_after(today, -back)
    if not found.month:
        return _in_year(found, today.year)
    for year in range(today.year - 1, today.year + 9):
        period = _in_year(found, year)
        # 2月29日 without a year waits for the next leap year.
        if isinstance(period, Period) and period.last and period.last >= earliest:
            return period
    return Refused.NO_SUCH_DAY


def _in_year(found: Moment, year: int) -> Period | Refused:
    if not 1900 <= year < 2200:
        return Refused.NO_SUCH_DAY
    begin, end = found.months
    days = found.days
    last = monthrange(year, end)[1]
    if days[0] > last or (found.day and found.day > last):
        return Refused.NO_SUCH_DAY
    return Period(date(year, begin, days[0]), date(year, end, min(days[1], last)))


def months_after(day: date, months: int) -> date:
    """Return the same day `months` later, or the last day of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
