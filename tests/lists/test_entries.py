"""The three lists and one entry of them: what each reader finds and sees."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from django.utils import timezone

from lianqiao.core.actor import Role
from lianqiao.lists.models import Entry
from tests import factories as make

pytestmark = pytest.mark.django_db


def page(login, held, name, *args, **query):
    return login(held).get(reverse(name, args=args) + (f"?{urlencode(query)}" if query else ""))


def test_entry_list_shows_each_kind_in_its_tab_and_what_is_over_only_when_asked(login, staff, here):
    need, _resource = make.entry(on=here), make.entry("resource", here)
    over = make.entry(on=here, state="withdrawn")
    make.entry()

    shown = page(login, staff, "entry_list", kind="need")
    everything = page(login, staff, "entry_list", kind="need", state="all")

    assert list(shown.context["listing"].page) == [need]
    assert set(everything.context["listing"].page) == {need, over}
    assert [tab["count"] for tab in shown.context["tabs"]] == ["1", "1", "0"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "幕墙"}, ["a"]),
        ({"q": "muqiang"}, ["a"]),
        ({"state": "submitted"}, ["b"]),
        ({"dimension": "research"}, ["a"]),
        ({"category": "none"}, ["b"]),
        ({"urgency": "high"}, ["b"]),
        ({"due": "soon"}, ["a"]),
        ({"due": "over"}, []),
        ({"source": "visit"}, ["b"]),
        ({"whose": "own"}, []),
        ({"kind": "resource"}, []),
        ({"segment": "none"}, ["a", "b"]),
    ],
)
def test_entry_list_filters_of_the_address_narrow_it(login, staff, here, query, found):
    a = make.entry(
        on=here,
        title="铝板幕墙",
        dimensions=["research", "training"],
        category=make.category(here),
        due_on=make.today() + timedelta(days=9),
    )
    b = make.entry(on=here, state="submitted", urgency="high", source="visit", organisation=make.member(here))
    named = {a: "a", b: "b"}

    rows = page(login, staff, "entry_list", **{"kind": "need"} | query).context["listing"].page

    assert sorted(named[row] for row in rows) == found


@pytest.mark.parametrize("role", [Role.OFFICE_STAFF, Role.ENTERPRISE_CONTACT, Role.AUDITOR])
@pytest.mark.parametrize("rows", [1, 3])
def test_entry_list_same_number_of_queries(login, django_assert_num_queries, here, role, rows):
    held = make.position(role, here)
    for _ in range(rows):
        make.entry(on=here, category=make.category(here), segment=make.segment(here))
    client = login(held)
    client.get(reverse("entry_list"))

    with django_assert_num_queries(QUERIES_OF_LIST[role]):
        client.get(reverse("entry_list"), {"kind": "need", "q": "第"})


# Each of the three tabs counts what everybody sees, what else is open, and drafts, as long as they are few. What is one's
# own on chains that one does not reach is counted and listed apart, whatever there is.
QUERIES_OF_LIST = {Role.OFFICE_STAFF: 21, Role.ENTERPRISE_CONTACT: 32, Role.AUDITOR: 22}


def test_entry_list_exports_what_is_shown_with_contacts_masked_for_others(login, here):
    make.entry(on=here, contact_name="张三丰", contact_phone="13800001234")
    other = make.position(Role.ENTERPRISE_CONTACT, here)
    columns = [("columns", name) for name in ("title", "contact", "phone")]
    listing = login(other).get(reverse("entry_list") + "?" + urlencode(columns)).context["listing"]

    assert [[cell["value"] for cell in cells[1:]] for _row, cells in listing.table] == [
        ["张**", "138****1234"]
    ]


def test_entry_list_of_a_student_has_no_needs(login, here):
    make.entry(on=here)
    offer = make.entry("resource", here)
    answer = page(login, make.position(Role.STUDENT, here), "entry_list")

    assert list(answer.context["listing"].page) == [offer]
    assert [str(tab["label"]) for tab in answer.context["tabs"]] == ["资源", "服务"]


@pytest.mark.parametrize(
    ("state", "reached"),
    [
        ("draft", {"own"}),
        ("submitted", {"own", "office", "liaison", "leader", "auditor"}),
        ("returned", {"own", "office", "liaison", "leader", "auditor"}),
        ("published", {"own", "other", "office", "liaison", "leader", "auditor"}),
        ("withdrawn", {"own", "office", "liaison", "leader", "auditor"}),
    ],
)
def test_entry_detail_is_there_for_those_who_may_see_this_state(login, contact, here, state, reached):
    who = contact.organisation
    row = make.entry(on=here, organisation=who, state=state, registered_by=who)
    people = {
        "own": contact,
        "other": make.position(Role.ENTERPRISE_CONTACT, here),
        "office": make.position(Role.OFFICE_ADMIN, here),
        "liaison": make.position(Role.LIAISON, here),
        "leader": make.position(Role.LEADER, here),
        "auditor": make.position(Role.AUDITOR),
        "stranger": make.position(Role.OFFICE_ADMIN),
        "student": make.position(Role.STUDENT, here),
    }
    url = reverse("entry_detail", args=[row.pk])
    found = {name for name, held in people.items() if login(held).get(url).status_code == 200}

    # An auditor reads everything, also what was not said to the office yet.
    assert found == reached | {"auditor"}


def test_entry_detail_of_a_college_is_its_own_and_not_its_sisters_while_it_waits(login, here):
    school = make.member(here, kind="school")
    mine, sister = (
        make.position(Role.COLLEGE_CONTACT, here, organisation=school, unit=make.unit(school))
        for _ in range(2)
    )
    row = make.entry("resource", here, organisation=school, unit=mine.unit, state="submitted")
    url = reverse("entry_detail", args=[row.pk])

    assert [login(held).get(url).status_code for held in (mine, sister)] == [200, 404]


def test_entry_detail_hides_what_its_reader_may_not_know(login, contact, staff, here):
    facts = {
        "contact_name": "张三丰", "contact_phone": "13800001234", "contact_email": "zhang@example.org",
        "money": "350000", "conditions": "只付成本", "source_note": "座谈纪要第三句",
        "visibility": {"money": "office", "conditions": "office"},
    }  # fmt: skip
    row = make.entry(on=here, organisation=contact.organisation, **facts)
    never = make.member(here, "云川不合作有限公司")
    row.wishes.create(organisation=never, kind="never")
    url, other = reverse("entry_detail", args=[row.pk]), make.position(Role.ENTERPRISE_CONTACT, here)
    texts = [login(held).get(url).content.decode() for held in (contact, staff, other)]
    secret = ("张三丰", "13800001234", "zhang@example.org", "只付成本", "座谈纪要", "云川不合作")

    assert [[word in text for word in secret] for text in texts] == [[True] * 6, [True] * 6, [False] * 6]
    assert "138****1234" in texts[2]
    assert "350" not in texts[2]


def test_entry_detail_same_number_of_queries_with_one_and_three_of_everything(
    login, staff, here, django_assert_num_queries
):
    rows = [make.entry(on=here) for _ in range(2)]
    for count, row in zip((1, 3), rows, strict=True):
        for n in range(count):
            row.comments.create(person=staff.person, position_label="x", text=f"{n}", at=timezone.now())
            row.wishes.create(organisation=make.member(here), kind="must")
    client = login(staff)
    client.get(reverse("entry_detail", args=[rows[0].pk]))
    for row in rows:
        with django_assert_num_queries(QUERIES_OF_DETAIL):
            client.get(reverse("entry_detail", args=[row.pk]))


# Five of them are matching's: matches, and whether the prepared lists are as they were.
QUERIES_OF_DETAIL = 25


def test_entry_of_an_organisation_that_was_merged_goes_with_it(office, here):
    from lianqiao.registry.actions.merging import merge_organisations

    row, kept = make.entry(on=here), make.member(here)
    merge_organisations(row.organisation, kept, by=office, now=timezone.now())

    assert Entry.objects.get().organisation == kept


@pytest.mark.parametrize("role", [Role.OFFICE_STAFF, Role.LEADER, Role.ENTERPRISE_CONTACT])
@pytest.mark.parametrize(
    ("sort", "order"), [("due_on", "early late none other"), ("-due_on", "late early other none")]
)
def test_sorted_list_ends_with_what_is_empty_whichever_way(login, here, role, sort, order):
    held = make.position(role, here)
    for title, due in {"none": None, "late": "2027-03-01", "other": None, "early": "2027-01-01"}.items():
        make.entry(on=here, title=title, due_on=due)

    listing = page(login, held, "entry_list", kind="need", sort=sort).context["listing"]

    assert [row.title for row in listing.page] == order.split()


def test_list_over_several_chains_is_in_one_order_with_what_is_own_elsewhere(login, here):
    firm = make.member(here)
    second, left = make.chain(), make.chain()
    make.membership(second, firm)
    held = make.position(Role.ENTERPRISE_CONTACT, here, organisation=firm)
    for number, (title, on, who) in enumerate(
        [("a", here, None), ("b", left, firm), ("c", second, None), ("d", left, None), ("e", here, firm)]
    ):
        make.entry(on=on, title=title, organisation=who or make.member(on), due_on=f"2027-01-0{9 - number}")

    def titles(**query):
        listing = page(login, held, "entry_list", kind="need", **query).context["listing"]
        return [row.title for row in listing.page], listing.page.paginator.count

    assert titles() == (["e", "c", "b", "a"], 4)
    assert titles(sort="due_on") == (["e", "c", "b", "a"], 4)
    assert titles(sort="-due_on") == (["a", "b", "c", "e"], 4)


@pytest.mark.parametrize("state", ["draft", "submitted", "returned", "expired"])
def test_contact_asking_for_what_is_not_open_gets_the_own_only(login, here, state):
    held = make.position(Role.ENTERPRISE_CONTACT, here)
    mine = make.entry(on=here, organisation=held.organisation, state=state, registered_by=held.organisation)
    make.entry(on=here, state=state)

    rows = page(login, held, "entry_list", kind="need", state=state).context["listing"].page

    assert list(rows) == [mine]
