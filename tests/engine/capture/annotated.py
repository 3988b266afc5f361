"""The texts of this folder with what is to be found in them, and how much of it was."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from lianqiao_engine.capture import Captured, capture
from lianqiao_engine.text.normalise import normalise

TEXTS = Path(__file__).with_name("texts")
TODAY = date(2025, 12, 1)
Fact = tuple[str, ...]


@dataclass(frozen=True)
class Annotated:
    """`answers`: organisation kind name; entry kind who phrase; pair; agreement of parties; activity day place."""

    name: str
    text: str
    answers: tuple[Fact, ...]

    def of(self, what: str) -> list[Fact]:
        return [fact for name, *fact in self.answers if name == what]  # type: ignore[misc]


def texts_of(half: str) -> list[Annotated]:
    return [_read(path) for path in sorted((TEXTS / half).glob("*.txt"))]


def _read(path: Path) -> Annotated:
    text, _, answers = path.read_text(encoding="utf-8").partition("=== answers ===\n")
    return Annotated(path.stem, text, tuple(tuple(line.split("\t")) for line in answers.splitlines()))


@cache
def captured(annotated: Annotated) -> Captured:
    return capture(annotated.text, today=TODAY)


def entries_missed_and_made_up(annotated: Annotated, found: Captured) -> tuple[list[Fact], list[Fact]]:
    """An entry is found when its kind is right, its words hold the phrase, and it is said by whom it should be."""
    given: list[Fact] = [(one.kind, one.who, one.text) for one in found.entries]
    return _compared(annotated.of("entry"), given, _same_entry)


def pairs_missed_and_made_up(annotated: Annotated, found: Captured) -> tuple[list[Fact], list[Fact]]:
    given: list[Fact] = [(one.unit, one.enterprise) for one in found.pairs]
    return _compared(annotated.of("pair"), given, lambda wanted, one: tuple(wanted) == one)


def _same_entry(wanted: Fact, given: Fact) -> bool:
    kind, who, phrase = wanted
    return kind == given[0] and who == given[1] and normalise(phrase) in normalise(given[2])


def _compared(
    wanted: Iterable[Fact], given: list[Fact], same: Callable[[Fact, Fact], bool]
) -> tuple[list[Fact], list[Fact]]:
    left, missed = list(given), []
    for fact in wanted:
        hit = next((one for one in left if same(fact, one)), None)
        if hit is None:
            missed.append(tuple(fact))
        else:
            left.remove(hit)
    return missed, left
