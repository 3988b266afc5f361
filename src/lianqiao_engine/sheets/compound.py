"""Look through an .xls before it is parsed: a cell far out would make the parser lay out every cell up to it.

The stream of a workbook is put together as MS-CFB 2.3-2.6 says, its records are those of MS-XLS 2.4.
"""

import struct
from collections.abc import Iterator
from pathlib import Path

from .model import BadWorkbook

STREAMS = ("workbook", "book")
# Records that begin with the row and column of a cell: formula, blank, number, label, truth, string, many, rk.
CELLS = frozenset((0x06, 0x0201, 0x0203, 0x0204, 0x0205, 0x0207, 0x00FD, 0x00BD, 0x00BE, 0x027E, 0x00D6))
MOST_CELLS = 6_000_000
LAST_SECTOR = 0xFFFFFFFA


def check_compound(data: bytes, path: Path) -> None:
    """Raise BadWorkbook for a compound file that is broken, or whose cells lie too far apart."""
    try:
        for stream in _workbooks(data):
            rows = columns = 1
            for row, column in _cells(stream):
                rows, columns = max(rows, row + 1), max(columns, column + 1)
            if rows * columns > MOST_CELLS:
                raise BadWorkbook("too large", path)
    except (struct.error, IndexError):
        raise BadWorkbook("damaged", path) from None


def _workbooks(data: bytes) -> Iterator[bytes]:
    (shift,) = struct.unpack_from("<H", data, 30)
    if shift not in (9, 12):
        raise IndexError(shift)
    folder, least = struct.unpack_from("<I4xI", data, 48)
    table = _table(data, 1 << shift)
    entries = _chain(data, folder, table, 1 << shift)
    for at in range(0, len(entries), 128):
        length, kind = struct.unpack_from("<HB", entries, at + 64)
        name = entries[at : at + max(length - 2, 0)].decode("utf-16-le", "replace").lower()
        start, size = struct.unpack_from("<II", entries, at + 116)
        if kind == 2 and name in STREAMS:
            # No program writes a workbook that small, and small streams are kept elsewhere.
            if size < least:
                raise IndexError(size)
            yield _chain(data, start, table, 1 << shift)[:size]


def _table(data: bytes, size: int) -> list[int]:
    """For each sector the one after it: the table's own sectors are named in the head, and in a chain after it."""
    sectors = list(struct.unpack_from("<109I", data, 76))
    more, count = struct.unpack_from("<II", data, 68)
    for _ in range(min(count, len(data) // size)):
        *some, more = struct.unpack_from(f"<{size // 4}I", data, (more + 1) * size)
        sectors += some
    table: list[int] = []
    for sector in sectors:
        if sector < LAST_SECTOR:
            table += struct.unpack_from(f"<{size // 4}I", data, (sector + 1) * size)
    return table


def _chain(data: bytes, sector: int, table: list[int], size: int) -> bytes:
    parts = []
    while sector < LAST_SECTOR:
        parts.append(data[(sector + 1) * size : (sector + 2) * size])
        if len(parts) > len(table):
            raise IndexError(sector)
        sector = table[sector]
    return b"".join(parts)


def _cells(stream: bytes) -> Iterator[tuple[int, int]]:
    """The row and the last column of each record that holds cells."""
    at, end = 0, len(stream) - 4
    while at <= end:
        kind, length = struct.unpack_from("<HH", stream, at)
        if kind in CELLS and length >= 6:
            row, column = struct.unpack_from("<HH", stream, at + 4)
            if kind in (0xBD, 0xBE):
                (column,) = struct.unpack_from("<H", stream, at + 2 + length)
            yield row, column
        at += 4 + length
