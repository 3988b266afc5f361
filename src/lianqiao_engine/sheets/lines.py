"""Make lines of rows: column by column, then row by row."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lianqiao_engine.values import Cell

from .columns import PHONE, Reading, read_phone, reader_of, shown
from .fields import fields
from .heads import Head
from .model import Kind, Line, Remark, Value, What
from .opening import Table
from .recognise import Found
from .rows import CUT, SUBSTANCE, remark_of

DITTO = frozenset(("同上", "〃", "″", "''", '"', "“", "”", "同前"))
PERSON = re.compile("[^\\d\\W]{2,12}")
# A merged cell says these once for all its rows; read for each they would be counted several times.
COUNTED_ONCE = frozenset(("number", "capacity", "headcount", "partners_wanted", "offered"))


@dataclass(frozen=True, slots=True)
class Filled:
    """A column as it is to be read: with what merged cells and 同上 say of the rows below them."""

    number: int
    key: str
    cells: list[Cell]
    texts: list[str]
    readings: list[Reading]


def read_lines(
    table: Table, head: Head, rows: Sequence[int], columns: Sequence[Found], kind: Kind, today: date
) -> tuple[list[Line], list[Remark]]:
    """Return the lines of `rows` and what is to be said of their cells, in the order of the table."""
    told: list[tuple[int, int, Remark]] = []
    filled = [
        _filled(table, head, rows, number, key, today, told)
        for number, (key, _) in enumerate(columns)
        if key and key != "kind"
    ]
    for column in filled:
        for row, cell, (_, what) in zip(rows, column.cells, column.readings, strict=True):
            if what:
                told.append(
                    (row, column.number, remark_of(table, row, column.number, column.key, what, cell))
                )
    lines = []
    for place, row in enumerate(rows):
        values = {column.key: value for column in filled if (value := column.readings[place][0]) is not None}
        texts = {column.key: text for column in filled if (text := column.texts[place])}
        if not values and not texts:
            continue
        _part_contact(values, texts)
        if SUBSTANCE & values.keys():
            lines.append(Line(kind, table.name, table.top + row + 1, values, texts))
        else:
            said = " ".join(texts.values())[:CUT]
            told.append((row, 0, remark_of(table, row, 0, "", What.NO_CONTENT, said, grave=True)))
    told.sort(key=lambda one: one[:2])
    return lines, [remark for _, _, remark in told]


def _filled(
    table: Table,
    head: Head,
    rows: Sequence[int],
    number: int,
    key: str,
    today: date,
    told: list[tuple[int, int, Remark]],
) -> Filled:
    cells = [table.rows[row][number] for row in rows]
    places = {row: place for place, row in enumerate(rows)} if table.merged else {}
    for (top, left), (bottom, _) in table.merged:
        if left != number or bottom == top or top not in places:
            continue
        for row in range(top + 1, bottom + 1):
            if row not in places or cells[places[row]] != "":
                continue
            if key not in COUNTED_ONCE:
                cells[places[row]] = cells[places[top]]
            elif key != "number":
                told.append(
                    (row, number, remark_of(table, row, number, key, What.SHARED, cells[places[top]]))
                )
    texts = {cell for cell in cells if isinstance(cell, str) and cell}
    if texts & DITTO:
        for place, cell in enumerate(cells):
            if cell in DITTO:
                cells[place] = cells[place - 1] if place else ""
        texts -= DITTO
    read = reader_of(fields()[key].type, " ".join(head.texts[number]), today)
    known: dict[Cell, Reading] = {"": (None, "")}
    known.update((text, read(text)) for text in texts)
    readings = [known[cell] if cell.__class__ is str else read(cell) for cell in cells]
    return Filled(number, key, cells, [shown(cell) for cell in cells], readings)


def _part_contact(values: dict[str, Value], texts: dict[str, str]) -> None:
    """张三 13800000000 in one cell, under either head, is a name and a number."""
    if "contact" in values and "phone" in values:
        return
    key = "contact" if "contact" in values else "phone"
    text = texts.get(key, "")
    if not (found := PHONE.search(text)):
        return
    phone, _ = read_phone(found.group())
    name = (text[: found.start()] + text[found.end() :]).strip(" \t\n:：,，、/;；()（）")
    if phone and key == "contact":
        values["phone"] = phone
        del values["contact"]
    if phone and PERSON.fullmatch(name):
        values["contact"] = name
