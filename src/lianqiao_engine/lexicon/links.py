"""The concepts of links.tsv: 砌筑工 and 建筑工程施工 share no word, and whoever knows the trade knows that they meet."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

LINKS = Path(__file__).with_name("links.tsv")


@dataclass(frozen=True)
class Concept:
    """One field of work.

    A word stands once, on the side where it is more at home, though both sides may use it: look for the words of both
    in either text.
    """

    name: str
    work: tuple[str, ...]
    study: tuple[str, ...]
    industries: tuple[str, ...]  # GB/T 4754-2017: a section's letter, or 2 to 4 digits


@cache
def concepts() -> tuple[Concept, ...]:
    lines = LINKS.read_text(encoding="utf-8").splitlines()
    return tuple(_concept(line) for line in lines if not line.startswith("#"))


def _concept(line: str) -> Concept:
    name, *lists = line.split("\t")
    work, study, industries = (tuple(words.split()) for words in lists)
    return Concept(name, work, study, industries)
