"""The Word document as python-docx reads it, and templates as staff hand them in."""

import zipfile
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Pt

from lianqiao.agreements.documents import checked_template, default_template, word_of
from lianqiao.agreements.models import AgreementKind, AgreementTemplate
from lianqiao.agreements.queries import last_version
from lianqiao.lists.files import HasMacros, OtherContent
from tests.agreements import rows

KIND = "party_building"


def saved(document):
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def written(*texts):
    document = Document()
    for text in texts:
        document.add_paragraph(text)
    return saved(document)


LOOPS = [
    "{{ 协议名称 }}",
    "{%p for 方 in 签署方 %}",
    "{{ 方.名称 }}",
    "{%p endfor %}",
    "{%p for 条 in 条款 %}",
    "{{ 条.标题 }}",
    "{%p endfor %}",
]


def codes(content, kind=KIND):
    return [(flaw.code, flaw.what) for flaw in checked_template("模板.docx", content, kind).flaws]


def test_default_template_is_laid_out_as_an_official_document():
    document = Document(BytesIO(default_template()))
    section, style = document.sections[0], document.styles["Normal"]
    grid = section._sectPr.find(qn("w:docGrid"))
    heading = next(p for p in document.paragraphs if "条.标题 }}" in p.text)
    title = document.paragraphs[0]

    assert [side.mm for side in (section.page_width, section.page_height)] == pytest.approx(
        [210, 297], abs=0.1
    )
    assert [
        m.mm for m in (section.top_margin, section.left_margin, section.right_margin, section.bottom_margin)
    ] == pytest.approx([37, 28, 26, 35], abs=0.1)
    assert section.page_width.mm - section.left_margin.mm - section.right_margin.mm == pytest.approx(
        156, abs=0.1
    )
    assert (grid.get(qn("w:type")), grid.get(qn("w:linePitch")), grid.get(qn("w:charSpace"))) == (
        "linesAndChars",
        "579",
        "-849",
    )
    assert (style.font.name, style.font.size, style.paragraph_format.line_spacing) == (
        "仿宋_GB2312",
        Pt(16),
        Pt(28.95),
    )
    assert style._element.rPr.rFonts.get(qn("w:eastAsia")) == "仿宋_GB2312"
    assert (title.runs[0].font.name, title.runs[0].font.size, title.alignment) == (
        "方正小标宋简体",
        Pt(22),
        1,
    )
    assert heading.runs[0].font.name == "黑体"
    assert heading._element.pPr.find(qn("w:ind")).get(qn("w:firstLineChars")) == "200"
    assert (section.footer.paragraphs[0].text, section.footer.paragraphs[0].alignment) == ("—  —", 2)
    assert (
        section.even_page_footer.paragraphs[0].alignment,
        document.settings.odd_and_even_pages_header_footer,
    ) == (0, True)
    assert section.footer.paragraphs[0].runs[0].font.size == Pt(14)


@pytest.mark.parametrize("kind", AgreementKind.values)
def test_default_template_passes_its_own_check(kind):
    assert codes(default_template(), kind) == []


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [k for k in AgreementKind.values if k != "internship"])
def test_document_of_each_kind_reads_as_the_version(pair, office, kind):
    rows.match(pair, scope="建立实训基地 <第一期> & 共同授课")
    row = rows.drafted(pair, kind, by=office)
    version = last_version(row)
    text = [p.text for p in Document(BytesIO(word_of(None, kind, version, version.fields))).paragraphs]

    assert text[0] == row.title
    assert "乙方：云川至安建筑劳务有限公司" in text
    assert "统一社会信用代码：91320300MA1Y0A0B0R" in text
    assert not [line for line in text if "{{" in line or "{%" in line]
    assert [line for line in text if line.startswith("一、")]
    assert any("建立实训基地 <第一期> & 共同授课" in line for line in text) or kind == "mentoring"
    assert text.count("法定代表人或授权代表（签字）：") == row.parties.count()


@pytest.mark.django_db
def test_template_that_was_edited_in_word_is_filled(pair, office):
    """Word cuts a field into pieces when somebody formats half of it, and people put fields into tables and headers."""
    rows.match(pair)
    version = last_version(rows.drafted(pair, by=office))
    document = Document()
    split = document.add_paragraph()
    for piece in ("{", "{ 协议", "名称", " }", "}"):
        split.add_run(piece).bold = piece == "名称"
    table = document.add_table(rows=3, cols=2)
    table.cell(0, 0).text = "{%tr for 方 in 签署方 %}"
    table.cell(1, 0).text, table.cell(1, 1).text = "{{ 方.称谓 }}", "{{ 方.名称 }}"
    table.cell(2, 0).text = "{%tr endfor %}"
    document.sections[0].header.paragraphs[0].text = "{{ 产业链 }}"
    for text in (
        "{%p for 条 in 条款 %}",
        "{{ 条.序号 }} {{ 条.标题 }}",
        "{%p for 段 in 条.段落 %}",
        "{{ 段 }}",
        "{%p endfor %}",
        "{%p endfor %}",
    ):
        document.add_paragraph(text)
    content = saved(document)
    assert codes(content) == []
    template = AgreementTemplate(chain=pair.chain, kind=KIND, name="x", sha256="0" * 64)
    template.file.save("agreements/templates/edited", SimpleUploadedFile("x.docx", content), save=False)
    filled = Document(BytesIO(word_of(template, KIND, version, version.fields)))

    assert filled.paragraphs[0].text == version.fields["协议名称"]["value"]
    assert [[c.text for c in r.cells] for r in filled.tables[0].rows] == [
        ["甲方", "云川建筑职业技术学院建造学院"], ["乙方", "云川至安建筑劳务有限公司"], ["丙方", "建筑产业链党委"],
    ]  # fmt: skip
    assert filled.sections[0].header.paragraphs[0].text == "建筑产业链"


@pytest.mark.parametrize(
    ("texts", "flaw"),
    [
        (["{{ 甲放 }}"], ("unknown_field", "甲放")),
        (["{{ 协议名称 "], ("unclosed", "{{ 协议名称 ")),
        (["｛｛甲方｝｝"], ("wide_brackets", "｛｛甲方｝｝")),
        (["{%p for 甲 in 甲方 %}", "{%p endfor %}"], ("no_such_list", "甲方")),
        (["{{ 条款 }}"], ("list_as_field", "条款")),
        (["{%p for 条 in 条款 %} {{ 条.标题 }}", "{%p endfor %}"], ("text_beside_tag", "{%p for 条 in 条款 %} {{ 条.")),
        (["{%p if 甲方 %}{%p endif %}"], ("two_in_a_paragraph", "{%p if 甲方 %}")),
        (["{{ cycler.__init__.__globals__.os }}"], ("unknown_field", "cycler.__init__.__globals__.os")),
        (["{{ 甲方|upper }}"], ("not_allowed", "Filter")),
        (["{{ range(9) }}"], ("not_allowed", "Call")),
        (["{{ 甲方.__class__ }}"], ("unknown_field", "甲方.__class__")),
        (["{% set 甲 = 乙方 %}"], ("not_allowed", "Assign")),
        (["{% include '/etc/passwd' %}"], ("not_allowed", "Include")),
    ],
)  # fmt: skip
def test_template_with_a_flaw_is_refused_by_name(texts, flaw):
    assert codes(written(*LOOPS, *texts)) == [flaw]


def test_template_without_a_loop_end_is_refused_at_its_place():
    (flaw,) = checked_template(
        "x.docx", written("{{ 协议名称 }}", "{%p for 条 in 条款 %}", "{{ 条.标题 }}"), KIND
    ).flaws

    assert (flaw.code, flaw.paragraph, flaw.text) == ("broken", 2, "{%p for 条 in 条款 %}")


def test_template_without_what_it_needs_is_refused():
    assert codes(written("{{ 协议名称 }}")) == [("missing", "条款"), ("missing", "签署方")]


def test_field_hidden_in_an_attribute_is_seen():
    """docxtpl fills the file's XML as it is, so a field need not stand in any text."""
    document = Document()
    for text in LOOPS:
        document.add_paragraph(text)
    document.paragraphs[0]._p.set(qn("w:rsidR"), "{{ lipsum.__globals__ }}")

    assert codes(saved(document)) == [("unknown_field", "lipsum.__globals__")]


def test_field_in_the_properties_of_a_file_is_not_filled():
    document = Document(BytesIO(default_template()))
    document.core_properties.title = "{{ cycler.__init__.__globals__.os.popen('id').read() }}"

    assert codes(saved(document)) == []


def changed_part(content, name, change):
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            data = old.read(part.filename)
            new.writestr(part.filename, change(data) if part.filename == name else data)
    return out.getvalue()


def test_template_with_something_from_outside_is_refused():
    outside = b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" Target="http://example.org/x.dotm" TargetMode="External"/></Relationships>'
    rels = "word/_rels/document.xml.rels"
    content = changed_part(default_template(), rels, lambda data: data.replace(b"</Relationships>", outside))
    doctype = changed_part(
        default_template(), "word/styles.xml", lambda data: data.replace(b"?>", b"?><!DOCTYPE x []>", 1)
    )
    fetching = changed_part(
        default_template(),
        "word/document.xml",
        lambda data: data.replace(
            b"</w:body>", b'<w:p><w:r><w:instrText>INCLUDETEXT "c:/x"</w:instrText></w:r></w:p></w:body>'
        ),
    )

    assert [codes(each) for each in (content, doctype, fetching)] == [
        [("outside_content", rels)], [("active_content", "word/styles.xml")], [("outside_content", "INCLUDETEXT")],
    ]  # fmt: skip


def test_template_with_macros_and_what_is_no_document_are_refused():
    out = BytesIO(default_template())
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("word/vbaProject.bin", b"x")

    with pytest.raises(HasMacros):
        checked_template("x.docx", out.getvalue(), KIND)
    with pytest.raises(OtherContent):
        checked_template("x.docx", b"PK nothing", KIND)


@pytest.mark.django_db
def test_template_add_keeps_a_good_one_and_tells_the_places_of_a_bad_one(login, staff, here, pair, office):
    client, url = login(staff), reverse("template_add")
    facts = {"chain": here.pk, "kind": KIND, "name": "本处模板"}
    bad = client.post(url, facts | {"file": SimpleUploadedFile("a.docx", written(*LOOPS, "{{ 甲放 }}"))})
    good = client.post(url, facts | {"file": SimpleUploadedFile("a.docx", default_template())})
    kept = AgreementTemplate.objects.get()
    row = rows.drafted(pair, by=office)

    assert "没有“甲放”这个字段" in bad.content.decode()
    assert "第 8 段" in bad.content.decode()
    assert (good.status_code, kept.name, row.template) == (302, "本处模板", kept)
    assert client.get(reverse("agreement_word", args=[row.pk])).status_code == 200
    assert b"".join(client.get(reverse("template_open", args=[kept.pk])).streaming_content)[:2] == b"PK"
