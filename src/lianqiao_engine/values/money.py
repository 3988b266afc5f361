"""Money in yuan, however the office counts it."""

import re
from decimal import Decimal
from functools import lru_cache

from .amounts import NOT_SAID, Amount, read_amount
from .numbers import number_of
from .plain import Cell, Refused, plain

OTHER_MONEY = re.compile("美元|美金|欧元|港元|港币|日元|英镑|usd|hkd|eur|jpy|[$€£]")
SPOKEN = re.compile(
    "(?P<whole>.+?)(?:元|块钱?)(?:(?P<tenths>[^元角分]+)角)?零?(?:(?P<cents>[^元角分]+)分)?[整正]?"
)
SMALL = re.compile("(?:(?P<tenths>.)角)?(?:(?P<cents>.)分)?[整正]?")
NOTHING = frozenset(["免费", "无偿", "公益", "零", "不收费", "免"])
PEOPLE = frozenset(["人", "名", "位", "人次"])
HAS_SCALE = re.compile("[万亿]|元|块|¥|rmb|cny|人民币|\\dw", re.IGNORECASE)
BETWEEN = re.compile(r"[;；+＋/\n]|(?<!\d)[,、，]|[,、，](?!\d)|及|和")


def read_money(cell: Cell, unit: int = 1) -> Amount | Refused:
    """Read money: 35万, 35.6万元, 三十五万六千元整, ¥356,000.00, 3-5万元, 面议, 免费. The amount is in yuan.

    `unit`: how many yuan a number without a unit counts, 10,000 under a head that says 万元.
    """
    if isinstance(cell, bool):
        return Refused.NO_NUMBER
    return _money(plain(cell), unit)


def read_offered(cell: Cell, unit: int = 1) -> tuple[Amount, ...] | Refused:
    """Read money and people put in: 20万元、3人. The unit of each amount is 元 or 人; a bare number is money."""
    if isinstance(cell, bool):
        return Refused.NO_NUMBER
    text = str(cell) if isinstance(cell, str) else plain(cell)
    amounts = []
    for part in filter(None, (plain(part) for part in BETWEEN.split(text))):
        amount = _money(part, unit)
        if isinstance(amount, Refused):
            return amount
        amounts.append(amount)
    return tuple(amounts) or Refused.NO_NUMBER


@lru_cache(4096)
def _money(text: str, unit: int) -> Amount | Refused:
    text = text.lower()
    if text in NOTHING:
        return Amount(Decimal(0), Decimal(0), "元")
    if OTHER_MONEY.search(text):
        return Refused.OTHER_UNIT
    if (spoken := SPOKEN.fullmatch(text)) and (spoken["tenths"] or spoken["cents"]):
        return _with_cents(spoken)
    if (small := SMALL.fullmatch(text)) and text:
        return _with_cents(small)
    amount = read_amount(re.sub("块钱?", "元", text.removesuffix("人民币")))
    if isinstance(amount, Refused) or amount == NOT_SAID:
        return amount
    if amount.unit in PEOPLE:
        return Amount(amount.low, amount.high, "人", amount.rough)
    if amount.unit not in ("", "元"):
        return Refused.OTHER_UNIT
    times = 1 if HAS_SCALE.search(text) else unit
    low, high = (None if end is None else end * times for end in (amount.low, amount.high))
    return Amount(low, high, "元", amount.rough)


def _with_cents(spoken: re.Match[str]) -> Amount | Refused:
    parts = spoken.groupdict()
    whole, tenths, cents = (number_of(parts.get(part) or "零") for part in ("whole", "tenths", "cents"))
    if whole is None or tenths is None or cents is None or tenths > 9 or cents > 9:
        return Refused.NO_NUMBER
    total = whole + tenths / 10 + cents / 100
    return Amount(total, total, "元")
