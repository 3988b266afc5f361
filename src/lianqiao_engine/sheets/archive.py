"""Look through the parts of a zipped workbook before anything parses them."""

import re
import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from .model import BadWorkbook

LARGEST = 400 * 2**20  # bytes of all parts, unpacked
MOST_PARTS = 5_000
CHUNK, OVERLAP = 2**18, 512
XML = (".xml", ".rels", ".vml")
DOCTYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)|<\x00!\x00(?:D\x00O\x00C|E\x00N\x00T)", re.IGNORECASE)
# Any sign of what the four below look for; nearly no sheet has one, and looking for one is quick.
FAR = re.compile(rb'"(?:[A-Z]{2,}\d|[A-Z]\d{6})')
FAR_QUOTED = re.compile(rb"'(?:[A-Z]{2,}\d|[A-Z]\d{6})")
# A cell that holds something far out: the parser lays out every cell up to it.
FILLED = rb"""["'](?:[^>]*[^/>])?>\s*<(?:\w+:)?(?:v|f|is)\b"""
BEYOND_ROWS = re.compile(
    rb"""\br\s*=\s*["'][A-Z]{1,3}(?:20\d{4}(?<!200000)|2[1-9]\d{4}|[3-9]\d{5}|\d{7,})""" + FILLED
)
BEYOND_COLUMNS = re.compile(rb"""\br\s*=\s*["'](?:[A-Z]{3,}|G[S-Z]|[H-Z][A-Z])\d+""" + FILLED)
# Both many rows and many columns: 200,000 x 200 cells would take gigabytes, wherever they are filled.
TALL = re.compile(rb"""\br\s*=\s*["'][A-Z]{1,3}(?:[3-9]\d{4}|\d{6,})""" + FILLED)
WIDE = re.compile(rb"""\br\s*=\s*["'][A-Z]{2,3}\d+""" + FILLED)
REPEATED = re.compile(
    rb"""<table:table-cell\b[^>]*number-columns-repeated=["']\d{4,}["'][^>]*[^/]>"""
    rb"""|number-rows-repeated=["']\d{4,}["'][^>]*>\s*<table:table-cell\b[^>]*[^/]>"""
)


def check_archive(data: bytes, path: Path) -> bool:
    """Return whether there are macros; raises BadWorkbook for what is no workbook or is not safe to parse."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            parts = archive.infolist()
    except (BadZipFile, ValueError, NotImplementedError, struct.error, EOFError):
        raise BadWorkbook("damaged", path) from None
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names and "content.xml" not in names:
        raise BadWorkbook("not a workbook", path)
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST:
        raise BadWorkbook("too large", path)
    if sum(part.compress_size for part in parts) > len(data):
        raise BadWorkbook("damaged", path)
    if any(part.flag_bits & 1 for part in parts) or b"manifest:encryption-data" in data:
        raise BadWorkbook("password", path)
    left = LARGEST
    for part in parts:
        left -= _check_part(part, data, left, path)
    return any(name.lower().endswith("vbaproject.bin") for name in names)


def _check_part(part: ZipInfo, data: bytes, left: int, path: Path) -> int:
    """Unpack a part without keeping it; sizes in the directory are only a claim. Returns the true size."""
    looked_at = part.filename.lower().endswith(XML)
    size, tail, seen = 0, b"", set()
    for chunk in _unpacked(part, data, path):
        size += len(chunk)
        if size > left:
            raise BadWorkbook("too large", path, part.filename)
        if looked_at:
            text = tail + chunk
            seen |= _look(text, path, part.filename)
            tail = text[-OVERLAP:]
    if size != part.file_size or {"tall", "wide"} <= seen:
        raise BadWorkbook("too large" if "tall" in seen else "damaged", path, part.filename)
    return size


def _look(text: bytes, path: Path, name: str) -> set[str]:
    if (b"<!" in text or b"<\0!" in text) and DOCTYPE.search(text):
        raise BadWorkbook("document type", path, name)
    if name == "content.xml":
        if REPEATED.search(text):
            raise BadWorkbook("too many rows", path, name)
        return set()
    if not name.startswith("xl/worksheets/") or not (FAR.search(text) or FAR_QUOTED.search(text)):
        return set()
    if BEYOND_ROWS.search(text):
        raise BadWorkbook("too many rows", path, name)
    if BEYOND_COLUMNS.search(text):
        raise BadWorkbook("too many columns", path, name)
    return {word for word, sign in (("tall", TALL), ("wide", WIDE)) if sign.search(text)}


def _unpacked(part: ZipInfo, data: bytes, path: Path) -> Iterator[bytes]:
    at = part.header_offset
    if data[at : at + 4] != b"PK\x03\x04":
        raise BadWorkbook("damaged", path, part.filename)
    name, extra = struct.unpack_from("<HH", data, at + 26)
    begin = at + 30 + name + extra
    packed = memoryview(data)[begin : begin + part.compress_size]
    if part.compress_type == ZIP_STORED:
        for start in range(0, len(packed), CHUNK):
            yield bytes(packed[start : start + CHUNK])
        return
    if part.compress_type != ZIP_DEFLATED:
        raise BadWorkbook("damaged", path, part.filename)
    inflate = zlib.decompressobj(-15)
    waiting: bytes | memoryview = packed
    try:
        while not inflate.eof:
            chunk = inflate.decompress(waiting, CHUNK)
            waiting = inflate.unconsumed_tail
            if not chunk and not waiting:
                break
            yield chunk
    except zlib.error:
        raise BadWorkbook("damaged", path, part.filename) from None
