"""Workbooks that go out: the template, the lists in the same layout, and an upload's refused rows in red.

Everything is written as text, number or date; nothing that somebody typed becomes a formula, not even when Excel saves
it as CSV: what begins like one carries Excel's own mark of a text.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from lianqiao.core.spreadsheet import width_of
from lianqiao.lists.imports import layout
from lianqiao.lists.models import Entry, Kind
from lianqiao.lists.shown import Shown

# Full-width forms are folded to these by some programs; a tab or a line break before them is passed over.
RISKY = tuple("=+-@＝＋－＠\t\r\n|%")
ROWS_OF_TEMPLATE = 500
WIDEST = 50
# untranslated: what the cells of the office's workbooks say
URGENCIES, SOURCES = list(layout.URGENCY.values()), list(layout.SOURCE.values())
NOTES_SHEET = "填写说明"  # untranslated: the name of a sheet in the office's workbook


class Out:
    """A workbook being written."""

    def __init__(self) -> None:
        self.stream = BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self.book = Workbook(self.stream, options)
        plain = {"text_wrap": True, "valign": "top"}
        self.head = self.book.add_format({"bold": True, "bottom": 1, **plain})
        self.plain = self.book.add_format(plain)
        self.text = self.book.add_format(plain | {"quote_prefix": True})
        self.day = self.book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"})
        red = {"bg_color": "#FFC7CE", "font_color": "#9C0006", **plain}
        self.red = self.book.add_format(red | {"quote_prefix": True})

    def done(self) -> bytes:
        self.book.close()
        return self.stream.getvalue()

    def write(self, page: Worksheet, row: int, column: int, value: Any, form: Format | None = None) -> None:
        if isinstance(value, datetime | date):
            page.write_datetime(row, column, datetime(value.year, value.month, value.day), form or self.day)  # noqa: DTZ001
        elif isinstance(value, int | float) and not isinstance(value, bool):
            page.write_number(row, column, value, form or self.plain)
        elif value not in (None, ""):
            text = str(value)[:32_767]
            page.write_string(
                row, column, text, form or (self.text if text.startswith(RISKY) else self.plain)
            )

    def sheet(self, name: str, heads: Sequence[str]) -> Worksheet:
        page = self.book.add_worksheet(name)
        for column, head in enumerate(heads):
            page.write_string(0, column, head, self.head)
            page.set_column(column, column, min(max(width_of(head), 10), WIDEST) + 2)
        page.freeze_panes(1, 0)
        return page


def lists_workbook(entries: Iterable[Entry | Shown]) -> bytes:
    """The three lists as an office keeps them; the last column, which is hidden, says which entry a row is."""
    out = Out()
    by_kind: dict[str, list[Entry | Shown]] = {kind: [] for kind in layout.SHEETS}
    for entry in entries:
        by_kind[entry.kind].append(entry)
    for kind, rows in by_kind.items():
        heads = layout.heads_of(kind, rows)
        page = out.sheet(layout.SHEETS[kind][0], list(heads.values()))
        for number, entry in enumerate(rows, start=1):
            cells = layout.cells_of(entry)
            for column, key in enumerate(heads):
                out.write(page, number, column, cells.get(key, ""))
        page.set_column(len(heads) - 1, len(heads) - 1, 12, None, {"hidden": True})
        page.autofilter(0, 0, max(len(rows), 1), len(heads) - 1)
    return out.done()


def template_workbook(categories: dict[str, list[str]], segments: list[str]) -> bytes:
    """The three sheets without rows: what can be chosen is chosen from a list, what is meant stands on a last sheet."""
    out = Out()
    pages = {kind: out.sheet(name, list(heads.values())) for kind, (name, heads) in layout.SHEETS.items()}
    # One text a row: a sheet of notes is no list, also when it comes back.
    notes = out.sheet(NOTES_SHEET, [NOTES_SHEET])
    notes.set_column(0, 0, 100)
    row = 1
    for sentence in notes_told():
        notes.write_string(row, 0, sentence, out.plain)
        row += 1
    for kind, (_name, heads) in layout.SHEETS.items():
        chosen = {
            "category": categories.get(kind, []),
            "segment": segments,
            "urgency": URGENCIES,
            "source": SOURCES,
        }
        for column, key in enumerate(heads):
            words = chosen.get(key)
            if not words:
                continue
            notes.write_string(row + 1, 0, heads[key], out.head)
            for at, word in enumerate(words, start=row + 2):
                notes.write_string(at, 0, word, out.text if word.startswith(RISKY) else out.plain)
            source = f"='{NOTES_SHEET}'!$A${row + 3}:$A${row + 2 + len(words)}"
            rule = {"validate": "list", "source": source, "error_type": "warning"}
            pages[kind].data_validation(1, column, ROWS_OF_TEMPLATE, column, rule)
            row += 2 + len(words)
    return out.done()


def notes_told() -> list[str]:
    return [
        _("每张工作表是一张清单；一行一条，不用的列可以删去，也可以加自己的列。"),
        _("单位写登记的全称或简称；学院写“学校 学院”。没有登记的单位，导入后暂存为草稿。"),
        _("日期写 2026-12-31、2026年12月31日或“年底前”都可以；金额写明万元还是元。"),
        _("需求最好写清楚要什么、多少、什么时候、怎样算完成。"),
        _("导入前会逐格检查，有问题的行退回时标红并写明原因，改好再导入即可。"),
    ]


def refused_workbook(
    sheets: Iterable[tuple[str, list[list[Any]], int, int]],
    heads: dict[str, set[int]],
    wrong: dict[tuple[str, int], tuple[set[str], list[str]]],
) -> bytes:
    """The uploaded sheets with their heads and the rows that were not taken: red cells, and why in a last column.

    `sheets`: name, rows, and the row and column where they begin; `wrong`: by sheet and row the letters of the wrong
    cells, and the reasons.
    """
    out = Out()
    for name, rows, top, left in sheets:
        refused = {row for sheet, row in wrong if sheet == name}
        if not refused:
            continue
        page = out.book.add_worksheet(name[:31])
        width = max((len(row) for row in rows), default=0)
        last = max(heads.get(name) or {top})
        written = 0
        for at, row in enumerate(rows):
            number = top + at + 1
            if number > last and number not in refused:
                continue
            letters, reasons = wrong.get((name, number), (set(), []))
            for column, value in enumerate(row):
                red = out.red if letter(left + column) in letters else None
                out.write(
                    page, written, column, value, out.head if number in (heads.get(name) or ()) else red
                )
            # In the first row of a head: in the second it would be taken for a part of its neighbour.
            if number == min(heads.get(name) or [0]):
                page.write_string(written, width, layout.REASON_HEAD, out.head)
            if reasons:
                page.write_string(written, width, "\n".join(reasons), out.red)
            written += 1
        page.set_column(0, max(width - 1, 0), 16)
        page.set_column(width, width, WIDEST)
    if not out.book.worksheets():
        out.book.add_worksheet(layout.SHEETS[Kind.NEED][0])
    return out.done()


def letter(column: int) -> str:
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text
