import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse

from lianqiao.core.actor import Actor, Role
from lianqiao.core.models import AuditEntry
from lianqiao.core.policy import PolicyMiddleware, page
from tests import factories as make


class Unreadable:
    """A body that must not be read."""

    def read(self, *args: object) -> bytes:
        raise AssertionError("the body was read")


def asked(method: str, role: str, view) -> HttpResponse | None:
    request = RequestFactory().generic(method, "/x", b"", CONTENT_TYPE="application/x-www-form-urlencoded")
    request._stream = Unreadable()
    request.META["CONTENT_LENGTH"] = "10"
    request.actor = Actor(role=role, person_id=1)
    return PolicyMiddleware(lambda _: HttpResponse()).process_view(request, view, (), {})


@page(read=frozenset({Role.AUDITOR}), write=frozenset({Role.OFFICE_STAFF}))
def sample(request):
    return HttpResponse("shown")


def test_view_without_policy_cannot_be_reached():
    with pytest.raises(ImproperlyConfigured):
        asked("GET", Role.AUDITOR, lambda request: HttpResponse())


def test_allowed_role_goes_on_without_the_body_being_read():
    assert asked("POST", Role.OFFICE_STAFF, sample) is None


def test_method_that_the_page_has_not_is_refused_with_the_ones_it_has():
    answer = asked("DELETE", Role.OFFICE_STAFF, sample)

    assert (answer.status_code, answer["Allow"]) == (405, "GET, POST")


@pytest.mark.django_db
def test_wrong_role_is_refused_and_audited(login):
    held = make.position(Role.STUDENT)

    assert login(held).get(reverse("audit_list")).status_code == 403
    assert AuditEntry.objects.get(action="refused").person_id == held.person_id


@pytest.mark.django_db
def test_too_large_body_is_refused_before_it_is_read(login):
    client = login(make.position(Role.OFFICE_STAFF))

    answer = client.post(reverse("organisation_add"), b"x" * 1_100_000, content_type="text/plain")

    assert answer.status_code == 413


@pytest.mark.django_db
def test_anonymous_partial_sends_the_whole_window_to_the_login(client):
    answer = client.get(reverse("organisation_list"), headers={"HX-Request": "true"})

    assert answer["HX-Redirect"].startswith(reverse("account_login"))
