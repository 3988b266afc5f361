"""A plan on the terminal: what a clerk wants to know before opening the workbook."""

import shutil
import unicodedata
from collections.abc import Iterator, Sequence

from .plan_tables import Table, tables
from .plan_words import Words

MOST = 30  # rows of a table; the workbook has all
SHOWN = {"matches": ((0, 1, 2, 3, 4), 5), "missed": ((0, 1), 2)}  # columns, and what is told below a row
NARROWEST = 6
INDENT = "    "


def lines(words: Words, out: str) -> Iterator[str]:
    """Yield the plan line by line, as wide as the terminal."""
    yield from words.summary()
    width = shutil.get_terminal_size((120, 24)).columns
    for table in tables(words):
        if table.key in SHOWN and table.rows:
            yield ""
            yield words.say(f"sheet.{table.key}")
            yield from _table(table, *SHOWN[table.key], width)
            if len(table.rows) > MOST:
                yield words.say("told.more", count=len(table.rows) - MOST, out=out)
    if words.stored.remarks:
        yield ""
        yield words.say("told.remarks", count=len(words.stored.remarks), sheet=words.say("sheet.remarks"))


def _table(table: Table, columns: Sequence[int], below: int, width: int) -> Iterator[str]:
    rows = [[str(row[column]) for column in columns] for row in [table.heads, *table.rows[:MOST]]]
    widths = _widths(rows, width)
    for at, row in enumerate(rows):
        yield "  ".join(_fitted(cell, room) for cell, room in zip(row, widths, strict=True)).rstrip()
        if at == 0:
            yield "  ".join("-" * room for room in widths)
        else:
            yield from _wrapped(str(table.rows[at - 1][below]), width)


def _wrapped(text: str, width: int) -> Iterator[str]:
    line = INDENT
    for char in text:
        if cells_wide(line + char) > width:
            yield line
            line = INDENT
        line += char
    yield line


def _widths(rows: list[list[str]], width: int) -> list[int]:
    """As wide as the cells want; when that is too much, the widest give way first."""
    widths = [max(map(cells_wide, column)) for column in zip(*rows, strict=True)]
    while sum(widths) + 2 * (len(widths) - 1) > width and max(widths) > NARROWEST:
        widths[widths.index(max(widths))] -= 1
    return widths


def cells_wide(text: str) -> int:
    """How many columns of a terminal `text` takes: two for a wide character."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _fitted(text: str, room: int) -> str:
    text = " ".join(text.split())
    if cells_wide(text) > room:
        while cells_wide(text) > room - 1:
            text = text[:-1]
        text += "…"
    return text + " " * (room - cells_wide(text))
