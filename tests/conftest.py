import os
import tempfile
from collections.abc import Callable

import pytest
from django.test import Client

# A data folder and a queue of the tests' own, before the settings are read.
DATA = tempfile.TemporaryDirectory(prefix="lianqiao-test-")
os.environ["LIANQIAO_DATA"] = DATA.name
os.environ["LIANQIAO_QUEUE"] = "immediate"
os.environ.setdefault("LIANQIAO_SECRET_KEY", "only-for-tests")


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
            session.save()
        return client

    return make
