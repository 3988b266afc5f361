"""Memberships, units, branches and accessions through the API."""

import pytest

from lianqiao.core.actor import Role
from lianqiao.registry.models import Accession, ChainPartyOrganisation, Membership, PartyBranch, ReferenceItem
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(db):
    return make.position(Role.OFFICE_ADMIN)


@pytest.fixture
def office(caller, held):
    return caller(held)


@pytest.fixture
def newcomer(held):
    return make.organisation(registered_by=held.organisation)


def test_membership_add_and_end(office, held, newcomer):
    places = [make.segment(held.chain), make.segment(held.chain)]
    sent = {
        "chain": held.chain.pk,
        "organisation": newcomer.pk,
        "segments": [place.pk for place in places],
        "starts_on": "2026-01-01",
    }

    added = office.post("/memberships", sent)

    row = Membership.objects.get()
    assert (added.status_code, added.json()) == (
        201,
        {
            "id": row.pk,
            "chain": held.chain.pk,
            "organisation": {"id": newcomer.pk, "name": newcomer.name},
            "unit": None,
            "segments": [place.pk for place in places],
            "starts_on": "2026-01-01",
            "ends_on": None,
            "version": 0,
        },
    )
    again = office.post("/memberships", sent)
    assert (again.status_code, again.json()["code"]) == (409, "overlapping_dates")
    early = office.post(f"/memberships/{row.pk}/end", {"ends_on": "2025-12-31"})
    assert (early.status_code, list(early.json()["fields"])) == (422, ["ends_on"])
    assert (
        office.post(f"/memberships/{row.pk}/end", {"ends_on": "2026-06-30"}).json()["ends_on"] == "2026-06-30"
    )


def test_membership_add_finds_its_organisation_in_a_long_register(office, held, newcomer, monkeypatch):
    monkeypatch.setattr("lianqiao.registry.forms.pick.MOST_LISTED", 0)
    sent = {"chain": held.chain.pk, "organisation": newcomer.pk, "starts_on": "2026-01-01"}

    assert office.post("/memberships", sent).status_code == 201


def test_membership_edit_says_where_it_stands(office, held):
    here, there = make.segment(held.chain), make.segment(held.chain)
    row = make.membership(held.chain, make.organisation(), here)
    path = f"/memberships/{row.pk}"

    assert office.patch(path, {}).json()["segments"] == [here.pk]
    assert office.patch(path, {"segments": [there.pk], "seen": 0}).json()["segments"] == [there.pk]
    late = office.patch(path, {"segments": [], "seen": 0})
    assert (late.status_code, late.json()["code"]) == (409, "stale")
    elsewhere = office.patch(path, {"segments": [make.segment(make.chain()).pk]})
    assert (elsewhere.status_code, list(elsewhere.json()["fields"])) == (422, ["segments"])
    assert list(row.segments.all()) == [there]


@pytest.mark.parametrize(
    "day", ["2026-02-30", "1026-01-01", "9999-01-01", "20260101", "2026-1-1", 20260101, None]
)
def test_membership_add_takes_only_a_day_that_there_is(office, held, newcomer, day):
    sent = {"chain": held.chain.pk, "organisation": newcomer.pk, "starts_on": day}

    answer = office.post("/memberships", sent)

    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["starts_on"])


@pytest.mark.parametrize("number", [0, -1, 2**63, "1", 1.5, True, None], ids=str)
def test_membership_add_takes_only_a_number_that_can_be(office, newcomer, number):
    answer = office.post(
        "/memberships", {"chain": number, "organisation": newcomer.pk, "starts_on": "2026-01-01"}
    )

    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["chain"])


def test_unit_add_and_edit_by_the_school_itself(caller):
    ReferenceItem.objects.create(kind="major", code="440501", name="工程造价", valid_from=make.LONG_AGO)
    held = make.position(Role.SCHOOL_COORDINATOR)
    school = caller(held)

    added = school.post(
        "/units", {"organisation": held.organisation_id, "name": "经管学院", "majors": ["440501"]}
    )
    assert added.status_code == 201
    unknown = school.patch(f"/units/{added.json()['id']}", {"majors": ["999999"]})
    assert (unknown.status_code, list(unknown.json()["fields"])) == (422, ["majors"])
    edited = school.patch(f"/units/{added.json()['id']}", {"name_en": "School of Economics"}).json()
    assert edited == added.json() | {"name_en": "School of Economics", "version": 1}


def test_unit_edit_is_for_the_college_s_own_unit(caller):
    held = make.position(Role.COLLEGE_CONTACT)
    other = make.unit(held.organisation)
    college = caller(held)

    assert college.patch(f"/units/{held.unit_id}", {"strengths": "装配式"}).status_code == 200
    assert college.patch(f"/units/{other.pk}", {"strengths": "装配式"}).status_code == 403


def test_branch_add_needs_a_reason_and_a_plan_where_there_is_none(office, newcomer):
    none = {"organisation": newcomer.pk, "kind": "none"}

    refused = office.post("/branches", none)
    assert (refused.status_code, "why_none" in refused.json()["fields"]) == (422, True)
    refused = office.post("/branches", none | {"why_none": "党员不足三人"})
    assert (refused.status_code, list(refused.json()["fields"])) == (422, ["planned_on"])
    added = office.post("/branches", none | {"why_none": "党员不足三人", "planned_on": "2026-12-31"})
    assert added.status_code == 201
    assert added.json()["why_none"] == "党员不足三人"


def test_branch_edit_keeps_what_is_not_given(office, held, newcomer):
    liaison = make.position(Role.LIAISON, held.chain)
    branch = make.branch(newcomer, secretary="丁一", members_here=7, mass_organisations=["union"])

    answer = office.patch(f"/branches/{branch.pk}", {"instructor": liaison.person_id, "members_here": 8})

    assert answer.status_code == 200
    branch.refresh_from_db()
    assert (branch.secretary, branch.members_here, branch.mass_organisations, branch.instructor_id) == (
        "丁一",
        8,
        ["union"],
        liaison.person_id,
    )


def test_branch_edit_by_the_contact_may_not_choose_the_instructor(caller):
    held = make.position(Role.ENTERPRISE_CONTACT)
    branch = make.branch(held.organisation)
    contact = caller(held)

    assert contact.patch(f"/branches/{branch.pk}", {"secretary": "丁一"}).status_code == 200
    refused = contact.patch(f"/branches/{branch.pk}", {"instructor": held.person_id})
    assert (refused.status_code, list(refused.json()["fields"])) == (422, ["instructor"])
    assert PartyBranch.objects.get().instructor_id is None


def test_accession_join_and_leave(office, held, newcomer):
    party = ChainPartyOrganisation.objects.create(chain=held.chain, name="建筑产业链党委")
    sent = {"party_organisation": party.pk, "organisation": newcomer.pk, "joined_on": "2026-01-01"}

    joined = office.post("/accessions", sent)

    row = Accession.objects.get()
    assert (joined.status_code, joined.json()) == (
        201,
        {
            "id": row.pk,
            "party_organisation": {"id": party.pk, "name": "建筑产业链党委"},
            "chain": held.chain.pk,
            "organisation": {"id": newcomer.pk, "name": newcomer.name},
            "joined_on": "2026-01-01",
            "left_on": None,
            "reason_left": "",
            "version": 0,
        },
    )
    assert office.post("/accessions", sent).json()["code"] == "overlapping_dates"
    left = office.post(f"/accessions/{row.pk}/leave", {"left_on": "2026-06-30", "reason_left": "迁出"})
    assert (left.json()["left_on"], left.json()["reason_left"]) == ("2026-06-30", "迁出")


def test_chains_and_segments_say_what_feeds_what(office, held):
    party = ChainPartyOrganisation.objects.create(chain=held.chain, name="建筑产业链党委")
    up, down = make.segment(held.chain, "勘察设计"), make.segment(held.chain, "总承包", column=1)
    up.feeds.create(downstream=down)

    assert office.get(f"/chains/{held.chain.pk}").json()["party_organisation"] == {
        "id": party.pk,
        "name": party.name,
    }
    told = office.get("/segments", chain=held.chain.pk).json()["items"]
    assert [(one["name"], one["upstream"], one["downstream"]) for one in told] == [
        ("勘察设计", [], [down.pk]),
        ("总承包", [up.pk], []),
    ]


def test_reference_finds_by_code_and_name(office):
    for code, name in [("440501", "工程造价"), ("440301", "建筑工程技术")]:
        ReferenceItem.objects.create(
            kind="major", code=code, name=name, valid_from=make.LONG_AGO, search_text=f"{code}\n{name}"
        )

    answer = office.get("/reference/major", q="造价").json()

    assert [(item["code"], item["name"]) for item in answer["items"]] == [("440501", "工程造价")]
    assert office.get("/reference/major").json()["total"] == 2
