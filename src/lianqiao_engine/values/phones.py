"""Telephone numbers of mainland China, as sheets keep and damage them."""

import re
from decimal import Decimal

from .plain import Cell, Refused, plain

EXPONENT = re.compile(r"(\d(?:\.\d+)?)e\+?(\d{1,2})", re.IGNORECASE)
EXTENSION = re.compile(r"(?:转|分机|ext\.?|x|#|\*|-)(\d{1,6})$", re.IGNORECASE)
SEVERAL = re.compile(r"[/;,|\n]+|或|及(?=\d)")
WORDS = re.compile("(?:联系|办公|单位|移动|固定)?(?:电话|手机|座机|tel|phone|mobile)[::]?", re.IGNORECASE)
SIGNS = re.compile(r"[-\s().·_]+")
MOBILE = re.compile(r"1[3-9]\d{9}")
TOLL = re.compile(r"[48]00\d{7}")
SHORT = re.compile(r"1\d{2,4}|9\d{4}|123\d{2}")
# Beijing and the 02x cities have three digits and eight; the others four (with the zero) and seven or eight.
LAND = re.compile(r"(?P<area>010|02\d|0[3-9]\d{2})(?P<number>[2-8]\d{6,7})")
LAND_WITHOUT_ZERO = re.compile(r"(?:10|2\d)[2-8]\d{7}|[3-9]\d{2}[2-8]\d{6,7}")
LOCAL = re.compile(r"[2-8]\d{6,7}")


def read_phones(cell: Cell) -> tuple[str, ...] | Refused:
    """Read one or more numbers: 13800000000, 0516-83995000, with -8012 after it for an extension.

    The lost zero of an area code is put back. A number whose last digits a sheet dropped (1.38E+10) is refused.
    """
    if isinstance(cell, str) and MOBILE.fullmatch(cell):
        return (cell,)
    if isinstance(cell, bool):
        return Refused.NO_PHONE
    text = cell.replace("\n", ";") if isinstance(cell, str) else plain(cell)
    phones: list[str] = []
    for part in filter(None, SEVERAL.split(plain(text))):
        phone = _phone(WORDS.sub("", part))
        if isinstance(phone, Refused):
            return phone
        phones.append(phone)
    return tuple(dict.fromkeys(phones)) or Refused.NO_PHONE


def _phone(text: str) -> str | Refused:
    if exponent := EXPONENT.fullmatch(text):
        digits, size = exponent.groups()
        if len(digits.replace(".", "")) <= int(size):
            return Refused.DIGITS_LOST
        text = str(int(Decimal(text)))
    if re.search(r"\d\*{2,}|\d[xX]{2,}|×{2,}", text):
        return Refused.MASKED
    text = text.removesuffix(".0")
    known = _known(text)
    if known or not (found := EXTENSION.search(text)):
        return known or Refused.NO_PHONE
    whole = _known(text[: found.start()])
    return f"{whole}-{found.group(1)}" if whole else Refused.NO_PHONE


def _known(text: str) -> str | None:
    digits = SIGNS.sub("", text)
    digits = re.sub(r"^(?:\+86|0086|86(?=1[3-9]\d{9}$))", "", digits)
    if not digits.isascii() or not digits.isdigit():
        return None
    if re.fullmatch(r"01[3-9]\d{9}", digits):
        digits = digits[1:]
    if (
        MOBILE.fullmatch(digits)
        or TOLL.fullmatch(digits)
        or LOCAL.fullmatch(digits)
        or SHORT.fullmatch(digits)
    ):
        return digits
    if LAND_WITHOUT_ZERO.fullmatch(digits):
        digits = "0" + digits
    land = LAND.fullmatch(digits)
    return f"{land['area']}-{land['number']}" if land else None
