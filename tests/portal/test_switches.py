"""The small choices made in passing: position, language, columns."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from lianqiao.core.actor import Role
from lianqiao.core.models import AuditEntry
from tests.factories import chain, person, position, yesterday

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_tells]


@pytest.fixture
def held():
    return position(Role.OFFICE_STAFF, who=person("张伟", username="zhangwei", phone="13912345678"))


@pytest.fixture
def client(held, login):
    return login(held)


def test_position_switch_changes_the_whole_frame_and_goes_back(client, held):
    other = position(Role.MENTOR, who=held.person, on=chain())

    response = client.post(reverse("position_switch"), {"position": other.pk, "next": "/notices"})

    assert (response.status_code, response.url) == (302, "/notices")
    assert client.get("/me").context["actor"].role == Role.MENTOR
    assert client.get("/people").status_code == 403
    client.post(reverse("position_switch"), {"position": other.pk})
    entry = AuditEntry.objects.get(action="accounts.switch_position")
    assert (entry.position_id, json.loads(entry.after)["position_id"]) == (held.pk, other.pk)


def test_position_switch_to_what_is_not_held_is_not_found(client, held):
    past = position(Role.SYSTEM_ADMIN, who=held.person, ends_on=yesterday())
    others = position(Role.SYSTEM_ADMIN)

    answers = [
        client.post(reverse("position_switch"), {"position": p}).status_code
        for p in (past.pk, others.pk, "x", "")
    ]

    assert answers == [404, 404, 404, 404]
    assert client.get("/me").context["actor"].role == Role.OFFICE_STAFF


def test_position_that_ends_is_left_at_the_next_page(client, held):
    other = position(Role.MENTOR, who=held.person)
    client.post(reverse("position_switch"), {"position": other.pk})

    other.ends_on = yesterday()
    other.save()

    assert client.get("/me").context["actor"].role == Role.OFFICE_STAFF


@pytest.mark.parametrize(
    "wanted", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""]
)
def test_set_language_goes_back_only_to_our_own_pages(client, wanted):
    assert client.post(reverse("set_language"), {"language": "en", "next": wanted}).url == "/"


def test_set_language_works_before_the_login():
    client = Client()

    response = client.post(reverse("set_language"), {"language": "en", "next": "/login"})

    assert response.url == "/login"
    assert 'lang="en"' in client.get("/login").text


def test_set_language_is_remembered_with_the_person(client, held, login):
    client.post(reverse("set_language"), {"language": "en"})

    assert 'lang="en"' in login(held).get("/me").text


def test_set_language_of_no_language_is_not_found(client):
    assert client.post(reverse("set_language"), {"language": "xx"}).status_code == 404


def test_remember_columns_shows_them_from_then_on(client):
    response = client.post(
        reverse("remember_columns", args=["position_list"]),
        {"columns": ["person", "starts_on"], "next": "/positions?state=held"},
    )

    assert response.url == "/positions?state=held"
    assert [c.name for c in client.get("/positions").context["listing"].columns] == ["person", "starts_on"]
    client.post(reverse("remember_columns", args=["position_list"]))
    assert len(client.get("/positions").context["listing"].columns) > 2
    kept = AuditEntry.objects.filter(action="accounts.prefer").order_by("id").values_list("after", flat=True)
    assert [json.loads(after)["columns"] for after in kept] == [
        {"position_list": ["person", "starts_on"]},
        {"position_list": []},
    ]


def test_remember_columns_does_not_fill_the_store(client, held):
    many = {"columns": [f"c{n}" for n in range(61)]}

    assert client.post(reverse("remember_columns", args=["x"]), many).status_code == 404
    assert client.post(reverse("remember_columns", args=["x"]), {"columns": ["y" * 41]}).status_code == 404
    answers = [client.post(reverse("remember_columns", args=[f"list-{n}"])).status_code for n in range(61)]
    assert answers == [302] * 60 + [404]
