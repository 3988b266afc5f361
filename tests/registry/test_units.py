from datetime import date

import pytest
from django.urls import reverse

from lianqiao.core.actor import Role
from lianqiao.core.models import AuditEntry
from lianqiao.registry.models import ReferenceItem, Unit
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator():
    return make.position(Role.SCHOOL_COORDINATOR)


@pytest.fixture
def major():
    return ReferenceItem.objects.create(
        kind="major", code="440501", name="工程造价", valid_from=date(2021, 3, 1)
    )


def test_unit_add_by_the_own_school_records_its_majors(login, coordinator, major):
    facts = {"name": "经管学院", "kind": "college", "majors": "440501", "strengths": "造价咨询"}
    facts |= {"name_en": "School of Economics"}

    answer = login(coordinator).post(reverse("unit_add", args=[coordinator.organisation_id]), facts)

    unit = Unit.objects.get()
    assert (unit.organisation, unit.name_en, unit.majors, answer.url) == (
        coordinator.organisation,
        "School of Economics",
        ["440501"],
        reverse("unit_detail", args=[unit.pk]),
    )


@pytest.mark.parametrize(
    ("language", "shown", "hidden"), [("en", "Economics", "经管"), ("zh", "经管", "Economics")]
)
def test_unit_detail_and_its_organisation_name_it_in_the_readers_language(
    login, coordinator, language, shown, hidden
):
    unit = make.unit(coordinator.organisation, "经管学院", name_en="School of Economics")
    client = login(coordinator, **{"Accept-Language": language})

    detail = client.get(reverse("unit_detail", args=[unit.pk])).content.decode()
    organisation = client.get(reverse("organisation_detail", args=[unit.organisation_id])).content.decode()

    assert shown in detail.partition("<title>")[2].partition("</title>")[0]
    assert (shown in organisation, hidden in organisation) == (True, False)


def test_unit_add_to_another_organisation_of_the_chain_is_as_if_not_there(login, coordinator):
    peer = make.member(coordinator.organisation.memberships.get().chain, kind="school")

    answer = login(coordinator).post(reverse("unit_add", args=[peer.pk]), {"name": "学院", "kind": "college"})

    assert (answer.status_code, Unit.objects.count()) == (404, 0)


def test_unit_add_to_an_enterprise_begins_with_a_department(login):
    staff = make.position(Role.OFFICE_STAFF)
    enterprise = make.member(staff.chain)

    page = login(staff).get(reverse("unit_add", args=[enterprise.pk]))

    assert page.context["form"]["kind"].value() == "department"


@pytest.mark.parametrize(
    ("field", "typed", "reason"),
    [
        ("majors", "999999", "999999"),
        ("name", "", "必填"),
        ("name", "装饰学院", "同名"),
        ("name", "长" * 81, "80"),
        ("name", "经管\u202e学院", "U+202E"),
        ("strengths", "长" * 1001, "1000"),
    ],
)
def test_unit_add_bad_input_names_field_and_reason_and_keeps_what_was_typed(
    login, coordinator, field, typed, reason
):
    make.unit(coordinator.organisation, "装饰学院")
    facts = {"name": "经管学院", "kind": "college"} | {field: typed}

    page = login(coordinator).post(reverse("unit_add", args=[coordinator.organisation_id]), facts)

    assert reason in "".join(page.context["form"].errors[field])
    assert page.context["form"][field].value() == typed
    assert Unit.objects.count() == 1


def test_unit_detail_names_the_majors(login, coordinator, major):
    unit = make.unit(coordinator.organisation, "经管学院", majors=["440501"])

    assert (
        "440501 工程造价" in login(coordinator).get(reverse("unit_detail", args=[unit.pk])).content.decode()
    )


def test_unit_detail_names_its_contacts_of_today_and_no_students(login, coordinator):
    unit = make.unit(coordinator.organisation)
    here = {
        "on": coordinator.organisation.memberships.get().chain,
        "organisation": unit.organisation,
        "unit": unit,
    }
    contact = make.position(Role.COLLEGE_CONTACT, **here)
    make.position(Role.COLLEGE_CONTACT, **here, ends_on=make.yesterday())
    make.position(Role.STUDENT, **here)

    page = login(coordinator).get(reverse("unit_detail", args=[unit.pk]))

    assert list(page.context["contacts"]) == [contact]


def test_unit_detail_of_another_chain_is_as_if_not_there(login, coordinator):
    stranger = make.unit(make.member(make.chain(), kind="school"))

    assert login(coordinator).get(reverse("unit_detail", args=[stranger.pk])).status_code == 404


def test_unit_edit_by_its_own_college_changes_it(login, major):
    contact = make.position(Role.COLLEGE_CONTACT)
    facts = {"name": contact.unit.name, "kind": "college", "majors": "440501", "seen": 0}

    login(contact).post(reverse("unit_edit", args=[contact.unit_id]), facts)

    assert Unit.objects.get(pk=contact.unit_id).majors == ["440501"]
    assert AuditEntry.objects.get(action="registry.edit_unit").person_id == contact.person_id


def test_unit_edit_by_another_college_of_the_school_is_as_if_not_there(login):
    contact = make.position(Role.COLLEGE_CONTACT)
    sister = make.unit(contact.organisation)

    assert login(contact).get(reverse("unit_edit", args=[sister.pk])).status_code == 404
    assert login(contact).post(reverse("unit_edit", args=[sister.pk]), {"name": "改名"}).status_code == 404


@pytest.mark.parametrize(
    ("name", "role"), [("unit_add", Role.ENTERPRISE_CONTACT), ("unit_edit", Role.LIAISON)]
)
def test_unit_pages_that_write_refuse_who_may_not(login, name, role):
    assert login(make.position(role)).post(reverse(name, args=[1])).status_code == 403
