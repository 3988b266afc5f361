"""Promises, templates, clauses and numbers, by the pages."""

import pytest
from django.urls import reverse

from lianqiao.agreements.models import (
    AgreementTemplate,
    Clause,
    ObligationDate,
)
from lianqiao.agreements.queries import last_version
from lianqiao.core.actor import Role
from tests import factories as make
from tests.agreements import rows

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_tells]
PDF = b"%PDF-1.4 scanned"


def at(name, *args):
    return reverse(name, args=args)


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
