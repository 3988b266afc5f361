"""What all readers of values share: the cell, the refusal, and one spelling of signs."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from enum import StrEnum

Cell = str | int | float | bool | date | datetime | time | timedelta

LONGEST = 80  # characters; a longer text is prose that holds values, not a value


class Refused(StrEnum):
    """Why a cell holds no value of the wanted kind."""

    NO_NUMBER = "no number"
    NOT_WHOLE = "not whole"
    NEGATIVE = "negative"
    SEVERAL = "several values"
    OTHER_UNIT = "other unit"
    NO_DATE = "no date"
    NO_SUCH_DAY = "no such day"
    AMBIGUOUS = "ambiguous"
    REVERSED = "reversed"
    NO_PHONE = "no phone"
    DIGITS_LOST = "digits lost"
    MASKED = "masked"


# Traditional and financial forms that stand in values; opencc would take 30 ms to load for these few.
SIGNS = str.maketrans(
    {
        **dict(zip("壹贰貳叁參叄肆伍陆陸柒捌玖", "一二二三三三四五六六七八九", strict=True)),
        **dict(zip("拾佰仟萬億兩廿卅", ("十", "百", "千", "万", "亿", "两", "二十", "三十"), strict=True)),
        **dict(zip("後號長週學間點圓圆幾餘來無萬", "后号长周学间点元元几余来无万", strict=True)),
        **dict.fromkeys("‐‑‒–—―−─－", "-"),
        **dict.fromkeys("〜∼˜", "~"),
        **dict.fromkeys("、，", ","),
        "¥": "¥",
        "￥": "¥",
        "○": "〇",
        "◯": "〇",
        "。": ".",
    }
)
UNSEEN = re.compile("[\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
ZERO_BY_LETTER = re.compile("(?<=[一二三四五六七八九〇])[oO0](?=[一二三四五六七八九〇oO0年])")
SPACES = re.compile(r"\s+")
SIMPLE = re.compile(r"[0-9.]+")


def plain(cell: Cell) -> str:
    """Return the text of a cell for reading a value: narrow, simplified, without spaces; numbers as written."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    text = str(cell)
    if SIMPLE.fullmatch(text):
        return text
    text = unicodedata.normalize("NFKC", text).translate(SIGNS)
    return ZERO_BY_LETTER.sub("〇", SPACES.sub("", UNSEEN.sub("", text)))
