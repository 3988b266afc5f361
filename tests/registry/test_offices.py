"""Offices that no office of their own keeps: the system administrator does, and sees nothing else of the register."""

import pytest
from django.urls import reverse

from lianqiao.core.actor import Role
from lianqiao.core.refusals import NotPermitted
from lianqiao.portal.todos import todos_for
from lianqiao.registry.actions.organisations import (
    LeadsChains,
    add_organisation,
    close_organisation,
    edit_organisation,
    reopen_organisation,
)
from lianqiao.registry.models import Organisation, Position
from lianqiao.registry.queries import organisations_for
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper():
    """In an installation where nothing is registered yet."""
    return Position.objects.create(person=make.person(), role=Role.SYSTEM_ADMIN, starts_on=make.LONG_AGO)


@pytest.fixture
def office():
    """On a chain of somebody else's, as the leading group of a district is."""
    row = make.office(address="旧址")
    make.membership(make.chain(), row)
    return row


def test_organisation_add_by_the_system_administrator_makes_an_office_whatever_is_sent(login, keeper):
    client, url = login(keeper), reverse("organisation_add")
    asked = {"name", "short_names", "former_names", "name_en", "credit_code", "region", "address"}

    assert set(client.get(url).context["form"].fields) - {"seen", "is_another"} == asked
    answer = client.post(url, {"name": "云川区产业链服务中心", "kind": "enterprise", "size": "large"})

    row = Organisation.objects.get()
    assert (row.kind, row.size, answer.url) == ("office", "", reverse("organisation_detail", args=[row.pk]))


def test_organisation_edit_by_the_system_administrator_corrects_an_office_on_a_chain(login, keeper, office):
    url = reverse("organisation_edit", args=[office.pk])
    assert url in login(keeper).get(reverse("organisation_detail", args=[office.pk])).text

    login(keeper).post(url, {"name": "云川领导小组", "address": "新址", "kind": "school", "seen": 0})

    row = Organisation.objects.get(pk=office.pk)
    assert (row.name, row.address, row.kind, row.other_names()) == (
        "云川领导小组",
        "新址",
        "office",
        [office.name],
    )


def test_edit_organisation_by_the_system_administrator_never_makes_an_office_another_kind(keeper, office):
    by = make.actor_of(keeper)

    with pytest.raises(NotPermitted):
        edit_organisation(office, kind="enterprise", by=by)
    with pytest.raises(NotPermitted):
        add_organisation(name="云川有限公司", kind="enterprise", by=by)

    assert list(Organisation.objects.exclude(kind="office")) == []


@pytest.mark.parametrize("view", ["organisation_detail", "organisation_edit"])
def test_other_organisations_are_as_if_not_there_for_the_system_administrator(login, keeper, view):
    enterprise = make.member(make.chain())

    assert login(keeper).get(reverse(view, args=[enterprise.pk])).status_code == 404


def test_organisation_list_and_detail_tell_the_system_administrator_of_offices_only(login, keeper, office):
    chain = office.memberships.get().chain
    enterprise, client = make.member(chain), login(keeper)

    page = client.get(reverse("organisation_list"))
    detail = client.get(reverse("organisation_detail", args=[office.pk]))

    assert set(page.context["listing"].rows) == {office, chain.office}
    assert list(page.context["listing"].form.fields) == ["q", "state"]
    assert (reverse("members_place") in page.text, enterprise.name in page.text) == (False, False)
    assert (chain.name in detail.text, "产业链的成员" in detail.text) == (False, False)
    assert client.get(reverse("search"), {"q": office.name}).url == reverse(
        "organisation_detail", args=[office.pk]
    )


def test_unit_detail_for_the_system_administrator_is_of_offices_only(login, keeper, office):
    section, college = make.unit(office, "党建科"), make.unit(make.member(make.chain(), kind="school"))
    client = login(keeper)

    assert reverse("unit_detail", args=[section.pk]) in client.get(f"/organisations/{office.pk}").text
    answers = [client.get(reverse("unit_detail", args=[row.pk])).status_code for row in (section, college)]
    assert answers == [200, 404]


def test_organisation_likely_warns_the_system_administrator_of_offices_only(login, keeper):
    make.organisation("云川区服务中心", kind="office")
    make.organisation("云川区服务中心有限公司")

    page = login(keeper).get(reverse("organisation_likely"), {"name": "云川区服务中心"})

    assert [found.organisation.kind for found in page.context["likely"]] == ["office"]


def test_close_organisation_of_an_office_waits_until_it_leads_no_chain(keeper, office):
    by, leading = make.actor_of(keeper), make.chain().office

    with pytest.raises(LeadsChains):
        close_organisation(leading, by=by)
    assert close_organisation(office, by=by).state == "closed"
    assert reopen_organisation(office, by=by).state == "active"


def test_home_of_a_new_installation_leads_the_system_administrator_to_the_first_office(login, keeper):
    by = make.actor_of(keeper)
    assert not organisations_for(by).exists()

    assert [todo.code for todo in todos_for(by)][-1] == "no_office"
    text = login(keeper).get(reverse("home")).text
    assert (reverse("organisation_add") in text, "还没有管理部门" in text) == (True, True)
    assert "登记管理部门" in login(keeper).get(reverse("organisation_list")).text

    make.office()
    assert "no_office" not in [todo.code for todo in todos_for(by)]
