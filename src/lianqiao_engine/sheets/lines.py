"""Make lines of rows: column by column, then row by row."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from lianqiao_engine.values import Cell

from .columns import PHONE, Reading, read_phone, read_text, reader_of, shown
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
    """A column as read: for each row its text and its value, None where it has none."""

    key: str
    texts: list[str]
    values: list[Value | None]


def read_lines(
    table: Table, head: Head, rows: Sequence[int], columns: Sequence[Found], kind: Kind, today: date
) -> tuple[list[Line], list[Remark]]:
    """Return the lines of `rows` in the order of the table, and what is to be said of their cells, in no order."""
    remarks: list[Remark] = []
    filled = [
        _filled(table, head, rows, number, key, today, remarks)
        for number, (key, _) in enumerate(columns)
        if key and key != "kind"
    ]
    if not filled:
        return [], []
    others = _others(table, head, rows, columns)
    keys = [column.key for column in filled]
    by_row = zip(
        zip(*(c.values for c in filled), strict=True),
        zip(*(c.texts for c in filled), strict=True),
        strict=True,
    )
    lines = []
    for place, (row, (read, stood)) in enumerate(zip(rows, by_row, strict=True)):
        values = {key: value for key, value in zip(keys, read, strict=True) if value is not None}
        texts = {key: text for key, text in zip(keys, stood, strict=True) if text}
        if not texts:
            continue
        _part_contact(values, texts)
        if SUBSTANCE.isdisjoint(values):
            text = " ".join(texts.values())[:CUT]
            remarks.append(remark_of(table, row, 0, "", What.NO_CONTENT, text, grave=True))
        else:
            line = Line(kind, table.name, table.top + row + 1, values, texts)
            said = {head: text for head, under in others.items() if (text := under[place])}
            lines.append(replace(line, others=said) if said else line)
    return lines, remarks


def _others(table: Table, head: Head, rows: Sequence[int], columns: Sequence[Found]) -> dict[str, list[str]]:
    """By its head, the texts of each column that says something and is no field; not of the second of one head."""
    others: dict[str, list[str]] = {}
    for number, (key, _) in enumerate(columns):
        name = " ".join(filter(None, head.texts[number]))
        if key is None and name and name not in others:
            texts = [str(read_text(table.rows[row][number])[0] or "") for row in rows]
            if any(texts):
                others[name] = texts
    return others


def _filled(
    table: Table, head: Head, rows: Sequence[int], number: int, key: str, today: date, remarks: list[Remark]
) -> Filled:
    cells = [table.rows[row][number] for row in rows]
    if table.merged:
        _fill_merged(table, rows, number, key, cells, remarks)
    only_texts = set(map(type, cells)) <= {str}
    different = {cell for cell in cells if isinstance(cell, str) and cell}
    if different & DITTO:
        for place, cell in enumerate(cells):
            if cell in DITTO:
                cells[place] = cells[place - 1] if place else ""
        different -= DITTO
    read = reader_of(fields()[key].type, " ".join(head.texts[number]), today, different)
    known: dict[Cell, Reading] = {"": (None, "")}
    known.update((text, read(text)) for text in different)
    if only_texts:
        readings = list(map(known.__getitem__, cells))
        texts: list[str] = cells  # type: ignore[assignment]
    else:
        readings = [known[cell] if cell.__class__ is str else read(cell) for cell in cells]
        texts = list(map(shown, cells))
    if not only_texts or any(what for _, what in known.values()):
        for row, cell, (_, what) in zip(rows, cells, readings, strict=True):
            if what:
                remarks.append(remark_of(table, row, number, key, what, cell))
    return Filled(key, texts, [value for value, _ in readings])


def _fill_merged(
    table: Table, rows: Sequence[int], number: int, key: str, cells: list[Cell], remarks: list[Remark]
) -> None:
    """Give each row what a cell merged over several says."""
    places = {row: place for place, row in enumerate(rows)}
    for (top, left), (bottom, _) in table.merged:
        if left != number or bottom == top or top not in places:
            continue
        cell = cells[places[top]]
        for row in range(top + 1, bottom + 1):
            if row not in places or cells[places[row]] != "":
                continue
            if key not in COUNTED_ONCE:
                cells[places[row]] = cell
            elif key != "number":
                remarks.append(remark_of(table, row, number, key, What.SHARED, cell))


def _part_contact(values: dict[str, Value], texts: dict[str, str]) -> None:
    """张三 13800000000 in one cell, under either head, is a name and a number."""
    if "contact" in values and "phone" in values:
        return
    key = "contact" if "contact" in values else "phone"
    text = texts.get(key, "")
    if len(text) < 7 or not (found := PHONE.search(text)):
        return
    phone, _ = read_phone(found.group())
    name = (text[: found.start()] + text[found.end() :]).strip(" \t\n:：,，、/;；")
    if not phone:
        return
    if key == "contact":
        values["phone"] = phone
        del values["contact"]
    if name and (key == "contact" or PERSON.fullmatch(name)):
        values["contact"] = name
