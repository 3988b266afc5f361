"""Every page of agreements: who reaches it, what it does, and that what is not one's own is not there."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from lianqiao.agreements.actions import moves
from lianqiao.agreements.actions.editing import write_clauses
from lianqiao.agreements.actions.reviewing import remark
from lianqiao.agreements.actions.signing import add_scan
from lianqiao.agreements.models import (
    Agreement,
    AgreementTemplate,
    Clause,
    ObligationDate,
    Remark,
    Scan,
    Signature,
)
from lianqiao.agreements.queries import last_version, parties_of
from lianqiao.core.actor import Role
from lianqiao.core.refusals import StateMoved
from tests import factories as make
from tests.agreements import rows

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4 scanned"


def at(name, *args):
    return reverse(name, args=args)


@pytest.fixture
def stranger(here):
    return make.position(Role.ENTERPRISE_CONTACT, here)


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
    states = {c.key: c.state for c in answer.context["clauses"] if c.state != "same"}
    goal = next(c for c in answer.context["clauses"] if c.key == "goal")

    assert states == {"goal": "changed", "report": "removed", "more": "added"}
    assert [piece for piece in goal.pieces if piece[0] != "same"] == [("removed", "6"), ("added", "4")]
    assert "<del>6</del><ins>4</ins>" in answer.content.decode()


def test_agreement_add_from_a_pairing(login, pair, staff):
    client = login(staff)
    answer = client.post(
        at("agreement_add"),
        {
            "pairing": pair.pk,
            "kind": "party_building",
            "starts_on": "2026-12-01",
            "ends_on": "2028-11-30",
            "student": "",
        },
    )
    row = Agreement.objects.get()

    assert answer.url == at("agreement_detail", row.pk)
    assert (
        client.get(f"{at('agreement_add')}?pairing={pair.pk}").context["form"]["pairing"].value() == pair.pk
    )


def test_agreement_add_of_an_internship_asks_for_the_student(login, pair, staff):
    client = login(staff)
    told = {"pairing": pair.pk, "kind": "internship", "starts_on": "", "ends_on": "2027-05-30", "student": ""}
    without = client.post(at("agreement_add"), told)
    client.post(at("agreement_add"), told | {"student": "陈晓雨"})

    assert without.context["form"].errors == {"student": ["实习协议由学生本人签字，请填写学生姓名。"]}
    assert [str(p) for p in parties_of(Agreement.objects.get())] == [
        "建造学院",
        "云川至安建筑劳务有限公司",
        "陈晓雨",
    ]


def test_agreement_add_of_another_chain_is_refused(login, pair):
    other = make.position(Role.OFFICE_STAFF)
    answer = login(other).post(at("agreement_add"), {"pairing": pair.pk, "kind": "party_building"})

    assert list(answer.context["form"].errors) == ["pairing"]


def test_agreement_blank_between_members(login, here, school, firm, staff):
    told = {
        "chain": here.pk,
        "kind": "other",
        "first": school.pk,
        "second": firm.pk,
        "third": "",
        "starts_on": "",
        "ends_on": "2027-12-31",
        "student": "",
    }
    login(staff).post(at("agreement_blank"), told)
    same = login(staff).post(at("agreement_blank"), told | {"second": school.pk})

    assert Agreement.objects.get().title == "云川建筑职业技术学院与云川至安建筑劳务有限公司合作协议"
    assert "second" in same.context["form"].errors


def test_agreement_from_matches_that_were_accepted(login, pair, staff):
    match = rows.match(pair)
    url = f"{at('agreement_from_matches')}?match={match.pk}"
    login(staff).post(
        url, {"kind": "school_enterprise", "starts_on": "", "ends_on": "2027-12-31", "student": ""}
    )

    assert list(Agreement.objects.get().matches.all()) == [match]
    assert login(staff).get(at("agreement_from_matches")).status_code == 404


def test_agreement_terms_fill_what_only_a_person_knows(login, pair, office, staff):
    rows.match(pair)
    row = rows.drafted(pair, "school_enterprise", by=office)
    client = login(staff)
    form = client.get(at("agreement_terms", row.pk)).context["form"]
    told = {bound.html_name: bound.value() or "" for bound in form}
    told |= {
        "ask0": "院长办公会",
        "ask1": "100",
        "ask2": "2",
        "represented_by2": "李建国",
        "starts_on": "2026-12-01",
        "ends_on": "2028-11-30",
    }
    assert client.post(at("agreement_terms", row.pk), told).status_code == 302
    fields = last_version(row).fields

    assert [fields[name]["value"] for name in ("决策会议", "培养人数", "乙方法定代表人")] == [
        "院长办公会",
        "100",
        "李建国",
    ]
    assert moves.send(row, by=office, now=timezone.now()).state == "review"
    assert client.get(at("agreement_terms", row.pk)).status_code == 404


def clause_rows(client, row):
    """The editor's form as a browser would send it back."""
    formset = client.get(at("agreement_edit", row.pk)).context["rows"]
    told = {
        f"{formset.prefix}-{name}": value
        for name, value in formset.management_form.initial.items()
        if value is not None
    }
    for form in formset:
        told |= {
            bound.html_name: typed(bound)
            for bound in form
            if typed(bound) is not None and typed(bound) is not False
        }
    return told


def typed(bound):
    """A list that nobody touched sends its first choice."""
    choices = getattr(bound.field, "choices", None)
    return choices[0][0] if choices and bound.value() is None else bound.value()


def test_agreement_edit_changes_order_text_and_promise(login, pair, office, staff):
    rows.match(pair)
    row = rows.drafted(pair, by=office)
    client = login(staff)
    told = clause_rows(client, row) | {"seen": last_version(row).version}
    keys = [clause["key"] for clause in last_version(row).clauses]
    goal = keys.index("goal")
    told |= {
        f"form-{goal}-times": "4",
        f"form-{goal}-ORDER": "99",
        f"form-{keys.index('principles')}-DELETE": "on",
    }
    told |= {
        f"form-{len(keys)}-title": "补充约定",
        f"form-{len(keys)}-text": "另行商定。",
        f"form-{len(keys)}-every": "once",
        f"form-{len(keys)}-by": "0",
    }
    answer = client.post(at("agreement_edit", row.pk), told)
    after = last_version(row).clauses

    assert answer.status_code == 302
    assert [clause["key"] for clause in after][:-2] == [
        key for key in keys if key not in ("goal", "principles")
    ]
    assert (after[-2]["key"], after[-2]["obligation"]["times"], after[-1]["title"]) == ("goal", 4, "补充约定")


def test_agreement_edit_of_what_somebody_changed_meanwhile_keeps_the_text(login, pair, office, staff):
    row = rows.drafted(pair, by=office)
    client = login(staff)
    told = clause_rows(client, row) | {"seen": 77, "form-1-text": "我写的目标"}
    answer = client.post(at("agreement_edit", row.pk), told)

    assert "已被他人修改" in answer.context["wrong"][0]
    assert "我写的目标" in answer.content.decode()


def test_clause_take_puts_a_clause_of_the_library_before_the_last(login, pair, office, staff):
    row = rows.drafted(pair, by=office)
    client = login(staff)
    client.post(at("clause_take", row.pk), {"key": "lecture"})
    unknown = client.post(at("clause_take", row.pk), {"key": "nothing"})
    keys = [clause["key"] for clause in last_version(row).clauses]

    assert (keys[-2:], unknown.status_code) == (["lecture", "copies"], 404)


def test_agreement_move_sends_and_reopens(login, pair, office, staff, contact):
    rows.match(pair)
    row = rows.drafted(pair, by=office)
    client = login(staff)
    states = []
    for move in ("send", "reopen"):
        client.post(at("agreement_move", row.pk, move))
        row.refresh_from_db()
        states.append(row.state)

    assert states == ["review", "draft"]
    assert client.post(at("agreement_move", row.pk, "conclude")).status_code == 404
    assert login(contact).post(at("agreement_move", row.pk, "send")).status_code == 403


def test_agreement_agree_approve_withdraw_and_final(
    login, pair, office, staff, contact, teacher, coordinator
):
    rows.match(pair)
    row = rows.sent(pair, by=office)
    college, firm, party = parties_of(row)
    seen = {"version": 1}
    login(contact).post(at("agreement_agree", row.pk, firm.pk), seen)
    login(contact).post(at("agreement_withdraw", row.pk, firm.pk))
    login(contact).post(at("agreement_agree", row.pk, firm.pk), seen)
    login(teacher).post(at("agreement_agree", row.pk, college.pk), seen)
    login(staff).post(at("agreement_agree", row.pk, party.pk), seen)
    row.refresh_from_db()
    before = row.state
    login(coordinator).post(at("agreement_approve", row.pk, college.pk), seen)
    row.refresh_from_db()

    assert (before, row.state) == ("review", "final")
    assert login(contact).post(at("agreement_agree", row.pk, college.pk), seen).status_code in (302, 403)


def test_remark_add_and_remark_answer(login, pair, office, staff, contact, stranger):
    rows.match(pair)
    row = rows.sent(pair, by=office)
    login(contact).post(at("remark_add", row.pk), {"clause": "goal", "text": "改为四次"})
    said = Remark.objects.get()
    login(staff).post(at("remark_answer", said.pk), {"state": "left", "answer": "办法规定六次"})
    said.refresh_from_db()

    assert (said.party, said.clause, said.state, said.answer) == (
        parties_of(row)[1],
        "goal",
        "left",
        "办法规定六次",
    )
    assert login(stranger).post(at("remark_add", row.pk), {"text": "x"}).status_code == 404


def test_signature_add_by_the_party_and_signature_void_by_the_office(login, pair, office, staff, contact):
    rows.match(pair)
    row = rows.final(pair, by=office)
    firm = parties_of(row)[1]
    form = login(contact).get(at("signature_add", row.pk, firm.pk)).context["form"]
    told = {"signed_on": make.yesterday().isoformat(), "signer": "李建国", "sha256": form["sha256"].value()}
    login(contact).post(at("signature_add", row.pk, firm.pk), told)
    signature = Signature.objects.get()
    login(staff).post(at("signature_void", signature.pk), {"reason": "登记错了"})
    signature.refresh_from_db()
    again = login(staff).post(at("signature_add", row.pk, firm.pk), told)

    assert (signature.signer, signature.voided_reason, again.status_code) == ("李建国", "登记错了", 302)
    assert login(contact).get(at("signature_add", row.pk, parties_of(row)[0].pk)).status_code == 404


def test_scan_add_and_scan_open(login, pair, office, staff, contact, stranger):
    rows.match(pair)
    row = rows.signed(pair, by=office)
    url = at("scan_add", row.pk)
    wrong = login(contact).post(url, {"file": SimpleUploadedFile("协议.txt", "文字".encode())})
    login(contact).post(url, {"file": SimpleUploadedFile("协议.pdf", PDF)})
    scan = Scan.objects.get()
    opened = login(staff).get(at("scan_open", scan.pk))

    assert wrong.context["form"].errors == {"file": ["扫描件只能是 PDF、PNG 或 JPG。"]}
    assert b"".join(opened.streaming_content) == PDF
    assert login(stranger).get(at("scan_open", scan.pk)).status_code == 404
    twice = login(contact).post(url, {"file": SimpleUploadedFile("协议.pdf", PDF)})
    assert twice.context["form"].errors == {"file": ["这个扫描件已经上传。"]}


def test_scan_of_a_draft_is_refused(pair, office):
    row = rows.drafted(pair, by=office)
    with pytest.raises(StateMoved, match="起草中"):
        add_scan(last_version(row), by=office, now=timezone.now(), name="a.pdf", content=PDF)


def test_agreement_file_says_where_the_paper_lies(login, pair, office, staff):
    rows.match(pair)
    row = rows.signed(pair, by=office)
    login(staff).post(at("agreement_file", row.pk), {"filed_at": "档案柜 2-3"})
    steps = login(staff).get(at("agreement_detail", row.pk)).context["steps"]

    assert [(step["label"], step["state"]) for step in steps] == [
        ("定稿", "done"), ("打印", "done"), ("盖章", "done"), ("扫描", "current"), ("归档", "done"),
    ]  # fmt: skip


def test_agreement_abandon_and_agreement_end_ask_for_a_reason(login, pair, office, staff):
    rows.match(pair)
    client = login(staff)
    drafted = rows.drafted(pair, by=office)
    without = client.post(at("agreement_abandon", drafted.pk), {"reason": ""})
    client.post(at("agreement_abandon", drafted.pk), {"reason": "另行商议"})
    signed = rows.signed(pair, by=office)
    client.post(at("agreement_end", signed.pk), {"ended_on": "2027-01-31", "reason": "企业迁出"})
    states = list(Agreement.objects.order_by("pk").values_list("state", "ended_reason"))

    assert list(without.context["form"].errors) == ["reason"]
    assert states == [("abandoned", "另行商议"), ("ended", "企业迁出")]


def test_agreement_renew_begins_with_what_was_kept(login, pair, office, staff):
    rows.match(pair)
    row = rows.signed(pair, by=office)
    meeting = ObligationDate.objects.filter(obligation__what="召开联席会议").first()
    ObligationDate.objects.filter(pk=meeting.pk).update(state="done", done_on=make.today())
    client = login(staff)
    client.post(at("agreement_renew", row.pk))
    renewal = row.renewed_by.get()
    clause = last_version(renewal).clauses[1]
    again = client.post(at("agreement_renew", row.pk), follow=True)

    assert (renewal.starts_on, renewal.ends_on) == (
        rows.ENDS.replace(month=12, day=1),
        rows.ENDS.replace(year=2030, month=11, day=30),
    )
    assert clause["title"] == "上一期履行情况"
    assert "（2）召开联席会议：约定8次，完成1次，未完成7次" in clause["text"]
    assert "已有续签" in again.content.decode()


def test_obligation_list_shows_ones_own_and_the_way_to_done(login, pair, office, contact, teacher, stranger):
    rows.match(pair)
    rows.signed(pair, by=office)
    listing = login(contact).get(at("obligation_list")).context["listing"]
    first = listing.page.object_list[0]
    told = {"done_on": make.today().isoformat(), "note": "在企业会议室召开，12 人参加"}

    assert login(stranger).get(at("obligation_list")).context["listing"].page.paginator.count == 0
    login(contact).post(at("obligation_keep", first.pk), told)
    own = login(contact).post(at("obligation_dispute", first.pk), {"objection": "没有"})
    login(teacher).post(at("obligation_dispute", first.pk), {"objection": "那天没有开会"})
    first.refresh_from_db()
    assert own.context["form"].non_field_errors()
    assert (first.state, first.objection) == ("disputed", "那天没有开会")
    assert login(stranger).get(at("obligation_detail", first.pk)).status_code == 404


def test_obligation_list_same_number_of_queries(login, pair, office, staff, django_assert_num_queries):
    rows.match(pair)
    row = rows.signed(pair, by=office)
    client = login(staff)
    ObligationDate.objects.exclude(pk=ObligationDate.objects.first().pk).update(
        state="done", done_on=make.today()
    )
    client.get(at("obligation_list"))
    with django_assert_num_queries(9):
        assert client.get(at("obligation_list")).context["listing"].page.paginator.count == 1
    ObligationDate.objects.filter(obligation__agreement=row).update(state="due")
    with django_assert_num_queries(9):
        assert client.get(at("obligation_list")).context["listing"].page.paginator.count == 22


def test_obligation_take_back_and_obligation_waive(login, pair, office, staff, contact):
    rows.match(pair)
    rows.signed(pair, by=office)
    first, second = ObligationDate.objects.order_by("pk")[:2]
    client = login(contact)
    client.post(at("obligation_keep", first.pk), {"done_on": make.today().isoformat(), "note": "开了会"})
    client.post(at("obligation_take_back", first.pk))
    login(staff).post(at("obligation_waive", second.pk), {"note": "疫情期间不办"})
    for row in (first, second):
        row.refresh_from_db()

    assert (first.state, first.note, second.state) == ("due", "", "waived")


def test_template_list_template_default_and_numbering_edit(login, staff, here, contact):
    client = login(staff)
    assert client.get(at("template_list")).status_code == 200
    assert client.get(at("template_default", "internship")).content[:2] == b"PK"
    assert client.get(at("template_default", "nothing")).status_code == 404
    wrong = client.post(at("numbering_edit", here.pk), {"pattern": "协议{serial}"})
    client.post(at("numbering_edit", here.pk), {"pattern": "淮食协〔{year}〕{serial}号"})

    assert list(wrong.context["form"].errors) == ["pattern"]
    assert here.agreement_numbering.pattern == "淮食协〔{year}〕{serial}号"
    assert login(contact).get(at("template_list")).status_code == 403


def test_clause_list_clause_edit_clause_retire_and_clause_revive(login, staff, here, pair, office):
    client = login(staff)
    told = {
        "title": "共建目标",
        "text": "每年不少于4次。",
        "standard": "on",
        "position": "20",
        "what": "共建活动",
        "times": "4",
        "every": "year",
        "by": "all",
    }
    assert client.post(at("clause_edit", here.pk, "party_building", "goal"), told).status_code == 302
    client.post(at("clause_retire", here.pk, "party_building", "principles"))
    retired = Clause.objects.get(key="principles")
    shown = client.get(at("clause_list"), {"kind": "party_building"}).context
    row = rows.drafted(pair, by=office)
    clauses = {clause["key"]: clause for clause in last_version(row).clauses}

    assert [clause.key for clause in shown["clauses"]][:2] == ["preamble", "goal"]
    assert (clauses["goal"]["text"], clauses["goal"]["obligation"]["times"]) == ("每年不少于4次。", 4)
    assert "principles" not in clauses
    client.post(at("clause_revive", retired.pk))
    assert Clause.objects.get(pk=retired.pk).state == "active"
    assert client.get(at("clause_edit", here.pk, "party_building", "new")).status_code == 200
    assert client.get(at("clause_edit", here.pk, "party_building", "nothing")).status_code == 404


def test_template_of_another_chain_is_not_there(login, here, staff):
    other = make.position(Role.OFFICE_STAFF)
    row = AgreementTemplate.objects.create(
        chain=here, kind="other", name="某模板", file="agreements/templates/x", sha256="0" * 64
    )

    assert login(other).get(at("template_open", row.pk)).status_code == 404
    assert login(other).post(at("template_retire", row.pk)).status_code == 404
    assert login(staff).post(at("template_retire", row.pk)).status_code == 302
