"""Numbers in digits, in Chinese and in both: 1,200; 三十五万六千; 1.5亿; 二〇二四."""

import re
from decimal import Decimal

from .plain import LONGEST, Cell, Refused, plain

HANZI = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "幺": 1}
SIZES = (("亿", 10**8), ("万", 10**4), ("千", 1000), ("百", 100), ("十", 10))
DIGITS = re.compile(r"\d{1,20}(?:\.\d{1,12})?")
GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
# One number, wherever it stands in a longer text.
NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|[零〇一二两三四五六七八九十]|(?<![.\d])[百千万亿](?=[万亿余多]))[零〇一二两三四五六七八九十百千万亿点\d]*(?:\.\d+[十百千万亿]*)?"


def read_number(cell: Cell) -> Decimal | Refused:
    """Read one exact number that is not negative: 12, １２, "1,200", 十二, 三十五万六千, 1.5亿, 两, 壹佰."""
    if isinstance(cell, bool):
        return Refused.NO_NUMBER
    text = plain(cell)
    if text.startswith("-") and number_of(text[1:]) is not None:
        return Refused.NEGATIVE
    number = number_of(text)
    return Refused.NO_NUMBER if number is None else number


def number_of(text: str) -> Decimal | None:
    """Return the number that the whole of a plain text says, or None."""
    if DIGITS.fullmatch(text):
        return Decimal(text)
    if GROUPED.fullmatch(text):
        return Decimal(text.replace(",", ""))
    return _spoken(text) if 0 < len(text) <= LONGEST else None


def _spoken(text: str) -> Decimal | None:
    for unit, size in SIZES:
        left, found, right = text.rpartition(unit)
        if found:
            return _product(left, unit, size, right)
    if DIGITS.fullmatch(text):
        return Decimal(text)
    whole, point, rest = text.partition("点")
    values = [HANZI.get(char) for char in whole + rest]
    if not whole or (point and not rest) or None in values:
        return None
    return Decimal("".join(map(str, values))).scaleb(-len(rest))


def _product(left: str, unit: str, size: int, right: str) -> Decimal | None:
    """`left` times the unit, and what follows: 三十五 万 六千. A lone digit counts the next unit: 三万五 is 35,000."""
    times = Decimal(1) if not left else _times(left, unit, size)
    if times is None:
        return None
    zero = right[:1] in ("零", "〇")
    right = right.lstrip("零〇")
    if not right:
        return times * size
    rest = _spoken(right)
    if rest is None:
        return None
    if len(right) == 1 and not zero and size > 10:
        rest *= size // 10
    return times * size + rest if rest < size else None


def _times(left: str, unit: str, size: int) -> Decimal | None:
    if unit in left:
        return None
    times = _spoken(left.lstrip("零〇") or left)
    # Below ten thousand one digit counts a unit, unless the figure is written: 350千.
    if times is None or (size < 10**4 and times >= 10 and not DIGITS.fullmatch(left)):
        return None
    return times
