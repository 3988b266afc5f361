"""How many: a number, a range, about, at most; with what is counted."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from .numbers import HANZI, NUMBER, number_of
from .plain import LONGEST, Cell, Refused, plain

UNLIMITED = 1_000_000  # what 不限 says as a whole number
ENDLESS = Decimal("Infinity")

UNSAID = frozenset(
    [
        "若干",
        "不定",
        "不详",
        "待定",
        "未定",
        "不确定",
        "视情况",
        "视情况而定",
        "按需",
        "面议",
        "另议",
        "面谈",
        "协商",
        "协商确定",
        "双方协商",
        "可协商",
        "待协商",
        "暂无",
        "无",
        "暂不确定",
        "待议",
        "详谈",
        "电议",
        "-",
        "--",
        "/",
        "//",
        "\\",
        "n/a",
        "na",
        "none",
        "null",
    ]
)
FREELY = frozenset(
    ["不限", "无限", "无限制", "不限量", "不限次", "不限次数", "不限人数", "不设限", "不设上限", "无上限"]
)
COUNTED = "人次|人份|场次|课时|学时|小时|人|名|位|个|家|次|场|期|间|套|台|座|席|门|件|项|份|条|对|组|班|队|批|天|辆|户|只|部|张|本|册"
PER = "学期|学年|半年|年度|年|季度|季|月|周|星期|天|日|次|期|场|班|批|课|家|企业|间|人"
AT_LEAST = "不少于|至少|最少|不低于|不小于|超过|大于|>=|≥|>"
AT_MOST = "不超过|不多于|不大于|不高于|最多|至多|最大|上限|小于|<=|≤|<|限"
LEAD = re.compile(
    f"(?P<about>约|大约|大概|近|将近|接近|预计|估计|计划)|(?P<least>{AT_LEAST})|(?P<most>{AT_MOST})"
    f"|(?:共计|合计|总计|总共|共|一次|单次|单期|可容纳|可接待|可供|可开展|可提供|可派|可接收|容纳|可|设|为|计|:|人民币|rmb|cny|¥)"
    f"|每(?:个)?(?:{PER})"
)
SPAN = re.compile(
    f"(?P<low>{NUMBER})(?P<more>[余多几来])?(?P<scale>[十百千万亿]*)"
    f"(?:(?:{COUNTED}|元)?[-~至到](?P<high>{NUMBER}))?(?P<unit>[^\\d一二三四五六七八九十百千万亿]*)"
)
SOME = re.compile("[几数](?P<tens>[十百千万亿]+)(?P<unit>[^\\d一二三四五六七八九十百千万亿]*)")
# 两三家, 三五人: two digits beside each other with what they count.
PAIR = re.compile(f"(?P<low>[一二两三四五六七])(?P<high>[二三四五六七八九])(?P<unit>{COUNTED})(?:左右)?")
# 十几 is 11 to 19; a lone 几 is three to nine by custom, too loose to plan with.
TEENS = re.compile("(?P<tens>[二三四五六七八九]?十)几(?P<unit>[^\\d一二三四五六七八九十百千万亿]*)")
TAIL = re.compile(
    "(?P<about>左右|上下)|(?P<most>以内|之内|以下|内|封顶)|(?P<least>以上|起|及以上|\\+)|整|正|"
    f"(?:/|每|一)(?:个)?(?:{PER})$"
)
BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^】]*】")


@dataclass(frozen=True, slots=True)
class Amount:
    """From `low` to `high`, both included; None is an open end, infinite says 不限, two open ends 若干 or 面议.

    `unit` is what is counted (人, 场, 元 ...), empty where the text has none; `rough` says about.
    """

    low: Decimal | None
    high: Decimal | None
    unit: str = ""
    rough: bool = False


NOT_SAID = Amount(None, None)
FREE = Amount(ENDLESS, ENDLESS)


def read_amount(cell: Cell) -> Amount | Refused:
    """Read a number with what stands around it: 约20人, 20余, 3-5, 每学期2次, 不超过50, 若干, 不限."""
    if isinstance(cell, bool):
        return Refused.NO_NUMBER
    return _amount(plain(cell))


def read_count(cell: Cell) -> int | Refused | None:
    """Read how many, to plan with: a range counts its lower end, 不限 is UNLIMITED, 若干 is None."""
    amount = read_amount(cell)
    if isinstance(amount, Refused):
        return amount
    number = amount.high if amount.low is None else amount.low
    if number is None:
        return None
    if number >= UNLIMITED:
        return UNLIMITED
    if amount.unit == "元":
        return Refused.OTHER_UNIT
    return int(number) if number == int(number) else Refused.NOT_WHOLE


@lru_cache(4096)
def _amount(text: str) -> Amount | Refused:
    if len(text) > LONGEST:
        return Refused.NO_NUMBER
    if (number := number_of(text)) is not None:
        return Amount(number, number)
    if text.startswith("-") and number_of(text[1:]) is not None:
        return Refused.NEGATIVE
    text = BRACKETS.sub("", text).lower() or text.strip("()[]【】")
    if text in UNSAID:
        return NOT_SAID
    if text in FREELY:
        return FREE
    words: set[str] = set()
    while (lead := LEAD.match(text)) and lead.end() < len(text):
        words.update(name for name, found in lead.groupdict().items() if found)
        text = text[lead.end() :]
    return _span(text, words)


def _span(text: str, words: set[str]) -> Amount | Refused:
    if some := SOME.fullmatch(text) or TEENS.fullmatch(text):
        return _some(some, words)
    if (pair := PAIR.fullmatch(text)) and HANZI[pair["low"]] < HANZI[pair["high"]]:
        return Amount(Decimal(HANZI[pair["low"]]), Decimal(HANZI[pair["high"]]), pair["unit"], rough=True)
    span = SPAN.fullmatch(re.sub(r"(?<=\d)w(?![a-z])", "万", text))
    if not span:
        return Refused.SEVERAL if len(re.findall(NUMBER, text)) > 1 else Refused.NO_NUMBER
    unit = _unit(span["unit"], words)
    low = number_of(span["low"] + span["scale"])
    if unit is None or low is None:
        return Refused.NO_NUMBER
    rough = "about" in words or bool(span["more"])
    if span["high"]:
        high = number_of(span["high"])
        if high is None:
            return Refused.NO_NUMBER
        scaled = low * _scale(span["high"]) if low == number_of(span["low"]) and low < 10000 else low
        low = scaled if scaled <= high and not re.search("[万亿]", span["low"]) else low
        return Amount(low, high, unit, rough) if low <= high else Refused.REVERSED
    if "most" in words:
        return Amount(None, low, unit, rough)
    return Amount(low, None if "least" in words or span["more"] else low, unit, rough)


def _some(some: re.Match[str], words: set[str]) -> Amount | Refused:
    unit = _unit(some["unit"], words)
    tens = number_of(some["tens"])
    if unit is None or tens is None:
        return Refused.NO_NUMBER
    if some.re is TEENS:
        return Amount(tens + 1, tens + 9, unit, rough=True)
    return Amount(2 * tens, 9 * tens, unit, rough=True)


def _unit(text: str, words: set[str]) -> str | None:
    """Return what is counted, adding what the words after it say to `words`; None for words that are not known."""
    found = re.match(f"{COUNTED}|元", text)
    rest = text[found.end() :] if found else text
    while rest and (tail := TAIL.match(rest)):
        words.update(name for name, said in tail.groupdict().items() if said)
        rest = rest[tail.end() :]
        if not found and (found := re.match(f"{COUNTED}|元", rest)):
            rest = rest[found.end() :]
    if rest.rstrip(".,;"):
        return None
    return found.group() if found else ""


def _scale(text: str) -> int:
    scale = 1
    for char in reversed(text):
        size = {"万": 10**4, "亿": 10**8, "千": 1000, "百": 100}.get(char)
        if size is None:
            break
        scale *= size
    return scale
