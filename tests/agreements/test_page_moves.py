"""Review, signing, scans, filing and the end, by the pages."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from lianqiao.agreements.actions.signing import add_scan
from lianqiao.agreements.models import (
    Agreement,
    ObligationDate,
    Remark,
    Scan,
    Signature,
)
from lianqiao.agreements.queries import last_version, parties_of
from lianqiao.core.refusals import StateMoved
from tests import factories as make
from tests.agreements import rows

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_tells]
PDF = b"%PDF-1.4 scanned"


def at(name, *args):
    return reverse(name, args=args)


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
