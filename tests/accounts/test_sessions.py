"""A session ends when what stands behind it changes."""

import pytest
from django.test import Client
from django.utils import timezone

from lianqiao.accounts.actions import choose_password, end_sessions, make_token, resume, suspend
from lianqiao.accounts.queries import live_token
from lianqiao.core.actor import Role, at_the_terminal
from lianqiao.registry.actions.positions import end_position, grant_position
from tests.factories import actor_of, chain, person, position, today

pytestmark = pytest.mark.django_db
TERMINAL = at_the_terminal("test")


def change_password(who):
    own = actor_of(position(Role.MENTOR, who=who))
    choose_password(who, password="a-quite-new-one-7", by=own, now=timezone.now())


def grant(who):
    grant_position(person=who, role=Role.LEADER, chain=chain(), starts_on=today(), by=TERMINAL)


def end(who):
    end_position(position(Role.LEADER, who=who), ends_on=today(), by=TERMINAL)


def suspended(who):
    suspend(who, by=TERMINAL)


def suspended_and_resumed(who):
    resume(suspend(who, by=TERMINAL), by=TERMINAL)


def ended(who):
    end_sessions(who, by=TERMINAL)


@pytest.mark.parametrize("happens", [change_password, grant, end, suspended, suspended_and_resumed, ended])
def test_session_ends_when(happens):
    who = person()
    client = Client()
    client.force_login(who, backend="lianqiao.accounts.login.NameOrPhone")
    assert client.get("/me").status_code == 200

    happens(who)

    assert client.get("/me").status_code == 302


def test_live_token_of_a_suspended_person_is_none():
    held = position(Role.OFFICE_STAFF)
    _token, secret = make_token(name="同步", scopes=["read"], expires_on=today(), by=actor_of(held))
    assert live_token(secret, now=timezone.now()).person == held.person

    suspended(held.person)

    assert live_token(secret, now=timezone.now()) is None
