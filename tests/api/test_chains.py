"""Chains, their segments and what feeds what, through the API."""

import pytest

from lianqiao.core.actor import Role
from lianqiao.core.models import AuditEntry
from lianqiao.registry.models import Chain, Organisation, Segment, SegmentLink
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(db):
    return make.position(Role.OFFICE_ADMIN)


@pytest.fixture
def office(caller, held):
    return caller(held)


@pytest.fixture
def staff(caller, held):
    return caller(make.position(Role.OFFICE_STAFF, held.chain))


def told(answer):
    return answer.status_code, answer.json()["code"]


def fields(answer):
    assert answer.status_code == 422, answer.content
    return list(answer.json()["fields"])


def last_action():
    return AuditEntry.objects.order_by("id").last().action


def test_chain_add_by_the_administrator_is_audited(office, held):
    answer = office.post(
        "/chains", {"name": "智能建造产业链", "office": held.organisation_id, "description": "一条"}
    )

    row = Chain.objects.get(name="智能建造产业链")
    assert (answer.status_code, answer.json()) == (
        201,
        {
            "id": row.pk,
            "name": "智能建造产业链",
            "name_en": "",
            "office": {"id": held.organisation_id, "name": held.organisation.name},
            "party_organisation": None,
            "region": "",
            "description": "一条",
            "version": 0,
        },
    )
    assert last_action() == "registry.add_chain"


def test_chain_add_by_staff_is_refused(staff, held):
    assert told(staff.post("/chains", {"name": "另一条", "office": held.organisation_id})) == (
        403,
        "not_permitted",
    )
    assert Chain.objects.count() == 1


def test_chain_add_names_what_is_wrong_and_writes_nothing(office, held):
    sent = {"name": "智能建造产业链", "office": held.organisation_id}
    firm, elsewhere = make.member(held.chain), make.chain().office

    assert fields(office.post("/chains", sent | {"name": held.chain.name})) == ["name"]
    assert fields(office.post("/chains", sent | {"office": firm.pk})) == ["office"]
    assert fields(office.post("/chains", sent | {"office": elsewhere.pk})) == ["office"]
    assert fields(office.post("/chains", sent | {"region": "990000"})) == ["region"]
    assert fields(office.post("/chains", sent | {"version": 7})) == ["version"]
    assert Chain.objects.count() == 2


def test_chain_edit_changes_only_what_is_given(office, held):
    Chain.objects.filter(pk=held.chain.pk).update(description="从设计到运维")

    answer = office.patch(f"/chains/{held.chain.pk}", {"name_en": "Construction", "seen": 0})

    assert (answer.json()["name_en"], answer.json()["description"], answer.json()["version"]) == (
        "Construction",
        "从设计到运维",
        1,
    )
    assert told(office.patch(f"/chains/{held.chain.pk}", {"name": "迟了", "seen": 0})) == (409, "stale")


def test_segment_add_and_edit(staff, held):
    added = staff.post("/segments", {"chain": held.chain.pk, "name": "勘察设计", "column": 0})

    row = Segment.objects.get()
    assert (added.status_code, added.json()) == (
        201,
        {
            "id": row.pk,
            "chain": held.chain.pk,
            "code": "kcsj",
            "name": "勘察设计",
            "name_en": "",
            "column": 0,
            "description": "",
            "industries": [],
            "upstream": [],
            "downstream": [],
            "version": 0,
        },
    )
    edited = staff.patch(f"/segments/{row.pk}", {"column": 3})
    assert edited.json() == added.json() | {"column": 3, "version": 1}
    assert told(staff.patch(f"/segments/{row.pk}", {"column": 4, "seen": 0})) == (409, "stale")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": "总承包", "code": "other"}, "name"),
        ({"name": ""}, "name"),
        ({"name": "长" * 41}, "name"),
        ({"code": "zcb"}, "code"),
        ({"code": "总承包"}, "code"),
        ({"column": -1}, "column"),
        ({"column": 100}, "column"),
        ({"column": "1"}, "column"),
        ({"industries": ["9999"]}, "industries"),
        ({"chain": 999_999}, "chain"),
    ],
    ids=str,
)
def test_segment_add_names_the_wrong_field_and_writes_nothing(staff, held, wrong, field):
    make.segment(held.chain, "总承包", code="zcb")

    answer = staff.post("/segments", {"chain": held.chain.pk, "name": "劳务", "column": 1} | wrong)

    assert fields(answer) == [field]
    assert Segment.objects.count() == 1


def test_segment_add_to_a_chain_of_others_is_as_if_it_were_not_there(staff):
    assert fields(staff.post("/segments", {"chain": make.chain().pk, "name": "劳务", "column": 1})) == [
        "chain"
    ]


def test_segment_remove_takes_its_links_and_never_its_members(staff, held):
    up, down = make.segment(held.chain), make.segment(held.chain)
    up.feeds.create(downstream=down)
    make.member(held.chain, "", down)

    assert told(staff.post(f"/segments/{down.pk}/remove")) == (409, "segment_in_use")
    removed = staff.post(f"/segments/{up.pk}/remove")
    assert (removed.status_code, removed.json()["downstream"]) == (200, [down.pk])
    assert (list(Segment.objects.all()), SegmentLink.objects.count()) == ([down], 0)
    assert last_action() == "registry.remove_segment"
    assert told(staff.post(f"/segments/{up.pk}/remove")) == (404, "not_found")


def test_segment_link_and_remove(staff, held):
    up, down = make.segment(held.chain, "勘察设计"), make.segment(held.chain, "总承包")
    sent = {"upstream": up.pk, "downstream": down.pk}

    linked = staff.post("/segment-links", sent)

    row = SegmentLink.objects.get()
    assert (linked.status_code, linked.json()) == (
        201,
        {
            "id": row.pk,
            "chain": held.chain.pk,
            "upstream": {"id": up.pk, "name": "勘察设计"},
            "downstream": {"id": down.pk, "name": "总承包"},
        },
    )
    assert staff.get("/segment-links", chain=held.chain.pk).json()["items"] == [linked.json()]
    assert fields(staff.post("/segment-links", sent)) == ["*"]
    assert staff.post(f"/segment-links/{row.pk}/remove").json() == linked.json()
    assert SegmentLink.objects.count() == 0
    assert last_action() == "registry.unlink_segments"


def test_segment_link_refuses_circles_itself_and_other_chains(caller, staff, held):
    first, middle, last = (make.segment(held.chain) for _ in range(3))
    second_chain = make.chain(office=held.organisation)
    everywhere = make.position(Role.OFFICE_STAFF, held.chain, chain=None)
    stranger = make.segment(make.chain())
    elsewhere = make.segment(second_chain)
    first.feeds.create(downstream=middle)
    middle.feeds.create(downstream=last)

    def link(program, upstream, downstream):
        return program.post("/segment-links", {"upstream": upstream.pk, "downstream": downstream.pk})

    assert told(link(staff, last, first)) == (409, "circle")
    assert fields(link(staff, first, first)) == ["*"]
    assert fields(link(staff, first, stranger)) == ["downstream"]
    assert fields(link(staff, stranger, first)) == ["upstream"]
    office = caller(everywhere)
    assert told(link(office, first, elsewhere)) == (409, "other_chain")
    assert SegmentLink.objects.count() == 2


def test_organisations_place_moves_members_and_brings_newcomers(staff, held):
    here, there = make.segment(held.chain), make.segment(held.chain)
    standing, moving = make.member(held.chain, "", here), make.member(held.chain, "", there)
    newcomer = make.organisation(registered_by=held.organisation)
    sent = {"organisations": [standing.pk, moving.pk, newcomer.pk]}

    placed = staff.post(f"/segments/{here.pk}/place", sent)

    moved, joined = moving.memberships.get(), newcomer.memberships.get()
    assert (placed.status_code, placed.json()) == (200, {"moved": [moved.pk], "joined": [joined.pk]})
    assert (set(moved.segments.all()), joined.starts_on) == ({here, there}, make.today())


def test_organisations_place_takes_all_or_none(staff, held):
    here = make.segment(held.chain)
    newcomer = make.organisation(registered_by=held.organisation)
    closed = make.organisation(registered_by=held.organisation, state=Organisation.State.CLOSED)
    theirs = make.member(make.chain())

    for wrong in (closed, theirs):
        answer = staff.post(f"/segments/{here.pk}/place", {"organisations": [newcomer.pk, wrong.pk]})
        assert fields(answer) == ["organisations.1"]
    assert fields(staff.post(f"/segments/{here.pk}/place", {"organisations": []})) == ["organisations"]
    assert not newcomer.memberships.exists()
