"""What the own enterprise asked for, with the way each need has come."""

import pytest
from django.urls import reverse

from lianqiao.agreements.models import Agreement
from lianqiao.core.actor import Role
from lianqiao.lists import engine
from lianqiao.portal.needs import needs_of
from lianqiao.projects.models import Project
from tests import factories as make
from tests.agreements import rows

pytestmark = pytest.mark.django_db
TITLE, TEXT = "铝板幕墙深化设计人员", "三名，十二月前到岗，会用BIM软件做铝板幕墙深化设计"


@pytest.fixture(autouse=True)
def nothing_prepared():
    engine.SPACES.clear()


@pytest.fixture
def contact():
    return make.position(Role.ENTERPRISE_CONTACT)


@pytest.fixture
def here(contact):
    return contact.organisation.memberships.get().chain


@pytest.fixture
def paired(contact, here):
    school = make.member(here, kind="school")
    rows.party_organisation(here)
    return rows.pairing(here, school, make.unit(school), contact.organisation)


def steps(contact):
    [asked] = needs_of(make.actor_of(contact))
    return [(step.code, step.state, step.count, step.href) for step in asked.steps]


def codes(contact):
    return [(code, state) for code, state, _count, _href in steps(contact)]


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (
            "submitted",
            [("submitted", "done"), ("in_review", "current"), ("match", "todo"), ("sign", "todo"), ("work", "todo"), ("finish", "todo")],
        ),
        ("returned", [("submitted", "done"), ("returned", "stuck")]),
        ("expired", [("submitted", "done"), ("published", "done"), ("expired", "stuck")]),
        (
            "published",
            [("submitted", "done"), ("published", "done"), ("looking", "current"), ("sign", "todo"), ("work", "todo"), ("finish", "todo")],
        ),
        ("fulfilled", [("submitted", "done"), ("published", "done"), ("matched", "done"), ("done", "done")]),
    ],
)  # fmt: skip
def test_home_needs_show_the_way_that_the_lists_know(contact, state, expected):
    why = {"returned_reason": "请写明数量"} if state == "returned" else {}
    make.entry(organisation=contact.organisation, state=state, **why)

    assert codes(contact) == expected


def test_home_needs_count_organisations_that_could_help_not_entries(contact, here):
    make.entry(organisation=contact.organisation, title=TITLE, description=TEXT)
    one = make.member(here, kind="school")
    for title in ("铝板幕墙深化设计课程", "幕墙BIM深化设计实训"):
        make.entry("resource", here, organisation=one, title=title, description=TEXT)
    make.entry("service", here, title="幕墙深化设计服务", description=TEXT)

    assert ("able", "current", 2) in [step[:3] for step in steps(contact)]


def test_home_needs_say_whose_answer_is_awaited(contact, paired):
    found = rows.match(paired)
    url = reverse("match_detail", args=[found.pk])
    said = [("", ""), ("accept", ""), ("accept", "accept")]
    told = []
    for need_said, offer_said in said:
        found.need_said, found.offer_said = need_said, offer_said
        found.state = "accepted" if need_said == offer_said == "accept" else "offered"
        found.save()
        told.append(steps(contact)[2])

    assert told == [
        ("answer_wanted", "current", 1, url),
        ("answer_awaited", "current", 0, url),
        ("matched", "done", 0, ""),
    ]


def test_home_needs_follow_the_paper_and_the_work_until_it_is_accepted(contact, here, paired):
    found = rows.match(paired)
    agreement = rows.sent(paired)
    assert codes(contact)[3:] == [("sign", "current"), ("work", "todo"), ("finish", "todo")]

    Agreement.objects.update(state="signed", number="第1号", signed_on=make.today())
    assert steps(contact)[3] == ("signed", "done", 0, reverse("agreement_detail", args=[agreement.pk]))
    assert codes(contact)[4:] == [("work", "todo"), ("finish", "todo")]

    work = Project.objects.create(
        chain=here, number=1, title="幕墙深化", match=found, sponsor=contact.organisation, holder=paired.giver,
        holder_unit=paired.unit, state="working",
    )  # fmt: skip
    assert codes(contact)[4:] == [("working", "current"), ("finish", "todo")]
    assert steps(contact)[4][3] == reverse("project_detail", args=[work.pk])


def test_home_needs_are_of_the_own_enterprise_only_and_of_contacts_only(contact, here):
    mine = make.entry(organisation=contact.organisation)
    make.entry(on=here)
    make.entry(organisation=contact.organisation, state="draft")
    make.entry("resource", here, organisation=contact.organisation)

    assert [asked.entry for asked in needs_of(make.actor_of(contact))] == [mine]
    assert needs_of(make.actor(Role.OFFICE_STAFF, here)) is None


@pytest.mark.parametrize("count", [1, 3])
def test_home_needs_in_review_cost_the_same_queries_whatever_their_number(
    contact, count, django_assert_num_queries
):
    actor = make.actor_of(contact)
    for _ in range(count):
        make.entry(organisation=contact.organisation, state="submitted")

    with django_assert_num_queries(3):
        needs_of(actor)


def test_home_of_an_enterprise_begins_with_its_needs(login, contact):
    client = login(contact)
    empty = client.get(reverse("home")).text
    entry = make.entry(organisation=contact.organisation, title=TITLE)
    shown = client.get(reverse("home")).text

    assert "还没有提交过需求" in empty
    assert shown.index("我的需求") < shown.index(TITLE) < shown.index("正在寻找对接方") < shown.index("待办")
    assert reverse("entry_detail", args=[entry.pk]) in shown
