import time
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import translation


@pytest.fixture(autouse=True)
def chinese(settings):
    """A request leaves its language behind in its thread; no test reads what another one left."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture(autouse=True)
def plain_settings(settings):
    """What costs time and shows nothing: a slow hash per login, hashed names of static files."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


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
