"""What a person sees when something is wrong; the database may be gone."""

import errno

import pytest
from django.db import OperationalError
from django.test import RequestFactory
from django.urls import reverse

from lianqiao.core.actor import Role
from lianqiao.core.errors import server_error, status_of
from tests import factories as make


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (OperationalError("database or disk is full"), 507),
        (OperationalError("attempt to write a readonly database"), 507),
        (OSError(errno.ENOSPC, "No space left on device"), 507),
        (OperationalError("connection to server failed"), 503),
        (OperationalError("database is locked"), 503),
        (ValueError("a bug"), 500),
        (None, 500),
    ],
)
def test_status_of_tells_a_full_disk_from_a_lost_database_from_a_bug(error, status):
    assert status_of(error) == status


def test_server_error_page_asks_nothing_of_the_database():
    request = RequestFactory().get("/")
    request.id = "12345678-request"
    try:
        raise OperationalError("connection refused")
    except OperationalError:
        page = server_error(request)

    assert (page.status_code, page["Retry-After"]) == (503, "10")
    assert "12345678-request" in page.content.decode()


@pytest.mark.django_db
def test_refused_action_tells_the_reason_in_the_readers_language(login):
    held = make.position(Role.OFFICE_STAFF)
    row = make.member(held.chain, state="closed")
    url = reverse("organisation_close", args=[row.pk])

    chinese = login(held).post(url)
    english = login(held, accept_language="en").post(url)

    assert (chinese.status_code, english.status_code) == (409, 409)
    assert "已注销" in chinese.content.decode()
    assert "已注销" not in english.content.decode()
