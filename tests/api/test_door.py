"""Who gets in: tokens, sessions, scopes, sizes, kinds of body, and what the trail keeps of refusals."""

import json
from datetime import timedelta

import pytest
from django.middleware.csrf import _get_new_csrf_string
from django.test import Client
from django.utils import timezone

from lianqiao.accounts.actions import revoke_token, suspend
from lianqiao.accounts.models import ApiToken
from lianqiao.accounts.queries import security_rule
from lianqiao.api.urls import operations
from lianqiao.core.actor import Role
from lianqiao.core.models import AuditEntry
from lianqiao.registry.models import Organisation
from tests import factories as make

pytestmark = pytest.mark.django_db
OPERATIONS = list(operations())
NEW = {"name": "云川玄武建筑劳务有限公司", "kind": "enterprise"}


def refusals():
    return [json.loads(entry.after)["reason"] for entry in AuditEntry.objects.filter(action="refused")]


def told(answer):
    return answer.status_code, answer.json()["code"]


def test_stranger_is_asked_to_sign_in(caller):
    answer = caller().get("/organisations")

    assert told(answer) == (401, "not_signed_in")
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.json()["request_id"] == answer.headers["X-Request-ID"]
    assert refusals() == []


def test_token_of_a_held_position_reads_in_its_name(caller):
    on = make.chain()
    held = make.position(Role.OFFICE_ADMIN, on)

    answer = caller(held).get("/me")

    assert answer.status_code == 200
    assert answer.json() == {
        "id": held.person.pk,
        "name": held.person.name,
        "phone": "",
        "role": "office_admin",
        "position": held.pk,
        "label": str(held),
        "scopes": ["read", "write"],
        "chains": [{"id": on.pk, "name": on.name}],
    }
    assert ApiToken.objects.get().used_at is not None


@pytest.mark.parametrize(
    "given", ["Bearer lq_nobody", "Basic bHFfbm9ib2R5", "Bearer", "Bearer  ", "lq_nobody", ""]
)
def test_token_that_never_was_is_refused_without_filling_the_trail(caller, given):
    stranger = caller()
    stranger.client = Client(headers={"Authorization": given})

    assert told(stranger.get("/organisations")) == (401, "token_refused")
    assert refusals() == []


@pytest.mark.parametrize(
    "ended",
    [
        "expired",
        "revoked",
        "suspended",
        "position_ended",
        "position_not_begun",
        "position_of_another",
        "position_deleted",
    ],
)
def test_token_that_no_longer_lives_is_refused_and_audited(caller, ended):
    held = make.position(Role.OFFICE_ADMIN)
    office = caller(held)
    token = ApiToken.objects.get()
    if ended == "expired":
        ApiToken.objects.update(expires_on=make.yesterday())
    elif ended == "revoked":
        revoke_token(token, by=make.actor_of(held), now=timezone.now())
    elif ended == "suspended":
        suspend(held.person, by=make.actor(Role.SYSTEM_ADMIN))
    elif ended == "position_ended":
        held.ends_on = make.yesterday()
        held.save()
    elif ended == "position_not_begun":
        held.starts_on = make.today() + timedelta(days=1)
        held.save()
    elif ended == "position_of_another":
        ApiToken.objects.update(position_id=make.position(Role.OFFICE_ADMIN, held.chain).pk)
    else:
        held.delete()

    assert told(office.get("/organisations")) == (401, "token_refused")
    assert refusals() == ["token_refused"]


def test_read_scope_cannot_write(caller):
    reader = caller(make.position(Role.OFFICE_ADMIN), "read")

    assert reader.get("/organisations").status_code == 200
    assert told(reader.post("/organisations", NEW)) == (403, "out_of_scope")
    assert refusals() == ["out_of_scope"]


def test_write_scope_alone_cannot_read(caller):
    assert told(caller(make.position(Role.OFFICE_ADMIN), "write").get("/organisations")) == (
        403,
        "out_of_scope",
    )


WRONG_SCOPE = {"GET": "write", "POST": "read", "PATCH": "read"}


@pytest.mark.parametrize("one", OPERATIONS, ids=[one["operation"] for one in OPERATIONS])
def test_operation_without_its_scope_is_refused_whatever_the_role_may_do(caller, one):
    role = next(role for role, methods in one["policy"].items() if methods and role in list(Role))
    program = caller(make.position(role), WRONG_SCOPE[one["method"]])

    answer = program.send(
        one["method"], one["path"].removeprefix("/api").format(pk=1, kind="industry", code="needs")
    )

    assert (told(answer), refusals()) == ((403, "out_of_scope"), ["out_of_scope"])


def test_session_of_a_suspended_person_is_over(login):
    held = make.position(Role.OFFICE_ADMIN)
    office = login(held)
    assert office.get("/api/organisations").status_code == 200

    suspend(held.person, by=make.actor(Role.SYSTEM_ADMIN))

    assert told(office.get("/api/organisations")) == (401, "not_signed_in")


def test_session_of_an_ended_position_may_only_ask_who_they_are(login):
    held = make.position(Role.OFFICE_ADMIN, ends_on=make.today())
    office = login(held)
    assert office.get("/api/organisations").status_code == 200

    held.ends_on = make.yesterday()
    held.save()

    assert told(office.get("/api/organisations")) == (403, "not_permitted")
    assert office.get("/api/me").json()["position"] is None


def test_role_without_policy_is_refused_before_the_body_is_read(caller):
    broken = b"{" + b" " * 5000

    answer = caller(make.position(Role.AUDITOR)).post("/organisations", broken)

    assert told(answer) == (403, "not_permitted")
    assert refusals() == ["not_permitted"]


def test_body_of_a_refused_caller_is_never_read():
    class Untouchable:
        def read(self, *size):
            raise AssertionError("the body was read")

        readline = read

    client = Client(headers={"Authorization": "Bearer lq_nobody"})
    request = {"CONTENT_LENGTH": "40", "CONTENT_TYPE": "application/json", "wsgi.input": Untouchable()}

    assert client.post("/api/organisations", **request).status_code == 401


def test_session_reads_and_writes_with_the_csrf_header(login):
    office = login(make.position(Role.OFFICE_ADMIN))
    office.handler.enforce_csrf_checks = True
    csrf = _get_new_csrf_string()
    office.cookies["csrftoken"] = csrf
    send = {"data": json.dumps(NEW), "content_type": "application/json"}

    assert office.get("/api/organisations").status_code == 200
    refused = office.post("/api/organisations", **send)
    assert (refused.status_code, refused.json()["code"]) == (403, "cross_site")
    assert office.post("/api/organisations", **send, headers={"X-CSRFToken": csrf}).status_code == 201


def test_token_decides_even_beside_a_session(login):
    client = login(make.position(Role.OFFICE_ADMIN))

    assert client.get("/api/organisations", headers={"Authorization": "Bearer lq_nobody"}).status_code == 401


def test_guarded_role_needs_the_second_factor_once_demanded(caller, login):
    held = make.position(Role.OFFICE_ADMIN)
    rule = security_rule()
    rule.second_factor = True
    rule.save()

    assert told(caller(held).get("/me")) == (403, "second_factor_due")
    assert told(login(held).get("/api/me")) == (403, "second_factor_due")
    assert caller(make.position(Role.ENTERPRISE_CONTACT)).get("/me").status_code == 200


def test_person_without_position_may_only_ask_who_they_are(login):
    client = Client()
    client.force_login(make.person("无职"), backend="lianqiao.accounts.login.NameOrPhone")

    assert client.get("/api/me").json()["role"] is None
    assert client.get("/api/organisations").status_code == 403


@pytest.mark.parametrize(
    ("sent", "kind", "expected"),
    [
        (b'{"name": "' + b"a" * 1024 * 1024 + b'"}', "application/json", (413, "too_large")),
        (b"name=a", "application/x-www-form-urlencoded", (415, "wrong_content_type")),
        (b"{}", "application/json; charset=gbk", (415, "wrong_content_type")),
        (b"{", "application/json", (400, "broken_request")),
        (b'{"name": NaN}', "application/json", (400, "broken_request")),
        ("{'name'}".encode("utf-16"), "application/json", (400, "broken_request")),
        ('{"name": "建"}'.encode("gbk"), "application/json", (400, "broken_request")),
        (b'{"name": "a\x00"}', "application/json", (400, "broken_request")),
        (b"[" * 100_000, "application/json", (400, "broken_request")),
        (b"", "application/json", (422, "invalid")),
        (b"[]", "application/json", (422, "invalid")),
        (b'{"name": "\\ud800", "kind": "enterprise"}', "application/json", (422, "invalid")),
        (b'{"name": "a\\u0000b", "kind": "enterprise"}', "application/json", (422, "invalid")),
        (b'{"name": "ok", "kind": "enterprise", "\\ud800": 1}', "application/json", (422, "invalid")),
    ],
    ids=lambda value: str(value)[:20] if isinstance(value, bytes | str) else None,
)
def test_body_that_cannot_be_taken_is_refused_and_writes_nothing(caller, sent, kind, expected):
    office = caller(make.position(Role.OFFICE_ADMIN))
    before = Organisation.objects.count()

    answer = office.client.post("/api/organisations", sent, content_type=kind)

    assert told(answer) == expected
    assert Organisation.objects.count() == before


@pytest.mark.parametrize(
    ("about", "expected"),
    [
        ({"CONTENT_LENGTH": "a"}, (413, "too_large")),
        ({"CONTENT_LENGTH": "-1"}, (413, "too_large")),
        ({"CONTENT_LENGTH": str(1024 * 1024 + 1)}, (413, "too_large")),
        ({"HTTP_TRANSFER_ENCODING": "chunked"}, (411, "length_required")),
    ],
    ids=str,
)
def test_body_whose_length_is_wrong_is_refused_before_it_is_read(caller, about, expected):
    office = caller(make.position(Role.OFFICE_ADMIN))

    answer = office.client.generic("POST", "/api/organisations", b"{}", "application/json", **about)

    assert told(answer) == expected


def test_unknown_query_parameter_is_named(caller):
    answer = caller(make.position(Role.OFFICE_ADMIN)).get("/organisations", kidn="school")

    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["kidn"])


def test_unknown_method_is_answered_with_those_that_are_known(caller):
    answer = caller().client.delete("/api/organisations")

    assert told(answer) == (405, "method_not_allowed")
    assert answer.headers["Allow"] == "GET, HEAD, POST"


READS = [one["path"] for one in OPERATIONS if one["method"] == "GET"]


@pytest.mark.parametrize("path", READS)
def test_head_answers_like_get_without_a_body(caller, path):
    auditor = caller(make.position(Role.AUDITOR))
    address = path.replace("{pk}", "999999").replace("{kind}", "industry")

    head, get = auditor.client.head(address), auditor.client.get(address)

    told = ("Content-Type", "Content-Length", "Content-Language")
    assert head.status_code == get.status_code != 405
    assert [head.headers.get(name) for name in told] == [get.headers.get(name) for name in told]
    assert (head.content, get.content != b"") == (b"", True)


def test_head_of_what_may_not_be_read_is_refused_and_audited(caller):
    admin = caller(make.position(Role.SYSTEM_ADMIN))

    assert admin.client.head("/api/organisations").status_code == 403
    assert caller().client.head("/api/organisations").status_code == 401
    assert refusals() == ["not_permitted"]


def test_head_of_a_move_is_no_method(caller):
    answer = caller(make.position(Role.OFFICE_ADMIN)).client.head("/api/organisations/1/close")

    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/nowhere",
        "/organisations/",
        "/organisations/0",
        "/organisations/x",
        "/organisations/9223372036854775808",
        "/organisations/99",
        "/reference/nothing",
    ],
)
def test_address_that_leads_nowhere_is_404_in_our_shape(caller, path):
    assert told(caller(make.position(Role.OFFICE_ADMIN)).get(path)) == (404, "not_found")


def test_errors_are_in_the_reader_s_language(caller):
    held = make.position(Role.OFFICE_ADMIN)

    chinese = caller(held).post("/organisations", {"kind": "enterprise"}).json()
    english = caller(held, **{"Accept-Language": "en"}).post("/organisations", {"kind": "enterprise"})

    assert chinese["fields"] == {"name": ["此项必填。"]}
    assert english.headers["Content-Language"] == "en"
    assert english.json()["fields"]["name"][0].isascii()
    assert english.json()["message"].isascii()


def test_document_describes_every_operation(client):
    answer = client.get("/api/openapi.json")

    assert answer.status_code == 200
    assert "/api/organisations/{pk}/close" in answer.json()["paths"]
