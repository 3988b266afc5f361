"""What is kept of secrets: nothing in logs, nothing typed by mistake; and what ends when a password changes."""

import io
import logging
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lianqiao.accounts.actions import (
    accept_link,
    choose_password,
    end_sessions,
    invite_person,
    make_token,
    remove_factors,
    reset_password,
    resume,
    suspend,
)
from lianqiao.accounts.models import OneTimeLink, Person
from lianqiao.accounts.queries import live_token, open_link
from lianqiao.core.actor import Role, at_the_terminal
from lianqiao.core.models import AuditEntry
from tests.factories import actor_of, person, position, today

pytestmark = pytest.mark.django_db
TERMINAL = at_the_terminal("test")
NEW = "a-quite-new-one-7"


@pytest.fixture
def log():
    """What the product's own handler writes."""
    (handler,) = [
        h
        for h in logging.getLogger().handlers
        if type(h) is logging.StreamHandler and h.formatter is not None
    ]
    written = io.StringIO()
    before = handler.setStream(written)
    yield written
    handler.setStream(before)


def test_log_of_a_refused_form_does_not_hold_the_link(log):
    who = person()
    token = reset_password(who, by=TERMINAL, now=timezone.now())

    answer = Client(enforce_csrf_checks=True).post(reverse("link_open", args=[token]), {"password": NEW})

    assert answer.status_code == 403
    assert token not in log.getvalue()
    assert "/links/…" in log.getvalue()
    assert open_link(token, now=timezone.now()) is not None


@pytest.mark.parametrize(
    ("line", "args", "written"),
    [
        ("Gone: %s", ("/links/abc-DEF_1",), "Gone: /links/…"),
        ("at /city/links/abc?x=1 and /links/def", (), "at /city/links/…?x=1 and /links/…"),
        ("100%% of %s", ("/people",), "100% of /people"),
    ],
)
def test_log_lines_lose_the_token_and_nothing_else(log, line, args, written):
    logging.getLogger("lianqiao.test").error(line, *args)

    assert log.getvalue().strip().endswith(f"lianqiao.test {written}")


def test_failed_login_keeps_only_what_belongs_to_a_person(log):
    person("张伟", username="zhangwei", phone="13912345678")

    for login in ("hunter2-typed-here", "ZhangWei", "139 1234 5678"):
        Client().post("/login", {"login": login, "password": "wrong"})

    kept = AuditEntry.objects.filter(action="login_failed").order_by("id").values_list("after", flat=True)
    assert list(kept) == ['{"login":""}', '{"login":"zhangwei"}', '{"login":"zhangwei"}']
    assert "hunter2" not in log.getvalue()


def by_own(who):
    return actor_of(who.positions.get())


def password_chosen(who):
    choose_password(who, password=NEW, by=by_own(who), now=timezone.now())


def password_reset(who):
    now = timezone.now()
    accept_link(
        open_link(reset_password(who, by=TERMINAL, now=now), now=now), password=NEW, by=by_own(who), now=now
    )


def sessions_ended(who):
    end_sessions(who, by=TERMINAL)


def factors_removed(who):
    remove_factors(who, by=TERMINAL)


def suspended_and_resumed(who):
    resume(suspend(who, by=TERMINAL), by=TERMINAL)


@pytest.mark.parametrize(
    "happens", [password_chosen, password_reset, sessions_ended, factors_removed, suspended_and_resumed]
)
def test_tokens_end_when(happens):
    held = position(Role.OFFICE_STAFF)
    token, secret = make_token(
        name="同步", scopes=["read"], expires_on=today() + timedelta(days=9), by=actor_of(held)
    )
    assert live_token(secret, now=timezone.now()) == token

    happens(held.person)

    assert live_token(secret, now=timezone.now()) is None
    token.refresh_from_db()
    assert token.revoked_at is not None
    assert AuditEntry.objects.get(action="accounts.revoke_token").subject_id == str(token.pk)


def invited(**fields):
    fields = {"name": "李萍", "phone": "13912345678"} | fields
    return invite_person(by=TERMINAL, now=timezone.now(), **fields)


def test_link_of_an_invitation_ends_with_the_suspension():
    who, token = invited()

    resume(suspend(who, by=TERMINAL), by=TERMINAL)

    assert Client().get(reverse("link_open", args=[token])).status_code == 410


def test_link_of_an_invitation_is_not_a_way_into_an_active_account():
    who, token = invited()
    Person.objects.filter(pk=who.pk).update(state=Person.State.ACTIVE)

    answer = Client().post(
        reverse("link_open", args=[token]), {"username": "mallory", "password": NEW, "again": NEW}
    )

    assert "此链接已使用或已过期" in answer.text
    who.refresh_from_db()
    assert (who.username == "mallory", who.check_password(NEW)) == (False, False)
    assert OneTimeLink.objects.get().used_at is None


@pytest.mark.parametrize("kept", ["", "liping@home.example"])
def test_link_of_an_invitation_shows_the_address_and_takes_what_the_person_makes_of_it(kept):
    who, token = invited(email="inviter@office.example")
    url = reverse("link_open", args=[token])

    assert 'value="inviter@office.example"' in Client().get(url).text
    Client().post(url, {"username": "liping", "email": kept, "password": NEW, "again": NEW})

    who.refresh_from_db()
    assert (who.state, who.email) == (Person.State.ACTIVE, kept)


def test_username_that_is_the_name_of_another_is_refused():
    person("钱局长")
    who, token = invited()
    posted = {"username": "钱局长", "password": NEW, "again": NEW}

    answer = Client().post(reverse("link_open", args=[token]), posted)

    assert set(answer.context["form"].errors) == {"username"}
    assert Client().post(reverse("link_open", args=[token]), posted | {"username": who.name}).url == "/login"
