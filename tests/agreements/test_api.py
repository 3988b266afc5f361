"""Agreements through the API: what is there for whom, and the way to a signature."""

import pytest

from lianqiao.agreements.models import Agreement, ObligationDate
from lianqiao.agreements.queries import parties_of
from lianqiao.core.actor import Role
from tests import factories as make
from tests.agreements import rows
from tests.api.conftest import Caller, secret_of

pytestmark = pytest.mark.django_db


def calls(held):
    return Caller(secret_of(held))


def test_agreement_list_and_detail_of_others_are_not_there(pair, office, staff, contact, here):
    rows.match(pair)
    row = rows.sent(pair, by=office)
    stranger, leader = make.position(Role.ENTERPRISE_CONTACT, here), make.position(Role.LEADER, here)
    listed = {name: [a["id"] for a in calls(who).get("/agreements").json()["items"]] for name, who in
              (("office", staff), ("party", contact), ("stranger", stranger), ("leader", leader))}  # fmt: skip

    assert listed == {"office": [row.pk], "party": [row.pk], "stranger": [], "leader": []}
    assert calls(stranger).get(f"/agreements/{row.pk}").status_code == 404


def test_agreement_list_same_number_of_queries(pair, office, staff, school, here, django_assert_num_queries):
    caller = calls(staff)
    rows.drafted(pair, by=office)
    caller.get("/agreements")
    with django_assert_num_queries(5):
        caller.get("/agreements")
    for _n in range(2):
        rows.drafted(rows.pairing(here, school, make.unit(school), make.member(here)), by=office)
    with django_assert_num_queries(5):
        assert caller.get("/agreements").json()["total"] == 3


def test_agreement_way_from_draft_to_signature(pair, staff, contact, teacher, coordinator):
    rows.match(pair)
    office, firm, college, school = map(calls, (staff, contact, teacher, coordinator))
    made = office.post("/agreements", {"pairing": pair.pk, "kind": "party_building", "ends_on": "2028-11-30"})
    pk = made.json()["id"]
    assert (made.status_code, made.json()["state"], made.json()["text_version"]) == (201, "draft", 1)
    sent = office.post(f"/agreements/{pk}/send").json()
    ids = [party["id"] for party in sent["parties"]]
    for caller, party in zip((college, firm, office), ids, strict=True):
        answer = caller.post(f"/agreements/{pk}/agree", {"party": party, "text_version": 1})
        assert answer.status_code == 200, answer.content
    final = school.post(f"/agreements/{pk}/approve", {"party": ids[0], "text_version": 1}).json()
    assert (final["state"], final["number"]) == ("final", f"建筑产业链协〔{make.today().year}〕1号")
    told = {"signed_on": make.yesterday().isoformat(), "signer": "张三", "sha256": final["sha256"]}
    other = office.post(f"/agreements/{pk}/sign", told | {"party": ids[0], "sha256": "0" * 64})
    states = [office.post(f"/agreements/{pk}/sign", told | {"party": party}).json()["state"] for party in ids]

    assert (other.status_code, other.json()["code"]) == (409, "text_changed")
    assert states == ["final", "final", "signed"]


def test_agreement_agree_for_another_is_refused(pair, office, contact):
    rows.match(pair)
    row = rows.sent(pair, by=office)
    college = parties_of(row)[0]

    assert (
        calls(contact)
        .post(f"/agreements/{row.pk}/agree", {"party": college.pk, "text_version": 1})
        .status_code
        == 403
    )
    assert (
        calls(contact).post(f"/agreements/{row.pk}/agree", {"party": 10**9, "text_version": 1}).status_code
        == 422
    )


def test_agreement_edit_of_a_sealed_text_is_refused(pair, office, staff):
    rows.match(pair)
    row = rows.drafted(pair, by=office)
    caller = calls(staff)
    clause = {
        "key": "one",
        "title": "共建",
        "text": "每年四次。",
        "owed": {"what": "活动", "times": 4, "every": "year", "by": 0},
    }
    before = caller.get(f"/agreements/{row.pk}").json()
    changed = caller.post(
        f"/agreements/{row.pk}/clauses", {"seen": before["text_seen"], "clauses": [clause]}
    ).json()
    stale = caller.post(
        f"/agreements/{row.pk}/clauses", {"seen": before["text_seen"], "clauses": [clause | {"text": "x"}]}
    )
    caller.post(f"/agreements/{row.pk}/send")
    sealed = caller.post(f"/agreements/{row.pk}/clauses", {"clauses": [clause]})

    assert changed["clauses"] == [
        {
            "key": "one",
            "number": "一",
            "title": "共建",
            "paragraphs": ["每年四次。"],
            "owed": {"what": "活动", "times": 4, "every": "year", "by": 0},
        }
    ]
    assert (stale.status_code, sealed.status_code, sealed.json()["code"]) == (409, 409, "sealed")


def test_agreement_remark_reopen_abandon_end_and_renew(pair, office, staff, contact):
    rows.match(pair)
    row = rows.sent(pair, by=office)
    caller = calls(staff)
    said = calls(contact).post(f"/agreements/{row.pk}/remarks", {"clause": "goal", "text": "改为四次"})
    unknown = calls(contact).post(f"/agreements/{row.pk}/remarks", {"clause": "nothing", "text": "改"})
    reopened = caller.post(f"/agreements/{row.pk}/reopen").json()
    abandoned = caller.post(f"/agreements/{row.pk}/abandon", {"reason": "另行商议"}).json()
    signed = rows.signed(pair, by=office)
    renewed = caller.post(f"/agreements/{signed.pk}/renew").json()
    ended = caller.post(f"/agreements/{signed.pk}/end", {"ended_on": "2027-06-30", "reason": "迁出"}).json()

    assert (said.status_code, said.json()["state"], unknown.status_code) == (200, "open", 422)
    assert (reopened["text_version"], reopened["sealed"], abandoned["state"]) == (2, False, "abandoned")
    assert (renewed["renews"], renewed["state"], ended["state"]) == (signed.pk, "draft", "ended")


def test_obligation_list_detail_keep_dispute_take_back_and_waive(pair, office, staff, contact, teacher, here):
    rows.match(pair)
    rows.signed(pair, by=office)
    firm, college = calls(contact), calls(teacher)
    own = firm.get("/obligations", own="true").json()
    pk = own["items"][0]["id"]
    kept = firm.post(f"/obligations/{pk}/keep", {"done_on": make.today().isoformat(), "note": "已办"}).json()
    back = firm.post(f"/obligations/{pk}/take-back").json()
    firm.post(f"/obligations/{pk}/keep", {"done_on": make.today().isoformat(), "note": "已办"})
    disputed = college.post(f"/obligations/{pk}/dispute", {"objection": "没有办"}).json()
    waived = calls(staff).post(f"/obligations/{pk}/waive", {"note": "双方商定"}).json()
    stranger = make.position(Role.ENTERPRISE_CONTACT, here)

    assert own["total"] == ObligationDate.objects.count() == 22
    assert [each["state"] for each in (kept, back, disputed, waived)] == ["done", "due", "disputed", "waived"]
    assert calls(stranger).get(f"/obligations/{pk}").status_code == 404
    assert firm.get("/obligations", agreement=Agreement.objects.get().pk, state="waived").json()["total"] == 1
