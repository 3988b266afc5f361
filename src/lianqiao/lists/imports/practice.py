"""A workbook to practise with: as an office keeps one, with mistakes in it, about organisations that are there."""

import tomllib
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from lianqiao.lists.imports import layout
from lianqiao.lists.imports.writing import Out
from lianqiao.lists.models import Entry, Kind

CONTENT = Path(__file__).with_suffix(".toml")
# untranslated: registered nowhere, for an installation that has no needs yet
NOBODY = ("听涛建筑工程有限公司", "漫坡市政工程有限公司", "沐石装饰工程有限公司")
FIRST_ROW = 4
SOON, PAST = timedelta(days=100), timedelta(days=45)


@cache
def content() -> dict[str, Any]:
    with CONTENT.open("rb") as stream:
        return tomllib.load(stream)


def practice_workbook(needs: Iterable[Entry], *, today: date) -> bytes:
    """`needs`: of those who are named in it; the first is in it once more."""
    told, out = content(), Out()
    page = out.book.add_worksheet(layout.SHEETS[Kind.NEED][0])
    words = words_for(list(needs), today)
    last = len(told["heads"]) - 1
    page.merge_range(0, 0, 0, last, told["title"], out.head)
    page.merge_range(1, 0, 1, last, told["note"], out.plain)
    two_row_head(page, told["heads"], told["under"], out)
    row = FIRST_ROW
    for part in told["parts"]:
        page.merge_range(row, 0, row, last, part["name"], out.head)
        for cells in part["rows"]:
            row += 1
            for column, cell in enumerate(cells):
                out.write(page, row, column, words.get(cell, cell))
        row += 1
    page.set_column(1, last, 16)
    page.set_column(3, 3, 48)
    page.freeze_panes(FIRST_ROW, 0)
    return out.done()


def two_row_head(page: Any, upper: list[str], lower: list[str], out: Out) -> None:
    """What stands above nothing spans the columns below it; what has nothing below it spans both rows."""
    column = 0
    while column < len(upper):
        until = column
        while until + 1 < len(upper) and not upper[until + 1] and lower[until + 1]:
            until += 1
        if lower[column]:
            page.merge_range(2, column, 2, until, upper[column], out.head)
            for at in range(column, until + 1):
                page.write_string(3, at, lower[at], out.head)
        else:
            page.merge_range(2, column, 3, column, upper[column], out.head)
        column = until + 1


def words_for(needs: list[Entry], today: date) -> dict[str, Any]:
    names = dict.fromkeys(need.organisation.name for need in needs if need.organisation)
    one, two, three = islice(cycle(names or NOBODY), 3)
    soon, known = today + SOON, needs[0] if needs else None
    year = today.year + 1
    return {
        "{one}": one,
        "{two}": two,
        "{three}": three,
        "{soon}": soon,
        # A day as people write it, and one that no calendar has.
        "{soon_in_words}": f"{soon.year}年{soon.month}月{soon.day}日",  # untranslated: in a workbook
        "{no_such_day}": f"{year}年2月30日",  # untranslated: in a workbook
        "{past}": (today - PAST).isoformat(),
        "{known}": known.description if known else "",
        "{known_category}": known.category.name if known and known.category else "",
    }
