"""The register and one agreement: who reaches it, and that what is not one's own is not there."""

from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from docx import Document
from python_calamine import CalamineWorkbook

from lianqiao.agreements.actions import moves
from lianqiao.agreements.actions.editing import write_clauses
from lianqiao.agreements.actions.reviewing import remark
from lianqiao.agreements.queries import last_version, parties_of
from lianqiao.core.actor import Role
from tests import factories as make
from tests.agreements import rows

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_tells]
PDF = b"%PDF-1.4 scanned"


def at(name, *args):
    return reverse(name, args=args)


def test_agreement_list_same_number_of_queries(login, staff, here, school, firm, django_assert_num_queries):
    client = login(staff)
    first = rows.pairing(here, school, make.unit(school), firm)
    rows.match(first)
    rows.signed(first)
    client.get(at("agreement_list"))
    with django_assert_num_queries(12):
        client.get(at("agreement_list"))
    for _n in range(2):
        more = rows.pairing(here, school, make.unit(school), make.member(here))
        rows.match(more)
        rows.signed(more)
    with django_assert_num_queries(12):
        client.get(at("agreement_list"))


def test_agreement_list_shows_a_party_its_own_only(login, pair, office, contact, stranger, teacher):
    rows.match(pair)
    row = rows.sent(pair, by=office)

    found = [
        [a.pk for a, _cells in login(who).get(at("agreement_list")).context["listing"].table]
        for who in (contact, teacher, stranger)
    ]
    assert found == [[row.pk], [row.pk], []]


def test_agreement_list_is_exported_with_the_columns_of_an_office(login, pair, staff, office):
    rows.match(pair)
    row = rows.signed(pair, by=office)
    answer = login(staff).get(at("agreement_list"), {"export": "xlsx", "q": "至安"})
    sheet = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()

    assert sheet[0] == [
        "协议名称",
        "协议编号",
        "协议种类",
        "签约各方",
        "状态",
        "签订日期",
        "到期日期",
        "履约（已履行/应履行）",
    ]
    assert sheet[1][:5] == [
        row.title, row.number, "党建共建协议", "建造学院、云川至安建筑劳务有限公司、建筑产业链党委", "已签订",
    ]  # fmt: skip
    assert sheet[1][7] == "0/22"


@pytest.mark.parametrize(
    ("filters", "found"),
    [({"state": "signed"}, 1), ({"state": "open"}, 0), ({"kind": "mentoring"}, 0), ({"q": "zhian"}, 1),
     ({"filed": "no"}, 1), ({"ends": "30"}, 0), ({"dimension": "research"}, 1), ({"dimension": "industry"}, 0)],
)  # fmt: skip
def test_agreement_list_narrows(login, pair, staff, office, filters, found):
    rows.match(pair)
    rows.signed(pair, by=office)

    assert len(login(staff).get(at("agreement_list"), filters).context["listing"].table) == found


def test_agreement_detail_of_another_is_not_there(login, pair, office, stranger, contact):
    rows.match(pair)
    row = rows.sent(pair, by=office)

    assert login(stranger).get(at("agreement_detail", row.pk)).status_code == 404
    assert login(contact).get(at("agreement_detail", row.pk)).status_code == 200
    assert login(None).get(at("agreement_detail", row.pk)).status_code == 302


def test_agreement_detail_of_a_draft_is_the_offices_alone(login, pair, office, contact, staff, here):
    row = rows.drafted(pair, by=office)
    leader = make.position(Role.LEADER, here)

    assert [
        login(who).get(at("agreement_detail", row.pk)).status_code for who in (staff, contact, leader)
    ] == [200, 404, 404]


def test_agreement_detail_shows_fields_with_their_origin(login, pair, office, staff):
    rows.match(pair, scope="共建装配式实训基地")
    row = rows.drafted(pair, by=office)
    shown = {
        f["name"]: (f["value"], str(f["origin"]))
        for f in login(staff).get(at("agreement_detail", row.pk)).context["fields"]
    }

    assert shown["乙方信用代码"] == ("91320300MA1Y0A0B0R", "单位档案")
    assert shown["合作内容"] == ("共建装配式实训基地", "对接商定的内容")


def test_agreement_detail_hides_negotiation_and_people_from_a_leader(login, pair, office, contact, here):
    rows.match(pair)
    row = rows.sent(pair, by=office)
    party = parties_of(row)[1]
    remark(
        row, party, by=make.actor_of(contact), now=timezone.now(), clause="goal", text="只和您说：六次太多"
    )
    type(party).objects.filter(pk=party.pk).update(liaison="王小明专用")
    row = moves.reopen(row, by=office, now=timezone.now())
    rows.fill(row, office)
    row = moves.send(row, by=office, now=timezone.now())
    rows.agree_all(row)
    body = login(make.position(Role.LEADER, here)).get(at("agreement_detail", row.pk)).content.decode()

    assert "六次太多" not in body
    assert "王小明专用" not in body
    assert "王**" in body


def test_agreement_word_pdf_and_print_are_of_the_text(login, pair, office, contact, here):
    rows.match(pair)
    row = rows.final(pair, by=office)
    client = login(contact)
    word, pdf, paper = (client.get(at(f"agreement_{name}", row.pk)) for name in ("word", "pdf", "print"))
    leader = login(make.position(Role.LEADER, here))
    lines = [line.text for line in Document(BytesIO(word.content)).paragraphs]

    assert f"协议编号：{row.number}" in lines
    assert (word.status_code, word.content[:2], pdf.content[:5]) == (200, b"PK", b"%PDF-")
    assert row.title in paper.content.decode()
    assert (
        leader.get(at("agreement_word", row.pk)).status_code,
        leader.get(at("agreement_print", row.pk)).status_code,
    ) == (403, 200)


def test_agreement_pdf_without_the_extra_says_so(login, pair, office, staff, monkeypatch):
    row = rows.drafted(pair, by=office)
    monkeypatch.setattr("lianqiao.agreements.printing.weasyprint", lambda: None)
    monkeypatch.setattr("lianqiao.agreements.pages.facts.can_pdf", lambda: False)
    client = login(staff)

    assert "没有安装 PDF 组件" in client.get(at("agreement_detail", row.pk)).content.decode()
    assert client.get(at("agreement_pdf", row.pk)).status_code == 409


def test_agreement_compare_marks_words(login, pair, office, staff):
    rows.match(pair)
    row = moves.reopen(rows.sent(pair, by=office), by=office, now=timezone.now())
    clauses = last_version(row).clauses
    changed = [
        c | {"text": c["text"].replace("不少于6次", "不少于4次")} for c in clauses if c["key"] != "report"
    ]
    write_clauses(row, [*changed, {"key": "more", "title": "补充", "text": "另行商定。"}], by=office)
    answer = login(staff).get(at("agreement_compare", row.pk))
    states = {c.key: c.state for c in answer.context["changed"]}
    goal = next(c for c in answer.context["changed"] if c.key == "goal")

    assert states == {"goal": "changed", "report": "removed", "more": "added"}
    assert [piece for piece in goal.pieces if piece[0] != "same"] == [("removed", "6"), ("added", "4")]
    assert "<del>6</del><ins>4</ins>" in answer.content.decode()
