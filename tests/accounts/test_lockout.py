"""Failures lock an account, many failures lock a network, and both are told with the minutes that remain."""

from datetime import UTC, datetime, timedelta

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.urls import reverse

from lianqiao.accounts.lockout import network_of
from lianqiao.core.actor import Role
from lianqiao.core.models import AuditEntry
from tests.factories import PASSWORD, person, position

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


def attempt(client, login, password="wrong-password", **extra):
    return client.post("/login", {"login": login, "password": password}, **extra)


def test_lock_counts_name_phone_and_login_name_of_one_person_together(client, time_machine):
    time_machine.move_to(NOON, tick=False)
    person("张伟", username="zhangwei", phone="13912345678")

    answers = [
        attempt(client, login).status_code for login in ("zhangwei", "ZhangWei", "13912345678", "张伟")
    ]
    fifth = attempt(client, "139 1234 5678")

    assert answers == [200] * 4
    assert fifth.status_code == 429
    assert fifth.headers["Retry-After"] == "900"
    assert "请在 15 分钟后再试" in fifth.text


def test_lock_refuses_the_right_password_and_ends_fifteen_minutes_after_the_last_counted_failure(
    client, time_machine
):
    time_machine.move_to(NOON, tick=False)
    person(username="zhangwei")
    for _ in range(5):
        attempt(client, "zhangwei")

    time_machine.move_to(NOON + timedelta(minutes=10), tick=False)
    locked = attempt(client, "zhangwei", PASSWORD)
    time_machine.move_to(NOON + timedelta(minutes=15, seconds=1), tick=False)
    free = attempt(client, "zhangwei", PASSWORD)

    assert locked.status_code == 429
    assert "请在 5 分钟后再试" in locked.text
    assert (free.status_code, free.url) == (302, "/")


def test_lock_of_one_account_leaves_others_of_the_same_network_free(client):
    person(username="zhangwei")
    person(username="liping")
    for _ in range(5):
        attempt(client, "zhangwei")

    assert attempt(client, "liping", PASSWORD).status_code == 302


def test_lock_of_a_network_after_fifty_failures_at_many_accounts(client):
    people = [person(username=f"person-{n}") for n in range(11)]
    answers = [attempt(client, people[n % 11].username).status_code for n in range(44)]
    # Accounts that nobody has count for the network as well.
    answers += [attempt(client, f"nobody{n}").status_code for n in range(5)]

    fiftieth = attempt(client, "nobody-at-all")

    assert 429 not in answers[44:]
    assert fiftieth.status_code == 429
    assert attempt(client, "person-10", PASSWORD).status_code == 429
    assert attempt(Client(REMOTE_ADDR="198.51.100.7"), "person-10", PASSWORD).status_code == 302


def test_login_forgives_the_account_but_not_the_network(client):
    person(username="zhangwei")
    person(username="liping")
    for _ in range(4):
        attempt(client, "zhangwei")

    attempt(client, "liping", PASSWORD)

    assert list(AccessAttempt.objects.values_list("username", "failures_since_start")) == [("zhangwei", 4)]


def test_lock_keeps_no_password_that_was_posted(client, login):
    held = position(Role.OFFICE_STAFF)
    attempt(client, held.person.username, "one-secret")
    login(held).post(
        reverse("me_password"), {"old": "two-secret", "password": "three-secret", "again": "four-secret"}
    )

    kept = "".join(AccessAttempt.objects.values_list("post_data", flat=True))

    assert AccessAttempt.objects.count() == 1
    assert [
        word for word in ("one-secret", "two-secret", "three-secret", "four-secret") if word in kept
    ] == []


def test_lock_counts_wrong_old_passwords_of_a_logged_in_person(login):
    held = position(Role.OFFICE_STAFF)
    client = login(held)
    guess = {"old": "wrong-password", "password": "a-new-password-1", "again": "a-new-password-1"}

    answers = [client.post(reverse("me_password"), guess).status_code for _ in range(5)]

    assert answers == [200] * 4 + [429]


def test_security_shows_who_is_locked_and_unlocks(login, client):
    administrator = login(position(Role.SYSTEM_ADMIN))
    who = person("张伟", username="zhangwei")
    for _ in range(5):
        attempt(client, "zhangwei")
        attempt(client, "nobody")

    shown = administrator.get(reverse("security")).text
    response = administrator.post(reverse("security_unlock"), {"person": who.pk})

    assert "张伟" in shown
    assert "nobody" in shown
    assert response.status_code == 302
    assert attempt(client, "zhangwei", PASSWORD).status_code == 302
    assert AuditEntry.objects.filter(action="accounts.unlock", subject_id=str(who.pk)).count() == 1


def test_security_unlock_frees_a_network(login, client, settings):
    settings.AXES_NETWORK_FAILURE_LIMIT = 10
    administrator = login(position(Role.SYSTEM_ADMIN))
    person(username="zhangwei")
    for n in range(10):
        attempt(client, f"nobody{n}", REMOTE_ADDR="198.51.100.7")

    assert attempt(client, "zhangwei", PASSWORD, REMOTE_ADDR="198.51.100.7").status_code == 429
    assert "198.51.100.7" in administrator.get(reverse("security")).text
    administrator.post(reverse("security_unlock"), {"network": "198.51.100.7"})
    assert attempt(client, "zhangwei", PASSWORD, REMOTE_ADDR="198.51.100.7").status_code == 302


@pytest.mark.parametrize("posted", [{}, {"person": "x"}, {"person": "999999"}, {"network": "203.0.113.9"}])
def test_security_unlock_of_nothing_is_not_found(login, posted):
    assert login(position(Role.SYSTEM_ADMIN)).post(reverse("security_unlock"), posted).status_code == 404


def test_person_detail_shows_the_lock_to_the_administrator(login, client):
    who = person("张伟", username="zhangwei")
    for _ in range(5):
        attempt(client, "zhangwei")

    assert "连续 5 次" in login(position(Role.SYSTEM_ADMIN)).get(reverse("person_detail", args=[who.pk])).text


@pytest.mark.parametrize(
    ("proxies", "forwarded", "remote", "network"),
    [
        (0, "203.0.113.9", "198.51.100.7", "198.51.100.7"),
        (1, "203.0.113.9", "198.51.100.7", "203.0.113.9"),
        (1, "192.0.2.1, 203.0.113.9", "198.51.100.7", "203.0.113.9"),
        (2, "203.0.113.9", "198.51.100.7", "203.0.113.9"),
        (1, "not an address", "198.51.100.7", "0.0.0.0"),
        (0, "", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        (0, "", "::ffff:198.51.100.7", "198.51.100.7"),
        (0, "", "", "0.0.0.0"),
    ],
)
def test_network_is_what_the_outermost_proxy_of_ours_saw(rf, settings, proxies, forwarded, remote, network):
    settings.TRUSTED_PROXIES = proxies

    request = rf.get("/", HTTP_X_FORWARDED_FOR=forwarded, REMOTE_ADDR=remote)

    assert network_of(request) == network
