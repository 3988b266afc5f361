"""Opens an Excel file from outside, in a bounded process of its own (`core.bounded`).

What a workbook unpacks to is not what it says of itself, and one cell in the last row and column makes the library
ask for half a terabyte and end its process. So the parts are unpacked and counted first, and whatever happens after
that happens to this process.

In: the file. Out: one row a line, as JSON. The exit code says what was wrong.
"""

import json
import sys
import zipfile
import zlib
from datetime import date, datetime
from io import BytesIO
from typing import Any, BinaryIO

from python_calamine import CalamineError, CalamineWorkbook

NOT_EXCEL, TOO_LARGE = 2, 3
CHUNK = 64 * 1024
# Sheets are repetitive: real ones unpack to ten or twenty times their size, a bomb to a thousand times.
MOST_RATIO = 200
SMALL = 1024**2
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class TooLarge(Exception):
    pass


def measure(content: bytes, largest: int) -> None:
    """Unpack every part in pieces and count. Raises TooLarge, BadZipFile and what a broken archive makes zlib raise."""
    left = min(largest, max(SMALL, MOST_RATIO * len(content)))
    with zipfile.ZipFile(BytesIO(content)) as archive:
        for part in archive.infolist():
            if part.compress_type not in METHODS:
                raise zipfile.BadZipFile
            # zipfile stops at the size that the archive declares; other programs do not.
            part.file_size = sys.maxsize
            with archive.open(part) as stream:
                while piece := stream.read(CHUNK):
                    left -= len(piece)
                    if left < 0:
                        raise TooLarge


def tell_rows(content: bytes, out: BinaryIO, *, largest: int, most_rows: int) -> None:
    """Raises TooLarge when the rows say more than the file did: a long text may be meant by many cells."""
    sheet = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0)
    for number, row in enumerate(sheet.iter_rows()):
        if number > most_rows + 1:
            return
        line = json.dumps([plain(cell) for cell in row]).encode() + b"\n"
        largest -= len(line)
        if largest < 0:
            raise TooLarge
        out.write(line)


def plain(cell: Any) -> Any:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return cell if isinstance(cell, str | int | float) else str(cell)


def main(largest: int, most_rows: int) -> int:
    content = sys.stdin.buffer.read()
    try:
        measure(content, largest)
        tell_rows(content, sys.stdout.buffer, largest=largest, most_rows=most_rows)
    except (TooLarge, MemoryError):
        return TOO_LARGE
    # An encrypted part is a RuntimeError of zipfile, as is one packed in a way that it does not know.
    except (CalamineError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, IndexError):
        return NOT_EXCEL
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
