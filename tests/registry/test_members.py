from datetime import timedelta

import pytest
from django.urls import reverse

from lianqiao.core.actor import Role
from lianqiao.core.models import AuditEntry
from lianqiao.registry.models import Membership
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    return make.position(Role.OFFICE_STAFF)


@pytest.fixture
def newcomer(staff):
    """Registered by the office, on no chain yet."""
    return make.organisation(registered_by=staff.organisation)


def written():
    return AuditEntry.objects.filter(action__startswith="registry.").count()


def joining(staff, who, *segments, **facts):
    return {
        "organisation": who.pk,
        "chain": staff.chain.pk,
        "segments": [segment.pk for segment in segments],
        "starts_on": "2024-03-01",
    } | facts


def stands_at(who):
    return {segment for row in Membership.objects.filter(organisation=who) for segment in row.segments.all()}


def test_membership_add_puts_the_organisation_at_its_segments(login, staff, newcomer):
    segment = make.segment(staff.chain)

    answer = login(staff).post(reverse("membership_add"), joining(staff, newcomer, segment))

    assert (stands_at(newcomer), answer.url) == (
        {segment},
        reverse("organisation_detail", args=[newcomer.pk]),
    )


def test_membership_add_from_a_segment_goes_back_to_it(login, staff, newcomer):
    segment = make.segment(staff.chain)
    url = f"{reverse('membership_add')}?segment={segment.pk}"
    client = login(staff)

    assert client.get(url).context["form"]["segments"].value() == [str(segment.pk)]
    answer = client.post(url, joining(staff, newcomer, segment))
    assert answer.url == f"{reverse('chain_detail', args=[staff.chain.pk])}?segment={segment.pk}"


def test_membership_add_is_left_to_where_one_came_from(login, staff, newcomer):
    segment, elsewhere = make.segment(staff.chain), make.segment(make.chain())
    client, url = login(staff), reverse("membership_add")

    asked = ["", f"?organisation={newcomer.pk}", f"?segment={segment.pk}", f"?segment={elsewhere.pk}"]
    assert [client.get(url + query).context["back"] for query in asked] == [
        reverse("chain_list"),
        reverse("organisation_detail", args=[newcomer.pk]),
        f"{reverse('chain_detail', args=[staff.chain.pk])}?segment={segment.pk}",
        reverse("chain_list"),
    ]


def test_membership_add_asks_for_the_unit_only_of_the_organisation_that_is_chosen(login, staff):
    school = make.member(staff.chain, kind="school")
    college = make.unit(school)
    make.unit(make.member(staff.chain, kind="school"))
    client = login(staff)

    assert "unit" not in client.get(reverse("membership_add")).context["form"].fields
    page = client.get(reverse("membership_add"), {"organisation": school.pk})
    assert list(page.context["form"].fields["unit"].queryset) == [college]


def test_membership_add_of_a_member_leads_to_its_segments(login, staff):
    old, new = make.segment(staff.chain), make.segment(staff.chain)
    member = make.member(staff.chain, "", old)
    row = member.memberships.get()
    client = login(staff)

    page = client.post(f"{reverse('membership_add')}?segment={new.pk}", joining(staff, member, new))

    way = f"{reverse('membership_edit', args=[row.pk])}?segment={new.pk}"
    assert (page.context["already"], way in page.content.decode()) == (row, True)
    assert set(client.get(way).context["form"]["segments"].value()) == {str(old.pk), str(new.pk)}


@pytest.mark.parametrize(
    ("field", "facts", "reason"),
    [
        ("starts_on", {"starts_on": "2023-06-31"}, "没有这一天"),
        ("starts_on", {"starts_on": ""}, "必填"),
        ("starts_on", {"starts_on": "2022-06-01"}, "重叠"),
        ("ends_on", {"starts_on": "2024-06-01", "ends_on": "2024-05-31"}, "不能早于"),
        ("organisation", {"organisation": "999999"}, "选择"),
    ],
)
def test_membership_add_bad_input_names_field_and_reason_and_keeps_what_was_typed(
    login, staff, newcomer, field, facts, reason
):
    make.membership(staff.chain, newcomer, starts_on="2022-01-01", ends_on="2022-12-31")

    page = login(staff).post(reverse("membership_add"), joining(staff, newcomer) | facts)

    assert reason in "".join(page.context["form"].errors[field])
    assert page.context["form"][field].value() == facts[field]
    assert (Membership.objects.count(), written()) == (1, 0)


def test_membership_add_segment_of_another_chain_is_refused_at_the_field(login, newcomer, staff):
    """An auditor's chains are all chains; an office may run two."""
    other = make.chain(office=staff.organisation)
    admin = make.position(Role.OFFICE_ADMIN, chain=None, organisation=staff.organisation)
    make.chain(office=staff.organisation)
    theirs = make.segment(other)
    mine = make.chain(office=staff.organisation)

    facts = joining(staff, newcomer, theirs, chain=mine.pk)
    page = login(admin).post(reverse("membership_add"), facts)

    assert "同一条产业链" in "".join(page.context["form"].errors["segments"])
    assert Membership.objects.filter(organisation=newcomer).count() == 0


def test_membership_add_unit_of_another_organisation_is_refused_at_the_field(login, staff):
    school, other = make.member(staff.chain, kind="school"), make.member(staff.chain, kind="school")
    make.unit(school)
    stranger = make.unit(other)

    page = login(staff).post(reverse("membership_add"), joining(staff, school, unit=stranger.pk))

    assert list(page.context["form"].errors) == ["unit"]


def test_membership_edit_moves_to_other_segments_and_is_audited(login, staff):
    old, new = make.segment(staff.chain), make.segment(staff.chain)
    row = make.membership(staff.chain, make.organisation(), old)

    login(staff).post(reverse("membership_edit", args=[row.pk]), {"segments": [new.pk], "seen": 0})

    entry = AuditEntry.objects.get(action="registry.edit_membership")
    assert (list(row.segments.all()), entry.before, entry.after) == (
        [new],
        f'{{"segments":[{old.pk}]}}',
        f'{{"segments":[{new.pk}]}}',
    )


def test_membership_edit_offers_segments_of_its_chain_only(login, staff):
    mine = make.segment(staff.chain)
    stranger = make.segment(make.chain())
    row = make.membership(staff.chain, make.organisation(), mine)

    page = login(staff).post(reverse("membership_edit", args=[row.pk]), {"segments": [stranger.pk]})

    assert list(page.context["form"].errors) == ["segments"]
    assert list(row.segments.all()) == [mine]


@pytest.mark.parametrize("name", ["membership_edit", "membership_end"])
def test_membership_pages_of_another_chain_are_as_if_not_there(login, staff, name):
    row = make.membership(make.chain(), make.organisation())

    assert login(staff).post(reverse(name, args=[row.pk]), {"ends_on": "2024-01-01"}).status_code == 404
    assert Membership.objects.get(pk=row.pk).ends_on is None


def test_membership_end_keeps_the_row_with_its_last_day(login, staff):
    row = make.membership(staff.chain, make.organisation())

    login(staff).post(reverse("membership_end", args=[row.pk]), {"ends_on": str(make.yesterday())})

    assert Membership.objects.get(pk=row.pk).ends_on == make.yesterday()


@pytest.mark.parametrize(
    ("typed", "reason"), [("2019-12-31", "不能早于"), ("", "必填"), ("昨天", "无法识别日期")]
)
def test_membership_end_bad_date_is_refused_at_the_field(login, staff, typed, reason):
    row = make.membership(staff.chain, make.organisation())

    page = login(staff).post(reverse("membership_end", args=[row.pk]), {"ends_on": typed})

    assert reason in "".join(page.context["form"].errors["ends_on"])
    assert page.context["form"]["ends_on"].value() == typed
    assert Membership.objects.get(pk=row.pk).ends_on is None


def test_members_place_asks_for_the_segment_and_names_the_organisations(login, staff):
    chosen = make.member(staff.chain, "云川启平建筑工程有限公司")

    page = login(staff).post(reverse("members_place"), {"chosen": [chosen.pk]})

    assert "云川启平建筑工程有限公司" in page.content.decode()
    assert (page.context["form"].errors, page.context["choice"].rows) == ({}, [chosen])


def test_members_place_adds_all_to_the_segment_and_undo_gives_back_exactly_that(login, staff, newcomer):
    old, new = make.segment(staff.chain), make.segment(staff.chain)
    moved, there = make.member(staff.chain, "", old), make.member(staff.chain, "", new)
    chosen = [moved.pk, there.pk, newcomer.pk]
    client = login(staff)

    answer = client.post(reverse("members_place"), {"chosen": chosen, "segment": new.pk})
    assert [stands_at(who) for who in (moved, there, newcomer)] == [{old, new}, {new}, {new}]

    page = client.get(answer.url)
    assert "已把 2 个单位放到" in page.content.decode()
    assert client.post(reverse("undo"), {"done": page.context["done"]["token"]}).url == answer.url
    assert [stands_at(who) for who in (moved, there, newcomer)] == [{old}, {new}, set()]
    assert not Membership.objects.filter(organisation=newcomer).exists()


def test_members_place_of_those_who_stand_there_already_offers_nothing_to_undo(login, staff):
    segment = make.segment(staff.chain)
    there = make.member(staff.chain, "", segment)
    client = login(staff)

    answer = client.post(reverse("members_place"), {"chosen": [there.pk], "segment": segment.pk})

    page = client.get(answer.url)
    assert (page.context["done"], "没有改动" in page.content.decode(), written()) == (None, True, 0)


def test_members_place_after_somebody_changed_one_of_them_undoes_nothing(login, staff):
    old, new = make.segment(staff.chain), make.segment(staff.chain)
    first, second = make.member(staff.chain, "", old), make.member(staff.chain, "", old)
    client = login(staff)
    client.post(reverse("members_place"), {"chosen": [first.pk, second.pk], "segment": new.pk})
    token = client.session["done"]["token"]
    row = Membership.objects.get(organisation=second)
    client.post(reverse("membership_edit", args=[row.pk]), {"segments": [new.pk], "seen": row.version})

    answer = client.post(reverse("undo"), {"done": token})

    assert (answer.status_code, stands_at(first), stands_at(second)) == (409, {old, new}, {new})


@pytest.mark.parametrize("wrong", ["chosen", "segment"])
def test_members_place_with_something_of_another_chain_writes_nothing(login, staff, wrong):
    other = make.chain()
    facts = {"chosen": [make.member(staff.chain).pk], "segment": make.segment(staff.chain).pk}
    facts |= {"chosen": [make.member(other).pk]} if wrong == "chosen" else {"segment": make.segment(other).pk}

    page = login(staff).post(reverse("members_place"), facts)

    assert (list(page.context["form"].errors), written()) == ([wrong], 0)


def test_members_place_nothing_ticked_says_what_to_do(login, staff):
    page = login(staff).post(reverse("members_place"), {"segment": make.segment(staff.chain).pk})

    assert "请先在单位一览中勾选" in page.content.decode()


def test_members_place_membership_that_begins_later_is_refused_and_nothing_is_written(login, staff, newcomer):
    segment = make.segment(staff.chain)
    make.membership(staff.chain, newcomer, starts_on=make.today() + timedelta(days=9))
    other = make.organisation(registered_by=staff.organisation)

    page = login(staff).post(
        reverse("members_place"), {"chosen": [other.pk, newcomer.pk], "segment": segment.pk}
    )

    assert "重叠" in "".join(page.context["form"].errors["chosen"])
    assert (stands_at(other), written()) == (set(), 0)


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("membership_add", Role.ENTERPRISE_CONTACT),
        ("members_place", Role.ENTERPRISE_CONTACT),
        ("undo", Role.AUDITOR),
    ],
)
def test_members_pages_refuse_who_may_not(login, name, role):
    assert login(make.position(role)).post(reverse(name)).status_code == 403


@pytest.mark.parametrize("number", ["9" * 30, "-1", "１２", "1.0", "\x00"])
def test_members_pages_numbers_that_no_row_can_have_are_told_not_to_exist(login, staff, number):
    client = login(staff)
    typed = {"chosen": [number], "segment": number, "segments": [number], "organisation": number}
    pages = [client.get(reverse("membership_add"), {"organisation": number, "segment": number})]
    pages += [client.post(reverse(name), typed) for name in ("members_place", "membership_add")]

    assert [page.status_code for page in pages] == [200, 200, 200]
    assert written() == 0
