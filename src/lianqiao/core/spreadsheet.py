"""Writes a table as an Excel workbook. Text stays text: nothing that was typed becomes a formula."""

from collections.abc import Iterable
from datetime import date, datetime
from io import BytesIO
from typing import Any

from django.utils import timezone
from xlsxwriter import Workbook

WIDEST = 60


def workbook(sheet: str, heads: list[str], rows: Iterable[list[Any]]) -> bytes:
    """`rows` x `heads` on one sheet, head frozen and filterable, dates as dates, numbers as numbers."""
    stream = BytesIO()
    book = Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    day = book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm", "valign": "top"})
    page = book.add_worksheet(sheet[:31])
    widths = [width_of(head) for head in heads]
    for column, head in enumerate(heads):
        page.write_string(0, column, head, bold)
    last = 0
    for last, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            widths[column] = max(widths[column], width_of(value))
            if isinstance(value, datetime):
                local = timezone.localtime(value).replace(tzinfo=None)
                page.write_datetime(last, column, local, moment)
            elif isinstance(value, date):
                page.write_datetime(last, column, datetime(value.year, value.month, value.day), day)  # noqa: DTZ001
            elif isinstance(value, int | float) and not isinstance(value, bool):
                page.write_number(last, column, value, wrapped)
            elif value not in (None, ""):
                page.write_string(last, column, str(value), wrapped)
    for column, width in enumerate(widths):
        page.set_column(column, column, min(width, WIDEST) + 2)
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, last, max(len(heads) - 1, 0))
    book.close()
    return stream.getvalue()


def width_of(value: Any) -> int:
    # A Chinese character is as wide as two Latin ones.
    return sum(2 if ord(character) > 0x2E7F else 1 for character in str(value if value is not None else ""))
