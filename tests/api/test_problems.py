"""Whatever goes wrong is told in one shape, with a status that says whose turn it is."""

import errno
import json

import pytest
from django.core.exceptions import NON_FIELD_ERRORS, ObjectDoesNotExist, SuspiciousOperation, ValidationError
from django.db import IntegrityError, OperationalError
from django.http import Http404
from django.test import RequestFactory
from django.utils import translation

from lianqiao.api.problems import answer_to
from lianqiao.api.sentences import OTHERWISE, SENTENCES, fields_of
from lianqiao.core.refusals import Stale


@pytest.fixture
def request_of_somebody():
    request = RequestFactory().post("/api/organisations")
    request.id = "0f8fad5b-d9cb-469f"
    return request


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Stale(), 409, "stale"),
        (ValidationError("不行"), 422, "invalid"),
        (Http404(), 404, "not_found"),
        (ObjectDoesNotExist(), 404, "not_found"),
        (SuspiciousOperation(), 400, "broken_request"),
        (IntegrityError("UNIQUE constraint failed"), 409, "conflict"),
        (OperationalError("could not connect to server"), 503, "unavailable"),
        (OperationalError("database or disk is full"), 507, "no_space"),
        (OSError(errno.ENOSPC, "No space left on device"), 507, "no_space"),
        (KeyError("a mistake of ours"), 500, "crashed"),
    ],
    ids=repr,
)
def test_problem_has_one_shape_whatever_went_wrong(request_of_somebody, error, status, code):
    answer = answer_to(request_of_somebody, error)

    told = json.loads(answer.content)
    assert (answer.status_code, told["code"], told["request_id"]) == (status, code, "0f8fad5b-d9cb-469f")
    assert set(told) == {"code", "message", "fields", "request_id"}
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert ("Retry-After" in answer.headers) == (status in (503, 507))


def test_crash_is_logged_with_its_trace_and_not_told(request_of_somebody, caplog):
    answer = answer_to(request_of_somebody, KeyError("a mistake of ours"))

    assert "a mistake of ours" not in answer.content.decode()
    assert [record.exc_info[0] for record in caplog.records if record.name.startswith("lianqiao")] == [
        KeyError
    ]


def test_what_is_wrong_with_the_record_as_a_whole_is_told_at_the_star(request_of_somebody):
    error = ValidationError({"name": ["太长"], NON_FIELD_ERRORS: ["该单位已是本链成员。"]})

    assert json.loads(answer_to(request_of_somebody, error).content)["fields"] == {
        "name": ["太长"],
        "*": ["该单位已是本链成员。"],
    }


def test_field_of_a_list_is_named_with_its_place():
    errors = [
        {"type": "missing", "loc": ("body", "given", "name"), "msg": ""},
        {"type": "int_type", "loc": ("body", "given", "segments", 2), "msg": ""},
        {"type": "less_than_equal", "loc": ("query", "limit"), "msg": "", "ctx": {"le": 200}},
        {"type": "something_new", "loc": ("body", "given"), "msg": ""},
    ]

    assert fields_of(errors) == {
        "name": ["此项必填。"],
        "segments.2": ["应为整数。"],
        "limit": ["不能大于 200。"],
        "body": [str(OTHERWISE)],
    }


@pytest.mark.parametrize("kind", SENTENCES)
def test_sentence_is_there_in_both_languages(kind):
    with translation.override("en"):
        english = str(SENTENCES[kind])

    assert english.isascii(), english
