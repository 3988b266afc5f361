"""Read the rows below a head into lines."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from lianqiao_engine.values import Cell

from .columns import PHONE, Reading, read_phone, reader_of, shown
from .fields import fields
from .heads import Head
from .kinds import kind_of_cell
from .model import Kind, Line, Remark, Value, What
from .opening import Table
from .recognise import Found

TOTAL = re.compile(r"\s*(?:合\s*计|总\s*计|小\s*计|共\s*计|累\s*计)(?:\s|[:：(（\d]|$)")
NOTE = re.compile(
    r"\s*[*※(（【]?(?:注|说明|填表|填报|备注|附注|附件|联系方式|制表|审核|[一二三四五六七八九十]+[、.])"
)
DITTO = frozenset(("同上", "〃", "″", "''", '"', "“", "”", "同前"))
# A merged cell says these of each of its rows; a number would be counted once for each.
COUNTED_ONCE = frozenset(("number", "capacity", "headcount", "partners_wanted", "offered"))
SUBSTANCE = frozenset(("name", "content", "summary", "majors", "business"))
CUT = 40


def letter(column: int) -> str:
    """The letters of a column counted from 0."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def read_rows(
    table: Table,
    head: Head,
    numbers: Sequence[int],
    found: Mapping[Kind, list[Found]],
    kind: Kind | None,
    by_row: int | None,
    today: date,
    lines: list[Line],
    remarks: list[Remark],
) -> None:
    """Add the lines of the rows `numbers`, and what is to be said of them."""
    readers = {one: _readers(columns, head, today) for one, columns in found.items()}
    merged = _merged(table, numbers)
    above: dict[int, Cell] = {}
    for row in numbers:
        cells = table.rows[row]
        if not any(cell != "" for cell in cells):
            continue
        at = table.top + row + 1
        passed = _passed_over(cells, found[kind or "need"])
        if passed is not None:
            if passed:
                first = next(n for n, cell in enumerate(cells) if cell != "")
                text = shown(cells[first])[:CUT]
                remarks.append(Remark(table.name, f"{letter(table.left + first)}{at}", "", passed, text))
            continue
        one: Kind | None = kind
        if by_row is not None:
            said = kind_of_cell(shown(cells[by_row]))
            if said is None and kind is None:
                cell = f"{letter(table.left + by_row)}{at}"
                remarks.append(
                    Remark(
                        table.name,
                        cell,
                        "kind",
                        What.ROW_KIND_UNKNOWN,
                        shown(cells[by_row])[:CUT],
                        grave=True,
                    )
                )
                continue
            one = said if said in found else kind
        if one is None:
            continue
        line = _line(table, row, cells, merged, above, readers[one], one, remarks)
        if line:
            lines.append(line)


Reader = tuple[int, str, Callable[[Cell], Reading], dict[Cell, Reading]]


def _readers(columns: list[Found], head: Head, today: date) -> list[Reader]:
    known = fields()
    return [
        (n, key, reader_of(known[key].type, " ".join(head.texts[n]), today), {})
        for n, (key, _) in enumerate(columns)
        if key and key != "kind"
    ]


def _passed_over(cells: Sequence[Cell], columns: list[Found]) -> str | None:
    """Why a row is no line: a total, a note; empty for a row that only counts; None for a line."""
    filled = [n for n, cell in enumerate(cells) if cell != ""]
    for n in filled[:3]:
        cell = cells[n]
        if cell.__class__ is str and TOTAL.match(cell):  # type: ignore[arg-type]
            return What.TOTAL_ROW
    if len(filled) == 1:
        n = filled[0]
        key, text = columns[n][0], str(cells[n])
        if key == "number" and not NOTE.match(text) and len(text) <= 8:
            return ""
        if (
            key in ("number", None)
            or NOTE.match(text)
            or (n == 0 and len(text) > 30 and key not in SUBSTANCE)
        ):
            return What.NOTE_ROW
        if not text.strip():
            return ""
    return None


def _merged(table: Table, numbers: Sequence[int]) -> dict[tuple[int, int], tuple[int, Cell]]:
    """For each cell that a merged cell above covers: the row of that cell and its value."""
    if not table.merged or not numbers:
        return {}
    begin = numbers[0]
    return {
        (row, left): (top, table.rows[top][left])
        for (top, left), (bottom, _) in table.merged
        if bottom > top >= begin and top < len(table.rows) and left < len(table.rows[top])
        for row in range(top + 1, min(bottom + 1, len(table.rows)))
    }


def _line(
    table: Table,
    row: int,
    cells: Sequence[Cell],
    merged: Mapping[tuple[int, int], tuple[int, Cell]],
    above: dict[int, Cell],
    readers: list[Reader],
    kind: Kind,
    remarks: list[Remark],
) -> Line | None:
    values: dict[str, Value] = {}
    texts: dict[str, str] = {}
    for n, key, read, known in readers:
        cell = cells[n]
        if cell == "" and merged and (row, n) in merged:
            if key in COUNTED_ONCE:
                if key != "number":
                    remarks.append(_remark(table, row, n, key, What.SHARED, merged[row, n][1]))
                continue
            cell = merged[row, n][1]
        if cell == "":
            continue
        if cell.__class__ is str and cell in DITTO:
            cell = above.get(n, "")
        above[n] = cell
        # 1 and True are one key of a dictionary, so other classes than text are read each time.
        if cell.__class__ is str:
            reading = known.get(cell)
            if reading is None:
                reading = known[cell] = read(cell)
        else:
            reading = read(cell)
        value, what = reading
        texts[key] = shown(cell)
        if value is not None:
            values[key] = value
        if what:
            remarks.append(_remark(table, row, n, key, what, cell))
    if "contact" in values and "phone" not in values:
        _part_contact(values)
    if not SUBSTANCE & values.keys():
        at = table.top + row + 1
        remarks.append(
            Remark(
                table.name,
                f"{letter(table.left)}{at}",
                "",
                What.NO_CONTENT,
                " ".join(texts.values())[:CUT],
                grave=True,
            )
        )
        return None
    return Line(kind, table.name, table.top + row + 1, values, texts)


def _part_contact(values: dict[str, Value]) -> None:
    """张三 13800000000 in one cell is a name and a number."""
    contact = values["contact"]
    if not isinstance(contact, str) or not (found := PHONE.search(contact)):
        return
    phone, _ = read_phone(found.group())
    name = (contact[: found.start()] + contact[found.end() :]).strip(" \t\n:：,，、/;；()（）")
    if phone:
        values["phone"] = phone
        if name:
            values["contact"] = name
        else:
            del values["contact"]


def _remark(table: Table, row: int, column: int, key: str, what: str, cell: Cell) -> Remark:
    return Remark(
        table.name, f"{letter(table.left + column)}{table.top + row + 1}", key, what, shown(cell)[:CUT]
    )
