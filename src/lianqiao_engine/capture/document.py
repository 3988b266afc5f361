"""The text of a file: plain text in the usual encodings, or the paragraphs and tables of a .docx."""

import re
import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree
from zipfile import BadZipFile, ZipFile

from lianqiao_engine.sheets.archive import DOCTYPE

from .model import LONGEST_TEXT, BadText

LARGEST_FILE, LARGEST_PART = 20 * 2**20, 16 * 2**20  # bytes
ZIP, OLE, PDF = b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1"), b"%PDF"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
MAIN = "word/document.xml"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def text_of(path: Path) -> str:
    """Read a file; raises BadText for what is no text, and OSError if it cannot be opened.

    Rows of tables become lines with their cells apart by tabs, a cell merged downwards stands in each of its rows, and
    items of automatic lists begin with •.
    """
    if path.stat().st_size > LARGEST_FILE:
        raise BadText("too large")
    data = path.read_bytes()
    if data.startswith(ZIP):
        text = _of_docx(data)
    elif data.startswith(OLE):
        raise BadText("password" if ENCRYPTED in data else "old word")
    elif data.startswith(PDF):
        raise BadText("pdf")
    else:
        text = _decoded(data)
    if len(text) > LONGEST_TEXT:
        raise BadText("too long")
    return text


def _decoded(data: bytes) -> str:
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ["utf-16"] if wide else ["utf-8-sig", "gb18030"]:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            raise BadText("not a text")
        if re.match(r"\s*(?:<!doctype html|<html|<\?xml)", text[:500], re.IGNORECASE):
            raise BadText("web page")
        return text.replace("\r\n", "\n").replace("\r", "\n")
    raise BadText("encoding")


def _of_docx(data: bytes) -> str:
    xml = _main_part(data)
    if DOCTYPE.search(xml):
        raise BadText("document type")
    try:
        root = ElementTree.fromstring(xml.replace(STRICT, W[1:-1].encode()))  # noqa: S314 - no document type, so no entities
    except (ElementTree.ParseError, ValueError):
        raise BadText("damaged") from None
    body = root.find(f"{W}body")
    if body is None:
        raise BadText("damaged")
    return "\n".join(_blocks(body))


def _main_part(data: bytes) -> bytes:
    try:
        with ZipFile(BytesIO(data)) as archive:
            part = archive.getinfo(MAIN)
            if part.flag_bits & 1:
                raise BadText("password")
            with archive.open(part) as stream:
                # The size in the directory is only a claim.
                xml = stream.read(LARGEST_PART + 1)
    except KeyError:
        raise BadText("not a text") from None
    except (
        BadZipFile,
        NotImplementedError,
        EOFError,
        OSError,
        ValueError,
        struct.error,
        zlib.error,
    ) as error:
        if isinstance(error, BadText):
            raise
        raise BadText("damaged") from None
    if len(xml) > LARGEST_PART:
        raise BadText("too large")
    return xml


def _blocks(parent: ElementTree.Element) -> Iterator[str]:
    for block in parent:
        if block.tag == f"{W}p":
            yield _paragraph(block)
        elif block.tag == f"{W}tbl":
            yield from _rows(block)
        elif block.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml"):
            yield from _blocks(block)


def _paragraph(paragraph: ElementTree.Element) -> str:
    text = "".join(_runs(paragraph)).strip()
    listed = paragraph.find(f"{W}pPr/{W}numPr") is not None
    return f"• {text}" if listed and text else text


def _runs(element: ElementTree.Element) -> Iterator[str]:
    """The words in their order, without what was deleted and without a second copy for older programs."""
    waiting = [element]
    while waiting:
        one = waiting.pop()
        if one.tag in (f"{W}del", f"{W}moveFrom", FALLBACK, f"{W}pPr", f"{W}rPr"):
            continue
        if one.tag == f"{W}t":
            yield one.text or ""
        elif one.tag == f"{W}tab":
            yield " "
        elif one.tag in (f"{W}br", f"{W}cr"):
            yield "\n"
        waiting.extend(reversed(one))


def _rows(table: ElementTree.Element) -> Iterator[str]:
    above: list[str] = []
    for row in table.iter(f"{W}tr"):
        cells: list[str] = []
        for cell in row.iter(f"{W}tc"):
            merged = cell.find(f"{W}tcPr/{W}vMerge")
            text = re.sub(r"\s+", " ", " ".join("".join(_runs(one)) for one in cell.iter(f"{W}p"))).strip()
            if merged is not None and merged.get(f"{W}val") != "restart" and len(cells) < len(above):
                text = above[len(cells)]
            cells.append(text or " ")
        above = cells
        yield "\t".join(cells)
