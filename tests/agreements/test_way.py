"""An agreement from the pairing to its end, by those who act in an office."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from lianqiao.agreements.actions import moves
from lianqiao.agreements.actions.drafting import NotConfirmed, draft_from_matches, draft_from_pairing
from lianqiao.agreements.actions.editing import Sealed, write_clauses
from lianqiao.agreements.actions.reviewing import OtherVersion, agree, answer_remark, approve, remark
from lianqiao.agreements.actions.signing import TextChanged, note_signature
from lianqiao.agreements.models import Agreement, AgreementVersion, ObligationDate, Signature
from lianqiao.agreements.queries import last_version, parties_of
from lianqiao.core.actor import Role
from lianqiao.core.refusals import NotPermitted, StateMoved
from lianqiao.notices.models import Notice
from tests import factories as make
from tests.agreements import rows

pytestmark = pytest.mark.django_db


def test_draft_from_pairing_types_nothing_twice(pair, office):
    rows.match(pair, scope="建立装配式实训基地，每年接收 20 名学生")
    row = draft_from_pairing(pair, "party_building", by=office, now=timezone.now(), ends_on=rows.ENDS)
    fields = last_version(row).fields

    assert row.title == "云川建筑职业技术学院建造学院与云川至安建筑劳务有限公司党建共建协议"
    assert [str(party) for party in parties_of(row)] == [
        "建造学院",
        "云川至安建筑劳务有限公司",
        "建筑产业链党委",
    ]
    assert row.dimensions == ["research", "training"]
    assert {name: (fields[name]["value"], fields[name]["origin"]) for name in (
        "乙方", "乙方信用代码", "乙方党组织", "丙方", "合作内容", "各方", "期限", "份数"
    )} == {
        "乙方": ("云川至安建筑劳务有限公司", "organisation"),
        "乙方信用代码": ("91320300MA1Y0A0B0R", "organisation"),
        "乙方党组织": ("至安劳务党支部", "branch"),
        "丙方": ("建筑产业链党委", "party_organisation"),
        "合作内容": ("建立装配式实训基地，每年接收 20 名学生", "match"),
        "各方": ("三方", "counted"),
        "期限": ("自签订之日起至2028年11月30日止", "agreement"),
        "份数": ("6", "counted"),
    }  # fmt: skip


def test_draft_from_pairing_that_is_not_confirmed_is_refused(here, school, college, firm, office):
    proposed = rows.pairing(here, school, college, firm, state="proposed")

    with pytest.raises(NotConfirmed):
        draft_from_pairing(proposed, "party_building", by=office, now=timezone.now())


def test_draft_of_one_pairing_and_kind_begins_once(pair, office):
    rows.drafted(pair, by=office)

    with pytest.raises(ValidationError, match="已有一份同类的协议"):
        rows.drafted(pair, by=office)


def test_draft_by_a_contact_is_refused(pair, contact):
    with pytest.raises(NotPermitted):
        rows.drafted(pair, by=make.actor_of(contact))


def test_draft_from_matches_of_the_same_two_sides(pair, office):
    both = [rows.match(pair), rows.match(pair, scope="每学期来校授课两次")]
    row = draft_from_matches(both, "school_enterprise", by=office, now=timezone.now())

    assert last_version(row).fields["合作内容"]["value"] == (
        "（1）急需装配式施工技术；装配式实训中心\n（2）每学期来校授课两次"
    )
    assert [match.pk for match in row.matches.order_by("pk")] == [match.pk for match in both]


def test_who_represented_a_party_is_known_from_its_last_agreement(pair, office):
    first = rows.drafted(pair, by=office)
    party = parties_of(first)[1]
    party.represented_by, party.liaison = "李建国", "王小明"
    party.save()
    second = rows.drafted(pair, "school_enterprise", by=office)

    assert last_version(second).fields["乙方法定代表人"]["value"] == "李建国"
    assert parties_of(second)[1].liaison == "王小明"


def test_send_names_what_is_not_filled(pair, office):
    row = rows.drafted(pair, "school_enterprise", by=office)
    with pytest.raises(moves.Unfilled, match="决策会议、培养人数、联合申报项数、合作内容"):
        moves.send(row, by=office, now=timezone.now())
    rows.match(pair)

    assert AgreementVersion.objects.get().sealed_at is None


def test_send_without_an_end_is_refused(pair, office):
    rows.match(pair)
    with pytest.raises(moves.NoEnd):
        rows.sent(pair, by=office, ends_on=None)


def test_sealed_version_never_changes(pair, office):
    rows.match(pair)
    row = rows.sent(pair, by=office)
    before = AgreementVersion.objects.values().get()
    with pytest.raises(Sealed):
        write_clauses(row, [{"key": "a", "title": "甲", "text": "乙"}], by=office)
    row = moves.reopen(row, by=office, now=timezone.now())
    write_clauses(row, [{"key": "a", "title": "甲", "text": "乙"}], by=office)

    assert AgreementVersion.objects.values().get(number=1) == before
    assert last_version(row).number == 2


def test_all_agree_and_the_school_approves_then_it_is_final(pair, office, contact, teacher, coordinator):
    rows.match(pair)
    row = rows.sent(pair, by=office)
    college, firm, party = parties_of(row)
    now = timezone.now()
    states = [
        agree(college, by=make.actor_of(teacher), now=now, version=1).state,
        agree(firm, by=make.actor_of(contact), now=now, version=1).state,
        agree(party, by=office, now=now, version=1).state,
        approve(college, by=make.actor_of(coordinator), now=now, version=1).state,
    ]
    row.refresh_from_db()

    assert states == ["review", "review", "review", "final"]
    assert row.number == f"建筑产业链协〔{make.today().year}〕1号"


def test_agree_for_another_party_is_refused(pair, office, contact, teacher):
    rows.match(pair)
    college, firm, _party = parties_of(rows.sent(pair, by=office))
    now = timezone.now()

    with pytest.raises(NotPermitted):
        agree(college, by=make.actor_of(contact), now=now, version=1)
    with pytest.raises(NotPermitted):
        agree(firm, by=office, now=now, version=1)
    with pytest.raises(NotPermitted):
        approve(college, by=make.actor_of(teacher), now=now, version=1)


def test_office_notes_the_word_of_who_has_no_account(pair, office):
    rows.match(pair)
    _college, firm, _party = parties_of(rows.sent(pair, by=office))
    agree(firm, by=office, now=timezone.now(), version=1)
    firm.refresh_from_db()

    assert firm.agreed_version == 1


def test_agree_to_a_version_that_was_replaced_is_refused(pair, office, contact):
    rows.match(pair)
    row = rows.sent(pair, by=office)
    row = moves.reopen(row, by=office, now=timezone.now())
    moves.send(row, by=office, now=timezone.now())

    with pytest.raises(OtherVersion):
        agree(parties_of(row)[1], by=make.actor_of(contact), now=timezone.now(), version=1)


def test_remark_is_told_to_the_office_and_answered(pair, office, contact, staff):
    rows.match(pair)
    row = rows.sent(pair, by=office)
    said = remark(
        row, parties_of(row)[1], by=make.actor_of(contact), now=timezone.now(), clause="goal", text="六次太多"
    )
    told = Notice.objects.get(person=staff.person, template="agreement_remark")
    answered = answer_remark(said, by=office, state="taken", answer="改为四次")

    assert told.facts["text"] == "六次太多"
    assert (answered.state, answered.answer) == ("taken", "改为四次")


def test_all_sign_and_it_is_in_force_with_its_promises(pair, office):
    rows.match(pair)
    row = rows.final(pair, by=office)
    states = [rows.sign(party, date(2026, 11, 20 + n)).state for n, party in enumerate(parties_of(row))]
    row.refresh_from_db()
    owed = {each.what: each.dates.count() for each in row.obligations.all()}

    assert states == ["final", "final", "signed"]
    assert (row.signed_on, row.starts_on) == (date(2026, 11, 22), rows.STARTS)
    assert owed == {"联合开展共建活动": 12, "召开联席会议": 8, "提交年度书面总结": 2}


def test_text_changed_after_the_first_signature_voids_it_visibly(pair, office):
    rows.match(pair)
    row = rows.final(pair, by=office)
    rows.sign(parties_of(row)[0])
    row = moves.reopen(row, by=office, now=timezone.now())
    row = moves.send(row, by=office, now=timezone.now())
    rows.agree_all(row)
    row.refresh_from_db()
    old = Signature.objects.get()

    assert (old.revision.number, bool(old.voided_at), old.voided_reason) == (1, True, "签字之后正文有修改")
    assert (row.state, row.number[-2:]) == ("final", "1号")
    for party in parties_of(row):
        rows.sign(party)
    row.refresh_from_db()
    assert row.state == "signed"


def test_signature_under_another_text_is_refused(pair, office):
    rows.match(pair)
    party = parties_of(rows.final(pair, by=office))[0]

    with pytest.raises(TextChanged):
        note_signature(
            party, by=office, now=timezone.now(), signed_on=make.today(), signer="张三", sha256="0" * 64
        )


def test_party_signs_once(pair, office):
    rows.match(pair)
    party = parties_of(rows.final(pair, by=office))[0]
    rows.sign(party)

    with pytest.raises(ValidationError, match="已在这一版上签字"):
        rows.sign(party)


def test_digest_is_of_what_reads_and_not_of_the_number(pair, office):
    rows.match(pair)
    row = rows.final(pair, by=office)
    before = last_version(row).sha256
    row = moves.reopen(row, by=office, now=timezone.now())
    same = moves.send(row, by=office, now=timezone.now())

    assert last_version(same).sha256 == before
    row = moves.reopen(same, by=office, now=timezone.now())
    rows.fill(row, office)
    clauses = last_version(row).clauses
    clauses[1]["text"] += "\n（三）另行商定。"
    assert write_clauses(row, clauses, by=office).sha256 != before


def test_end_early_waives_what_was_due_later(pair, office):
    rows.match(pair)
    row = rows.signed(pair, by=office)
    moves.end_early(row, by=office, ended_on=date(2027, 6, 30), reason="企业停产")
    row.refresh_from_db()
    left = ObligationDate.objects.filter(state="due")

    assert (row.state, row.ended_reason) == ("ended", "企业停产")
    assert max(each.due_on for each in left) <= date(2027, 6, 30)
    assert ObligationDate.objects.filter(state="waived").exists()


def test_end_early_without_a_reason_is_refused(pair, office):
    rows.match(pair)
    row = rows.signed(pair, by=office)
    with pytest.raises(ValidationError, match="提前终止请写明日期和原因"):
        moves.end_early(row, by=office, ended_on=date(2027, 6, 30), reason="")

    assert Agreement.objects.get().state == "signed"


def test_abandoned_agreement_frees_its_pairing(pair, office):
    row = rows.drafted(pair, by=office)
    moves.abandon(row, by=office, reason="两家另行商议")

    assert rows.drafted(pair, by=office).state == "draft"
    with pytest.raises(StateMoved):
        moves.send(row, by=office, now=timezone.now())


def test_liaison_may_not_write(pair, here):
    with pytest.raises(NotPermitted):
        rows.drafted(pair, by=make.actor(Role.LIAISON, here))
