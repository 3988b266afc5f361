import time
from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation


def pytest_configure() -> None:
    """Leave out what costs time and shows nothing: a slow hash per login, hashed names of static files."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}


@pytest.fixture(autouse=True)
def chinese():
    """A request leaves its language behind in its thread; no test reads what another one left."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture
def login(db) -> Callable[..., Client]:
    """`login(position)` gives a client in which that person acts in that position."""

    def make(held=None, **headers: str) -> Client:
        client = Client(headers=headers or None)
        if held is not None:
            client.force_login(held.person, backend="lianqiao.accounts.login.NameOrPhone")
            session = client.session
            session["position"] = held.pk
            # As after the first click: the session has noted when it began.
            session["began"] = session["seen"] = int(time.time())
            session.save()
        return client

    return make
