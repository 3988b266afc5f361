"""One-time links: an invitation, a reset; each works once and for a while."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lianqiao.accounts.actions import invite_person, reset_password, suspend
from lianqiao.accounts.models import OneTimeLink, Person
from lianqiao.core.actor import Role, at_the_terminal
from lianqiao.core.models import AuditEntry
from tests.factories import PASSWORD, actor, person

pytestmark = pytest.mark.django_db
NEW = {"password": "a-quite-new-one-7", "again": "a-quite-new-one-7"}
TERMINAL = at_the_terminal("test")


def invited(**fields):
    fields = {"name": "李萍", "phone": "13912345678"} | fields
    return invite_person(by=TERMINAL, now=timezone.now(), **fields)


def url_of(token):
    return reverse("link_open", args=[token])


def test_link_open_of_an_invitation_activates_and_lets_in(client):
    who, token = invited()

    page = client.get(url_of(token))
    response = client.post(url_of(token), {"username": "liping"} | NEW)

    assert "李萍，欢迎使用链桥" in page.text
    assert "no-store" in page.headers["Cache-Control"]
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert (response.status_code, response.url) == (302, "/login")
    who.refresh_from_db()
    assert (who.username, who.state) == ("liping", Person.State.ACTIVE)
    assert client.post("/login", {"login": "13912345678", "password": NEW["password"]}).url == "/"
    entry = AuditEntry.objects.get(action="accounts.accept_invitation")
    assert (entry.person_id, "a-quite-new-one-7" in entry.after) == (who.pk, False)


def test_link_open_works_once(client):
    _who, token = invited()
    client.post(url_of(token), {"username": "liping"} | NEW)

    assert client.get(url_of(token)).status_code == 410
    again = client.post(url_of(token), {"username": "mallory"} | NEW)
    assert again.status_code == 410
    assert "此链接不能再用" in again.text


def test_link_open_after_seven_days_is_gone(client, time_machine):
    start = datetime(2026, 3, 2, tzinfo=UTC)
    time_machine.move_to(start, tick=False)
    _who, token = invited()

    time_machine.move_to(start + timedelta(days=7) - timedelta(seconds=1), tick=False)
    assert client.get(url_of(token)).status_code == 200
    time_machine.move_to(start + timedelta(days=7), tick=False)
    assert client.get(url_of(token)).status_code == 410


def test_link_open_of_nothing_is_gone(client):
    assert client.get(url_of("no-such-token")).status_code == 410


def test_link_open_of_a_suspended_person_is_refused(client):
    who, token = invited()
    suspend(who, by=TERMINAL)

    response = client.post(url_of(token), {"username": "liping"} | NEW)

    assert response.status_code == 410
    assert OneTimeLink.objects.get().used_at is None


@pytest.mark.parametrize(
    ("posted", "reason"),
    [
        ({"username": "张"}, "登录名为 2 至 40 个字"),
        ({"username": "13800001111"}, "登录名不能全是数字，以免与手机号相混。"),
        ({"username": "li ping"}, "登录名为 2 至 40 个字"),
        ({"username": "TAKEN"}, "该登录名已被使用，请换一个。"),
        ({"username": "x" * 41}, "40"),
        ({"username": "li\u202eping"}, "登录名为 2 至 40 个字"),
        ({"username": "liping", "again": "another"}, "两次输入的密码不一致。"),
        ({"username": "liping", "password": "short", "again": "short"}, "10"),
        ({"username": "liping", "password": "1234567890", "again": "1234567890"}, "密码"),
        ({"username": "liping", "password": "13912345678", "again": "13912345678"}, "手机号"),
        ({"username": "liping", "password": "x" * 129, "again": "x" * 129}, "128"),
    ],
)
def test_link_open_names_what_is_wrong_and_stays_open(client, posted, reason):
    person(username="taken")
    who, token = invited()

    response = client.post(url_of(token), NEW | posted)

    assert response.status_code == 200
    assert reason in response.text
    who.refresh_from_db()
    assert who.state == Person.State.INVITED
    assert client.get(url_of(token)).status_code == 200


def test_link_open_of_a_reset_ends_all_sessions_and_other_links(client):
    who = person(username="zhangwei")
    client.post("/login", {"login": "zhangwei", "password": PASSWORD})
    administrator = actor(Role.SYSTEM_ADMIN)
    first = reset_password(who, by=administrator, now=timezone.now())
    second = reset_password(who, by=administrator, now=timezone.now())
    other = Client()

    assert other.get(url_of(first)).status_code == 410
    assert client.get("/me").status_code == 200
    other.post(url_of(second), NEW)

    assert client.get("/me").status_code == 302
    assert Client().post("/login", {"login": "zhangwei", "password": PASSWORD}).status_code == 200
    assert Client().post("/login", {"login": "zhangwei", "password": NEW["password"]}).url == "/"


def test_link_open_by_somebody_else_acts_as_its_person_and_logs_that_one_out(client):
    who, token = invited()
    other = person(username="zhangwei")
    client.post("/login", {"login": "zhangwei", "password": PASSWORD})

    client.post(url_of(token), {"username": "liping"} | NEW)

    assert client.get("/me").status_code == 302
    other.refresh_from_db()
    assert other.check_password(PASSWORD)
    assert AuditEntry.objects.get(action="accounts.accept_invitation").person_id == who.pk


def test_links_keep_no_token():
    _who, token = invited()

    assert token not in str(OneTimeLink.objects.values().get())
    assert token not in str(list(AuditEntry.objects.values()))
