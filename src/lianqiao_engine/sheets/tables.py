"""Read one table: its head, the rows below it, and what is to be said of both."""

from collections.abc import Sequence
from datetime import date

from lianqiao_engine.text.normalise import normalise
from lianqiao_engine.values import Cell

from .fields import comparable, names_of
from .guess import by_cells
from .heads import Head
from .kinds import kind_of, kind_of_cell
from .lines import read_block
from .model import KINDS, Block, Column, Kind, Remark, Remembered, Sheet, What
from .opening import Table
from .recognise import Found, by_heads
from .rows import by_kind, entries, letter

UNSURE = 0.8
LOOKED_AT = 200  # rows that tell what a column holds


def read_table(
    table: Table, head: Head, rows: Sequence[int], titles: Sequence[str], today: date, remembered: Remembered
) -> tuple[Sheet, tuple[Block, ...], list[Remark]]:
    """Return how the table was understood, its lines kind by kind, and the remarks in no order."""
    cells = [[table.rows[row][column] for row in rows[:LOOKED_AT]] for column in range(len(head.texts))]
    kind = remembered.kinds.get(normalise(table.name)) or kind_of(table.name, titles, head.texts)
    found = {
        one: _settled(
            by_cells(by_heads(head.texts, one, remembered.heads), cells, head.texts, one, today), cells
        )
        for one in KINDS
    }
    columns = found[kind or "need"]
    by_row = next((number for number, (key, _) in enumerate(columns) if key == "kind"), None)
    sheet = _sheet(table, head, columns, kind)
    remarks = _of_columns(table, head, columns, kind or "need")
    if kind is None and by_row is None:
        return sheet, (), [Remark(table.name, "", "", What.KIND_UNKNOWN, grave=True), *remarks]
    kept = entries(table, rows, columns, remarks)
    parted = {kind: kept} if kind and by_row is None else by_kind(table, kept, kind, by_row or 0, remarks)
    blocks: list[Block] = []
    for one, of_kind in parted.items():
        block, said = read_block(table, head, of_kind, found[one], one, today)
        blocks.append(block)
        remarks.extend(said)
    return sheet, tuple(block for block in blocks if block.rows), remarks


def _settled(columns: list[Found], cells: Sequence[Sequence[Cell]]) -> list[Found]:
    """A column 类型 says resource, service or need, or else it is a category; a category may say the kind."""
    keys = [key for key, _ in columns]
    for number, (key, certainty) in enumerate(columns):
        if key not in ("kind", "category"):
            continue
        texts = {cell for cell in cells[number] if isinstance(cell, str) and cell}
        says_kind = bool(texts) and sum(kind_of_cell(text) is not None for text in texts) * 2 >= len(texts)
        if key == "kind" and texts and not says_kind:
            columns[number] = ("category", certainty) if "category" not in keys else (None, 0.0)
        elif key == "category" and says_kind and len(texts) > 1 and "kind" not in keys:
            columns[number] = ("kind", certainty)
    return columns


def _sheet(table: Table, head: Head, columns: Sequence[Found], kind: Kind | None) -> Sheet:
    told = tuple(
        Column(letter(table.left + number), _text(head, number), key, round(certainty, 3))
        for number, (key, certainty) in enumerate(columns)
        if key or any(head.texts[number])
    )
    return Sheet(table.name, kind, tuple(table.top + row + 1 for row in head.rows), told, table.hidden)


def _of_columns(table: Table, head: Head, columns: Sequence[Found], kind: Kind) -> list[Remark]:
    remarks = []
    for number, (key, certainty) in enumerate(columns):
        text = _text(head, number)
        cell = f"{letter(table.left + number)}{table.top + head.rows[-1] + 1}"
        if key and certainty < UNSURE:
            remarks.append(Remark(table.name, cell, key, What.COLUMN_UNSURE, text[:40]))
        elif not key and text and not certainty:
            another = comparable(text)[0] in names_of(kind)
            what = What.COLUMN_TWICE if another else What.COLUMN_UNKNOWN
            remarks.append(Remark(table.name, cell, "", what, text[:40]))
    return remarks


def _text(head: Head, number: int) -> str:
    return " ".join(filter(None, head.texts[number]))
