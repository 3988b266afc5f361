"""Comments, files and saved filters."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from lianqiao.core.actor import Role
from lianqiao.lists.models import Attachment, Comment, SavedFilter
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_entry_comment_is_between_the_asker_and_the_office(login, contact, staff, here):
    row = make.entry(on=here, organisation=contact.organisation)
    url, other = reverse("entry_comment", args=[row.pk]), make.position(Role.ENTERPRISE_CONTACT, here)
    codes = [login(held).post(url, {"text": "请问几楼？"}).status_code for held in (staff, contact, other)]
    login(contact).post(url, {"text": " "})
    texts = [
        login(held).get(reverse("entry_detail", args=[row.pk])).content.decode() for held in (contact, other)
    ]

    assert codes == [302, 302, 404]
    assert Comment.objects.count() == 2
    assert [text.count("请问几楼？") for text in texts] == [2, 0]


def test_comment_remove_by_its_writer_or_the_office(login, contact, staff, here):
    row = make.entry(on=here, organisation=contact.organisation)
    mine, theirs = (
        row.comments.create(person=held.person, position_label="x", text="y", at=timezone.now())
        for held in (contact, staff)
    )
    client = login(contact)
    codes = [client.post(reverse("comment_remove", args=[each.pk])).status_code for each in (mine, theirs)]

    assert codes == [302, 403]
    assert list(Comment.objects.order_by("pk").values_list("state", flat=True)) == ["removed", "shown"]


def office_file(*parts):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for part in ("[Content_Types].xml", *parts):
            archive.writestr(part, "<x/>")
    return stream.getvalue()


FILES = {
    "a.pdf": (b"%PDF-1.7 x", True),
    "a.png": (b"\x89PNG\r\n\x1a\nx", True),
    "说明.docx": (office_file("word/document.xml"), True),
    "a.xlsx": (office_file("word/document.xml"), False),
    "macro.xlsx": (office_file("xl/workbook.xml", "xl/vbaProject.bin"), False),
    "b.pdf": (b"MZ executable", False),
    "page.html": (b"<script>", False),
    "old.doc": (b"\xd0\xcf\x11\xe0", False),
    "nul.txt": (b"a\0b", False),
    "gbk.txt": ("中文".encode("gbk"), False),
    "broken.docx": (b"PK\x03\x04", False),
    "bomb.docx": (office_file("word/document.xml") + b"PK\x01\x02" * 6000, False),
}


@pytest.mark.parametrize("name", FILES)
def test_attachment_add_takes_a_file_by_what_it_is(login, contact, here, name, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    content, good = FILES[name]
    row = make.entry(on=here, organisation=contact.organisation)
    file = SimpleUploadedFile(name, content)
    answer = login(contact).post(reverse("attachment_add", args=[row.pk]), {"file": file})

    assert answer.status_code == (302 if good else 200)
    assert [(a.name, a.size) for a in Attachment.objects.all()] == ([(name, len(content))] if good else [])
    assert len(list((tmp_path / "entries").glob("*")) if (tmp_path / "entries").exists() else []) == good


def test_attachment_open_and_attachment_remove_for_those_who_see_and_keep_the_entry(
    login, contact, staff, here, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.MEDIA_ROOT = tmp_path
    row = make.entry(on=here, organisation=contact.organisation, state="submitted")
    client, other = login(contact), make.position(Role.ENTERPRISE_CONTACT, here)
    add = reverse("attachment_add", args=[row.pk])
    for _ in range(2):
        twice = client.post(add, {"file": SimpleUploadedFile("a.pdf", b"%PDF-1.7 x")})
    file = Attachment.objects.get()
    url = reverse("attachment_open", args=[file.pk])
    opened = client.get(url)
    content = b"".join(opened.streaming_content)
    codes = [login(held).get(url).status_code for held in (staff, other)]
    with django_capture_on_commit_callbacks(execute=True):
        refused = login(other).post(reverse("attachment_remove", args=[file.pk]))
        removed = client.post(reverse("attachment_remove", args=[file.pk]))

    assert "这个文件已经附在这条下面" in twice.content.decode()
    assert (content, opened["Content-Disposition"]) == (b"%PDF-1.7 x", 'attachment; filename="a.pdf"')
    assert opened["X-Content-Type-Options"] == "nosniff"
    assert (codes, refused.status_code, removed.status_code) == ([200, 404], 404, 302)
    assert client.get(url).status_code == 404
    # The file stays until nobody can give it back any more.
    assert len(list(tmp_path.rglob("entries/*"))) == 1


def test_filter_save_and_filter_drop_are_one_s_own(login, staff, here):
    client, other = login(staff), login(make.position(Role.OFFICE_STAFF, here))
    for query in ("kind=need&q=a", "kind=need&q=b"):
        client.post(reverse("filter_save"), {"name": "常用", "query": query})
    row = SavedFilter.objects.get()
    listed = [list(each.get(reverse("entry_list")).context["saved"]) for each in (client, other)]
    codes = [each.post(reverse("filter_drop", args=[row.pk])).status_code for each in (other, client)]

    assert (row.query, listed, codes) == ("kind=need&q=b", [[row], []], [404, 302])
    assert not SavedFilter.objects.exists()
