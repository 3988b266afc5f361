import json
from html import unescape

import pytest
from django.urls import reverse

from lianqiao.core.actor import Role
from lianqiao.registry.forms import pick
from lianqiao.registry.models import Accession, ChainPartyOrganisation, Merge
from tests import factories as make
from tests.registry.test_lookup import item

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    return make.position(Role.OFFICE_STAFF)


@pytest.fixture
def crowded(monkeypatch):
    """A register that is too long to be read, with a handful of rows."""
    monkeypatch.setattr(pick, "MOST_LISTED", 1)


def test_code_fields_know_the_names_of_what_they_hold(login, staff):
    item("industry", "4710", "住宅房屋建筑")
    item("region", "320303", "云龙区")
    row = make.member(staff.chain, industries=["4710"], region="320303")

    chain = make.chain(office=staff.organisation, region="320303")
    admin = make.position(Role.OFFICE_ADMIN, chain, organisation=staff.organisation)

    pages = [
        login(staff).get(reverse("organisation_edit", args=[row.pk])).context["form"],
        login(admin).get(reverse("chain_edit", args=[chain.pk])).context["form"],
    ]

    for page, name, table, known in [
        (pages[0], "industries", "industry", {"4710": "4710 住宅房屋建筑"}),
        (pages[0], "region", "region", {"320303": "320303 云龙区"}),
        (pages[1], "region", "region", {"320303": "320303 云龙区"}),
    ]:
        attrs = page[name].subwidgets[0].data["attrs"]
        assert (json.loads(attrs["data-names"]), attrs["data-lookup"].split("/")[-1]) == (known, table)


def test_short_register_is_a_list_whose_entries_are_found_by_their_sounds(login, staff):
    row = make.member(staff.chain, "鸿渡测量技术有限公司")

    page = unescape(login(staff).get(reverse("membership_add")).content.decode())

    assert f'<option value="{row.pk}" data-search="{row.search_text}"' in page
    assert "hdcljsyxgs" in row.search_text


def merging(login, staff, kept):
    gone = make.member(staff.chain, "归雁测量仪器有限公司")
    page = login(staff).post(reverse("organisation_merge", args=[gone.pk]), {"kept": kept})
    return list(Merge.objects.values_list("kept", flat=True)), page.context and page.context["form"].errors


@pytest.mark.usefixtures("crowded")
@pytest.mark.parametrize(
    "typed", ["鸿渡测量技术有限公司", "鸿渡", "hdcl", " 鸿渡测量技术有限公司 ", "{name} #{pk}"]
)
def test_long_register_takes_a_name_without_a_script(login, staff, typed):
    row = make.member(staff.chain, "鸿渡测量技术有限公司")
    make.member(staff.chain, "听泉景观石材有限公司")

    assert merging(login, staff, typed.format(name=row.name, pk=row.pk)) == ([row.pk], None)


@pytest.mark.usefixtures("crowded")
@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("不存在的单位", "没有找到“不存在的单位”"),
        ("外链测量技术", "没有找到“外链测量技术”"),
        ("外链测量技术有限公司 #{theirs}", "没有找到"),
        ("鸿渡 #{theirs}", "没有找到"),
        ("#{theirs}", "没有找到"),
        ("听泉景观石材有限公司 #{mine}", "没有找到"),
        ("技术有限公司", "鸿渡测量技术有限公司 #{mine}"),
        ("长" * 300, "没有找到"),
        ("a\0b", "空字符"),
        ("", "必填"),
    ],
)
def test_long_register_names_the_reason_when_none_or_many_are_meant(login, staff, typed, reason):
    mine = make.member(staff.chain, "鸿渡测量技术有限公司")
    make.member(staff.chain, "梧桐里声学技术有限公司")
    theirs = make.member(make.chain(), "外链测量技术有限公司")
    ids = {"mine": mine.pk, "theirs": theirs.pk}

    merged, errors = merging(login, staff, typed.format(**ids))

    assert (merged, list(errors)) == ([], ["kept"])
    assert reason.format(**ids) in errors["kept"][0]


@pytest.mark.usefixtures("crowded")
def test_long_register_keeps_two_of_one_name_apart(login, staff):
    first = make.member(staff.chain, "鸿渡测量技术有限公司")
    second = make.member(staff.chain, "鸿渡测量技术有限公司")

    merged, errors = merging(login, staff, "鸿渡测量技术有限公司")
    assert (merged, f"#{first.pk}" in errors["kept"][0], f"#{second.pk}" in errors["kept"][0]) == (
        [],
        True,
        True,
    )
    assert merging(login, staff, f"鸿渡测量技术有限公司 #{second.pk}")[0] == [second.pk]


@pytest.mark.usefixtures("crowded")
def test_long_register_shows_what_the_page_before_was_about_and_asks_for_its_unit(login, staff):
    school = make.member(staff.chain, "云川职业学院", kind="school")
    make.member(staff.chain)
    college = make.unit(school)
    client = login(staff)
    chosen = f"云川职业学院 #{school.pk}"

    opened = client.get(reverse("membership_add"), {"organisation": school.pk}).context["form"]
    posted = client.post(reverse("membership_add"), {"organisation": chosen}).context["form"]

    for form in (opened, posted):
        assert form["organisation"].value() == chosen
        assert list(form.fields["unit"].queryset) == [college]


@pytest.mark.usefixtures("crowded")
def test_every_form_that_asks_for_an_organisation_takes_its_name(login, staff):
    row = make.member(staff.chain, "鸿渡测量技术有限公司")
    make.member(staff.chain)
    client = login(staff)
    someone = make.position(Role.ENTERPRISE_CONTACT, staff.chain)
    urls = {
        "membership_add": reverse("membership_add"),
        "branch_add": reverse("branch_add"),
        "position_grant": reverse("position_grant", args=[someone.person_id]),
        "person_invite": reverse("person_invite"),
    }

    meant = {
        name: client.post(url, {"organisation": "鸿渡"}).context["form"].cleaned_data["organisation"]
        for name, url in urls.items()
    }

    assert meant == dict.fromkeys(urls, row)


@pytest.mark.usefixtures("crowded")
def test_accession_add_takes_a_name_of_the_long_register(login, staff):
    party = ChainPartyOrganisation.objects.create(
        chain=staff.chain, name="产业链党委", founded_on=make.LONG_AGO
    )
    row = make.member(staff.chain, "鸿渡测量技术有限公司")
    make.member(staff.chain)

    login(staff).post(
        reverse("accession_add", args=[party.pk]), {"organisation": "hdcl", "joined_on": "2024-03-01"}
    )

    assert Accession.objects.get().organisation == row


def test_instructors_are_found_by_their_sounds(login, staff):
    make.position(Role.LIAISON, staff.chain, who=make.person("孙梅"))
    make.position(Role.LIAISON, who=make.person("外链孙梅"))

    page = login(staff).get(reverse("branch_add")).content.decode()

    assert 'data-search="sunmei\nsm"' in page
    assert "外链孙梅" not in page


def test_roles_with_one_organisation_choose_from_a_list_of_one(login):
    contact = make.position(Role.ENTERPRISE_CONTACT)
    make.member(contact.organisation.memberships.get().chain, "别家单位")

    page = login(contact).get(reverse("branch_add")).context["form"]

    assert list(page.fields["organisation"].queryset) == [contact.organisation]
