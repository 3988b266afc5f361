"""The rows that were not taken, given back as the workbook that they came in."""

from typing import Any

from lianqiao.core.actor import Actor
from lianqiao.lists.imports import reading
from lianqiao.lists.imports.hints import Hints
from lianqiao.lists.imports.names import chosen_before
from lianqiao.lists.imports.planning import plan_of
from lianqiao.lists.imports.rows import CELL
from lianqiao.lists.imports.writing import refused_workbook
from lianqiao.lists.models import Import

# Of the reader: rows that it could not make entries of.
NO_ENTRY = ("no content", "row kind unknown")


def refused_rows(imported: Import, *, by: Actor) -> bytes:
    """Raises Unreadable where the upload is gone."""
    book = reading.again(imported.token)
    plan = plan_of(imported, book, chosen_before(imported.names.all()), by=by)
    hints = Hints(imported, by)
    wrong: dict[tuple[str, int], tuple[set[str], list[str]]] = {}

    def mark(sheet: str, row: int, cell: str, why: tuple[str, str, str]) -> None:
        letters, reasons = wrong.setdefault((sheet, row), (set(), []))
        place = CELL.fullmatch(cell)
        letters.add(place[1] if place else "")
        reasons.append(f"{cell} {hints.explained(*why)}".strip())

    for row in plan.rows:
        if row.outcome == "refused":
            for one in row.problems:
                if one.refusing:
                    mark(row.sheet, row.row, one.cell, (one.code, one.key, one.value))
    for sheet, cell, key, code, value in plan.loose:
        place = CELL.fullmatch(cell)
        if code in NO_ENTRY and place and place[2]:
            mark(sheet, int(place[2]), cell, (code, key, value))
    heads: dict[str, set[int]] = {}
    for told in book.sheets:
        heads.setdefault(told["name"], set()).update(told["heads"][:2])
    return refused_workbook(tables(imported), heads, wrong)


def tables(imported: Import) -> list[tuple[str, list[list[Any]], int, int]]:
    found: list[tuple[str, list[list[Any]], int, int]] = []
    for one in reading.cells(imported.token, imported.name):
        if sheet := one.get("sheet"):
            found.append((sheet["name"], [], sheet["top"], sheet["left"]))
        elif "row" in one:
            found[-1][1].append(one["row"])
    return found
