"""Each operation says for each role whether it may be called, and keeps to it."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from ninja import NinjaAPI, Router

from lianqiao.api.operation import operation, policies
from lianqiao.api.urls import operations
from lianqiao.core.actor import CONTENT, EVERYONE, NO_POSITION, PUBLIC, Role
from lianqiao.core.permissions import LABELS
from tests import factories as make

OPERATIONS = list(operations())


@pytest.mark.parametrize("one", OPERATIONS, ids=[one["operation"] for one in OPERATIONS])
def test_operation_has_an_explicit_policy_for_each_role(one):
    assert set(one["policy"]) == {str(role) for role in EVERYONE}
    assert any(one["policy"].values()), "nobody may call it"
    assert one["permission"] is None or one["permission"] in LABELS


def test_operations_have_names_and_addresses_of_their_own():
    assert len({one["operation"] for one in OPERATIONS}) == len(OPERATIONS)
    assert len({(one["method"], one["path"]) for one in OPERATIONS}) == len(OPERATIONS)


def test_operation_without_policy_cannot_be_registered():
    api = NinjaAPI(urls_namespace="without", docs_url=None)

    @api.get("/open")
    def open_to_all(request):
        return {}

    with pytest.raises(ImproperlyConfigured):
        list(policies(api))


def test_operation_with_policy_is_registered_under_its_name():
    router = Router()

    @operation(router, "get", "/things", allow=CONTENT, answer=dict)
    def thing_list(request):
        return {}

    api = NinjaAPI(urls_namespace="with", docs_url=None)
    api.add_router("", router)

    assert [(p.name, p.method, p.path, p.allow) for p in policies(api)] == [
        ("thing_list", "GET", "/things", CONTENT)
    ]


@pytest.mark.postgresql_tells
@pytest.mark.django_db
@pytest.mark.parametrize("role", [PUBLIC, *Role])
def test_every_operation_answers_each_role_as_its_policy_says(caller, role):
    program = caller(make.position(role) if role != PUBLIC else None)
    wrong = {}
    for one in OPERATIONS:
        path = one["path"].removeprefix("/api").replace("{pk}", "999999").replace("{kind}", "industry")
        body = {} if one["method"] in ("POST", "PATCH") else None
        status = program.send(one["method"], path, body).status_code
        allowed = one["method"] in one["policy"][str(role)]
        refused = {401} if role == PUBLIC else {403}
        if (status in {401, 403}) == allowed or (not allowed and status not in refused):
            wrong[one["operation"]] = status

    assert wrong == {}


def test_person_without_position_reads_only_what_is_not_content():
    reads = {one["operation"] for one in OPERATIONS if one["policy"][NO_POSITION]}

    assert reads == {"me", "me_positions", "reference_list", "openapi"}
