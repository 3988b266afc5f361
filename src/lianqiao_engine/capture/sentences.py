"""Sentences and clauses: a list after ； belongs to its sentence, a quotation of several wishes is several sentences."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .layout import Line

END = re.compile(r"(?:[。！？!?]|…+|\.{3,})[”’」』）)]*")
LONGEST = 2_000  # characters; what has no full stop for longer is no sentence, and is cut there


@dataclass(frozen=True)
class Sentence:
    begin: int
    end: int
    line: Line


@dataclass(frozen=True)
class Clause:
    begin: int
    end: int
    text: str
    after: str  # the sign before it


def sentences_of(text: str, lines: list[Line]) -> list[Sentence]:
    return [
        Sentence(begin, end, line)
        for line in lines
        if line.role in ("content", "item")
        for begin, end in _cut(text, line.begin, line.end)
    ]


def _cut(text: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    at = begin
    for match in END.finditer(text, begin, end):
        # “会做吗？”他问 goes on; the question and who asks it are one sentence only inside a chat's line.
        yield from _trimmed(text, at, match.end())
        at = match.end()
    yield from _trimmed(text, at, end)


def _trimmed(text: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    while begin < end:
        last = min(begin + LONGEST, end)
        first = begin + len(text[begin:last]) - len(text[begin:last].lstrip())
        stop = first + len(text[first:last].rstrip())
        if any(char.isalnum() for char in text[first:stop]):
            yield first, stop
        begin = last


def clauses_of(text: str, begin: int, end: int) -> list[Clause]:
    """The stretches between signs; names in “…” and brackets stay with the words around them when they are short."""
    clauses: list[Clause] = []
    at, sign = begin, ""
    for match in re.finditer(
        r"[，；。！？：…]+|(?<=[\u4e00-\u9fff\w）”])\s+(?=[\u4e00-\u9fff])", text[begin:end]
    ):
        first, last = begin + match.start(), begin + match.end()
        _add(clauses, text, at, first, sign)
        at, sign = last, match.group()
    _add(clauses, text, at, end, sign)
    return clauses


def _add(clauses: list[Clause], text: str, begin: int, end: int, sign: str) -> None:
    words = text[begin:end]
    lead = len(words) - len(words.lstrip(" 、“‘”’（"))
    if words.startswith("“") and "”" in words:
        lead = 0
    words = words[lead:].rstrip(" ")
    begin += lead
    if words:
        clauses.append(Clause(begin, begin + len(words), words, sign))
