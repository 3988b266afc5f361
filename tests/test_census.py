"""Walks every address: each has a policy for each role, a view and a template of its name, and tests of its stem."""

import inspect
import re
from pathlib import Path

import pytest
from django.template.loader import get_template
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.exceptions import NoReverseMatch

from lianqiao.core.actor import EVERYONE, PUBLIC, Role
from lianqiao.core.policy import Policy
from tests import factories as make

TESTS = Path(__file__).parent
OURS = "lianqiao."
SOURCES = "\n".join(file.read_text(encoding="utf-8") for file in TESTS.rglob("test_*.py"))


def patterns(resolver=None, prefix=""):
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, route)
        elif isinstance(entry, URLPattern):
            yield route, entry


PAGES = [(route, entry) for route, entry in patterns() if not entry.callback.policy.by_operation]
OWN = [(route, entry) for route, entry in PAGES if entry.callback.__module__.startswith(OURS)]
NAMES = [entry.name for _, entry in OWN]


@pytest.mark.parametrize(("route", "entry"), PAGES, ids=[str(entry.name) for _, entry in PAGES])
def test_page_has_an_explicit_policy_for_each_role(route, entry):
    policy = entry.callback.policy

    assert isinstance(policy, Policy)
    assert policy.methods, f"{route} can be used by nobody"
    assert set(policy.explicit()) == {str(role) for role in EVERYONE}
    assert policy.read | policy.write <= EVERYONE


@pytest.mark.parametrize("entry", [entry for _, entry in OWN], ids=NAMES)
def test_page_has_one_stem(entry):
    view = entry.callback

    assert view.__name__ == entry.name
    if renders(view):
        get_template(f"{view.__module__.split('.')[1]}/{entry.name}.html")


@pytest.mark.parametrize("name", NAMES)
def test_page_has_a_test_of_its_stem(name):
    assert re.search(rf"def test_{name}_|\"{name}\"", SOURCES), f"no test of {name}"


def renders(view) -> bool:
    return f"/{view.__name__}.html" in inspect.getsource(inspect.unwrap(view))


def simple_urls():
    for _, entry in OWN:
        if entry.callback.policy.read:
            try:
                yield entry.name, reverse(entry.name)
            except NoReverseMatch:
                continue


@pytest.mark.postgresql_tells
@pytest.mark.django_db
@pytest.mark.parametrize("role", [PUBLIC, *Role])
def test_every_page_answers_each_role_as_its_policy_says(login, role):
    held = make.position(role) if role != PUBLIC else None
    client = login(held)
    policies = {entry.name: entry.callback.policy for _, entry in OWN}
    wrong = {}
    for name, url in simple_urls():
        status = client.get(url).status_code
        allowed = role in policies[name].read
        expected = {200, 302} if allowed else {302} if role == PUBLIC else {403}
        # A page may need a parameter, and say that nothing of that kind is there for this person.
        if status not in expected | ({404} if allowed else set()):
            wrong[name] = status

    assert wrong == {}
