"""What a workbook of lists says, once read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from lianqiao_engine.values import Amount, Period

Kind = Literal["resource", "service", "need"]
KINDS: tuple[Kind, ...] = ("resource", "service", "need")
NO_OTHERS: Mapping[str, str] = MappingProxyType({})
# str: text. int: capacity, partners wanted. Period: dates. Amounts: what is offered. Texts: lists of names.
Value = str | int | Period | tuple[Amount, ...] | tuple[str, ...]


class What(StrEnum):
    """What a remark says; a refused value is remarked with the code of its refusal (`values.Refused`)."""

    NO_CONTENT = "no content"
    DAMAGED = "damaged text"
    REPAIRED = "repaired text"
    NOT_SAID = "not said"
    UNIT_ASSUMED = "unit assumed"
    RANGE = "range"
    SHARED = "shared by rows"
    NO_EMAIL = "no email"
    TOTAL_ROW = "total row"
    NOTE_ROW = "note row"
    HEAD_AGAIN = "head again"
    COLUMN_UNKNOWN = "column unknown"
    COLUMN_UNSURE = "column unsure"
    COLUMN_TWICE = "column twice"
    NO_HEAD = "no head"
    KIND_UNKNOWN = "kind unknown"
    ROW_KIND_UNKNOWN = "row kind unknown"
    HIDDEN = "hidden sheet"
    MACROS = "macros"
    ENCODING_GUESSED = "encoding guessed"


@dataclass(frozen=True, slots=True)
class Line:
    """One entry: `values` by key as read, `shown` by key as it stood; `row` counts from 1 as Excel shows it.

    `others` are the texts under heads that are no field, by the head as it stood.
    """

    kind: Kind
    sheet: str
    row: int
    values: Mapping[str, Value]
    shown: Mapping[str, str]
    others: Mapping[str, str] = field(default_factory=lambda: NO_OTHERS)


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of one kind from one table, as columns: each has an item for each of `rows`, which count as in Excel.

    Of `values` what was not read is None, of `texts` and `others` what was blank is empty.
    """

    kind: Kind
    sheet: str
    rows: list[int]
    values: Mapping[str, list[Value | None]]
    texts: Mapping[str, list[str]]
    others: Mapping[str, list[str]] = field(default_factory=dict)

    def lines(self) -> Iterator[Line]:
        for place, row in enumerate(self.rows):
            values = {
                key: value for key, column in self.values.items() if (value := column[place]) is not None
            }
            texts = {key: text for key, column in self.texts.items() if (text := column[place])}
            others = {head: text for head, column in self.others.items() if (text := column[place])}
            yield Line(self.kind, self.sheet, row, values, texts, others or NO_OTHERS)


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to look at: `cell` such as D7, empty for the whole sheet; `key` of the column or empty.

    `what` is a code of `What` or `values.Refused`, `value` what stood there, cut to 40 characters. A grave remark
    says that a line or a sheet was left out.
    """

    sheet: str
    cell: str
    key: str
    what: str
    value: str = ""
    grave: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its letter, its head as it stood (two rows joined with a space), what it holds and how surely."""

    letter: str
    head: str
    key: str | None
    certainty: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of a sheet; a sheet with several tables appears several times. `head_rows` count from 1.

    `kind` is None where the sheet could not be told, or where a column says it row by row (`key` is "kind").
    """

    name: str
    kind: Kind | None
    head_rows: tuple[int, ...]
    columns: tuple[Column, ...]
    hidden: bool = False


@dataclass(frozen=True)
class Lists:
    """What was read, table by table and within a table kind by kind; all remarks; how the sheets were understood."""

    tables: tuple[tuple[Block, ...], ...]
    remarks: tuple[Remark, ...]
    sheets: tuple[Sheet, ...]

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """In the order of the workbook."""
        return tuple(
            line
            for table in self.tables
            for line in sorted((line for block in table for line in block.lines()), key=lambda line: line.row)
        )


@dataclass(frozen=True, slots=True)
class Remembered:
    """What an office corrected before: heads to keys (None: leave the column out), sheet names to kinds."""

    heads: Mapping[str, str | None] = field(default_factory=dict)
    kinds: Mapping[str, Kind] = field(default_factory=dict)


class BadWorkbook(ValueError):
    """A file that is not read at all.

    `what` is one of: not a workbook, password, damaged, document type, too large, too many rows, too many columns,
    cell too long, encoding, web page, nothing in it.
    """

    def __init__(self, what: str, path: Path, where: str = "") -> None:
        super().__init__(f"{path}: {what}" + (f" ({where})" if where else ""))
        self.what, self.path, self.where = what, path, where
