"""Pages of people: who sees whom, what of them, and what is done with accounts."""

import pytest
from django.test import Client
from django.urls import reverse

from lianqiao.accounts.models import Person
from lianqiao.core.actor import POSITIONS, Role
from lianqiao.core.models import AuditEntry
from tests.factories import person, position
from tests.registry.people import detail, link_in

pytestmark = pytest.mark.django_db
INVITE = "/people/invite"


def test_person_list_is_for_those_who_appoint_and_the_auditor(login):
    answers = {role for role in Role if login(position(role)).get("/people").status_code == 200}

    assert answers == {
        Role.OFFICE_ADMIN,
        Role.OFFICE_STAFF,
        Role.SCHOOL_COORDINATOR,
        Role.SYSTEM_ADMIN,
        Role.AUDITOR,
    }


def test_person_list_of_an_office_excludes_people_of_other_chains(login, here, admin):
    mine = position(Role.ENTERPRISE_CONTACT, here).person
    position(Role.ENTERPRISE_CONTACT)

    rows = login(admin).get("/people").context["listing"].rows

    assert set(rows) == {mine, admin.person}


def test_person_list_masks_numbers_also_in_the_export(login, here, admin):
    position(Role.ENTERPRISE_CONTACT, here, who=person("李萍", phone="13912345678"))
    client = login(admin)

    page = client.get("/people").text
    file = client.get("/people?export=xlsx")

    assert "139****5678" in page
    assert "13912345678" not in page
    assert b"13912345678" not in file.content
    assert AuditEntry.objects.filter(action="export").count() == 1


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=李萍", ["李萍"]),
        ("q=139 1234 5678", ["李萍"]),
        ("q=1391234567", []),
        ("q=lip", []),  # login names are for those who look after accounts
        ("state=suspended", ["王强"]),
        ("role=enterprise_contact", ["李萍", "王强"]),
        ("role=mentor", []),
    ],
)
def test_person_list_filters(login, here, admin, query, found):
    position(Role.ENTERPRISE_CONTACT, here, who=person("李萍", username="liping", phone="13912345678"))
    position(Role.ENTERPRISE_CONTACT, here, who=person("王强", username="wangqiang", state="suspended"))

    rows = login(admin).get(f"/people?{query}").context["listing"].rows

    assert sorted(row.name for row in rows) == sorted(found)


@pytest.mark.parametrize("count", [1, 3])
def test_person_list_asks_as_often_for_three_as_for_one(login, here, admin, count, django_assert_num_queries):
    for _ in range(count):
        position(Role.ENTERPRISE_CONTACT, here)
    client = login(admin)
    client.get("/people")

    with django_assert_num_queries(10):
        client.get("/people")


def test_person_list_of_nobody_teaches(login, here, admin):
    assert "没有符合筛选条件的记录" in login(admin).get("/people?q=没有这个人").text


def test_person_detail_of_a_stranger_is_not_found(login, admin):
    stranger = position(Role.ENTERPRISE_CONTACT).person

    assert login(admin).get(detail(stranger)).status_code == 404
    assert login(admin).get(detail(Person(pk=999999))).status_code == 404


@pytest.mark.parametrize("role", sorted(POSITIONS))
def test_person_detail_of_oneself_is_there_for_every_role(login, role):
    held = position(role)

    page = login(held).get(detail(held.person))

    assert page.status_code == 200
    assert held.person.username in page.text


def test_person_phone_is_shown_to_the_office_and_audited(login, here, admin):
    who = position(Role.ENTERPRISE_CONTACT, here, who=person(phone="13912345678")).person

    before = login(admin).get(detail(who)).text
    after = login(admin).post(reverse("person_phone", args=[who.pk])).text

    assert ("139****5678" in before, "13912345678" in before) == (True, False)
    assert "13912345678" in after
    entry = AuditEntry.objects.get(action="accounts.reveal_phone")
    assert (entry.person_id, entry.subject_id, "13912345678" in entry.after) == (
        admin.person_id,
        str(who.pk),
        False,
    )


def test_person_phone_is_not_for_the_auditor_and_the_school(login, here):
    who = position(Role.COLLEGE_CONTACT, here, who=person(phone="13912345678"))
    coordinator = position(Role.SCHOOL_COORDINATOR, here, organisation=who.organisation)

    for held in (position(Role.AUDITOR), coordinator):
        client = login(held)
        assert "显示号码" not in client.get(detail(who.person)).text
        assert client.post(reverse("person_phone", args=[who.person_id])).status_code == 403


def test_person_suspend_and_resume_by_the_system_administrator(login):
    who = position(Role.OFFICE_STAFF).person
    client = login(position(Role.SYSTEM_ADMIN))
    inside = Client()
    inside.force_login(who, backend="lianqiao.accounts.login.NameOrPhone")

    client.post(reverse("person_suspend", args=[who.pk]))
    who.refresh_from_db()
    assert who.state == Person.State.SUSPENDED
    assert inside.get("/me").status_code == 302
    assert "恢复账号" in client.get(detail(who)).text

    client.post(reverse("person_resume", args=[who.pk]))
    who.refresh_from_db()
    assert who.state == Person.State.ACTIVE
    assert inside.get("/me").status_code == 302


@pytest.mark.parametrize(
    "name", ["person_suspend", "person_reset", "person_remove_factors", "person_end_sessions"]
)
def test_person_moves_are_not_for_the_office(login, here, admin, name):
    who = position(Role.ENTERPRISE_CONTACT, here).person

    assert login(admin).post(reverse(name, args=[who.pk])).status_code == 403


@pytest.mark.parametrize("name", ["person_suspend", "person_reset", "person_remove_factors"])
def test_person_moves_are_not_for_oneself(login, name):
    held = position(Role.SYSTEM_ADMIN)

    assert login(held).post(reverse(name, args=[held.person_id])).status_code == 403
    held.person.refresh_from_db()
    assert held.person.state == Person.State.ACTIVE


def test_person_end_sessions_logs_somebody_out(login):
    who = position(Role.OFFICE_STAFF).person
    inside = Client()
    inside.force_login(who, backend="lianqiao.accounts.login.NameOrPhone")

    login(position(Role.SYSTEM_ADMIN)).post(reverse("person_end_sessions", args=[who.pk]))

    assert inside.get("/me").status_code == 302


def test_person_reset_shows_a_link_that_works(login, client):
    who = position(Role.OFFICE_STAFF).person

    response = login(position(Role.SYSTEM_ADMIN)).post(reverse("person_reset", args=[who.pk]))

    assert "no-store" in response.headers["Cache-Control"]
    assert "设置新密码" in client.get(link_in(response)).text
