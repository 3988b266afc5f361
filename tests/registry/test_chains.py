import pytest
from django.urls import reverse

from lianqiao.core.actor import Role
from lianqiao.core.models import AuditEntry
from lianqiao.registry.models import Chain, Segment, SegmentLink
from lianqiao.registry.overview import overview_of
from tests import factories as make
from tests.registry.lines import line

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return make.position(Role.OFFICE_ADMIN)


@pytest.fixture
def staff():
    return make.position(Role.OFFICE_STAFF)


def written():
    return AuditEntry.objects.filter(action__startswith="registry.").count()


def page_of(client, chain, query=""):
    return client.get(reverse("chain_detail", args=[chain.pk]) + query)


def test_overview_says_gaps_single_ways_and_who_stands_where(staff):
    design, cost, testing, recycling = line(staff.chain, 2, 2, 1, 0)
    SegmentLink.objects.create(upstream=design, downstream=testing)

    overview = overview_of(staff.chain, make.actor_of(staff), make.today())

    assert [standing.segment for standing in overview.gaps] == [recycling]
    assert [standing.segment for standing in overview.singles] == []
    assert [len(standing.members) for standing in overview.standings] == [2, 2, 1, 0]
    make.member(staff.chain, "", recycling)
    single = overview_of(staff.chain, make.actor_of(staff), make.today()).singles
    assert [(standing.segment, standing.only_way_to) for standing in single] == [(testing, [recycling])]
    assert {link.downstream for link in overview.standings[0].feeds} == {cost, testing}


def test_overview_counts_live_members_once_and_no_closed_ones(staff):
    (segment,) = line(staff.chain, 1)
    twice = make.member(staff.chain, "", segment, kind="school")
    make.membership(staff.chain, twice, segment, unit=make.unit(twice))
    make.membership(staff.chain, make.organisation(), segment, ends_on=make.yesterday())
    closed = make.member(staff.chain, "", segment)
    type(closed).objects.filter(pk=closed.pk).update(state="closed")

    overview = overview_of(staff.chain, make.actor_of(staff), make.today())

    assert len(overview.standings[0].members) == 2
    assert [(value, count) for value, _, count in overview.kinds] == [("enterprise", 1), ("school", 1)]


def test_overview_coverage_is_known_to_those_who_oversee_only(staff):
    (segment,) = line(staff.chain, 3)
    organised, instructed, _ = [m.organisation for m in segment.memberships.all()]
    make.branch(organised)
    make.branch(instructed, kind="none", why_none="党员不足三人", instructor=make.person())
    contact = make.position(Role.ENTERPRISE_CONTACT, staff.chain)

    known = overview_of(staff.chain, make.actor_of(staff), make.today()).standings[0].coverage
    hidden = overview_of(staff.chain, make.actor_of(contact), make.today()).standings[0].coverage

    assert (known.enterprises, known.organised, known.reached, known.unknown) == (3, 1, 2, 1)
    assert (known.organised_share, known.reached_share) == (33, 66)
    assert hidden is None


def test_chain_detail_shows_picture_table_and_chosen_segment(login, staff):
    first, single, last = line(staff.chain, 2, 1, 1)
    page = page_of(login(staff), staff.chain, f"?segment={single.pk}")
    text = page.content.decode()

    assert page.context["chosen"].segment == single
    assert text.count('<svg class="lq-map-') == 2
    assert f'href="?segment={last.pk}#panel"' in text
    assert [first.name in text, "单点 · 强链" in text, "缺口 · 补链" in text] == [True, True, False]


def test_chain_detail_partial_is_the_map_alone(login, staff):
    (segment,) = line(staff.chain, 1)
    url = reverse("chain_detail", args=[staff.chain.pk]) + f"?segment={segment.pk}"
    partial = login(staff).get(url, headers={"HX-Request": "true", "HX-Target": "chain-map"})

    assert partial.content.decode().split("\n")[1].startswith('<div class="lq-map" id="chain-map">')
    assert partial.headers["Vary"].startswith("HX-Target")
    assert "<html" not in partial.content.decode()


@pytest.mark.parametrize("wanted", ["999999", "abc", "", "1' OR 1=1"])
def test_chain_detail_unknown_segment_is_not_there(login, staff, wanted):
    line(staff.chain, 1)

    assert (
        login(staff).get(reverse("chain_detail", args=[staff.chain.pk]), {"segment": wanted}).status_code
        == 404
    )


def test_chain_detail_of_another_chain_is_as_if_not_there(login, staff):
    assert page_of(login(staff), make.chain()).status_code == 404


def test_chain_detail_reads_in_english_with_english_names(login, staff):
    Segment.objects.create(chain=staff.chain, code="x", name="勘察设计", name_en="Survey and design")

    text = (
        login(staff, **{"Accept-Language": "en"})
        .get(reverse("chain_detail", args=[staff.chain.pk]))
        .content.decode()
    )

    assert ("Survey and design" in text, "勘察设计" in text) == (True, False)


def test_chain_detail_without_segments_teaches_what_comes_next(login, staff):
    assert "增加第一个环节" in page_of(login(staff), staff.chain).content.decode()
    auditor = make.position(Role.AUDITOR)
    assert "增加第一个环节" not in page_of(login(auditor), staff.chain).content.decode()


def test_overview_counts_without_names_and_loads_those_that_are_shown(staff, django_assert_num_queries):
    line(staff.chain, 3, 1, 2)
    overview = overview_of(staff.chain, make.actor_of(staff), make.today())

    with django_assert_num_queries(0):
        counts = [len(standing.members) for standing in overview.standings]
        assert (counts, len(overview.members), sum(count for *_, count in overview.sizes)) == (
            [3, 1, 2],
            6,
            6,
        )
    with django_assert_num_queries(1):
        shown = overview.standings[0].members[:2]
        single = overview.singles[0].members[0]
    members = list(overview.members)
    assert (shown[0] in members, shown[1] in members, single in members) == (True, True, True)


@pytest.mark.parametrize("rows", [1, 3])
def test_chain_detail_same_number_of_queries(login, staff, django_assert_num_queries, rows):
    line(staff.chain, *[rows] * (rows + 1))
    client = login(staff)

    with django_assert_num_queries(14):
        page_of(client, staff.chain)


@pytest.mark.parametrize("rows", [1, 3])
def test_chain_list_same_number_of_queries_and_counts(login, django_assert_num_queries, rows):
    auditor = make.position(Role.AUDITOR)
    chains = [make.chain() for _ in range(rows)]
    for chain in chains:
        line(chain, 2, 0)
    client = login(auditor)

    with django_assert_num_queries(10):
        page = client.get(reverse("chain_list"))
    rows_shown = [row for row in page.context["listing"].page if row in chains]
    assert [(row.segment_count, row.filled_count, row.member_count) for row in rows_shown] == [
        (2, 1, 2)
    ] * rows


def test_chain_add_by_an_administrator_of_the_office_reaches_the_new_chain(login):
    office = make.office()
    admin = make.position(Role.OFFICE_ADMIN, organisation=office, chain=None)
    client = login(admin)

    answer = client.post(reverse("chain_add"), {"name": "新材料产业链", "office": office.pk})

    chain = Chain.objects.get(name="新材料产业链")
    assert (chain.office, answer.url) == (office, reverse("chain_detail", args=[chain.pk]))
    assert client.get(answer.url).status_code == 200


def test_chain_add_from_a_position_on_one_chain_goes_back_to_the_list(login, admin):
    answer = login(admin).post(
        reverse("chain_add"), {"name": "新材料产业链", "office": admin.organisation_id}
    )

    assert answer.url == reverse("chain_list")


@pytest.mark.parametrize(
    ("field", "typed", "reason"),
    [
        ("name", "", "必填"),
        ("name", "长" * 81, "80"),
        ("name", "新材\0料", "空字符"),
        ("name", "新材\u200b料", "U+200B"),
        ("region", "999999", "999999"),
        ("office", "0", "选择"),
    ],
)
def test_chain_add_bad_input_names_field_and_reason_and_keeps_what_was_typed(
    login, admin, field, typed, reason
):
    facts = {"name": "新材料产业链", "office": admin.organisation_id} | {field: typed}
    page = login(admin).post(reverse("chain_add"), facts)

    assert reason in "".join(page.context["form"].errors[field])
    assert page.context["form"][field].value() == typed
    assert (Chain.objects.count(), written()) == (1, 0)


def test_chain_edit_name_that_exists_is_refused_at_the_field(login, admin):
    other = make.chain()
    facts = {"name": other.name, "office": admin.organisation_id, "seen": 0}

    page = login(admin).post(reverse("chain_edit", args=[admin.chain.pk]), facts)

    assert "name" in page.context["form"].errors


def test_chain_edit_after_somebody_else_is_refused_and_keeps_what_was_typed(login, admin):
    Chain.objects.filter(pk=admin.chain.pk).update(version=4)
    facts = {"name": "改名产业链", "office": admin.organisation_id, "seen": 3}

    page = login(admin).post(reverse("chain_edit", args=[admin.chain.pk]), facts)

    assert "已被他人修改" in page.content.decode()
    assert page.context["form"]["name"].value() == "改名产业链"
    assert Chain.objects.get(pk=admin.chain.pk).name == admin.chain.name


def test_chain_edit_of_another_chain_is_as_if_not_there(login, admin):
    other = make.chain()

    assert login(admin).post(reverse("chain_edit", args=[other.pk]), {"name": "改名"}).status_code == 404
    assert Chain.objects.get(pk=other.pk).name == other.name


@pytest.mark.parametrize(
    "name", ["chain_edit", "segment_add", "segment_edit", "segment_link", "segment_remove"]
)
@pytest.mark.parametrize("role", [Role.ENTERPRISE_CONTACT, Role.LEADER, Role.AUDITOR])
def test_chain_pages_that_write_refuse_who_may_not(login, name, role):
    held = make.position(role)
    segment = make.segment(held.chain or make.chain())

    assert login(held).post(reverse(name, args=[segment.pk])).status_code == 403
