from pathlib import Path

from python_calamine import load_workbook

from tools.example_workbook import EXAMPLES, make


def cells(path: Path) -> dict[str, list[list[object]]]:
    book = load_workbook(path)
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_example_is_made_from_its_source(tmp_path):
    make(tmp_path / "case.xlsx")

    assert cells(EXAMPLES / "case.xlsx") == cells(tmp_path / "case.xlsx")
