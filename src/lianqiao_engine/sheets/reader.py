"""Read the lists of a workbook."""

import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from lianqiao_engine.text.normalise import normalise

from .fields import comparable, fields
from .heads import Head, find_heads, is_name
from .model import KINDS, Block, Lists, Remark, Remembered, Sheet, What
from .opening import Book, Table, open_book
from .tables import read_table

CELL = re.compile(r"([A-Z]*)(\d*)")


@dataclass(slots=True)
class Found:
    """What was read so far."""

    tables: list[tuple[Block, ...]] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    sheets: list[Sheet] = field(default_factory=list)


def read_lists(path: Path, *, today: date, remembered: Remembered | None = None) -> Lists:
    """Read resources, services and needs from a workbook however it is laid out; `today` is for days without a year.

    What cannot be understood is left out and remarked, never raised. Raises BadWorkbook for a file that is not read
    at all, OSError for one that cannot be opened, ValueError for a remembered key or kind that does not exist.
    """
    remembered = _checked(remembered or Remembered())
    book = open_book(path)
    found = Found(remarks=_of_book(book))
    seen = any(not table.hidden and table.rows for table in book.tables)
    for table in filter(lambda table: table.rows, book.tables):
        if table.hidden and seen:
            found.remarks.append(Remark(table.name, "", "", What.HIDDEN, grave=True))
            found.sheets.append(Sheet(table.name, None, (), (), hidden=True))
        else:
            _read_sheet(table, today, remembered, found)
    return Lists(tuple(found.tables), tuple(found.remarks), tuple(found.sheets))


def _checked(remembered: Remembered) -> Remembered:
    for head, key in remembered.heads.items():
        if key is not None and key not in fields():
            raise ValueError(f"no such key: {key} (remembered for {head})")
    for name, kind in remembered.kinds.items():
        if kind not in KINDS:
            raise ValueError(f"no such kind: {kind} (remembered for {name})")
    heads = {comparable(head)[0]: key for head, key in remembered.heads.items()}
    return Remembered(heads, {normalise(name): kind for name, kind in remembered.kinds.items()})


def _of_book(book: Book) -> list[Remark]:
    remarks = [Remark("", "", "", What.MACROS)] if book.macros else []
    if book.encoding_guessed:
        remarks.append(Remark(book.tables[0].name, "", "", What.ENCODING_GUESSED))
    return remarks


def _read_sheet(table: Table, today: date, remembered: Remembered, found: Found) -> None:
    heads = find_heads(table, lambda text: is_name(text) or comparable(text)[0] in remembered.heads)
    if not heads:
        # A cover or a note of a few words is no list that somebody would miss.
        if sum(sum(cell != "" for cell in row) > 1 for row in table.rows) > 1:
            found.remarks.append(Remark(table.name, "", "", What.NO_HEAD, grave=True))
        found.sheets.append(Sheet(table.name, None, (), (), table.hidden))
        return
    remarks: list[Remark] = []
    blocks = _blocks(heads)
    begins = 0
    for number, (head, again) in enumerate(blocks):
        ends = blocks[number + 1][0].rows[0] if number + 1 < len(blocks) else len(table.rows)
        repeated = {row for later in again for row in later.rows}
        remarks.extend(Remark(table.name, f"A{table.top + row + 1}", "", What.HEAD_AGAIN) for row in repeated)
        rows = [row for row in range(head.rows[-1] + 1, ends) if row not in repeated]
        titles = _titles(table, max(begins, head.rows[0] - 20), head.rows[0])
        sheet, parts, said = read_table(table, head, rows, titles, today, remembered)
        found.sheets.append(sheet)
        found.tables.append(parts)
        remarks.extend(said)
        begins = max(head.rows[-1] + 1, ends - 3)
    found.remarks.extend(sorted(remarks, key=_place))


def _blocks(heads: list[Head]) -> list[tuple[Head, list[Head]]]:
    """Each head with those below it that only repeat it."""
    blocks: list[tuple[Head, list[Head]]] = []
    for head in heads:
        if blocks and _same(blocks[-1][0], head):
            blocks[-1][1].append(head)
        else:
            blocks.append((head, []))
    return blocks


def _same(first: Head, second: Head) -> bool:
    pairs = [("".join(one), "".join(other)) for one, other in zip(first.texts, second.texts, strict=True)]
    told = [one == other for one, other in pairs if other]
    return sum(told) * 10 >= len(told) * 7


def _titles(table: Table, begin: int, end: int) -> list[str]:
    cells = (cell for row in table.rows[begin:end] for cell in row)
    return [normalise(cell) for cell in cells if isinstance(cell, str) and 1 < len(cell) < 60]


def _place(remark: Remark) -> tuple[int, int, str]:
    place = CELL.fullmatch(remark.cell)
    letters, row = place.groups() if place else ("", "")
    return int(row or 0), len(letters), letters
