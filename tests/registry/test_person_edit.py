"""Names and numbers are entered by those who look after an account; its person is told of what is done with it."""

import pytest
from django.test import Client
from django.urls import reverse

from lianqiao.core.actor import Role
from lianqiao.core.models import AuditEntry
from lianqiao.notices.models import Notice
from tests.factories import person, position
from tests.registry.people import detail

pytestmark = pytest.mark.django_db


def test_person_edit_changes_name_and_number_and_is_audited(login, here, admin):
    who = position(Role.LIAISON, here, who=person("李苹", phone="13912345678")).person
    url = reverse("person_edit", args=[who.pk])

    assert url in login(admin).get(detail(who)).text
    assert "李苹" in login(admin).get(url).text
    response = login(admin).post(url, {"name": "李萍", "phone": "138 0000 1111", "username": "mallory"})

    assert response.url == detail(who)
    before = who.username
    who.refresh_from_db()
    assert (who.name, who.phone, who.username) == ("李萍", "13800001111", before)
    entry = AuditEntry.objects.get(action="accounts.edit_person")
    assert (entry.person_id, "13800001111" in entry.after) == (admin.person_id, False)


def test_person_edit_shows_the_number_and_each_look_is_audited(login, here, admin):
    who = position(Role.LIAISON, here, who=person(phone="13912345678")).person
    without = position(Role.LIAISON, here).person
    client = login(admin)

    assert "13912345678" in client.get(reverse("person_edit", args=[who.pk])).text
    client.get(reverse("person_edit", args=[without.pk]))

    looks = AuditEntry.objects.filter(action="accounts.reveal_phone")
    assert [(look.person_id, look.subject_id) for look in looks] == [(admin.person_id, str(who.pk))]


@pytest.mark.parametrize(
    ("posted", "field"),
    [({"name": ""}, "name"), ({"phone": "123"}, "phone"), ({"phone": "13700000000"}, "phone")],
)
def test_person_edit_names_the_field(login, here, admin, posted, field):
    who = position(Role.LIAISON, here, who=person("李苹", phone="13912345678")).person
    person(phone="13700000000")

    response = login(admin).post(
        reverse("person_edit", args=[who.pk]), {"name": "李萍", "phone": "13912345678"} | posted
    )

    assert (response.status_code, set(response.context["form"].errors)) == (200, {field})
    who.refresh_from_db()
    assert (who.name, who.phone) == ("李苹", "13912345678")


def test_person_edit_is_for_those_who_appoint_all_that_the_person_holds(login, here, admin):
    mine = position(Role.LIAISON, here).person
    more = position(Role.LIAISON, here).person
    position(Role.AUDITOR, who=more)
    stranger = position(Role.LIAISON).person
    staff = position(Role.OFFICE_STAFF, here)

    def answers(held):
        client = login(held)
        urls = [reverse("person_edit", args=[who.pk]) for who in (mine, more, stranger, held.person)]
        return [client.get(url).status_code for url in urls]

    assert answers(admin) == [200, 403, 404, 403]
    assert answers(staff) == [403, 403, 403, 403]
    assert answers(position(Role.SYSTEM_ADMIN)) == [200, 200, 200, 200]


# Who sees logins, and who is told


def test_logins_are_seen_by_the_system_administrator_and_the_auditor_alone(login, here, admin):
    who = position(Role.LIAISON, here, who=person("李萍", username="lipingone")).person
    Client().post("/login", {"login": "lipingone", "password": "correct-horse-42"})
    asked = "/people?columns=name&columns=last_login"

    def sees(held):
        client = login(held)
        columns = [c.name for c in client.get(asked).context["listing"].columns]
        happened = [h.entry.action for h in client.get(detail(who)).context["history"]]
        found = list(client.get("/people?q=lipingone").context["listing"].rows)
        return ("last_login" in columns, "login" in happened, found)

    assert sees(admin) == (False, False, [])
    assert sees(position(Role.AUDITOR)) == (True, True, [who])
    assert "last_login" in [
        c.name for c in login(position(Role.SYSTEM_ADMIN)).get(asked).context["listing"].columns
    ]


@pytest.mark.parametrize(
    ("name", "template"),
    [("person_reset", "password_reset_made"), ("person_remove_factors", "factors_removed")],
)
def test_person_is_told_of_what_was_done_with_the_account(login, name, template):
    who = position(Role.OFFICE_STAFF).person
    system = position(Role.SYSTEM_ADMIN)

    login(system).post(reverse(name, args=[who.pk]))

    told = Notice.objects.get(person=who)
    assert (told.template, told.facts) == (template, {"by": system.person.name})
