import gc
import time
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.template import Context, Template
from django.test import Client
from django.test.utils import instrumented_test_render
from django.utils import translation

from lianqiao.core import bounded
from tests.forking import Forking

IN_EARNEST = bounded.opened


def pytest_configure() -> None:
    """Leave out what costs time and shows nothing: a slow hash per login, hashed names of static files."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}


@pytest.fixture(scope="session", autouse=True)
def pages_alone_are_recorded(django_test_environment) -> None:
    """`answer.context` is the page's; a copy of the context for each of its fifty components is a waste."""

    def render(template: Template, context: Context) -> str:
        if str(template.name).startswith(("cotton/", "django/")):
            return template.nodelist.render(context)
        return instrumented_test_render(template, context)

    Template._render = render


def pytest_collection_finish() -> None:
    """What was imported until now stays; nobody walks through it again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def programs_are_imported_once() -> Iterator[None]:
    forking = Forking()
    bounded.opened = forking.opened
    yield
    bounded.opened = IN_EARNEST
    forking.end()


@pytest.fixture
def programs_start_in_earnest(monkeypatch) -> None:
    monkeypatch.setattr(bounded, "opened", IN_EARNEST)


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
