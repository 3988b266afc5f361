"""A text made readable (damage undone, simplified, one kind of signs), each character knowing where it stood."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from opencc import OpenCC

from lianqiao_engine.text.mojibake import SHIFTED_RUN, WESTERN_RUN, WIDE_RUN, repair
from lianqiao_engine.text.normalise import INVISIBLE, normalise

HANZI = "\u3400-\u4dbf\u4e00-\u9fff"
READING_IN_BRACKETS = re.compile(f"[{HANZI}][(（][^()（）\\s\\d{HANZI}]{{1,7}}[)）]")
SIGNS = str.maketrans(
    {
        **dict(zip(",;:!?()", "，；：！？（）", strict=True)),
        **dict.fromkeys("﹐，", "，"),
        **dict.fromkeys("「﹁〝", "“"),
        **dict.fromkeys("」﹂〞", "”"),
        **dict.fromkeys("『﹃", "‘"),
        **dict.fromkeys("』﹄", "’"),
        **dict.fromkeys("〔[﹝", "（"),
        **dict.fromkeys("〕]﹞", "）"),
        **dict.fromkeys("‐‑‒–―−─", "—"),
        **dict.fromkeys("~～〜∼", "~"),
        **dict.fromkeys("\u00a0\u3000\u2002\u2003\u2009\u202f", " "),
        "｡": "。",
        "､": "、",
        "‧": "·",
    }
)
# A figure keeps its own signs: 1,200 and 14:30.
IN_FIGURE = re.compile(r"(?<=\d)[,:](?=\d)")
STRAIGHT = re.compile('"')


@dataclass(frozen=True)
class Reading:
    """`text` is what rules look at; its character i stood at source[begins[i]:ends[i]]."""

    source: str
    text: str
    begins: Sequence[int]
    ends: Sequence[int]

    def span(self, begin: int, end: int) -> tuple[int, int]:
        """Where text[begin:end] (not empty) stood in the source."""
        return self.begins[begin], self.ends[end - 1]


def readable(source: str) -> Reading:
    """Read any text; what cannot be undone for certain stays as it is."""
    reading = Reading(source, source, range(len(source)), range(1, len(source) + 1))
    for damaged in (WESTERN_RUN, WIDE_RUN, SHIFTED_RUN):
        reading = _replaced(reading, damaged, repair)
    reading = _replaced(reading, INVISIBLE, lambda _: "")
    reading = _without_breaks(reading)
    reading = _replaced(reading, READING_IN_BRACKETS, _without_its_reading)
    text = _simplified(_with_own_signs(reading.text))
    return Reading(source, text, reading.begins, reading.ends)


def _replaced(reading: Reading, pattern: re.Pattern[str], change: Callable[[str], str]) -> Reading:
    """Every character of a replacement stood where the whole match stood."""
    pieces: list[str] = []
    begins: list[int] = []
    ends: list[int] = []
    at = 0
    for match in pattern.finditer(reading.text):
        now = change(match.group())
        if now == match.group():
            continue
        first, last = match.span()
        pieces += [reading.text[at:first], now]
        begins += [*reading.begins[at:first], *[reading.begins[first]] * len(now)]
        ends += [*reading.ends[at:first], *[reading.ends[last - 1]] * len(now)]
        at = last
    if not pieces:
        return reading
    text = "".join(pieces) + reading.text[at:]
    return Reading(reading.source, text, [*begins, *reading.begins[at:]], [*ends, *reading.ends[at:]])


def _without_breaks(reading: Reading) -> Reading:
    """Join what a narrow page broke in the middle of a sentence: several lines as long as the longest."""
    lines = [line.rstrip() for line in reading.text.split("\n")]
    width = max(map(len, lines), default=0)
    if not 20 <= width <= 60 or sum(len(line) >= width - 2 for line in lines) < 3:
        return reading
    return _replaced(
        reading,
        re.compile(rf"(?<=[^\n]{{{width - 2}}})(?<![。！？；：…”])[ \r]*\n(?=[\u4e00-\u9fff“（\dA-Za-z])"),
        lambda _: "",
    )


def _without_its_reading(match: str) -> str:
    """當(dāng) is 當; what stands in brackets for another reason stays."""
    return match[0] if len(normalise(match)) == 1 else match


def _with_own_signs(text: str) -> str:
    kept = {match.start(): match.group() for match in IN_FIGURE.finditer(text)}
    narrow = (_narrow(char) for char in text)
    chars = [kept.get(at, char.translate(SIGNS)) for at, char in enumerate(narrow)]
    for number, match in enumerate(STRAIGHT.finditer(text)):
        chars[match.start()] = "”" if number % 2 else "“"
    return "".join(chars)


def _narrow(char: str) -> str:
    if char < "\u2e80" or "\u3400" <= char <= "\u9fff":
        return char
    plain = unicodedata.normalize("NFKC", char)
    return plain if len(plain) == 1 and (plain.isalnum() or plain in "+-/%#@&=") else char


def _simplified(text: str) -> str:
    simple = _converter().convert(text)
    if len(simple) == len(text):
        return simple
    return "".join(one if len(one := _converter().convert(char)) == 1 else char for char in text)


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")
