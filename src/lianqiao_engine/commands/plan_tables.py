"""The tables of a plan, once for the workbook and once for the terminal: heads and rows of texts and numbers."""

from collections.abc import Iterator
from dataclasses import dataclass

from lianqiao_engine.values import UNLIMITED

from .plan_words import Words

Cell = str | float | int


@dataclass(frozen=True)
class Table:
    """`key` names the sheet; `widths` are in characters."""

    key: str
    heads: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[Cell, ...], ...]


def tables(words: Words) -> Iterator[Table]:
    """Yield all tables but the summary."""
    for key, heads, widths, rows in (
        ("matches", ("enterprise", "need", "unit", "offer", "score", "reasons", "fixed"), (28, 32, 20, 32, 9, 70, 6), _matches),
        ("pairings", ("unit", "enterprise", "matches", "score"), (24, 34, 10, 9), _pairings),
        ("missed", ("enterprise", "need", "why", "nearest", "row"), (28, 40, 60, 32, 18), _missed),
        ("alternatives", ("enterprise", "need", "unit", "offer", "score", "why", "change"), (26, 30, 20, 30, 9, 46, 40), _alternatives),
        ("loads", ("kind", "load_of", "used", "capacity", "least"), (14, 40, 8, 8, 8), _loads),
        ("remarks", ("sheet", "cell", "column", "remark", "value"), (16, 10, 18, 50, 40), _remarks),
    ):  # fmt: skip
        yield Table(key, tuple(words.say(f"head.{head}") for head in heads), widths, tuple(rows(words)))


Rows = Iterator[tuple[Cell, ...]]


def _matches(words: Words) -> Rows:
    order = {need.id: at for at, need in enumerate(words.stored.needs)}
    for match in sorted(words.stored.result.matches, key=lambda match: (order[match.need], -match.score)):
        yield (
            words.needs[match.need].enterprise,
            words.title(match.need),
            words.offers[match.offer].unit,
            words.title(match.offer),
            round(100 * match.score, 1),
            words.reasons(match),
            words.say("yes") if match.fixed else "",
        )


def _pairings(words: Words) -> Rows:
    for pairing in words.stored.result.pairings:
        yield pairing.unit, pairing.enterprise, pairing.matches, round(100 * pairing.score, 1)


def _missed(words: Words) -> Rows:
    for missed in words.stored.result.missed:
        nearest = words.title(missed.best) if missed.best else ""
        enterprise = words.needs[missed.need].enterprise
        yield enterprise, words.title(missed.need), words.missed(missed), nearest, missed.need


def _alternatives(words: Words) -> Rows:
    for other in words.stored.result.alternatives:
        yield (
            words.needs[other.need].enterprise,
            words.title(other.need),
            words.offers[other.offer].unit,
            words.title(other.offer),
            round(100 * other.score, 1),
            words.way(other),
            words.change(other),
        )


def _loads(words: Words) -> Rows:
    for kind, loads in (("unit", words.stored.result.units), ("offer", words.stored.result.offers)):
        for load in loads:
            unlimited = load.capacity is None or load.capacity >= UNLIMITED
            most: Cell = words.say("no limit") if unlimited else load.capacity or 0
            yield words.say(f"kind.{kind}"), words.title(load.name), load.used, most, load.least


def _remarks(words: Words) -> Rows:
    for remark in words.stored.remarks:
        column = words.say(f"field.{remark.key}") if remark.key else ""
        yield remark.sheet, remark.cell, column, words.say(f"remark.{remark.what}"), remark.value
