"""One's own page, and the small choices made in passing."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from lianqiao.core.actor import Role
from lianqiao.core.models import AuditEntry
from tests.factories import PASSWORD, person, position, yesterday

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_tells]
NEW = "a-quite-new-one-7"


@pytest.fixture
def held():
    return position(Role.OFFICE_STAFF, who=person("张伟", username="zhangwei", phone="13912345678"))


@pytest.fixture
def client(held, login):
    return login(held)


def confirm_again(client):
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


@pytest.mark.parametrize("role", sorted(Role))
def test_me_is_there_for_every_role(login, role):
    held = position(role)

    assert held.person.username in login(held).get("/me").text


def test_me_is_there_without_a_position(client, held):
    held.delete()

    page = client.get("/me")

    assert page.status_code == 200
    assert "还没有身份，请联系产业链管理处。" in page.text
    assert "生成令牌" not in page.text


def test_me_of_nobody_leads_to_the_login():
    assert Client().get("/me").url == "/login?next=%2Fme"


def test_me_shows_all_positions_and_marks_the_one_in_use(client, held):
    other = position(Role.MENTOR, who=held.person)
    past = position(Role.LIAISON, who=held.person, ends_on=yesterday())

    shown = client.get("/me").context["positions"]

    assert {(row["row"], row["held"]) for row in shown} == {(held, True)}
    # An office sees the positions in its reach; the switch in the header knows all that are held.
    assert {p["id"] for p in client.get("/me").context["frame"].positions} == {held.pk, other.pk}
    assert past.pk not in {p["id"] for p in client.get("/me").context["frame"].positions}


def test_me_preferences_change_the_page_and_the_language(client, held):
    wanted = {"language": "en", "theme": "dark", "text": "large", "density": "compact"}
    version = held.person.version

    response = client.post(reverse("me_preferences"), wanted)
    page = client.get("/me").text

    held.person.refresh_from_db()
    assert (response.url, held.person.preferences) == ("/me", wanted)
    entry = AuditEntry.objects.get(action="accounts.prefer")
    assert (entry.person_id, json.loads(entry.after), held.person.version) == (
        held.person_id,
        wanted,
        version,
    )
    assert 'lang="en"' in page
    assert 'data-bs-theme="dark"' in page
    assert 'data-text="large" data-density="compact"' in page


def test_me_preferences_refuse_what_is_not_offered(client, held):
    response = client.post(
        reverse("me_preferences"), {"language": "xx", "theme": "dark", "text": "large", "density": "compact"}
    )

    held.person.refresh_from_db()
    assert (response.status_code, held.person.preferences) == (200, {})
    assert set(response.context["form"].errors) == {"language"}


def test_me_profile_asks_for_the_password_first(client):
    assert (
        client.get(reverse("me_profile")).url == f"{reverse('account_reauthenticate')}?next=%2Fme%2Fprofile"
    )


def test_me_profile_saves_login_name_and_address_and_leaves_who_one_is(client, held):
    confirm_again(client)

    client.post(
        reverse("me_profile"),
        {"name": "李书记", "username": "zhangw", "phone": "138 0000 1111", "email": "z@office.example"},
    )

    held.person.refresh_from_db()
    assert (held.person.username, held.person.email) == ("zhangw", "z@office.example")
    assert (held.person.name, held.person.phone) == ("张伟", "13912345678")
    entry = AuditEntry.objects.get(action="accounts.edit_profile")
    assert "z@office.example" not in entry.after
    assert client.get("/me").status_code == 200


@pytest.mark.parametrize(
    ("facts", "field", "reason"),
    [
        ({"username": "13800001111"}, "username", "登录名不能全是数字"),
        ({"username": "TAKEN"}, "username", "该登录名已被使用"),
        ({"username": "钱局长"}, "username", "该登录名已被使用"),
        ({"email": "nonsense"}, "email", ""),
    ],
)
def test_me_profile_names_the_field_and_keeps_what_was_typed(client, held, facts, field, reason):
    person("钱局长", username="taken")
    confirm_again(client)
    posted = {"username": "zhangwei", "email": ""} | facts

    response = client.post(reverse("me_profile"), posted)

    assert response.status_code == 200
    assert set(response.context["form"].errors) == {field}
    assert reason in response.text
    held.person.refresh_from_db()
    assert (held.person.username, held.person.email) == ("zhangwei", "")


def test_me_password_ends_all_sessions_and_leads_to_the_login(client, held, login):
    elsewhere = login(held)

    response = client.post(reverse("me_password"), {"old": PASSWORD, "password": NEW, "again": NEW})

    assert response.url == "/login"
    assert "密码已修改，所有设备上的登录已结束。请用新密码登录。" in client.get("/login").text
    assert (client.get("/me").status_code, elsewhere.get("/me").status_code) == (302, 302)
    assert Client().post("/login", {"login": "zhangwei", "password": NEW}).url == "/"


@pytest.mark.parametrize(
    ("posted", "field"),
    [
        ({"old": "wrong-password"}, "old"),
        ({"again": "another"}, "again"),
        ({"password": "zhangwei12", "again": "zhangwei12"}, "password"),
    ],
)
def test_me_password_names_what_is_wrong_and_keeps_the_old_one(client, held, posted, field):
    response = client.post(reverse("me_password"), {"old": PASSWORD, "password": NEW, "again": NEW} | posted)

    assert field in response.context["form"].errors
    held.person.refresh_from_db()
    assert held.person.check_password(PASSWORD)


def test_me_sessions_end_logs_out_everywhere(client, held, login):
    elsewhere = login(held)

    client.post(reverse("me_sessions_end"))

    assert (client.get("/me").status_code, elsewhere.get("/me").status_code) == (302, 302)
