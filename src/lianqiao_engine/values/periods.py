"""Days and periods: 2024年10月24日, 二〇二四年十月, 10月底, 第四季度, 2024.9-2025.6, 长期, Excel's day numbers."""

import re
from datetime import date, datetime, timedelta
from functools import lru_cache

from .numbers import number_of
from .plain import LONGEST, Cell, Refused, plain
from .ranges import Period, months_after, point, span_of_two

EXCEL_EPOCH = date(1899, 12, 30)
SERIALS = range(18_264, 80_000)  # 1950 to 2118; below, a number is a count

OPEN = re.compile(
    "(?:长期|永久|常年|全年|随时|不限|无限期|一直|无固定期限|不限时间?|长期稳定)(?:有效|合作|开放|均可|都可|可以|可用|需求|招聘|需要)?"
)
UNSAID = re.compile(
    "(?:尽快|尽早|越快越好|立即|马上|近期|待定|未定|不定|不详|另行通知|另定|待通知|面议|协商(?:确定)?|双方协商|视情况(?:而定)?|暂无|无|[-/]+|n/?a)",
    re.IGNORECASE,
)
CLOCK = re.compile(
    r"[T日号)]?(?:上午|下午|晚上|中午|早上)?\d{1,2}(?::\d{2}){1,2}(?:\.\d+)?(?:z|[+]\d\d:?\d\d)?$|(?<=\d)T00",
    re.IGNORECASE,
)
WEEKDAY = re.compile(r"\(?(?:星期|周|礼拜)[一二三四五六日天]\)?(?:上午|下午|晚上)?$|\(.*?\)$")
SPOKEN = re.compile("[零〇一二两三四五六七八九十]+(?=年|个?月|[日号天周]|季度|学期)")
WITHIN = re.compile(r"(?P<count>\d+|半)(?:个)?(?P<unit>天|日|周|星期|月|年)(?:之内|以内|内)")


ALWAYS = Period(None, None)


def read_period(cell: Cell, *, today: date, months_back: int = 3) -> Period | Refused | None:
    """Read a day or a period; None where the cell says that it is not decided (待定, 尽快).

    A month or day without a year is the next one, not further back than `months_back` months from `today`: 11 for
    what lies in the past, such as the day of a visit. 年底 and 第四季度 without a year are those of this year. A number
    that lost its zero (2024.1 may be 2024.10) is refused as ambiguous.
    """
    if isinstance(cell, datetime):
        return Period.of_day(cell.date())
    if isinstance(cell, date):
        return Period.of_day(cell)
    if not isinstance(cell, str | int | float) or isinstance(cell, bool):
        return Refused.NO_DATE
    if isinstance(cell, float) and not cell.is_integer():
        return _of_fraction(cell, today, months_back)
    text = plain(cell)
    return _read(text, today, months_back) if len(text) <= LONGEST else Refused.NO_DATE


def _of_fraction(number: float, today: date, back: int) -> Period | Refused | None:
    if int(number) in SERIALS:
        return Period.of_day(EXCEL_EPOCH + timedelta(days=int(number)))
    if re.fullmatch(r"\d{4}\.1|\d{1,2}\.[123]", repr(number)):
        return Refused.AMBIGUOUS
    return _read(repr(number), today, back)


@lru_cache(8192)
def _read(text: str, today: date, back: int) -> Period | Refused | None:
    if text.isdecimal() and len(text) == 5:
        serial = int(text)
        return Period.of_day(EXCEL_EPOCH + timedelta(days=serial)) if serial in SERIALS else Refused.NO_DATE
    if OPEN.fullmatch(text):
        return ALWAYS
    if not text or UNSAID.fullmatch(text):
        return None
    text = SPOKEN.sub(lambda number: str(number_of(number.group()) or number.group()), text)
    if within := WITHIN.fullmatch(text):
        return _within(within, today)
    text = WEEKDAY.sub("", CLOCK.sub(_without_time, text))
    found = point(text, today, back)
    return span_of_two(text, today, back) if found is Refused.NO_DATE else found


def _without_time(clock: re.Match[str]) -> str:
    return clock.group()[0] if clock.group()[0] in "日号)" else ""


def _within(within: re.Match[str], today: date) -> Period | Refused:
    half, unit = within["count"] == "半", within["unit"]
    count = 1 if half else int(within["count"])
    if count > 1200:
        return Refused.NO_DATE
    if unit in ("天", "日"):
        return Period(today, today + timedelta(days=count))
    if unit in ("周", "星期"):
        return Period(today, today + timedelta(weeks=count))
    if unit == "月":
        return Period(today, today + timedelta(days=15) if half else months_after(today, count))
    return Period(today, months_after(today, 6 if half else 12 * count))
