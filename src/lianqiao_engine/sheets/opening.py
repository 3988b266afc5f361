"""Open a workbook without believing it: what the file is comes from its bytes, its sizes are counted first."""

import csv
from dataclasses import dataclass
from io import BytesIO, StringIO
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from lianqiao_engine.values import Cell

from .archive import check_archive
from .compound import check_compound
from .model import BadWorkbook

LARGEST_FILE = 100 * 2**20
MOST_ROWS, MOST_COLUMNS, LONGEST_CELL = 200_000, 200, 32_767
ZIP, OLE = b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1")
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
MACROS = "_VBA_PROJECT".encode("utf-16-le")
PARSER_ERRORS = (CalamineError, ValueError, OverflowError, OSError, MemoryError)

Corner = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Table:
    """The cells of a sheet; `top` and `left` are where they begin, `merged` is in their own rows and columns (from 0)."""

    name: str
    hidden: bool
    top: int
    left: int
    rows: list[list[Cell]]
    merged: list[tuple[Corner, Corner]]


@dataclass(frozen=True, slots=True)
class Book:
    tables: tuple[Table, ...]
    macros: bool = False
    encoding_guessed: bool = False


def open_book(path: Path) -> Book:
    """Read every sheet of an .xlsx, .xls, .ods or .csv file; raises BadWorkbook, and OSError if it cannot be opened."""
    if path.stat().st_size > LARGEST_FILE:
        raise BadWorkbook("too large", path)
    data = path.read_bytes()
    if data.startswith(ZIP):
        return _workbook(data, path, macros=check_archive(data, path))
    if data.startswith(OLE):
        if ENCRYPTED in data:
            raise BadWorkbook("password", path)
        check_compound(data, path)
        return _workbook(data, path, macros=MACROS in data)
    return _text(data, path)


def _workbook(data: bytes, path: Path, *, macros: bool) -> Book:
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        tables = tuple(
            _table(book, number, path)
            for number, meta in enumerate(book.sheets_metadata)
            if meta.typ is SheetTypeEnum.WorkSheet
        )
    except PasswordError:
        raise BadWorkbook("password", path) from None
    except BadWorkbook:
        raise
    except BaseException as error:
        # The parser panics on some broken files, with an exception beside Exception that has no name to import.
        if isinstance(error, PARSER_ERRORS) or type(error).__name__ == "PanicException":
            raise BadWorkbook("damaged", path) from None
        raise
    return Book(tables, macros=macros)


def _table(book: CalamineWorkbook, number: int, path: Path) -> Table:
    meta = book.sheets_metadata[number]
    sheet = book.get_sheet_by_index(number)
    top, left = sheet.start or (0, 0)
    _check_size(sheet.total_height, sheet.total_width, path, meta.name)
    rows: list[list[Cell]] = sheet.to_python()
    _check_cells(rows, path, meta.name)
    merged = [
        ((max(r0 - top, 0), max(c0 - left, 0)), (r1 - top, c1 - left))
        for (r0, c0), (r1, c1) in sheet.merged_cell_ranges or ()
        if r1 >= top and c1 >= left
    ]
    return Table(meta.name, meta.visible is not SheetVisibleEnum.Visible, top, left, rows, merged)


def _text(data: bytes, path: Path) -> Book:
    text, guessed = _decoded(data, path)
    beginning = text[:2000].lstrip().lower()
    if beginning.startswith(("<html", "<!doctype html", "<table", "<?xml", "<meta")):
        raise BadWorkbook("web page", path)
    if "\0" in text:
        raise BadWorkbook("not a workbook", path)
    lines = text[:20_000].splitlines()[:20]
    sign = max(",\t;|", key=lambda sign: sum(line.count(sign) for line in lines))
    try:
        rows: list[list[Cell]] = [list(row) for row in csv.reader(StringIO(text, newline=""), delimiter=sign)]
    except csv.Error:
        raise BadWorkbook("cell too long", path) from None
    width = max(map(len, rows), default=0)
    if not width:
        raise BadWorkbook("nothing in it", path)
    _check_size(len(rows), width, path, path.stem)
    _check_cells(rows, path, path.stem)
    for row in rows:
        row.extend([""] * (width - len(row)))
    return Book((Table(path.stem, False, 0, 0, rows, []),), encoding_guessed=guessed)


def _decoded(data: bytes, path: Path) -> tuple[str, bool]:
    encodings = ["utf-16"] if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding), encoding == "gb18030"
        except UnicodeDecodeError:
            continue
    raise BadWorkbook("not a workbook" if b"\0" in data else "encoding", path)


def _check_size(height: int, width: int, path: Path, name: str) -> None:
    if height > MOST_ROWS:
        raise BadWorkbook("too many rows", path, name)
    if width > MOST_COLUMNS:
        raise BadWorkbook("too many columns", path, name)


def _check_cells(rows: list[list[Cell]], path: Path, name: str) -> None:
    for row in rows:
        for cell in row:
            if cell.__class__ is str and len(cell) > LONGEST_CELL:
                raise BadWorkbook("cell too long", path, name)
