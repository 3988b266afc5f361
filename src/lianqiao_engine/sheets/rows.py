"""Tell the rows below a head that are entries from totals, notes and rows that only count."""

import re
from collections.abc import Sequence

from lianqiao_engine.values import Cell

from .columns import shown
from .kinds import kind_of_cell
from .model import Kind, Remark, What
from .opening import Table
from .recognise import Found

TOTAL = re.compile(r"\s*(?:合\s*计|总\s*计|小\s*计|共\s*计|累\s*计)(?:\s|[:：(（\d]|$)")
NOTE = re.compile(
    r"\s*[*※(（【]?(?:注[:：\d]|注意|说明|填表|填报|备注|附注|附件|联系方式|制表|审核|[一二三四五六七八九十]+[、.）)])"
)
SUBSTANCE = frozenset(("name", "content", "summary", "majors", "business"))
CUT = 40
BEGINNING = 3  # filled cells among which a total says so


def letter(column: int) -> str:
    """The letters of a column counted from 0."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def remark_of(
    table: Table, row: int, column: int, key: str, what: str, cell: Cell, *, grave: bool = False
) -> Remark:
    """A remark on a cell, by its place in the table."""
    at = f"{letter(table.left + column)}{table.top + row + 1}"
    return Remark(table.name, at, key, what, shown(cell)[:CUT], grave)


def entries(
    table: Table, numbers: Sequence[int], columns: Sequence[Found], remarks: list[Remark]
) -> list[int]:
    """Return the rows that are entries; what else holds text is remarked."""
    kept = []
    for row in numbers:
        cells = table.rows[row]
        why = _passed_over(cells, columns)
        if why is None:
            kept.append(row)
        elif why:
            first = next(number for number, cell in enumerate(cells) if cell != "")
            remarks.append(remark_of(table, row, first, "", why, cells[first]))
    return kept


def by_kind(
    table: Table, rows: Sequence[int], kind: Kind | None, column: int, remarks: list[Remark]
) -> dict[Kind, list[int]]:
    """Part the rows by what the column 类型 says; where it says nothing, the kind of the sheet holds."""
    parted: dict[Kind, list[int]] = {}
    for row in rows:
        cell = table.rows[row][column]
        said = kind_of_cell(shown(cell)) or kind
        if said:
            parted.setdefault(said, []).append(row)
        else:
            remarks.append(remark_of(table, row, column, "kind", What.ROW_KIND_UNKNOWN, cell, grave=True))
    return parted


def _passed_over(cells: Sequence[Cell], columns: Sequence[Found]) -> str | None:
    """Why a row is no entry: a total, a note, or empty for one that only counts; None for an entry."""
    looked_at = 0
    for cell in cells:
        if cell == "":
            continue
        if cell.__class__ is str and TOTAL.match(cell):
            return What.TOTAL_ROW
        looked_at += 1
        if looked_at == BEGINNING:
            return None
    if looked_at > 1:
        return None
    if not looked_at:
        return ""
    only = next(number for number, cell in enumerate(cells) if cell != "")
    key, text = columns[only][0], str(cells[only])
    if not text.strip() or (key == "number" and not NOTE.match(text) and len(text) <= 8):
        return ""
    # A lone text under the head of names is an entry; anywhere else it talks about the table.
    return None if key in SUBSTANCE and not NOTE.match(text) else What.NOTE_ROW
