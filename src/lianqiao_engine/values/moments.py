"""One point in time as far as the text says it: year, month, day or a part of them, each of which may be missing."""

import re
from dataclasses import dataclass
from datetime import date

from .plain import Refused

PARTS_OF_YEAR = {
    "上半年": (1, 6), "下半年": (7, 12), "年初": (1, 1), "年中": (6, 6), "年底": (12, 12), "年末": (12, 12), "年内": (1, 12),
    "年终": (12, 12), "1季度": (1, 3), "2季度": (4, 6), "3季度": (7, 9), "4季度": (10, 12),
}  # fmt: skip
PARTS_OF_MONTH = {
    "上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31), "初": (1, 10), "中": (11, 20), "底": (21, 31), "末": (21, 31),
    "月初": (1, 10), "月中": (11, 20), "月底": (21, 31), "月末": (21, 31), "月内": (1, 31),
}  # fmt: skip
YEARS = {"今年": 0, "本年": 0, "当年": 0, "去年": -1, "明年": 1, "来年": 1}
MONTHS = {"本月": 0, "当月": 0, "这个月": 0, "上月": -1, "上个月": -1, "下月": 1, "下个月": 1}

WRITTEN = re.compile(
    r"(?:(?P<year>\d{4}|\d{2})年度?|(?P<quarters>\d{4})(?=q)|(?P<which>今年|本年|当年|去年|明年|来年)(?:度|的)?)?"
    r"(?:(?P<month>\d{1,2})月份?|(?P<this>本月|当月|这个月|上个?月|下个?月)份?)?"
    r"(?:(?P<day>\d{1,2})[日号]|(?<=月)(?P<bare>\d{1,2})|"
    r"(?P<part>上旬|中旬|下旬|月?[初中底末]|月内|年[初中底末内终]|[上下]半年|第?[1-4]季度|q[1-4]))?",
    re.IGNORECASE,
)
YEAR_FIRST = re.compile(r"(\d{4})[-/.年](\d{1,2})(?:[-/.月](\d{1,2}))?[.日号]?")
YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
SHORT_YEAR = re.compile(r"(\d{2})[-/.](\d{1,2})[-/.](\d{1,2})|(\d{1,2})/(\d{1,2})/(\d{2})")
TWO = re.compile(r"(\d{1,2})[-/.](\d{1,2})")
SCHOOL_YEAR = re.compile(r"(\d{4})[-~至/](\d{4}|\d{2})学年(?:第?([12上下])学期)?")


@dataclass(frozen=True, slots=True)
class Moment:
    """What a text says of a point in time; `part` is a key of PARTS_OF_YEAR or PARTS_OF_MONTH."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    part: str = ""

    @property
    def months(self) -> tuple[int, int]:
        """The first and the last month it may be."""
        if self.month:
            return self.month, self.month
        return PARTS_OF_YEAR.get(self.part, (1, 12))

    @property
    def days(self) -> tuple[int, int]:
        """The first day in the first month and the last day in the last; 31 stands for the end of any month."""
        if self.day:
            return self.day, self.day
        return PARTS_OF_MONTH.get(self.part, (1, 31))


def moment(text: str, today: date) -> Moment | Refused:
    """Read a plain text with its numbers in digits; NO_DATE if it is no point in time, NO_SUCH_DAY for 13月, 32日."""
    found = _moment(text, today)
    if isinstance(found, Refused):
        return found
    if found.month is not None and not 1 <= found.month <= 12:
        return Refused.NO_SUCH_DAY
    if found.day is not None and not 1 <= found.day <= 31:
        return Refused.NO_SUCH_DAY
    return found


def _moment(text: str, today: date) -> Moment | Refused:
    if text.isdecimal():
        return _digits(text, today)
    if found := YEAR_FIRST.fullmatch(text):
        year, month, day = found.groups()
        return Moment(int(year), int(month), int(day) if day else None)
    if (found := WRITTEN.fullmatch(text)) and text:
        return _written(found, today)
    if found := SHORT_YEAR.fullmatch(text):
        return _short_year([int(part) for part in found.groups() if part], today)
    if found := YEAR_LAST.fullmatch(text):
        first, second, year = map(int, found.groups())
        if first <= 12 and second <= 12 and first != second:
            return Refused.AMBIGUOUS
        return Moment(year, *((first, second) if first <= 12 else (second, first)))
    if found := TWO.fullmatch(text):
        first, second = map(int, found.groups())
        return Moment(None, first, second) if first <= 12 else Moment(_century(first, today), second)
    return Refused.NO_DATE


def _digits(text: str, today: date) -> Moment | Refused:
    if len(text) == 8:
        return Moment(int(text[:4]), int(text[4:6]), int(text[6:]))
    if len(text) == 6 and text[:2] in ("19", "20") and 1 <= int(text[4:]) <= 12:
        return Moment(int(text[:4]), int(text[4:]))
    if len(text) == 6:
        return Moment(_century(int(text[:2]), today), int(text[2:4]), int(text[4:]))
    if len(text) == 4 and text[:2] in ("19", "20"):
        return Moment(int(text))
    return Refused.NO_DATE


def _short_year(numbers: list[int], today: date) -> Moment | Refused:
    """24.10.24; and 10/24/24 as American software shows it, where the Chinese order cannot be meant."""
    first, second, third = numbers
    chinese = Moment(_century(first, today), second, third)
    american = Moment(_century(third, today), first, second)
    possible = [
        one for one in (chinese, american) if one.month and one.month <= 12 and one.day and one.day <= 31
    ]
    near = [one for one in possible if one.year and abs(one.year - today.year) <= 10]
    return next(iter(near or possible), Refused.NO_SUCH_DAY)


def _written(found: re.Match[str], today: date) -> Moment | Refused:
    year = (
        _century(int(found["year"] or found["quarters"]), today)
        if found["year"] or found["quarters"]
        else None
    )
    month = int(found["month"]) if found["month"] else None
    day = found["day"] or found["bare"]
    part = (found["part"] or "").removeprefix("第").lower().replace("q", "")
    part = f"{part}季度" if part.isdigit() else part
    if found["which"]:
        year = today.year + YEARS[found["which"]]
    if found["this"] or part in ("月初", "月中", "月底", "月末", "月内"):
        months = today.year * 12 + today.month - 1 + MONTHS.get(found["this"] or "本月", 0)
        if month is None:
            year, month = months // 12, months % 12 + 1
    if month is None and part in ("初", "中", "底", "末") and year:
        part = f"年{part}"
    known = part in PARTS_OF_YEAR if month is None else part in PARTS_OF_MONTH
    if (part and not known) or (day and part) or not (year or month or day or part):
        return Refused.NO_DATE
    return Moment(year, month, int(day) if day else None, part)


def _century(year: int, today: date) -> int:
    """24 is 2024, 98 is 1998: the nearest, at most twenty years ahead."""
    if year >= 100:
        return year
    year += today.year // 100 * 100
    return year - 100 if year > today.year + 20 else year
