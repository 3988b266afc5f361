"""Tokens for programs: shown once, in one position, void when revoked."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from lianqiao.accounts.models import ApiToken
from lianqiao.accounts.queries import live_token
from lianqiao.core.actor import Role
from lianqiao.core.models import AuditEntry
from tests.factories import PASSWORD, person, position, today, yesterday

pytestmark = pytest.mark.django_db


@pytest.fixture
def held():
    return position(Role.OFFICE_STAFF, who=person("张伟", username="zhangwei", phone="13912345678"))


@pytest.fixture
def client(held, login):
    return login(held)


def confirm_again(client):
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def make_token(client, **facts):
    confirm_again(client)
    posted = {"name": "数据中台同步", "scopes": "read", "expires_on": today().isoformat()} | facts
    return client.post(reverse("token_add"), posted)


def test_token_add_shows_the_secret_once(client, held):
    response = make_token(client)

    secret = response.context["secret"]
    token = ApiToken.objects.get()
    assert response.text.count(secret) == 2  # to read, and for the copy button
    assert "no-store" in response.headers["Cache-Control"]
    assert (token.person, token.position_id, token.scopes) == (held.person, held.pk, ["read"])
    assert live_token(secret, now=timezone.now()) == token
    assert secret not in client.get("/me").text
    assert secret not in str(list(AuditEntry.objects.values()))


@pytest.mark.parametrize(
    "facts",
    [
        {"name": ""},
        {"name": "x" * 61},
        {"name": "同\u200b步"},
        {"scopes": "everything"},
        {"expires_on": yesterday().isoformat()},
        {"expires_on": (today() + timedelta(days=367)).isoformat()},
        {"expires_on": "nonsense"},
    ],
)
def test_token_add_refuses_what_cannot_be(client, facts):
    response = make_token(client, **facts)

    assert (response.status_code, set(response.context["form"].errors)) == (200, set(facts))
    assert ApiToken.objects.count() == 0


def test_token_add_asks_for_the_password_first(client):
    assert client.get(reverse("token_add")).status_code == 302
    assert client.post(reverse("token_add"), {"name": "x"}).status_code == 302
    assert ApiToken.objects.count() == 0


def test_token_revoke_makes_it_void_at_once(client):
    secret = make_token(client, scopes="write").context["secret"]
    token = ApiToken.objects.get()
    assert token.scopes == ["read", "write"]

    response = client.post(reverse("token_revoke", args=[token.pk]))

    assert response.url == "/me"
    assert live_token(secret, now=timezone.now()) is None
    assert "已作废" in client.get("/me").text
    assert client.post(reverse("token_revoke", args=[token.pk])).status_code == 404


def test_token_revoke_of_somebody_else_is_not_found(client, login):
    make_token(client)

    other = login(position(Role.OFFICE_ADMIN))

    assert other.post(reverse("token_revoke", args=[ApiToken.objects.get().pk])).status_code == 404
    assert ApiToken.objects.get().revoked_at is None
