"""Read a column's cells: one reader per type, each value once however often it occurs."""

import re
from collections.abc import Callable, Iterable
from datetime import date

from lianqiao_engine.text.mojibake import repair
from lianqiao_engine.text.normalise import looks_damaged, normalise
from lianqiao_engine.values import (
    UNLIMITED,
    Amount,
    Cell,
    Period,
    Refused,
    read_amount,
    read_count,
    read_offered,
    read_period,
    read_phones,
)

from .model import Value, What

# A value or nothing, and what is to be remarked, if anything.
Reading = tuple[Value | None, str]
NOTHING = frozenset(
    [
        "无",
        "暂无",
        "没有",
        "-",
        "--",
        "——",
        "—",
        "/",
        "//",
        "\\",
        "n/a",
        "空",
        "null",
        "none",
        "nan",
        "待定",
        "同上",
    ]
)
CONTROLS = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
BETWEEN_NAMES = re.compile(r"[、，,;；/\n\r|]+")
EMAIL = re.compile(r"[^@\s<>]+@[^@\s<>]+\.[A-Za-z0-9-]+")
PHONE = re.compile(r"[（(]?\+?\d[\d\s()（）-]{5,}\d(?:转\d+)?[）)]?")
SUSPECT = re.compile("[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u00ff]|\\?\\?|锟|烫烫烫|屯屯屯")


def shown(cell: Cell) -> str:
    """The text of a cell as a person reads it; 12.0 is 12."""
    if cell.__class__ is str:
        return cell
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell)


def is_sound(text: str) -> bool:
    """Whether a text is certainly undamaged, told without looking closely: nearly all are."""
    if SUSPECT.search(text):
        return False
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def read_text(cell: Cell) -> Reading:
    text = shown(cell)
    if is_sound(text):
        return read_sound(text)
    seen = CONTROLS.sub("", text)
    repaired = repair(seen)
    value, _ = read_sound(repaired)
    if looks_damaged(text):
        return value, What.DAMAGED
    return value, What.REPAIRED if repaired != seen else ""


def read_sound(cell: Cell) -> Reading:
    return sound_values([shown(cell)])[0], ""


def sound_values(texts: Iterable[str]) -> list[Value | None]:
    """As `read_sound`, of many texts at once."""
    return [
        None if not text or (len(text) < 5 and text.lower() in NOTHING) else text
        for text in map(str.strip, texts)
    ]


def read_names(cell: Cell) -> Reading:
    text, what = read_text(cell)
    if not isinstance(text, str):
        return None, what
    names = tuple(dict.fromkeys(name.strip() for name in BETWEEN_NAMES.split(text) if name.strip()))
    return tuple(name for name in names if name not in NOTHING) or None, what


def read_least(cell: Cell) -> Reading:
    return _count(cell, read_count(cell))


def read_most(cell: Cell) -> Reading:
    """How many partners are wanted: a range asks for as many as its end."""
    amount = read_amount(cell)
    if (
        isinstance(amount, Amount)
        and amount.high is not None
        and amount.high < UNLIMITED
        and amount.high == int(amount.high)
    ):
        return int(amount.high), What.RANGE if amount.low != amount.high and amount.low is not None else ""
    return _count(cell, read_count(cell))


def _count(cell: Cell, count: int | Refused | None) -> Reading:
    if isinstance(count, Refused):
        return None, count
    if count is None:
        return None, What.NOT_SAID
    amount = read_amount(cell)
    between = (
        isinstance(amount, Amount) and None not in (amount.low, amount.high) and amount.low != amount.high
    )
    return count, What.RANGE if between else ""


def read_phone(cell: Cell) -> Reading:
    phones = read_phones(cell)
    if phones is Refused.NO_PHONE and isinstance(cell, str) and (found := PHONE.search(cell)):
        # 张三 13800000000: the name is taken from the cell when its line is made.
        phones = read_phones(found.group())
    return (None, phones) if isinstance(phones, Refused) else ("; ".join(phones), "")


def read_email(cell: Cell) -> Reading:
    found = EMAIL.findall(normalise(shown(cell)))
    return ("; ".join(found), "") if found else (None, What.NO_EMAIL)


def reader_of(how: str, head: str, today: date, texts: Iterable[str] = ()) -> Callable[[Cell], Reading]:
    """Return the reader of a type of `fields.tsv` under this head, for a column with these texts."""
    if how == "text" and is_sound(" ".join(texts)):
        return read_sound
    simple = {
        "text": read_text,
        "names": read_names,
        "count": read_least,
        "partners": read_most,
        "phone": read_phone,
        "email": read_email,
    }
    if how in simple:
        return simple[how]
    if how == "offered":
        return _offered(head)
    # A visit without a year was in the months before; all other days lie ahead or are a little overdue.
    return _dates(how, today, months_back=11 if how == "past" else 3)


def _offered(head: str) -> Callable[[Cell], Reading]:
    unit = 10**8 if "亿" in head else 10**4 if "万" in head else 1
    # 可投入 (万元/人) does not say which, and 预算 says nothing.
    unsaid = "元" not in head or "人" in head

    def read(cell: Cell) -> Reading:
        amounts = read_offered(cell, unit)
        if isinstance(amounts, Refused):
            return None, amounts
        if all(amount.low is None and amount.high is None for amount in amounts):
            return None, What.NOT_SAID
        bare = re.fullmatch(r"[\d.,\s-]+", shown(cell)) is not None
        large = any((amount.high or 0) >= 10**8 for amount in amounts)
        doubtful = bare and (unsaid or large)
        return amounts, What.UNIT_ASSUMED if doubtful else ""

    return read


def _dates(how: str, today: date, months_back: int) -> Callable[[Cell], Reading]:
    def read(cell: Cell) -> Reading:
        period = read_period(cell, today=today, months_back=months_back)
        if isinstance(period, Period):
            return period, ""
        if period is None:
            return None, What.NOT_SAID
        if how == "when" and period is Refused.NO_DATE:
            return read_text(cell)
        return None, period

    return read
