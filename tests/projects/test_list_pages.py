"""The list of projects and one of them, as each reader sees them."""

import io

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from lianqiao.core.actor import Role
from lianqiao.core.models import AuditEntry
from lianqiao.projects.models import Project
from tests import factories as make
from tests.projects.pressing import detail

pytestmark = pytest.mark.django_db


def titles(answer):
    return {row.title for row, _cells in answer.context["listing"].table}


def test_project_list_shows_each_reader_what_is_theirs(scene, clients, login):
    draft, free, asked = (
        scene.draft(),
        scene.open(),
        scene.open(asked=scene.school, asked_unit=scene.college.unit),
    )
    mine, others = scene.working(), scene.working(scene.other, sponsor=make.member(scene.chain))
    late = scene.working(scene.other, sponsor=make.member(scene.chain))
    Project.objects.filter(pk=late.pk).update(claim_by=make.yesterday())
    url = reverse("project_list")
    seen = {name: titles(client.get(url)) for name, client in clients.items()}
    visitors = {
        role: titles(login(make.position(role, scene.chain)).get(url)) for role in (Role.MENTOR, Role.STUDENT)
    }
    leader = titles(login(make.position(Role.LEADER, scene.chain)).get(url))

    every = {row.title for row in (draft, free, asked, mine, others, late)}
    # What is taken can be waited for as long as it can be claimed.
    open_ones = {free.title, mine.title, others.title}
    assert seen["office"] == every
    assert seen["firm"] == every - {late.title}
    assert seen["college"] == seen["coordinator"] == open_ones | {asked.title}
    assert seen["second"] == open_ones
    assert seen["other"] == open_ones | {late.title}
    assert seen["stranger"] == set()
    assert set(map(frozenset, visitors.values())) == {frozenset({free.title})}
    assert leader == every - {draft.title}


def test_project_list_tells_who_does_it_only_to_those_who_may_know(scene, clients):
    scene.working(scene.other, sponsor=make.member(scene.chain))
    url, name = reverse("project_list"), scene.other.organisation.name

    told = {who: name in clients[who].get(url).content.decode() for who in ("office", "other", "second")}
    found = {who: len(titles(clients[who].get(url, {"q": name}))) for who in ("office", "other", "second")}

    assert told == {"office": True, "other": True, "second": False}
    assert found == {"office": 1, "other": 1, "second": 0}


def test_project_list_filters_by_tab_kind_and_lateness(scene, clients):
    kind = scene.chain.project_kinds.first()
    open_one, done = scene.open(kind=kind), scene.accepted()
    late = scene.working()
    scene.milestone(late, -3)
    url, client = reverse("project_list"), clients["college"]

    def asked(**query):
        return titles(client.get(url, query))

    assert asked(tab="open") == {open_one.title}
    assert asked(tab="mine") == {done.title, late.title}
    assert asked(tab="done") == {done.title}
    assert asked(due="late") == {late.title}
    assert asked(kind=str(kind.pk)) == {open_one.title}
    assert asked(tab="nothing") == set()


def test_project_list_exports_what_is_shown(scene, clients):
    project = scene.working()

    answer = clients["office"].get(reverse("project_list"), {"export": "xlsx"})

    table = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert table[0][0] == "项目名称"
    assert table[1][0] == project.title
    assert AuditEntry.objects.filter(action="export").count() == 1


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("role", [Role.OFFICE_STAFF, Role.ENTERPRISE_CONTACT, Role.AUDITOR])
def test_project_list_same_number_of_queries(scene, login, django_assert_num_queries, rows, role):
    for n in range(rows):
        scene.working([scene.college, scene.second, scene.other][n], kind=scene.chain.project_kinds.all()[n])
    held = scene.firm.position if role == Role.ENTERPRISE_CONTACT else make.position(role, scene.chain)
    client = login(held)
    client.get(reverse("project_list"))

    with django_assert_num_queries(QUERIES_OF_LIST[role]):
        client.get(reverse("project_list"), {"q": "号"})


QUERIES_OF_LIST = {Role.OFFICE_STAFF: 14, Role.ENTERPRISE_CONTACT: 15, Role.AUDITOR: 15}


def filled(scene, project, count):
    for n in range(count):
        milestone = scene.milestone(project, -n - 5)
        outcome = scene.outcome(project, amount=str(n + 1))
        scene.evidence(project, milestone=milestone, code=f"1-{n}")
        scene.evidence(project, outcome=outcome)
        scene.note(project)
    for who in [scene.other, scene.second][: count - 1]:
        scene.claimed(project, who)


@pytest.mark.parametrize("who", ["office", "firm", "college"])
def test_project_detail_same_number_of_queries_with_one_and_three_of_everything(
    scene, clients, django_assert_num_queries, who
):
    rows = [scene.working() for _ in range(2)]
    for count, row in zip((1, 3), rows, strict=True):
        filled(scene, row, count)
    detail(clients[who], rows[0])

    for row in rows:
        with django_assert_num_queries(QUERIES_OF_DETAIL[who]):
            detail(clients[who], row)


QUERIES_OF_DETAIL = {"office": 17, "firm": 15, "college": 16}


def test_project_detail_anonymous_other_and_own(scene, clients, client):
    project = scene.working()
    Project.objects.filter(pk=project.pk).update(claim_by=make.yesterday())

    assert detail(client, project).status_code == 302
    codes = {name: detail(one, project).status_code for name, one in clients.items()}
    assert codes == {
        "firm": 200, "college": 200, "coordinator": 200, "office": 200,
        "second": 404, "other": 404, "stranger": 404,
    }  # fmt: skip


def test_project_detail_offers_what_may_be_done_now(scene, clients):
    project = scene.open()
    assert "认领项目" in detail(clients["college"], project).content.decode()
    assert "认领项目" not in detail(clients["firm"], project).content.decode()
    scene.claimed(project, scene.college)
    assert "交付验收" in detail(clients["college"], project).content.decode()
    assert "交付验收" not in detail(clients["firm"], project).content.decode()
    page = detail(clients["other"], project).content.decode()
    assert "候补认领" in page
    assert scene.college.unit.name not in page
