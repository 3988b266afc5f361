"""Take the name of an organisation apart: place, 字号 (brand), trade, legal form.

The order of the parts is that of 企业名称登记管理规定 (2021) article 6; the words of each part are in the .tsv files
beside this file. A part that is not found is empty; nothing is refused.
"""

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass

from lianqiao_engine.text.normalise import normalise

from .lexicon import letters_of_places, words_of, words_of_trade

ADMINISTRATIVE = (
    "特别行政区",
    "自治区",
    "自治州",
    "自治县",
    "地区",
    "省",
    "市",
    "区",
    "县",
    "州",
    "盟",
    "旗",
)
WRITTEN_OUT = ("公司", "合伙", "合伙企业", "独资企业")
SIGNS = str.maketrans("", "", "()<>\"'·-_,.;:!?&/* ")
# What a stock exchange writes around a short name: ST, PT, 退, the letter of the share class.
EXCHANGE_MARKS = re.compile(
    r"^(?:(?:s?\*?st|s|sst|nst|pt|xd|xr|dr|n|g)(?=[^a-z])|退市)|(?:(?<=[^a-z])[ab]股?|h股|退|-[uwd]+)$"
)


@dataclass(frozen=True)
class Parts:
    """A name as its parts. Positions count characters of `core`, which is the name without its form."""

    plain: str  # the whole name, normalised, without signs
    core: str
    brand_start: int  # the place is what stands before it
    brand_end: int  # equal to the start when the words of trade are the name
    form: str
    kind: str  # 公司, 学院, 协会 …; empty when the name is short and leaves it out
    starts: frozenset[int]  # where a word begins
    letters: dict[int, frozenset[str]]  # where a place begins -> the letters that stand for it


def parts_of(name: str) -> Parts:
    """Take `name` apart; it is normalised first."""
    plain = normalise(name)
    unmarked = EXCHANGE_MARKS.sub("", plain)
    bare, form = _without_form(_with_place_in_front(unmarked if len(unmarked) > 1 else plain))
    places, start = _leading_places(bare)
    if start == len(bare):
        places, start = {}, 0
    words = list(_words(bare, start))
    starts = frozenset([0, start, *places, *(at for at, _ in words)])
    # A name that goes on with a word of trade has no 字号 of its own: 上海|机电.
    end = start if words and words[0][1] else next((at for at, length in words if length), len(bare))
    return Parts(plain.translate(SIGNS), bare, start, end, form, _kind(form), starts, places)


def _kind(form: str) -> str:
    """The longest word of kind in the form, else 公司 where the form is written out (股份 alone is not)."""
    kinds = [word for word, what in words_of("forms.tsv").items() if what == "kind" and word in form]
    return max(kinds, key=len, default="公司" if form.endswith(WRITTEN_OUT) else "")


def _with_place_in_front(name: str) -> str:
    """徐州博智(江苏)有限公司 reads as 江苏徐州博智有限公司; other brackets only lose their signs."""
    while (opened := name.find("(")) >= 0 and (closed := name.find(")", opened)) >= 0:
        before, inside, after = name[:opened], name[opened + 1 : closed], name[closed + 1 :]
        is_place = inside and _leading_places(inside)[1] == len(inside)
        name = inside + before + after if is_place else before + inside + after
    return name.translate(SIGNS)


def _without_form(name: str) -> tuple[str, str]:
    """Take forms off the end while at least two characters stay; a word of kind (学院) is taken as a form but stays."""
    forms, form = words_of("forms.tsv"), ""
    while length := next((size for size in range(min(8, len(name) - 2), 1, -1) if name[-size:] in forms), 0):
        form = name[-length:] + form
        if forms[name[-length:]] == "kind":
            break
        name = name[:-length]
    return name, form


def _leading_places(name: str) -> tuple[dict[int, frozenset[str]], int]:
    """Where each leading place begins with its letters, and where the places end."""
    letters, places, at = letters_of_places(), {}, 0
    while length := _longest(name, at, letters):
        places[at] = letters[name[at : at + length]]
        at += length
        at += next((len(end) for end in ADMINISTRATIVE if name.startswith(end, at)), 0)
    return places, at


def _words(core: str, at: int) -> Iterator[tuple[int, int]]:
    """Start and length of each trade word from `at` on; length 0 begins a stretch of other characters."""
    trades, in_other = words_of_trade(), False
    while at < len(core):
        length = _longest(core, at, trades)
        if length or not in_other:
            yield at, length
        in_other = not length
        at += length or 1


def _longest(name: str, at: int, words: Container[str]) -> int:
    """Length of the longest of `words` that begins at `at`, or 0."""
    return next((size for size in range(min(6, len(name) - at), 1, -1) if name[at : at + size] in words), 0)
