"""A plan as a workbook that can be printed and sent on."""

from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from .plan_tables import Cell, Table, tables
from .plan_words import Words


def write_workbook(words: Words, out: Path) -> None:
    # Texts are never formulas, links or numbers, whatever they begin with.
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(str(out), options) as book:
        book.set_properties({"title": words.say("plan.title")})
        look = _Look(book)
        _summary(book, words, look)
        for table in tables(words):
            _sheet(book, words.say(f"sheet.{table.key}"), table, look)


class _Look:
    def __init__(self, book: Workbook) -> None:
        plain = {"font_name": "宋体", "font_size": 10.5, "valign": "vcenter", "text_wrap": True}
        self.text = book.add_format({**plain, "border": 1, "border_color": "#BFBFBF"})
        self.number = book.add_format({**plain, "border": 1, "border_color": "#BFBFBF", "align": "center"})
        self.head = book.add_format(
            {
                **plain,
                "bold": True,
                "border": 1,
                "border_color": "#BFBFBF",
                "bg_color": "#EDEDED",
                "align": "center",
            }
        )
        self.title = book.add_format({**plain, "bold": True, "font_size": 16})
        self.line = book.add_format(plain)

    def of(self, cell: Cell) -> object:
        return self.text if isinstance(cell, str) else self.number


def _summary(book: Workbook, words: Words, look: _Look) -> None:
    sheet = book.add_worksheet(words.say("sheet.summary"))
    sheet.set_column(0, 0, 100)
    sheet.write_string(0, 0, words.say("plan.title"), look.title)
    for row, line in enumerate(words.summary(), start=2):
        sheet.write_string(row, 0, line, look.line)
    _for_print(sheet, landscape=False)


def _sheet(book: Workbook, name: str, table: Table, look: _Look) -> None:
    sheet = book.add_worksheet(name)
    for column, (head, width) in enumerate(zip(table.heads, table.widths, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, head, look.head)
    for at, row in enumerate(table.rows, start=1):
        for column, cell in enumerate(row):
            sheet.write(at, column, cell, look.of(cell))
    sheet.freeze_panes(1, 0)
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), len(table.heads) - 1)
    sheet.repeat_rows(0)
    _for_print(sheet, landscape=True)


def _for_print(sheet: Worksheet, *, landscape: bool) -> None:
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C&P / &N")
    if landscape:
        sheet.set_landscape()
