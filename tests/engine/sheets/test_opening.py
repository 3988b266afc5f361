import csv
import struct
import zlib
from contextlib import suppress
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianqiao_engine.sheets import BadWorkbook, read_lists

from .test_reader import TODAY
from .workbooks import Page, of, write

ROWS = [of("企业名称|需求描述|联系电话"), of("甲公司|需要造价员，两名|13800000000")]


def read(path):
    return read_lists(path, today=TODAY)


def what_is_wrong_with(path):
    with pytest.raises(BadWorkbook) as refused:
        read(path)
    assert refused.value.path == path
    return refused.value.what


def workbook(tmp_path, name="lists.xlsx"):
    return write(tmp_path / name, [Page("需求清单", ROWS)])


def changed(tmp_path, change, source=None):
    """Write the parts of a workbook anew as `change(name, bytes)` returns them."""
    target = tmp_path / "changed.xlsx"
    with ZipFile(source or workbook(tmp_path)) as before, ZipFile(target, "w", ZIP_DEFLATED) as after:
        for part in before.namelist():
            after.writestr(part, change(part, before.read(part)))
    return target


def in_sheet(old, new):
    return lambda name, data: data.replace(old, new) if name == "xl/worksheets/sheet1.xml" else data


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("sign", [",", "\t", ";"])
def test_csv_is_read_in_each_encoding(tmp_path, encoding, sign):
    path = tmp_path / "需求清单.csv"
    path.write_text("\n".join(sign.join(row) for row in ROWS), encoding=encoding)

    lists = read(path)

    assert lists.lines[0].values == {
        "enterprise": "甲公司",
        "content": "需要造价员，两名",
        "phone": "13800000000",
    }
    assert [remark.what for remark in lists.remarks] == ["encoding guessed"] * (encoding == "gb18030")


def test_a_workbook_is_told_by_its_bytes_not_by_its_name(tmp_path):
    assert len(read(workbook(tmp_path, "lists.csv")).lines) == 1


def test_ods_is_read(tmp_path):
    path = tmp_path / "lists.ods"
    rows = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
            for cell in row
        )
        + "</table:table-row>"
        for row in ROWS
    )
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    with ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr(
            "content.xml",
            f'<?xml version="1.0"?><office:document-content {spaces}><office:body><office:spreadsheet>'
            f'<table:table table:name="需求清单">{rows}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )

    assert [line.values["enterprise"] for line in read(path).lines] == ["甲公司"]


def test_xls_is_read(tmp_path):
    path = tmp_path / "lists.xls"
    path.write_bytes(old_workbook("需求清单", ROWS))

    assert [line.values["enterprise"] for line in read(path).lines] == ["甲公司"]


def test_a_cell_far_out_of_an_xls_is_refused_before_it_is_laid_out(tmp_path):
    path = tmp_path / "lists.xls"
    first = struct.pack("<HHHH", 0x204, 15, 1, 0)
    path.write_bytes(
        old_workbook("需求清单", ROWS).replace(first, struct.pack("<HHHH", 0x204, 15, 65_535, 255))
    )

    assert what_is_wrong_with(path) == "too large"


def old_workbook(name, rows):
    """The least .xls: one BIFF8 stream of labels in a compound file (MS-XLS 2.1, MS-CFB 2.2)."""

    def record(kind, data):
        return struct.pack("<HH", kind, len(data)) + data

    def begin(kind):
        return record(0x809, struct.pack("<HHHHII", 0x600, kind, 0, 0, 0, 0))

    cells = b"".join(
        record(0x204, struct.pack("<HHHHB", r, c, 0, len(cell), 1) + cell.encode("utf-16-le"))
        for r, row in enumerate(rows)
        for c, cell in enumerate(row)
    )
    title = struct.pack("<BB", len(name), 1) + name.encode("utf-16-le")
    place = len(begin(5)) + 4 + 6 + len(title) + 4
    stream = begin(5) + record(0x85, struct.pack("<IH", place, 0) + title) + record(0xA, b"")
    stream = (stream + begin(16) + cells + record(0xA, b"")).ljust(4096, b"\0")
    sectors = len(stream) // 512
    ends, free = 0xFFFFFFFE, 0xFFFFFFFF
    table = [0xFFFFFFFD, ends, *range(3, 2 + sectors), ends]
    table += [free] * (128 - len(table))

    def entry(title, kind, child, start, size):
        name = title.encode("utf-16-le") + b"\0\0"
        links = struct.pack("<HBBIII", len(name) if title else 0, kind, 1, free, free, child)
        return name.ljust(64, b"\0") + links + b"\0" * 36 + struct.pack("<IQ", start, size)

    folder = entry("Root Entry", 5, 1, ends, 0) + entry("Workbook", 2, free, 2, len(stream))
    folder += entry("", 0, free, 0, 0) * 2
    head = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    head += b"\0" * 6 + struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, ends, 0, ends, 0)
    head += struct.pack("<109I", 0, *[free] * 108)
    return head + struct.pack("<128I", *table) + folder + stream


def test_macros_are_not_run_but_remarked(tmp_path):
    path = workbook(tmp_path)
    with ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macro")

    lists = read(path)

    assert [remark.what for remark in lists.remarks] == ["macros"]
    assert len(lists.lines) == 1


WORDS = [
    "序号",
    "企业名称",
    "需求描述",
    "联系电话",
    "期望完成时间",
    "类型",
    "资源",
    "合计",
    "同上",
    "2月30日",
    "1.5亿",
    "\0",
    "=1+1",
    "\u202e",
    "😀",
]


@given(st.lists(st.lists(st.sampled_from(WORDS) | st.text(max_size=4), max_size=6), max_size=12))
def test_any_table_is_read_or_refused(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("any") / "需求清单.csv"
    with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
        csv.writer(file).writerows(rows)

    with suppress(BadWorkbook):
        assert len(read(path).lines) <= len(rows)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not a workbook"),
        (b"", "nothing in it"),
        (b"PK\x03\x04 torn", "damaged"),
        (
            bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
            "password",
        ),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "damaged"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "web page"),
        ("企业,需求\n".encode() + b"\xff\xff\x80", "encoding"),
        (b"a,b\n" + b"x" * 40_000, "cell too long"),
        (b"a,b\n" + b"x" * 200_000, "cell too long"),
        (b"," * 300, "too many columns"),
        (b"a,b\n" * 200_001, "too many rows"),
    ],
)
def test_what_is_no_workbook_is_refused(tmp_path, data, what):
    path = tmp_path / "lists.xlsx"
    path.write_bytes(data)

    assert what_is_wrong_with(path) == what


def test_a_zip_that_is_no_workbook_is_refused(tmp_path):
    path = tmp_path / "lists.xlsx"
    with ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")

    assert what_is_wrong_with(path) == "not a workbook"


def test_a_document_type_is_refused(tmp_path):
    declared = b'<!DOCTYPE worksheet [<!ENTITY a SYSTEM "file:///etc/passwd">]><worksheet'

    assert what_is_wrong_with(changed(tmp_path, in_sheet(b"<worksheet", declared))) == "document type"


@pytest.mark.parametrize(
    ("cell", "what"),
    [
        (b'<c r="A1048576"><v>1</v></c>', "too many rows"),
        (b"<c r='XFD1'><v>1</v></c>", "too many columns"),
        (b'<c r="GR1"><v>1</v></c></row><row r="150000"><c r="A150000"><v>1</v></c>', "too large"),
    ],
)
def test_a_cell_far_out_is_refused_before_it_is_laid_out(tmp_path, cell, what):
    path = changed(tmp_path, in_sheet(b"</row></sheetData>", cell + b"</row></sheetData>"))

    assert what_is_wrong_with(path) == what


def test_a_bomb_is_refused_whatever_size_it_claims(tmp_path):
    path = changed(tmp_path, in_sheet(b"<sheetData>", b"<sheetData>" + b" " * 5_000_000))
    data = bytearray(path.read_bytes())
    claimed = struct.pack("<I", 5_000_000 // 2**16)
    with ZipFile(path) as archive:
        size = struct.pack("<I", archive.getinfo("xl/worksheets/sheet1.xml").file_size)
    path.write_bytes(data.replace(size, claimed))

    assert what_is_wrong_with(path) == "damaged"


def test_a_bomb_that_says_so_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("lianqiao_engine.sheets.archive.LARGEST", 2**20)

    assert (
        what_is_wrong_with(changed(tmp_path, in_sheet(b"<sheetData>", b"<sheetData>" + b" " * 2**20)))
        == "too large"
    )


def test_parts_that_share_their_bytes_are_refused(tmp_path):
    packed = zlib.compress(b" " * 2**20)
    path = workbook(tmp_path)
    with ZipFile(path, "a") as archive:
        archive.writestr("a.xml", packed)
        twin = archive.getinfo("a.xml")
        for _ in range(50):
            archive.filelist.append(twin)
        archive._didModify = True

    assert what_is_wrong_with(path) == "damaged"
