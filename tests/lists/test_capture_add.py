"""From a text to entries: what is offered, what is written, what can be taken back."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from lianqiao.core.actor import Role
from lianqiao.lists.models import Capture, Entry
from tests import factories as make

from .captures import MINUTES, captured, given, written

pytestmark = pytest.mark.sqlite_tells

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def docx(text, head=""):
    paragraphs = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in text.split("\n"))
    stream = BytesIO()
    with ZipFile(stream, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "word/document.xml", f"{head}<w:document {W}><w:body>{paragraphs}</w:body></w:document>"
        )
    return stream.getvalue()


@pytest.mark.django_db
def test_capture_add_reads_a_docx_and_the_same_text_once(clerk, here):
    file = {"text": "", "file": SimpleUploadedFile("座谈纪要.docx", docx(MINUTES))}
    clerk.post(reverse("capture_add"), given(here, **file))
    capture = Capture.objects.get()

    assert (capture.name, capture.text) == ("座谈纪要", MINUTES)
    clerk.post(reverse("capture_add"), given(here))
    clerk.post(reverse("capture_add"), given(here, MINUTES.replace("\n", "\r\n")))
    assert Capture.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sent", "why"),
    [
        ({"text": " "}, "请粘贴文字"),
        ({"text": "", "file": SimpleUploadedFile("a.pdf", b"%PDF-1.4")}, "只能上传 .docx 和 .txt"),
        ({"text": "", "file": SimpleUploadedFile("a.docx", b"PK\x03\x04broken")}, "文件已损坏"),
        ({"text": "", "file": SimpleUploadedFile("a.docx", docx(MINUTES, '<!DOCTYPE a [<!ENTITY b "c">]>'))}, "外部文档定义"),
        ({"text": "", "file": SimpleUploadedFile("a.txt", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")}, "旧格式的 Word"),
        ({"text": "", "file": SimpleUploadedFile("a.txt", b"a\0b")}, "不是文字文件"),
        ({"text": MINUTES, "file": SimpleUploadedFile("a.txt", b"text")}, "只能选一种"),
        ({"text": "字" * 200_001}, "200000"),
    ],
)  # fmt: skip
def test_capture_add_says_why_it_cannot_read(clerk, here, sent, why):
    for file in sent.values():
        if not isinstance(file, str):
            file.seek(0)

    answer = clerk.post(reverse("capture_add"), given(here, **sent))

    assert answer.status_code == 200
    assert why in answer.content.decode()
    assert Capture.objects.count() == 0


@pytest.mark.django_db
def test_capture_add_of_a_damaged_text_keeps_a_readable_sentence(clerk, here):
    text = "淮海食品城，甲建筑公司提出，希望學(xué)校提供幕墻檢測技術(shù)支持。"
    capture = captured(clerk, here, text)

    written(clerk, capture, take_0="on")

    entry = Entry.objects.get()
    assert entry.source_sentence == "淮海食品城，甲建筑公司提出，希望学校提供幕墙检测技术支持。"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "role", [Role.LEADER, Role.ENTERPRISE_CONTACT, Role.SCHOOL_COORDINATOR, Role.AUDITOR, Role.STUDENT]
)
def test_capture_add_is_for_office_and_liaison(login, role):
    clerk = login(make.position(role))

    assert clerk.get(reverse("capture_add")).status_code == 403
    assert clerk.post(reverse("capture_drop", args=[1])).status_code == 403


@pytest.mark.django_db
def test_capture_add_of_a_very_long_list_shows_what_one_page_can_hold(clerk, here):
    text = "\n".join(f"甲建筑公司希望招聘造价员{n}名。" for n in range(1, 131))

    capture = captured(clerk, here, text)
    page = clerk.get(reverse("capture_review", args=[capture.pk])).content.decode()

    assert (len(capture.found["entries"]), capture.found["left_out"]) == (100, 30)
    assert "还有 30 条没有列出" in page
    assert written(clerk, capture).status_code == 302
    assert Entry.objects.count() == 100
