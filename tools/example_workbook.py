"""Make examples/case.xlsx from examples/case.toml: three lists as an office keeps them, with a title above the heads."""

import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook

EXAMPLES = Path(__file__).parents[1] / "examples"


def make(out: Path) -> None:
    with Workbook(str(out), {"strings_to_numbers": False}) as book:
        # The same every time, so that a change of the file is a change of its content.
        book.set_properties({"title": "校企对接三张清单", "created": datetime(2024, 10, 24, tzinfo=UTC)})
        title = book.add_format({"bold": True, "font_size": 16, "align": "center"})
        head = book.add_format({"bold": True, "bg_color": "#EDEDED", "border": 1, "text_wrap": True})
        text = book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
        for sheet in tomllib.loads((EXAMPLES / "case.toml").read_text(encoding="utf-8"))["sheets"]:
            _sheet(book.add_worksheet(sheet["name"]), sheet, title, head, text)


def _sheet(page: Any, sheet: dict[str, Any], title: Any, head: Any, text: Any) -> None:
    page.merge_range(0, 0, 0, len(sheet["heads"]) - 1, sheet["title"], title)
    page.set_column(0, 0, 6)
    page.set_column(1, len(sheet["heads"]) - 1, 24)
    for row, cells in enumerate([sheet["heads"], *sheet["rows"]], start=1):
        for column, cell in enumerate(cells):
            page.write_string(row, column, cell, head if row == 1 else text)
    page.freeze_panes(2, 0)


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else EXAMPLES / "case.xlsx")
