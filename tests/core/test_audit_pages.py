import pytest
from django.urls import reverse

from lianqiao.core.actor import Role
from lianqiao.core.audit import head
from lianqiao.core.models import AuditEntry
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def changed(login):
    """One change of an organisation by the office, and its entry."""
    staff = make.position(Role.OFFICE_STAFF)
    row = make.member(staff.chain, "云川宏达建设有限公司")
    login(staff).post(reverse("organisation_close", args=[row.pk]))
    return AuditEntry.objects.get(action="registry.close_organisation")


@pytest.mark.parametrize("rows", [1, 3])
def test_audit_list_same_number_of_queries(login, changed, django_assert_num_queries, rows):
    client = login(make.position(Role.AUDITOR))
    for _ in range(rows):
        client.get(reverse("audit_list") + "?export=xlsx")

    with django_assert_num_queries(11):
        client.get(reverse("audit_list"))


def test_audit_list_shows_the_head_to_note_and_filters_by_action(login, changed):
    client = login(make.position(Role.AUDITOR))

    page = client.get(reverse("audit_list"), {"action": "registry.close_organisation"})

    assert head() in page.content.decode()
    assert list(page.context["listing"].page.object_list) == [changed]


def test_audit_detail_shows_before_and_after(login, changed):
    page = login(make.position(Role.AUDITOR)).get(reverse("audit_detail", args=[changed.pk]))

    assert "active" in page.content.decode()
    assert "closed" in page.content.decode()


def test_audit_detail_for_others_is_refused(login, changed):
    assert (
        login(make.position(Role.OFFICE_ADMIN)).get(reverse("audit_detail", args=[changed.pk])).status_code
        == 403
    )
