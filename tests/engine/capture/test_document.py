import zipfile
from pathlib import Path

import pytest

from lianqiao_engine.capture import BadText
from lianqiao_engine.capture.document import text_of

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def docx(path: Path, body: str, head: str = "", name: str = "word/document.xml") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, f"{head}<w:document {W}><w:body>{body}</w:body></w:document>")
    return path


def paragraph(text: str, before: str = "") -> str:
    return f"<w:p>{before}<w:r><w:t>{text}</w:t></w:r></w:p>"


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(text)}</w:tc>"


def test_paragraphs_lists_and_tables_become_lines(tmp_path: Path):
    listed = "<w:pPr><w:numPr/></w:pPr>"
    merged, going_on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    rows = [
        cell("甲公司", merged) + cell("焊工3名"),
        cell("", going_on) + cell("车工2名"),
    ]
    table = "".join(f"<w:tr>{row}</w:tr>" for row in rows)
    deleted = "<w:p><w:del><w:r><w:t>删去</w:t></w:r></w:del><w:r><w:t>留下</w:t></w:r></w:p>"

    text = text_of(
        docx(
            tmp_path / "a.docx",
            paragraph("标题") + paragraph("一项", listed) + f"<w:tbl>{table}</w:tbl>" + deleted,
        )
    )

    assert text.split("\n") == ["标题", "• 一项", "甲公司\t焊工3名", "甲公司\t车工2名", "留下"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_plain_text_is_read_in_its_encoding(tmp_path: Path, encoding: str):
    (tmp_path / "a.txt").write_bytes("会议纪要\r\n需求".encode(encoding))

    assert text_of(tmp_path / "a.txt") == "会议纪要\n需求"


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"%PDF-1.7 ...", "pdf"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "old word"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"PK\x03\x04 no archive", "damaged"),
        (b"\x80\xff\x80\xff", "encoding"),
        (b"\x89PNG\x00\x01\x02", "not a text"),
        (b"text\x00text", "not a text"),
        (b"<!DOCTYPE html><html>", "web page"),
        ("一".encode() * 200_001, "too long"),
    ],
)
def test_file_that_is_no_text_is_refused(tmp_path: Path, data: bytes, what: str):
    (tmp_path / "a.txt").write_bytes(data)

    assert refusal_of(tmp_path / "a.txt") == what


def test_document_type_and_its_entities_are_refused_unread(tmp_path: Path):
    bomb = '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]>'

    assert refusal_of(docx(tmp_path / "a.docx", paragraph("&c;"), bomb)) == "document type"


def test_part_that_unpacks_too_far_is_refused(tmp_path: Path):
    assert refusal_of(docx(tmp_path / "a.docx", paragraph(" " * (17 * 2**20)))) == "too large"


def test_archive_that_is_no_document_is_refused(tmp_path: Path):
    assert refusal_of(docx(tmp_path / "a.docx", "", name="xl/workbook.xml")) == "not a text"


def test_broken_xml_is_refused(tmp_path: Path):
    assert refusal_of(docx(tmp_path / "a.docx", "<w:p>")) == "damaged"


def refusal_of(path: Path) -> str:
    with pytest.raises(BadText) as refusal:
        text_of(path)
    return refusal.value.what
