"""What forms of the registry say, offer and refuse."""

from datetime import timedelta

import pytest
from django.urls import reverse

from lianqiao.core.actor import Role
from lianqiao.registry.models import Accession, ChainPartyOrganisation, ReferenceItem
from tests import factories as make

pytestmark = pytest.mark.django_db
YEAR = ["年份不对，请填写 1900 年至 2199 年之间的日期。"]


@pytest.fixture
def staff():
    return make.position(Role.OFFICE_STAFF)


@pytest.fixture
def party(staff):
    return ChainPartyOrganisation.objects.create(chain=staff.chain, name="链上党组织")


def errors(answer):
    return {name: list(said) for name, said in answer.context["form"].errors.items()}


def body(answer):
    return answer.content.decode()


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31"])
def test_dates_of_years_that_nobody_means_are_refused_in_every_form(login, staff, party, day):
    client, who = login(staff), make.member(staff.chain)
    membership = make.membership(staff.chain, make.organisation())
    accession = Accession.objects.create(
        party_organisation=party, organisation=make.member(staff.chain), joined_on=make.LONG_AGO
    )
    admin = login(make.position(Role.OFFICE_ADMIN, staff.chain))
    branch = {"organisation": who.pk, "kind": "branch", "name": "第一党支部", "founded_on": day}
    none = {"organisation": who.pk, "kind": "none", "why_none": "党员不足", "planned_on": day}
    edit = reverse("party_organisation_edit", args=[party.pk])
    held = make.position(Role.LIAISON, staff.chain, ends_on=make.today())
    granting = {"role": Role.MENTOR, "chain": staff.chain.pk}

    told = [
        errors(client.post(reverse("branch_add"), branch)),
        errors(client.post(reverse("branch_add"), none)),
        errors(client.post(reverse("membership_end", args=[membership.pk]), {"ends_on": day})),
        errors(client.post(reverse("accession_leave", args=[accession.pk]), {"left_on": day})),
        errors(
            client.post(reverse("accession_add", args=[party.pk]), {"organisation": who.pk, "joined_on": day})
        ),
        errors(admin.post(edit, {"name": party.name, "founded_on": day})),
        errors(admin.post(reverse("position_grant", args=[held.person_id]), granting | {"starts_on": day})),
        errors(admin.post(reverse("position_extend", args=[held.pk]), {"ends_on": day})),
        errors(admin.post(reverse("position_end", args=[held.pk]), {"ends_on": day})),
    ]

    names = [["founded_on"], ["planned_on"], ["ends_on"], ["left_on"], ["joined_on"], ["founded_on"]]
    names += [["starts_on"], ["ends_on"], ["ends_on"]]
    assert [next(iter(said.values())) for said in told] == [YEAR] * 9
    assert [list(said)[:1] for said in told] == names


def test_membership_add_in_the_first_and_last_year_is_taken_and_beyond_refused(login, staff):
    client, rows = login(staff), [make.organisation(registered_by=staff.organisation) for _ in range(2)]
    facts = {"chain": staff.chain.pk, "organisation": rows[0].pk}

    taken = client.post(
        reverse("membership_add"), facts | {"starts_on": "1900-01-01", "ends_on": "2199-12-31"}
    )
    refused = client.post(
        reverse("membership_add"), facts | {"organisation": rows[1].pk, "starts_on": "1899-12-31"}
    )

    assert taken.status_code == 302
    assert errors(refused) == {"starts_on": YEAR}


def test_branch_add_planned_in_the_past_is_refused_and_an_old_record_may_be_late(login, staff):
    client, who = login(staff), make.member(staff.chain)
    facts = {"kind": "none", "why_none": "党员不足", "planned_on": str(make.yesterday())}

    assert errors(client.post(reverse("branch_add"), facts | {"organisation": who.pk})) == {
        "planned_on": ["拟建日期已经过去，请填写今天或以后的日期。"]
    }
    late = make.branch(who, name="", kind="none", why_none="x", planned_on=make.today() - timedelta(days=9))
    assert client.post(reverse("branch_edit", args=[late.pk]), facts).status_code == 302


def test_branch_add_says_all_that_is_missing_at_once_and_marks_what_is_optional(login, staff):
    client, who = login(staff), make.member(staff.chain)

    page = client.post(reverse("branch_add"), {"organisation": who.pk, "kind": "none"})

    assert sorted(errors(page)) == ["planned_on", "why_none"]
    form = page.context["form"]
    marked = [name for part in ("founded", "always") for name in [f.name for f in form.in_parts()[part]]]
    # All of these but the name, which an existing branch must have.
    assert body(page).count("（选填）") == len(marked) - 1


def test_lists_begin_with_a_word(login, staff, party):
    segment, client = make.segment(staff.chain), login(staff)
    make.segment(staff.chain)
    make.position(Role.LIAISON, staff.chain)
    admin = login(make.position(Role.OFFICE_ADMIN, staff.chain))
    pages = [
        client.get(reverse("branch_add")),
        client.get(reverse("membership_add")),
        client.get(reverse("segment_link", args=[segment.pk])),
        client.get(reverse("accession_add", args=[party.pk])),
        client.get(reverse("organisation_add")),
        admin.get(reverse("chain_add")),
        admin.get(reverse("party_organisation_found")),
    ]

    assert ["---" in body(page) for page in pages] == [False] * len(pages)
    assert ["请选择" in body(page) or "未选" in body(page) for page in pages] == [True] * len(pages)


def test_organisation_add_without_a_name_says_so_once(login, staff):
    page = login(staff).post(reverse("organisation_add"), {"name": "", "kind": "enterprise"})

    assert errors(page) == {"name": ["此项必填。"]}


def test_organisation_add_with_errors_still_warns_of_duplicates(login, staff):
    known = make.member(staff.chain, "云川宏达建设有限公司")

    page = login(staff).post(
        reverse("organisation_add"), {"name": known.name, "kind": "enterprise", "credit_code": "123"}
    )

    assert list(errors(page)) == ["credit_code"]
    assert "可能已经登记过" in body(page)
    assert 'name="is_another" value="on"' in body(page)


def test_accession_add_says_who_is_in_already_and_lists_them_last(login, staff, party):
    inside, outside = make.member(staff.chain, "云川一公司"), make.member(staff.chain, "云川二公司")
    left = make.member(staff.chain, "云川三公司")
    facts = {"party_organisation": party, "joined_on": make.LONG_AGO}
    Accession.objects.create(organisation=inside, **facts)
    Accession.objects.create(organisation=left, left_on=make.yesterday(), **facts)

    page = login(staff).get(reverse("accession_add", args=[party.pk]))

    offered = [str(label) for value, label in page.context["form"].fields["organisation"].choices if value]
    assert sorted(offered[:-1]) == sorted([outside.name, left.name, staff.organisation.name])
    assert offered[-1] == "云川一公司（已加入）"


def test_branch_list_offers_a_contact_no_second_record(login, staff):
    contact = make.position(Role.ENTERPRISE_CONTACT, staff.chain)
    client, url = login(contact), reverse("branch_list")

    before = client.get(url).context["may_add"]
    make.branch(contact.organisation)
    after = client.get(url).context["may_add"]
    make.unit(contact.organisation)

    assert (before, after, client.get(url).context["may_add"]) == (True, False, True)
    assert login(staff).get(url).context["may_add"]


def test_unit_edit_shows_names_of_majors_as_text(login, staff):
    name = "<img src=x onerror=alert(1)>"
    ReferenceItem.objects.create(kind="major", code="440501", name=name, valid_from=make.LONG_AGO)
    unit = make.unit(make.member(staff.chain, kind="school"), majors=["440501"])

    page = body(login(staff).get(reverse("unit_edit", args=[unit.pk])))

    assert name not in page
    assert "&lt;img src=x onerror" in page


def test_titles_put_names_in_quotes(login, staff):
    who, segment = make.member(staff.chain), make.segment(staff.chain)
    client = login(staff)

    assert f"“{segment.name}”的上下游" in body(client.get(reverse("segment_link", args=[segment.pk])))
    assert f"补充“{who.name}”的情况" in body(client.get(reverse("organisation_describe", args=[who.pk])))
    assert f"修改“{who.name}”" in body(client.get(reverse("organisation_edit", args=[who.pk])))


def test_days_in_tables_do_not_wrap(login, staff, party):
    Accession.objects.create(
        party_organisation=party, organisation=make.member(staff.chain), joined_on=make.LONG_AGO
    )

    page = body(login(staff).get(reverse("party_organisation_detail", args=[party.pk])))

    assert '<td data-label="加入日期" class="lq-nowrap">' in page
