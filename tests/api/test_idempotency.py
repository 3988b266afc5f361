"""`Idempotency-Key`: sent twice, done once, answered alike."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from lianqiao.api.models import KeptAnswer
from lianqiao.core.actor import Role
from lianqiao.core.models import AuditEntry
from lianqiao.registry.models import Organisation
from tests import factories as make
from tests.api.conftest import Caller, secret_of

NEW = {"name": "云川至尊建筑劳务有限公司", "kind": "enterprise"}
OTHER = {"name": "云川启平建筑工程有限公司", "kind": "enterprise"}
KEY = {"Idempotency-Key": "2024-10-24/1"}
REPLAYED = "Idempotent-Replayed"


@pytest.fixture
def held(db):
    return make.position(Role.OFFICE_ADMIN)


@pytest.fixture
def office(caller, held):
    return caller(held)


def added():
    return Organisation.objects.filter(name__in=[NEW["name"], OTHER["name"]]).count()


def test_same_key_and_body_get_the_same_answer_and_write_once(office):
    first = office.post("/organisations", NEW, **KEY)
    second = office.post("/organisations", NEW, **KEY)

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert (first.headers.get(REPLAYED), second.headers.get(REPLAYED)) == (None, "true")
    assert second.headers["Content-Type"] == first.headers["Content-Type"]
    assert added() == 1
    assert AuditEntry.objects.filter(action="registry.add_organisation").count() == 1


@pytest.mark.parametrize("key", [KEY["Idempotency-Key"], "x", "~" * 200])
def test_same_key_with_another_body_is_refused(office, key):
    assert office.post("/organisations", NEW, **{"Idempotency-Key": key}).status_code == 201

    other = office.post("/organisations", OTHER, **{"Idempotency-Key": key})

    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert added() == 1


def test_same_key_at_another_address_is_refused(office, held):
    one, two = (make.organisation(registered_by=held.organisation) for _ in range(2))

    assert office.post(f"/organisations/{one.pk}/close", **KEY).status_code == 200
    assert office.post(f"/organisations/{two.pk}/close", **KEY).json()["code"] == "idempotency_key_reused"
    assert Organisation.objects.get(pk=two.pk).state == "active"


def test_move_is_repeated_without_a_second_move(office, held):
    row = make.organisation(registered_by=held.organisation)

    answers = [office.post(f"/organisations/{row.pk}/close", **KEY) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert AuditEntry.objects.filter(action="registry.close_organisation").count() == 1


def test_patch_is_repeated_without_a_second_change(office, held):
    row = make.organisation(registered_by=held.organisation)

    answers = [office.patch(f"/organisations/{row.pk}", {"address": "一号"}, **KEY).json() for _ in range(2)]

    assert [answer["version"] for answer in answers] == [1, 1]


def test_key_belongs_to_one_position(office, caller, held):
    another = caller(make.position(Role.OFFICE_ADMIN, held.chain))

    assert office.post("/organisations", NEW, **KEY).status_code == 201
    assert another.post("/organisations", OTHER, **KEY).status_code == 201


def test_answer_is_given_to_no_other_person_and_to_no_other_position_of_the_person(office, caller, held):
    row = make.member(held.chain)
    others = [
        make.position(Role.OFFICE_ADMIN, held.chain),
        make.position(Role.OFFICE_STAFF, held.chain, who=held.person),
    ]
    path = f"/organisations/{row.pk}/close"
    assert office.post(path, **KEY).status_code == 200

    for other in others:
        answer = caller(other).post(path, **KEY)
        assert (answer.json()["code"], answer.headers.get(REPLAYED)) == ("state_moved", None)


def test_answer_is_given_only_to_who_may_still_write(office, caller, held):
    assert office.post("/organisations", NEW, **KEY).status_code == 201

    assert caller(held, "read").post("/organisations", NEW, **KEY).status_code == 403
    held.ends_on = make.yesterday()
    held.save()
    assert office.post("/organisations", NEW, **KEY).status_code == 401


def test_refused_call_keeps_no_answer_and_may_be_mended(office):
    refused = office.post("/organisations", {"name": NEW["name"]}, **KEY)
    assert (refused.status_code, KeptAnswer.objects.count()) == (422, 0)

    assert office.post("/organisations", NEW, **KEY).status_code == 201


def test_forbidden_call_is_audited_although_nothing_of_it_is_kept(caller, held):
    other = make.member(held.chain)
    contact = caller(make.position(Role.ENTERPRISE_CONTACT, held.chain))

    answer = contact.post(f"/organisations/{other.pk}/describe", {"business": "劳务"}, **KEY)

    assert (answer.status_code, KeptAnswer.objects.count()) == (403, 0)
    assert AuditEntry.objects.filter(action="refused").count() == 1


@pytest.mark.parametrize("key", ["", " ", "a b", "键", "a" * 201, "a\x7f"], ids=repr)
def test_broken_key_is_refused_and_writes_nothing(office, key):
    answer = office.post("/organisations", NEW, **{"Idempotency-Key": key})

    assert (answer.status_code, answer.json()["code"]) == (422, "broken_idempotency_key")
    assert added() == 0


def test_answer_is_forgotten_after_a_day(office):
    assert office.post("/organisations", NEW, **KEY).status_code == 201
    KeptAnswer.objects.update(kept_at=make.timezone.now() - timedelta(hours=25))

    assert office.post("/organisations", OTHER, **KEY).status_code == 201
    assert KeptAnswer.objects.count() == 1


def test_key_of_a_read_is_no_matter(office):
    assert office.client.get("/api/me", headers=KEY).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_repeats_at_the_same_moment_write_once():
    """Five threads with connections of their own: a repeat waits for the first call, and gets its answer."""
    token = secret_of(make.position(Role.OFFICE_ADMIN))
    start = Barrier(5)

    def send(_):
        start.wait()
        try:
            answer = Caller(token).post("/organisations", NEW, **KEY)
            return answer.status_code, answer.content, answer.headers.get(REPLAYED)
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as threads:
        answers = list(threads.map(send, range(5)))

    assert {(status, body) for status, body, _ in answers} == {(201, answers[0][1])}
    assert sorted(str(replayed) for _, _, replayed in answers) == ["None", *["true"] * 4]
    assert added() == 1


@pytest.mark.django_db(transaction=True)
def test_other_bodies_at_the_same_moment_write_one_of_them():
    token = secret_of(make.position(Role.OFFICE_ADMIN))
    start = Barrier(2)

    def send(body):
        start.wait()
        try:
            return Caller(token).post("/organisations", body, **KEY).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        statuses = list(threads.map(send, [NEW, OTHER]))

    assert (sorted(statuses), added()) == ([201, 422], 1)
