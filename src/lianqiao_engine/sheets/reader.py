"""Read the lists of a workbook."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from lianqiao_engine.text.normalise import normalise
from lianqiao_engine.values import Cell

from .fields import comparable
from .heads import Head, find_heads, is_name
from .kinds import kind_of
from .lines import read_lines
from .model import KINDS, Column, Kind, Line, Lists, Remark, Remembered, Sheet, What
from .opening import Book, Table, open_book
from .recognise import Found, by_cells, by_heads, known_keys
from .rows import by_kind, entries, letter

UNSURE = 0.8


def read_lists(path: Path, *, today: date, remembered: Remembered | None = None) -> Lists:
    """Read resources, services and needs from a workbook however it is laid out; `today` is for days without a year.

    What cannot be understood is left out and remarked, never raised. Raises BadWorkbook for a file that is not read
    at all, OSError for one that cannot be opened, ValueError for a remembered key or kind that does not exist.
    """
    remembered = _checked(remembered or Remembered())
    book = open_book(path)
    lines: list[Line] = []
    remarks: list[Remark] = _of_book(book)
    sheets: list[Sheet] = []
    shown = any(not table.hidden and table.rows for table in book.tables)
    for table in book.tables:
        if not table.rows:
            continue
        if table.hidden and shown:
            remarks.append(Remark(table.name, "", "", What.HIDDEN, grave=True))
            sheets.append(Sheet(table.name, None, (), (), hidden=True))
            continue
        _read_table(table, today, remembered, lines, remarks, sheets)
    return Lists(tuple(lines), tuple(remarks), tuple(sheets))


def _checked(remembered: Remembered) -> Remembered:
    for head, key in remembered.heads.items():
        if key is not None and key not in known_keys():
            raise ValueError(f"no such key: {key} (remembered for {head})")
    for name, kind in remembered.kinds.items():
        if kind not in KINDS:
            raise ValueError(f"no such kind: {kind} (remembered for {name})")
    heads = {form: key for head, key in remembered.heads.items() for form in comparable(head)[:1]}
    return Remembered(heads, {normalise(name): kind for name, kind in remembered.kinds.items()})


def _of_book(book: Book) -> list[Remark]:
    remarks = []
    if book.macros:
        remarks.append(Remark("", "", "", What.MACROS))
    if book.encoding_guessed:
        remarks.append(Remark(book.tables[0].name, "", "", What.ENCODING_GUESSED))
    return remarks


def _read_table(
    table: Table,
    today: date,
    remembered: Remembered,
    lines: list[Line],
    remarks: list[Remark],
    sheets: list[Sheet],
) -> None:
    heads = find_heads(table, lambda text: is_name(text) or comparable(text)[0] in remembered.heads)
    if not heads:
        if sum(sum(cell != "" for cell in row) > 1 for row in table.rows) > 1:
            remarks.append(Remark(table.name, "", "", What.NO_HEAD, grave=True))
        sheets.append(Sheet(table.name, None, (), (), table.hidden))
        return
    for number, (head, again) in enumerate(_blocks(heads)):
        end = _end(heads, head, again, len(table.rows))
        titles = _titles(table, 0 if number == 0 else max(head.rows[0] - 3, 0), head.rows[0])
        kind = remembered.kinds.get(normalise(table.name)) or kind_of(table.name, titles, head.texts)
        remarks.extend(
            Remark(table.name, f"A{table.top + row + 1}", "", What.HEAD_AGAIN)
            for later in again
            for row in later.rows
        )
        skipped = {row for later in again for row in later.rows}
        numbers = [row for row in range(head.rows[-1] + 1, end) if row not in skipped]
        _read_block(table, head, numbers, kind, today, remembered, lines, remarks, sheets)


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


def _end(heads: list[Head], head: Head, again: list[Head], height: int) -> int:
    last = again[-1] if again else head
    after = heads.index(last) + 1
    return heads[after].rows[0] if after < len(heads) else height


def _titles(table: Table, begin: int, end: int) -> list[str]:
    return [
        normalise(cell)
        for row in table.rows[begin:end]
        for cell in row
        if isinstance(cell, str) and 1 < len(cell) < 60
    ]


def _read_block(
    table: Table,
    head: Head,
    numbers: Sequence[int],
    kind: Kind | None,
    today: date,
    remembered: Remembered,
    lines: list[Line],
    remarks: list[Remark],
    sheets: list[Sheet],
) -> None:
    cells = [[table.rows[row][column] for row in numbers[:200]] for column in range(len(head.texts))]
    found: dict[Kind, list[Found]] = {
        one: _recognised(head, cells, one, today, remembered) for one in ([kind] if kind else KINDS)
    }
    by_row = next((n for n, (key, _) in enumerate(found[kind or "need"]) if key == "kind"), None)
    if kind is None and by_row is None:
        remarks.append(Remark(table.name, "", "", What.KIND_UNKNOWN, grave=True))
    columns = found[kind or "need"]
    sheets.append(
        Sheet(
            table.name,
            kind,
            tuple(table.top + row + 1 for row in head.rows),
            tuple(
                Column(
                    letter(table.left + n), " ".join(filter(None, head.texts[n])), key, round(certainty, 3)
                )
                for n, (key, certainty) in enumerate(columns)
                if key or any(head.texts[n])
            ),
            table.hidden,
        )
    )
    for n, (key, certainty) in enumerate(columns):
        text = " ".join(filter(None, head.texts[n]))
        cell = f"{letter(table.left + n)}{table.top + head.rows[-1] + 1}"
        if key is None and text and not certainty:
            remarks.append(Remark(table.name, cell, "", What.COLUMN_UNKNOWN, text[:40]))
        elif key and certainty < UNSURE:
            remarks.append(Remark(table.name, cell, key, What.COLUMN_UNSURE, text[:40]))
    if kind is None and by_row is None:
        return
    rows = entries(table, numbers, columns, remarks)
    parted = {kind: rows} if kind and by_row is None else by_kind(table, rows, kind, by_row or 0, remarks)
    read: list[Line] = []
    for one, of_kind in parted.items():
        if one not in found:
            found[one] = _recognised(head, cells, one, today, remembered)
        some, said = read_lines(table, head, of_kind, found[one], one, today)
        read.extend(some)
        remarks.extend(said)
    lines.extend(sorted(read, key=lambda line: line.row))


def _recognised(
    head: Head, cells: list[list[Cell]], kind: Kind, today: date, remembered: Remembered
) -> list[Found]:
    return by_cells(by_heads(head.texts, kind, remembered.heads), cells, head.texts, kind, today)
