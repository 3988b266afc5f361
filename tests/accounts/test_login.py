"""The login page: who comes in by what, and what is said to those who do not."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from lianqiao.accounts.models import Person
from lianqiao.core.actor import Role
from lianqiao.core.models import AuditEntry
from tests.factories import PASSWORD, person, position

pytestmark = pytest.mark.django_db
LOGIN = "/login"


def log_in(client, login, password=PASSWORD, **extra):
    return client.post(LOGIN, {"login": login, "password": password, **extra})


@pytest.mark.parametrize(
    "login", ["zhangwei", "ZHANGWEI", "13912345678", "139 1234 5678", "+86 139-1234-5678", "张伟"]
)
def test_account_login_by_name_phone_or_login_name_goes_home(client, login):
    person("张伟", username="zhangwei", phone="13912345678")

    response = log_in(client, login)

    assert (response.status_code, response.url) == (302, "/")


def test_account_login_by_a_name_that_two_share_is_refused(client):
    person("张伟", username="zhangwei")
    person("张伟", username="zhangwei2")

    response = log_in(client, "张伟")

    assert response.status_code == 200
    assert "登录名、手机号或密码不正确" in response.text


def test_account_login_with_a_wrong_password_says_so_and_keeps_the_login(client):
    person(username="zhangwei")

    response = log_in(client, "zhangwei", "wrong-password")

    assert response.status_code == 200
    assert "登录名、手机号或密码不正确。连续 5 次不正确将锁定 15 分钟。" in response.text
    assert 'value="zhangwei"' in response.text
    assert AuditEntry.objects.filter(action="login_failed").count() == 1


def test_account_login_of_a_suspended_person_is_refused(client):
    person(username="zhangwei", state=Person.State.SUSPENDED)

    response = log_in(client, "zhangwei")

    assert (response.status_code, response.url) == (302, reverse("account_inactive"))
    assert client.get("/me").url == "/login?next=%2Fme"


def test_account_inactive_says_whom_to_ask(client):
    assert "您的账号已停用，或还没有用邀请链接激活。" in client.get(reverse("account_inactive")).text


@pytest.mark.parametrize(("wanted", "goes_to"), [("/me", "/me"), ("https://elsewhere.example/", "/")])
def test_account_login_goes_on_only_to_our_own_pages(client, wanted, goes_to):
    person(username="zhangwei")

    assert log_in(client, "zhangwei", next=wanted).url == goes_to


def test_account_login_and_logout_are_audited(client):
    who = person(username="zhangwei")

    log_in(client, "zhangwei")
    response = client.post(reverse("account_logout"))

    assert (response.status_code, response.url) == (302, "/")
    assert list(AuditEntry.objects.order_by("id").values_list("action", "person_id")) == [
        ("login", who.pk),
        ("logout", who.pk),
    ]


def test_account_logout_is_not_a_link(client):
    assert client.get(reverse("account_logout")).status_code == 405


def test_account_login_offers_no_sign_up(client):
    response = client.get(LOGIN)

    assert "signup" not in response.text
    assert "忘记密码" in response.text
    assert client.get("/signup").status_code == 404


@pytest.mark.parametrize("login", ["a\x00b", "x" * 61, ""])
def test_account_login_refuses_an_unreadable_login(client, login):
    response = log_in(client, login)

    assert response.status_code == 200
    assert 'id="id_login_error"' in response.text


def test_session_ends_after_half_an_hour_without_a_click(client, time_machine):
    held = position(Role.OFFICE_STAFF, who=person(username="zhangwei"))
    start = datetime(2026, 3, 2, 9, tzinfo=UTC)
    time_machine.move_to(start, tick=False)
    log_in(client, held.person.username)
    client.get("/me")

    time_machine.move_to(start + timedelta(minutes=29), tick=False)
    assert client.get("/me").status_code == 200
    time_machine.move_to(start + timedelta(minutes=58), tick=False)
    assert client.get("/me").status_code == 200
    time_machine.move_to(start + timedelta(minutes=89), tick=False)
    assert client.get("/me").url == "/login?next=%2Fme"
    assert "超过 30 分钟没有操作，或登录已满 12 小时，已自动退出。请重新登录。" in client.get(LOGIN).text
    assert "已自动退出" not in client.get(LOGIN).text


def test_session_ends_after_twelve_hours_of_work(client, time_machine):
    held = position(Role.OFFICE_STAFF, who=person(username="zhangwei"))
    start = datetime(2026, 3, 2, 8, tzinfo=UTC)
    time_machine.move_to(start, tick=False)
    log_in(client, held.person.username)

    seen = []
    for click in range(26):
        time_machine.move_to(start + timedelta(minutes=29 * click), tick=False)
        seen.append(client.get("/me").status_code)

    assert seen == [200] * 25 + [302]
