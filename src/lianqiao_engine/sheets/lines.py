"""Make lines of rows: column by column, then row by row."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from lianqiao_engine.values import Cell

from .columns import PHONE, Reading, read_phone, read_sound, read_text, reader_of, shown, sound_values
from .fields import fields
from .heads import Head
from .model import Block, Kind, Remark, Value, What
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


def read_block(
    table: Table, head: Head, rows: Sequence[int], columns: Sequence[Found], kind: Kind, today: date
) -> tuple[Block, list[Remark]]:
    """Return the lines of `rows` in the order of the table, and what is to be said of their cells, in no order."""
    remarks: list[Remark] = []
    filled = [
        _filled(table, head, rows, number, key, today, remarks)
        for number, (key, _) in enumerate(columns)
        if key and key != "kind"
    ]
    values = {column.key: column.values for column in filled}
    texts = {column.key: column.texts for column in filled}
    others = _others(table, head, rows, columns)
    _part_contacts(values, texts, len(rows))
    kept = _with_substance(table, rows, values, texts, remarks)
    numbers = [table.top + row + 1 for row in rows]
    if len(kept) < len(rows):
        numbers = [numbers[place] for place in kept]
        values, texts, others = _of_places(values, kept), _of_places(texts, kept), _of_places(others, kept)
    others = {name: column for name, column in others.items() if any(column)}
    return Block(kind, table.name, numbers, values, texts, others), remarks


def _of_places(columns: dict[str, list[Any]], places: Sequence[int]) -> dict[str, list[Any]]:
    return {key: [column[place] for place in places] for key, column in columns.items()}


def _with_substance(
    table: Table,
    rows: Sequence[int],
    values: dict[str, list[Value | None]],
    texts: dict[str, list[str]],
    remarks: list[Remark],
) -> Sequence[int]:
    """The places of those rows that say what they are about; a row that is not quite blank is remarked."""
    telling = [column for key, column in values.items() if key in SUBSTANCE]
    if any(None not in column for column in telling):
        return range(len(rows))
    kept = []
    for place, row in enumerate(rows):
        if any(column[place] is not None for column in telling):
            kept.append(place)
        elif text := " ".join(filter(None, (column[place] for column in texts.values())))[:CUT]:
            remarks.append(remark_of(table, row, 0, "", What.NO_CONTENT, text, grave=True))
    return kept


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
        if read is read_sound:
            return Filled(key, cells, sound_values(cells))  # type: ignore[arg-type]
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


def _part_contacts(values: dict[str, list[Value | None]], texts: dict[str, list[str]], count: int) -> None:
    """张三 13800000000 in one cell, under either head, is a name and a number."""
    blank = [None] * count
    contacts, phones = values.get("contact", blank), values.get("phone", blank)
    if contacts is phones:
        return
    new = list(contacts), list(phones)
    for place, (contact, phone) in enumerate(zip(contacts, phones, strict=True)):
        if contact is None or phone is None:
            key = "phone" if contact is None else "contact"
            if key in texts and (parted := _parted(texts[key][place], key)):
                new[0][place], new[1][place] = (
                    parted[0] or (contact if key == "phone" else None),
                    parted[1] or phone,
                )
    for key, column in zip(("contact", "phone"), new, strict=True):
        if key in values or any(value is not None for value in column):
            values[key] = column


def _parted(text: str, key: str) -> tuple[str, str] | None:
    """The name and the number in a cell; the number is already read where it stood under its own head."""
    if len(text) < 7 or not (found := PHONE.search(text)):
        return None
    phone, _ = read_phone(found.group())
    if not phone:
        return None
    name = (text[: found.start()] + text[found.end() :]).strip(" \t\n:：,，、/;；")
    whose = name if name and (key == "contact" or PERSON.fullmatch(name)) else ""
    return whose, str(phone) if key == "contact" else ""
