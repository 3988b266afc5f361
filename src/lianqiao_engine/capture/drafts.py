"""From a stretch of a text to the entries that it makes: its words, how they are said and what is doubtful."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from .figures import figures_in
from .model import Doubt, Entry, EntryKind, Sign
from .offers import category_of, names_trade, things_in
from .organisations import Directory
from .reading import Reading
from .said import COUNT, amounts_in, period_in
from .sentences import Sentence

# 发挥模范引领作用, 深化合作: announced, and nothing that somebody could come for.
SLOGAN = re.compile("(?:作用|力度|合作|共融|融合|机制|方式|的同时|发展|提升|水平|质效|优势)$")
COUNTED_ITEM = re.compile(r"[^、和及]{2,14}?(?:\d+|[一二两三四五六七八九十]+)[名个人位台套辆]")


@dataclass
class Draft:
    kind: EntryKind
    begin: int
    end: int
    sentence: Sentence
    who: str
    cue: str
    words: str
    parts: list[tuple[int, int]] = field(default_factory=list)


def finished(reading: Reading, draft: Draft, directory: Directory, today: date) -> list[Entry]:
    text = reading.text
    begin, end = reading.span(draft.sentence.begin, draft.sentence.end)
    parts = draft.parts if len(draft.parts) > 1 else _counted(text, draft)
    entries = []
    for first, last in parts:
        words = text[first:last].strip(" ，；、。")
        entries.append(
            Entry(
                draft.kind,
                words,
                reading.source[begin:end],
                begin,
                draft.who,
                category_of(words),
                period_in(words, today, months_back=3),
                amounts_in(words),
                figures_in(draft.kind, words, today),
                _sign(draft),
                tuple(_doubts(draft, words, directory)),
            )
        )
    return entries


def _sign(draft: Draft) -> Sign:
    if draft.cue == "item":
        return "listed"
    return draft.cue if draft.kind == "need" else "offer"  # type: ignore[return-value]


def _doubts(draft: Draft, words: str, directory: Directory) -> Iterator[Doubt]:
    if not draft.who:
        yield "nobody"
    elif draft.who not in directory.kinds:
        yield "group"
    if draft.kind != "need" and SLOGAN.search(words) and not COUNT.search(words):
        yield "vague"
        return
    is_soft = draft.kind != "need" or draft.cue in ("wish", "asking", "together", "suggest", "problem")
    if is_soft and not (things_in(words) or names_trade(words) or COUNT.search(words)):
        yield "vague"


def _counted(text: str, draft: Draft) -> list[tuple[int, int]]:
    """车工3名、钳工5名 are two needs; 新技术、新理念的支持 is one."""
    words = text[draft.begin : draft.end]
    cuts = [match.start() for match in re.finditer("[、；]", words)]
    pieces, at = [], 0
    for cut in [*cuts, len(words)]:
        pieces.append((at, cut))
        at = cut + 1
    if draft.kind != "need" or len(pieces) < 2 or not all(COUNTED_ITEM.search(words[b:e]) for b, e in pieces):
        return [(draft.begin, draft.end)]
    return [(draft.begin + b, draft.begin + e) for b, e in pieces]
