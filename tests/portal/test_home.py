from datetime import timedelta

import pytest
from django.urls import reverse

from lianqiao.core.actor import POSITIONS, Role
from lianqiao.portal.search import found_for
from lianqiao.portal.todos import Todo, todos_for
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_home_of_the_public_is_a_welcome_without_content(client):
    make.member(make.chain(), "云川宏达建设有限公司")

    page = client.get(reverse("home")).content.decode()

    assert "云川宏达" not in page
    assert reverse("account_login") in page


def test_home_without_a_position_says_what_to_do(login):
    held = make.position(Role.STUDENT, ends_on=make.yesterday())

    assert "没有有效身份" in login(held).get(reverse("home")).content.decode()


@pytest.mark.parametrize("role", sorted(POSITIONS))
def test_home_of_each_role_opens(login, role):
    assert login(make.position(role)).get(reverse("home")).status_code == 200


def test_todos_for_office_have_the_nearest_deadline_on_top():
    on = make.chain()
    who = make.actor(Role.OFFICE_STAFF, on)
    ends = make.today() + timedelta(days=5)
    soon = make.position(Role.LIAISON, on, ends_on=ends)
    segment = make.segment(on, "检测监测")
    row = make.member(on, "云川宏达建设有限公司")

    assert todos_for(who) == [
        Todo(
            "position_ends",
            reverse("position_extend", args=[soon.pk]),
            name=f"{soon.person} · {soon}",
            due=ends,
        ),
        Todo("unplaced", f"{reverse('organisation_list')}?kind=enterprise&segment=none"),
        Todo("branch_unknown", f"{reverse('organisation_list')}?kind=enterprise&lacks=branch"),
        Todo("no_code", f"{reverse('organisation_list')}?kind=enterprise&lacks=code"),
        Todo("segment_empty", reverse("chain_detail", args=[on.pk]), name=segment.name),
    ]
    assert row.credit_code is None


def test_todos_for_enterprise_contact_are_about_its_own_organisation():
    who = make.actor(Role.ENTERPRISE_CONTACT)
    url = reverse("organisation_describe", args=[who.organisation_id])

    assert [(todo.code, todo.url) for todo in todos_for(who)] == [
        ("describe_own", url),
        ("own_branch_unknown", f"{reverse('branch_add')}?organisation={who.organisation_id}"),
    ]


@pytest.mark.parametrize("role", [Role.LEADER, Role.STUDENT, Role.AUDITOR])
def test_todos_for_those_who_only_read_are_none(role):
    assert todos_for(make.actor(role)) == []


def test_home_shows_what_i_did_and_not_what_others_did(login):
    on = make.chain()
    mine, other = make.position(Role.OFFICE_STAFF, on), make.position(Role.OFFICE_STAFF, on)
    row = make.member(on, "云川宏达建设有限公司")
    login(mine).post(reverse("organisation_close", args=[row.pk]))

    assert "云川宏达" in login(mine).get(reverse("home")).content.decode()
    assert "云川宏达" not in login(other).get(reverse("home")).content.decode()


@pytest.mark.parametrize("typed", ["云川宏达", "yunchuanhongda", "ychdjsyxgs", "ＹＣＨＤ"])
def test_search_finds_by_name_pinyin_and_initials_whatever_the_width(login, typed):
    on = make.chain()
    make.member(on, "云川宏达建设有限公司")

    client = login(make.position(Role.OFFICE_STAFF, on))
    suggested = client.get(reverse("search"), {"q": typed}, headers={"HX-Request": "true"})
    opened = client.get(reverse("search"), {"q": typed})

    assert "云川宏达建设有限公司" in suggested.content.decode()
    assert opened.url.startswith(reverse("organisation_list"))


def test_search_finds_chains_segments_and_units_by_their_english_names():
    on = make.chain(name_en="Building chain")
    make.segment(on, name_en="Building materials")
    make.unit(make.member(on), name_en="School of Building")

    found = found_for(make.actor(Role.OFFICE_STAFF, on), "building")

    assert [str(hit.kind) for hit in found] == ["产业链", "链环节", "二级单位"]


def test_search_leaves_out_what_is_not_there_for_this_person():
    make.member(make.chain(), "云川宏达建设有限公司")

    assert found_for(make.actor(Role.OFFICE_STAFF), "宏达") == []
    assert found_for(make.actor(Role.SYSTEM_ADMIN), "宏达") == []


@pytest.mark.parametrize("typed", ["", "   ", "%", "_", "\x00", "'; DROP TABLE", "锟斤拷", "长" * 500])
def test_search_strange_input_finds_nothing_and_does_not_break(login, typed):
    on = make.chain()
    make.member(on, "云川宏达建设有限公司")

    page = login(make.position(Role.OFFICE_STAFF, on)).get(reverse("search"), {"q": typed})

    assert (page.status_code, page.context["hits"]) == (200, [])


@pytest.mark.parametrize("rows", [1, 3])
def test_search_same_number_of_queries(rows, django_assert_num_queries):
    on = make.chain()
    for number in range(rows):
        make.member(on, f"云川宏达{number}建设有限公司")
    who = make.actor(Role.OFFICE_STAFF, on)

    with django_assert_num_queries(7):
        assert len(found_for(who, "宏达")) == rows


def test_readyz_and_healthz_answer_without_login(client):
    assert client.get(reverse("healthz")).json() == {"status": "ok"}
    assert client.get(reverse("readyz")).json()["status"] == "ok"


def test_licences_names_what_the_pages_use(client):
    assert "@tabler/core" in client.get(reverse("licences")).content.decode()
