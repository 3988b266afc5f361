from datetime import date

import pytest
from django.urls import reverse

from lianqiao.core.actor import Role
from lianqiao.core.models import AuditEntry
from lianqiao.registry.coverage import Coverage, coverage_for
from lianqiao.registry.models import Accession, ChainPartyOrganisation, PartyBranch
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return make.position(Role.OFFICE_ADMIN)


@pytest.fixture
def staff():
    return make.position(Role.OFFICE_STAFF)


def party_of(chain):
    return ChainPartyOrganisation.objects.create(chain=chain, name=f"{chain.name}党组织")


def joined(party, **fields):
    return Accession.objects.create(
        party_organisation=party,
        **{"organisation": make.member(party.chain), "joined_on": date(2024, 1, 1)} | fields,
    )


def founded(who, **facts):
    return {"organisation": who.pk, "kind": "branch", "name": "第一党支部"} | facts


def test_coverage_counts_own_and_joint_organisations_and_instructors_of_live_enterprises(staff):
    own, joint, instructed, none = [make.member(staff.chain) for _ in range(4)]
    make.branch(own)
    make.branch(joint, kind="joint_branch", joint_name="园区联合支部")
    make.branch(instructed, kind="none", why_none="党员不足", instructor=make.person())
    make.branch(make.member(staff.chain, kind="school"))
    gone = make.organisation()
    make.membership(staff.chain, gone, ends_on=make.yesterday())
    make.branch(gone)
    make.branch(make.member(make.chain()))

    counted = coverage_for(make.actor_of(staff))

    assert counted == Coverage(enterprises=4, organised=2, reached=3, recorded=3)
    assert (counted.organised_share, counted.reached_share, counted.unknown) == (50, 75, 1)
    assert none.branches.count() == 0


def test_coverage_of_no_enterprise_has_no_share_and_contacts_know_none(staff):
    assert coverage_for(make.actor_of(staff)).organised_share is None
    assert coverage_for(make.actor(Role.ENTERPRISE_CONTACT, staff.chain)) is None


@pytest.mark.parametrize("rows", [1, 3])
def test_branch_list_same_number_of_queries(login, staff, django_assert_num_queries, rows):
    for _ in range(rows):
        make.branch(make.member(staff.chain), instructor=make.person())
    client = login(staff)

    with django_assert_num_queries(12):
        page = client.get(reverse("branch_list"))
    assert page.context["listing"].page.paginator.count == rows


def test_branch_list_filters_by_coverage_kind_and_name(login, staff):
    built = make.branch(make.member(staff.chain, "云川启平建筑工程有限公司"))
    helped = make.branch(
        make.member(staff.chain), name="", kind="none", why_none="党员不足", instructor=make.person()
    )
    alone = make.branch(make.member(staff.chain), name="", kind="none", why_none="党员不足")
    client = login(staff)

    def found(**asked):
        return set(client.get(reverse("branch_list"), asked).context["listing"].page)

    assert [found(coverage=c) for c in ("organised", "instructed", "open")] == [{built}, {helped}, {alone}]
    assert (found(kind="none"), found(instructor="none")) == ({helped, alone}, {built, alone})
    assert (found(q="qiping"), found(q="工程有限公司党支")) == ({built}, {built})


def test_branch_list_shows_a_contact_the_own_record_without_the_shares(login, staff):
    contact = make.position(Role.ENTERPRISE_CONTACT, staff.chain)
    own = make.branch(contact.organisation)
    make.branch(make.member(staff.chain))

    page = login(contact).get(reverse("branch_list"))

    assert (list(page.context["listing"].page), page.context["coverage"]) == ([own], None)


def test_branch_detail_tells_reason_and_late_plan(login, staff):
    late = make.branch(
        make.member(staff.chain), name="", kind="none", why_none="党员不足三人", planned_on=make.yesterday()
    )

    text = login(staff).get(reverse("branch_detail", args=[late.pk])).content.decode()

    assert ("党员不足三人" in text, "已过拟建日期" in text) == (True, True)


def test_branch_detail_of_another_organisation_is_as_if_not_there(login, staff):
    contact = make.position(Role.ENTERPRISE_CONTACT, staff.chain)
    peer = make.branch(make.member(staff.chain))

    assert login(contact).get(reverse("branch_detail", args=[peer.pk])).status_code == 404


def test_branch_add_by_the_own_enterprise_records_it(login):
    contact = make.position(Role.ENTERPRISE_CONTACT)
    facts = founded(contact.organisation, members_here="12", mass_organisations=["union", "women"])

    login(contact).post(reverse("branch_add"), facts)

    branch = PartyBranch.objects.get()
    assert (branch.organisation, branch.members_here, branch.mass_organisations) == (
        contact.organisation,
        12,
        ["union", "women"],
    )


def test_branch_add_for_another_organisation_by_a_contact_is_refused(login, staff):
    contact = make.position(Role.ENTERPRISE_CONTACT, staff.chain)
    peer = make.member(staff.chain)

    page = login(contact).post(reverse("branch_add"), founded(peer))

    assert (list(page.context["form"].errors), PartyBranch.objects.count()) == (["organisation"], 0)


def test_branch_add_by_a_contact_cannot_assign_an_instructor(login):
    contact = make.position(Role.ENTERPRISE_CONTACT)

    login(contact).post(reverse("branch_add"), founded(contact.organisation, instructor=contact.person_id))

    assert PartyBranch.objects.get().instructor is None


def test_branch_add_none_needs_reason_and_planned_date_told_at_their_fields_at_once(login, staff):
    who = make.member(staff.chain)
    facts = {"organisation": who.pk, "kind": "none", "secretary": "张三"}

    page = login(staff).post(reverse("branch_add"), facts)

    assert set(page.context["form"].errors) == {"why_none", "planned_on"}
    assert page.context["form"]["secretary"].value() == "张三"
    assert PartyBranch.objects.count() == 0

    login(staff).post(reverse("branch_add"), facts | {"why_none": "党员不足三人", "planned_on": "2027-06-30"})
    assert PartyBranch.objects.get().planned_on == date(2027, 6, 30)


@pytest.mark.parametrize(
    ("field", "facts", "reason"),
    [
        ("name", {"name": ""}, "请填写党组织名称"),
        ("name", {"name": "长" * 121}, "120"),
        ("secretary", {"secretary": "张\x07三"}, "U+0007"),
        ("members_here", {"members_here": "-1"}, "0"),
        ("members_here", {"members_here": "十二"}, "整数"),
        ("founded_on", {"founded_on": "2024-02-30"}, "没有这一天"),
        ("kind", {"kind": "cell"}, "选择"),
        ("mass_organisations", {"mass_organisations": ["choir"]}, "选择"),
    ],
)
def test_branch_add_bad_input_names_field_and_reason_and_keeps_what_was_typed(
    login, staff, field, facts, reason
):
    page = login(staff).post(reverse("branch_add"), founded(make.member(staff.chain)) | facts)

    assert reason in "".join(page.context["form"].errors[field])
    assert page.context["form"][field].value() == facts[field]
    assert (PartyBranch.objects.count(), AuditEntry.objects.filter(action="registry.add_branch").count()) == (
        0,
        0,
    )


def test_branch_add_second_record_of_an_organisation_is_refused_at_the_field(login, staff):
    branch = make.branch(make.member(staff.chain))

    page = login(staff).post(reverse("branch_add"), founded(branch.organisation))

    assert "已有党组织记录" in "".join(page.context["form"].errors["organisation"])


def test_branch_edit_assigns_an_instructor_of_the_chain(login, staff):
    liaison = make.position(Role.LIAISON, staff.chain)
    branch = make.branch(make.member(staff.chain))
    facts = {"kind": "branch", "name": branch.name, "instructor": liaison.person_id, "seen": 0}

    login(staff).post(reverse("branch_edit", args=[branch.pk]), facts)

    assert PartyBranch.objects.get().instructor == liaison.person


def test_branch_edit_by_its_instructor_and_by_another_liaison(login, staff):
    mine, other = make.position(Role.LIAISON, staff.chain), make.position(Role.LIAISON, staff.chain)
    branch = make.branch(make.member(staff.chain), instructor=mine.person)
    url = reverse("branch_edit", args=[branch.pk])
    facts = {"kind": "branch", "name": "改名党支部", "seen": 0}

    assert login(other).post(url, facts).status_code == 404
    assert login(mine).post(url, facts).status_code == 302
    branch.refresh_from_db()
    assert (branch.name, branch.instructor) == ("改名党支部", mine.person)


def test_branch_edit_never_moves_the_record_to_another_organisation(login, staff):
    branch, other = make.branch(make.member(staff.chain)), make.member(staff.chain)
    facts = {"kind": "branch", "name": branch.name, "organisation": other.pk, "seen": 0}

    login(staff).post(reverse("branch_edit", args=[branch.pk]), facts)

    assert PartyBranch.objects.get().organisation == branch.organisation


@pytest.mark.parametrize("rows", [1, 3])
def test_party_organisation_list_same_number_of_queries_and_counts(login, django_assert_num_queries, rows):
    for _ in range(rows):
        party = party_of(make.chain())
        joined(party)
        joined(party, left_on=make.yesterday())
    client = login(make.position(Role.AUDITOR))

    with django_assert_num_queries(12):
        page = client.get(reverse("party_organisation_list"))
    assert [row.member_count for row in page.context["listing"].page] == [1] * rows


def test_party_organisation_detail_lists_who_is_there_and_who_left(login, staff):
    party = party_of(staff.chain)
    here, leaving = joined(party), joined(party, left_on=make.today())
    gone = joined(party, left_on=make.yesterday(), reason_left="迁出本区")
    page = login(staff).get(reverse("party_organisation_detail", args=[party.pk]))

    assert (list(page.context["now"]), list(page.context["gone"])) == ([here, leaving], [gone])
    assert "迁出本区" in page.content.decode()


def test_party_organisation_detail_of_another_chain_is_as_if_not_there(login, staff):
    party = party_of(make.chain())

    assert login(staff).get(reverse("party_organisation_detail", args=[party.pk])).status_code == 404


def test_party_organisation_found_once_for_each_chain(login, admin):
    client = login(admin)
    facts = {"chain": admin.chain.pk, "name": "产业链党组织", "founded_on": "2024-10-24"}

    first, second = [client.post(reverse("party_organisation_found"), facts) for _ in range(2)]

    party = ChainPartyOrganisation.objects.get()
    assert first.url == reverse("party_organisation_detail", args=[party.pk])
    assert list(second.context["form"].errors) == ["chain"]


def test_party_organisation_edit_changes_the_names_and_each_reader_sees_ones_own(login, admin):
    party = party_of(admin.chain)
    facts = {"name": "新名称", "name_en": "Chain Committee", "seen": 0}

    login(admin).post(reverse("party_organisation_edit", args=[party.pk]), facts)

    listed = [
        login(admin, **{"Accept-Language": language}).get(reverse("party_organisation_list")).content.decode()
        for language in ("zh", "en")
    ]
    assert [("新名称" in text, "Chain Committee" in text) for text in listed] == [
        (True, False),
        (False, True),
    ]


def test_accession_add_joins_on_its_day(login, staff):
    party = party_of(staff.chain)
    who = make.member(staff.chain)

    login(staff).post(
        reverse("accession_add", args=[party.pk]), {"organisation": who.pk, "joined_on": "2024-10-24"}
    )

    row = Accession.objects.get()
    assert (row.organisation, row.joined_on, row.left_on) == (who, date(2024, 10, 24), None)


def test_accession_add_overlapping_an_earlier_one_is_refused_at_the_date(login, staff):
    row = joined(party_of(staff.chain), left_on=date(2024, 12, 31))
    facts = {"organisation": row.organisation_id, "joined_on": "2024-06-01"}

    page = login(staff).post(reverse("accession_add", args=[row.party_organisation_id]), facts)

    assert "重叠" in "".join(page.context["form"].errors["joined_on"])
    assert (page.context["form"]["joined_on"].value(), Accession.objects.count()) == ("2024-06-01", 1)


def test_accession_leave_keeps_day_and_reason(login, staff):
    row = joined(party_of(staff.chain))

    login(staff).post(
        reverse("accession_leave", args=[row.pk]), {"left_on": "2025-12-31", "reason_left": "迁出本区"}
    )

    row.refresh_from_db()
    assert (row.left_on, row.reason_left) == (date(2025, 12, 31), "迁出本区")


def test_accession_leave_before_joining_is_refused_at_the_date(login, staff):
    row = joined(party_of(staff.chain))

    page = login(staff).post(reverse("accession_leave", args=[row.pk]), {"left_on": "2023-12-31"})

    assert "不能早于" in "".join(page.context["form"].errors["left_on"])
    assert Accession.objects.get().left_on is None


@pytest.mark.parametrize("name", ["party_organisation_edit", "accession_add", "accession_leave"])
def test_party_pages_of_another_chain_are_as_if_not_there(login, admin, name):
    row = joined(party_of(make.chain()))
    pk = row.pk if name == "accession_leave" else row.party_organisation_id

    assert login(admin).post(reverse(name, args=[pk]), {"name": "改名"}).status_code == 404


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("branch_add", Role.LIAISON),
        ("branch_edit", Role.COLLEGE_CONTACT),
        ("party_organisation_found", Role.OFFICE_STAFF),
        ("party_organisation_edit", Role.OFFICE_STAFF),
        ("accession_add", Role.ENTERPRISE_CONTACT),
        ("accession_leave", Role.LEADER),
    ],
)
def test_party_pages_that_write_refuse_who_may_not(login, name, role):
    pk = [] if name in ("branch_add", "party_organisation_found") else [1]

    assert login(make.position(role)).post(reverse(name, args=pk)).status_code == 403
