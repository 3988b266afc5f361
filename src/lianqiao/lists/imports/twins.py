"""Rows that are there already: the same kind, the same organisation, the same or nearly the same words."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

NEARLY = 90
NOT_LETTERS = re.compile(r"[\W_]+")
SIGNS = re.compile(r"[\s!-/:-@\[-`{-~，。、；：？！“”‘’（）《》【】—…·]+")
FIGURES = re.compile(r"\d+")
# Words that begin alike are compared one by one, up to so many.
BEGINNING, MOST_ALIKE = 8, 40
Owner = tuple[str, int | str]


@dataclass(frozen=True, slots=True)
class Said:
    """A row of the workbook (`place`) or an entry (`place` None): what is compared."""

    owner: Owner
    title: str
    text: str
    place: int | None = None
    entry: int | None = None


@dataclass(frozen=True, slots=True)
class Twin:
    place: int
    other: Said
    is_same: bool


def bare(text: str) -> str:
    """Letters and figures alone. With the everyday signs gone most texts are that already."""
    text = SIGNS.sub("", text)
    if not unicodedata.is_normalized("NFKC", text):
        text = unicodedata.normalize("NFKC", text)
    text = text.casefold()
    return text if text.isalnum() else NOT_LETTERS.sub("", text)


class Known:
    """What is known so far, by its words and by how they begin."""

    def __init__(self) -> None:
        self.same: dict[tuple[Owner, str], Said] = {}
        self.alike: dict[tuple[Owner, str], list[tuple[Said, str]]] = {}

    def add(self, one: Said, words: str) -> None:
        self.same.setdefault((one.owner, words), one)
        if len(words) >= BEGINNING:
            group = self.alike.setdefault((one.owner, words[:BEGINNING]), [])
            if len(group) < MOST_ALIKE:
                group.append((one, words))

    def find(self, one: Said, words: str) -> tuple[Said, bool] | None:
        if found := self.same.get((one.owner, words)):
            return found, True
        best, most = None, float(NEARLY)
        for other, theirs in self.alike.get((one.owner, words[:BEGINNING]), ()):
            score = fuzz.ratio(words, theirs, score_cutoff=most)
            # In one workbook 第3项 and 第4项 are two; against what is there already it may be the newer figure.
            if score >= most and (other.entry or FIGURES.findall(words) == FIGURES.findall(theirs)):
                best, most = other, score
        return (best, False) if best else None


def words_of(one: Said) -> str:
    """A text that had no name was given its first sentence as one; that is not said twice."""
    text = bare(one.text)
    if one.text.startswith(one.title):
        return text
    title = bare(one.title)
    return text if text.startswith(title) else title + text


def twins_of(rows: Sequence[Said], entries: Iterable[Said]) -> Iterator[Twin]:
    """For each row the entry or the earlier row that says the same."""
    owners = {row.owner for row in rows}
    known = Known()
    for entry in entries:
        if entry.owner in owners:
            for words in {words_of(entry), bare(entry.text)} - {""}:
                known.add(entry, words)
    for row in rows:
        words = words_of(row)
        if found := known.find(row, words):
            yield Twin(row.place or 0, found[0], found[1])
        else:
            known.add(row, words)
