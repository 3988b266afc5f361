"""Bad input: refused with its reason, within its bounds, and nothing written."""

import resource
from io import BytesIO
from subprocess import CompletedProcess
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.urls import reverse

from lianqiao.core import bounded
from lianqiao.lists.imports import reading
from lianqiao.lists.imports.actions.carrying import ChangedMeanwhile
from lianqiao.lists.models import Entry, Import
from tests import factories as make
from tests.engine.sheets.workbooks import Page, of
from tests.lists.workbooks import carried_out, chain_with_words, checked, content_of, needs, office

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("programs_start_in_earnest"),
    pytest.mark.sqlite_tells,
]
SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture(autouse=True)
def own_data(settings, tmp_path):
    settings.DATA = tmp_path


def good() -> bytes:
    return content_of([Page("需求清单", [of("企业名称|需求描述"), of("甲公司|幕墙检测新技术")])])


def with_part(name: str, old: bytes, new: bytes) -> bytes:
    stream = BytesIO()
    with ZipFile(BytesIO(good())) as before, ZipFile(stream, "w", ZIP_DEFLATED) as after:
        for part in before.namelist():
            data = before.read(part)
            after.writestr(part, data.replace(old, new) if part == name else data)
    return stream.getvalue()


def bomb() -> bytes:
    return with_part(SHEET, b"<sheetData>", b"<sheetData>" + b" " * (420 * 2**20))


def encrypted() -> bytes:
    name = "EncryptedPackage".encode("utf-16-le")
    return bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 504 + name.ljust(512, b"\0")


def many_rows() -> bytes:
    return with_part(
        SHEET, b"</sheetData>", b'<row r="1000000"><c r="A1000000"><v>1</v></c></row></sheetData>'
    )


def long_cell() -> bytes:
    return b"\xef\xbb\xbf" + "企业名称,需求描述\n甲公司,".encode() + b"a" * (10 * 2**20)


BAD = {
    "zip bomb": (bomb, "too large"),
    "external entity": (lambda: with_part(SHEET, b"<worksheet", b'<!ENTITY x SYSTEM "file:///etc/passwd"><worksheet'), "document type"),
    "document type": (lambda: with_part(SHEET, b"<worksheet", b"<!DOCTYPE a><worksheet"), "document type"),
    "a million rows": (many_rows, "too many rows"),
    "password": (encrypted, "password"),
    "a cell of 10 MB": (long_cell, "cell too long"),
    "nul": (lambda: b"a,b\0c\n", "not a workbook"),
    "a web page": (lambda: b"<html><table><tr><td>1</td></tr></table>", "web page"),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n\0\0", "not a workbook"),
    "cut off": (lambda: good()[:-200], "damaged"),
    "empty": (lambda: b"\n", "nothing in it"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_import_of_bad_input_is_refused_with_its_reason_and_writes_nothing(login, name):
    make_content, code = BAD[name]
    on = chain_with_words()
    by = office(on)
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)

    with pytest.raises(reading.Unreadable) as refused:
        checked(make_content(), by, on)

    now = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert refused.value.code == code
    assert str(refused.value) == str(reading.REASONS[code])
    assert now.ru_utime - spent.ru_utime < 3
    imported = Import.objects.get()
    assert (imported.state, imported.problem, Entry.objects.count()) == ("refused", code, 0)


def test_import_refused_can_be_uploaded_anew_or_dropped(login):
    on = chain_with_words()
    held = make.position("office_staff", on)
    with pytest.raises(reading.Unreadable):
        checked(b"\0", make.actor_of(held), on)

    answer = login(held).post(reverse("import_drop", args=[Import.objects.get().pk]))

    assert (answer.status_code, Import.objects.get().state) == (302, "dropped")


def test_macros_are_told_and_not_run():
    on = chain_with_words()
    stream = BytesIO(good())
    with ZipFile(stream, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")

    imported = checked(stream.getvalue(), office(on), on, "a.xlsm")

    assert [one.code for one in imported.problems.filter(row=0)] == ["macros"]


def test_reader_that_asks_for_more_than_it_may_have_ends_and_says_too_large(tmp_path, monkeypatch):
    on = chain_with_words()
    monkeypatch.setattr(reading, "MEMORY", 8 * 2**20)

    with pytest.raises(reading.Unreadable) as refused:
        checked(needs(*(f"{n}|甲公司|施工|技术|第{n}件事情" for n in range(3000))), office(on), on)

    assert refused.value.code == "too large"


def test_book_is_read_along_before_its_reader_ends_and_a_reader_that_fails_then_is_noticed(tmp_path):
    told = tmp_path / "a.told"
    told.write_bytes(b'{"sheet":{"name":"a"}}\n{"lines":{"rows":[1]}}\n{"lines":{"ro')
    reader = reading.Reader()
    book = reading.Book(told, reader)

    book.take_head()
    pieces = book.pieces()
    first = next(pieces)
    with told.open("ab") as out:
        out.write(b'ws":[2]}}\n')
    second = next(pieces)
    reader.set_result(CompletedProcess([], -9))

    assert (book.sheets, first, second) == ([{"name": "a"}], {"rows": [1]}, {"rows": [2]})
    with pytest.raises(reading.Unreadable) as refused:
        next(pieces)
    assert refused.value.code == "too large"


def test_bounded_program_has_no_more_memory_than_it_is_given():
    done = bounded.opened("json.tool", "--help", memory=2**30)
    starved = bounded.opened("json.tool", "--help", memory=2**16)

    assert (done.returncode, starved.returncode != 0) == (0, True)


def test_import_entries_of_a_file_twice_at_once_writes_it_once():
    on = chain_with_words()
    make.member(on, "甲公司")
    by = office(on)
    first, second = (checked(good(), by, on) for _ in range(2))

    carried_out(first, by)
    with pytest.raises(ChangedMeanwhile):
        carried_out(second, by)

    assert Entry.objects.count() == 1
    assert Import.objects.get(pk=second.pk).state == "checked"


def test_import_entries_twice_of_one_import_writes_it_once():
    on = chain_with_words()
    make.member(on, "甲公司")
    by = office(on)
    imported = checked(good(), by, on)

    carried_out(imported, by)
    carried_out(imported, by)

    assert Entry.objects.count() == 1
