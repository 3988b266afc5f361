"""What exists for whom: the same lists as the pages, and 404 alike for not yours and not there."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lianqiao.core.actor import Role
from lianqiao.core.models import Job
from lianqiao.registry.models import Accession, ChainPartyOrganisation, Merge
from tests import factories as make

pytestmark = pytest.mark.django_db


SEEN = [
    "chains",
    "segments",
    "segment-links",
    "organisations",
    "merges",
    "memberships",
    "units",
    "branches",
    "accessions",
    "categories",
    "entries",
]


class World:
    """A chain with one row of everything, beside another chain with the same."""

    def __init__(self) -> None:
        self.chain = make.chain()
        self.segment = make.segment(self.chain)
        self.link = make.segment(self.chain).feeds.create(downstream=self.segment)
        self.member = make.member(self.chain, "", self.segment)
        self.membership = self.chain.memberships.get()
        self.school = make.member(self.chain, "", kind="school")
        self.merge = Merge.objects.create(
            gone=self.school, kept=self.member, merged_at=timezone.now(), state="undone"
        )
        self.position = make.position(Role.LIAISON, self.chain)
        self.unit = make.unit(self.school)
        self.branch = make.branch(self.member)
        self.party = ChainPartyOrganisation.objects.create(chain=self.chain, name=f"{self.chain.name}党委")
        self.accession = Accession.objects.create(
            party_organisation=self.party, organisation=self.member, joined_on=make.LONG_AGO
        )
        self.category = make.category(self.chain)
        self.entry = make.entry(on=self.chain, organisation=self.member)


@pytest.fixture
def ours(db):
    return World()


@pytest.fixture
def theirs(db):
    return World()


def ids(answer):
    assert answer.status_code == 200, answer.content
    return {row["id"] for row in answer.json()["items"]}


def seen(program):
    """The ids of everything that the lists show."""
    return {name: ids(program.get(f"/{name}")) for name in SEEN}


def everything(*worlds):
    found = {name: set() for name in SEEN}
    for world in worlds:
        found["chains"] |= {world.chain.pk}
        found["segments"] |= {world.segment.pk, world.link.upstream_id}
        found["segment-links"] |= {world.link.pk}
        found["merges"] |= {world.merge.pk}
        found["organisations"] |= {world.member.pk, world.school.pk, world.chain.office_id}
        found["memberships"] |= {row.pk for row in world.chain.memberships.all()}
        found["units"] |= {world.unit.pk}
        found["branches"] |= {world.branch.pk}
        found["accessions"] |= {world.accession.pk}
        found["categories"] |= {world.category.pk}
        found["entries"] |= {world.entry.pk}
    return found


def test_office_sees_its_own_chain_and_nothing_of_another(caller, ours, theirs):
    assert seen(caller(make.position(Role.OFFICE_STAFF, ours.chain))) == everything(ours)


def test_auditor_sees_every_chain(caller, ours, theirs):
    assert seen(caller(make.position(Role.AUDITOR, ours.chain))) == everything(ours, theirs)


def test_contact_sees_the_chain_but_only_its_own_branch(caller, ours, theirs):
    make.branch(ours.school)
    own = caller(make.position(Role.ENTERPRISE_CONTACT, ours.chain, organisation=ours.member))

    assert seen(own) == everything(ours)


def test_contact_of_another_organisation_sees_no_branch_of_ours(caller, ours):
    other = caller(make.position(Role.SCHOOL_COORDINATOR, ours.chain, organisation=ours.school))

    assert ids(other.get("/branches")) == set()
    assert other.get(f"/branches/{ours.branch.pk}").status_code == 404


PATHS = ["chains/{chain.pk}", "segments/{segment.pk}", "organisations/{member.pk}", "units/{unit.pk}",
         "branches/{branch.pk}", "entries/{entry.pk}"]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_row_of_another_chain_is_as_if_it_were_not_there(caller, ours, theirs, path):
    office = caller(make.position(Role.OFFICE_ADMIN, ours.chain))

    assert office.get("/" + path.format(**vars(ours))).status_code == 200
    hidden = office.get("/" + path.format(**vars(theirs)))
    absent = office.get("/" + path.split("/")[0] + "/987654321")
    assert hidden.status_code == absent.status_code == 404
    assert {**hidden.json(), "request_id": ""} == {**absent.json(), "request_id": ""}


MOVES = {
    "organisations/{member.pk}/close": {},
    "organisations/{member.pk}/reopen": {},
    "organisations/{member.pk}/describe": {"business": "劳务"},
    "segments/{segment.pk}/remove": {},
    "segments/{segment.pk}/place": {"organisations": [1]},
    "segment-links/{link.pk}/remove": {},
    "merges/{merge.pk}/undo": {},
    "positions/{position.pk}/end": {"ends_on": "2026-01-31"},
    "positions/{position.pk}/extend": {"ends_on": None},
    "positions/{position.pk}/withdraw": {},
    "memberships/{membership.pk}/end": {"ends_on": "2026-01-31"},
    "accessions/{accession.pk}/leave": {"left_on": "2026-01-31"},
    "categories/{category.pk}/retire": {},
    "categories/{category.pk}/revive": {},
    "entries/{entry.pk}/submit": {},
    "entries/{entry.pk}/publish": {},
    "entries/{entry.pk}/return": {"reason": "重复"},
    "entries/{entry.pk}/withdraw": {},
    "entries/{entry.pk}/extend": {"ends_on": "2027-01-31"},
    "entries/{entry.pk}/confirm-fresh": {},
    "entries/{entry.pk}/pause": {},
    "entries/{entry.pk}/resume": {},
    "entries/{entry.pk}/discard": {},
    "entries/{entry.pk}/comments": {"text": "你好"},
}


@pytest.mark.parametrize("path", MOVES)
def test_move_of_a_row_of_another_chain_is_404(caller, ours, theirs, path):
    office = caller(make.position(Role.OFFICE_ADMIN, ours.chain))

    assert office.post("/" + path.format(**vars(theirs)), MOVES[path]).status_code == 404


CHANGES = {
    "chains/{chain.pk}": {"name": "改名"},
    "segments/{segment.pk}": {"name": "改名"},
    "organisations/{member.pk}": {"name": "改名"},
    "memberships/{membership.pk}": {"segments": []},
    "units/{unit.pk}": {"name": "改名"},
    "branches/{branch.pk}": {"name": "改名"},
    "categories/{category.pk}": {"name": "改名"},
    "entries/{entry.pk}": {"title": "改名"},
}


@pytest.mark.parametrize("path", CHANGES)
def test_change_of_a_row_of_another_chain_is_404(caller, ours, theirs, path):
    office = caller(make.position(Role.OFFICE_ADMIN, ours.chain))

    assert office.patch("/" + path.format(**vars(theirs)), CHANGES[path]).status_code == 404


def test_row_of_another_chain_cannot_be_named_in_a_body(caller, ours, theirs):
    office = caller(make.position(Role.OFFICE_ADMIN, ours.chain))
    chain, other, new = ours.chain.pk, theirs.school.pk, make.organisation(registered_by=ours.chain.office).pk
    make.unit(make.Organisation.objects.get(pk=new))
    started, joined = {"starts_on": "2026-01-01"}, {"joined_on": "2026-01-01"}
    sent = [
        ("memberships", {"chain": theirs.chain.pk, "organisation": new, **started}),
        ("memberships", {"chain": chain, "organisation": other, **started}),
        ("memberships", {"chain": chain, "organisation": new, "segments": [theirs.segment.pk], **started}),
        ("memberships", {"chain": chain, "organisation": new, "unit": theirs.unit.pk, **started}),
        ("units", {"organisation": other, "name": "建造学院"}),
        ("branches", {"organisation": other, "kind": "branch", "name": "党支部"}),
        ("accessions", {"party_organisation": theirs.party.pk, "organisation": new, **joined}),
        ("accessions", {"party_organisation": ours.party.pk, "organisation": other, **joined}),
    ]
    answers = [office.post(f"/{path}", body) for path, body in sent]

    assert [(answer.status_code, list(answer.json()["fields"])) for answer in answers] == [
        (422, ["chain"]),
        (422, ["organisation"]),
        (422, ["segments"]),
        (422, ["unit"]),
        (422, ["organisation"]),
        (422, ["organisation"]),
        (422, ["party_organisation"]),
        (422, ["organisation"]),
    ]


def test_filter_by_a_row_of_another_chain_finds_nothing(caller, ours, theirs):
    office = caller(make.position(Role.OFFICE_ADMIN, ours.chain))

    assert ids(office.get("/segments", chain=theirs.chain.pk)) == set()
    assert ids(office.get("/memberships", organisation=theirs.member.pk)) == set()
    assert office.get("/organisations", segment=theirs.segment.pk).status_code == 422


def test_positions_show_the_office_its_chain_and_others_themselves(caller, ours, theirs):
    office = make.position(Role.OFFICE_ADMIN, ours.chain)
    contact = make.position(Role.ENTERPRISE_CONTACT, ours.chain, organisation=ours.member)
    make.position(Role.OFFICE_ADMIN, theirs.chain)

    assert ids(caller(office).get("/positions")) == {office.pk, contact.pk, ours.position.pk}
    assert ids(caller(contact).get("/positions")) == {contact.pk}


def test_jobs_are_seen_by_who_asked_and_the_auditor(caller):
    mine, other = make.position(Role.OFFICE_ADMIN), make.position(Role.OFFICE_ADMIN)
    job = Job.objects.create(kind="registry.import_reference", person_id=mine.person_id)

    assert ids(caller(mine).get("/jobs")) == {job.pk}
    assert ids(caller(other).get("/jobs")) == set()
    assert caller(other).get(f"/jobs/{job.pk}").status_code == 404
    assert caller(other).post(f"/jobs/{job.pk}/cancel").status_code == 404
    assert ids(caller(make.position(Role.AUDITOR)).get("/jobs")) == {job.pk}


def test_search_finds_only_what_may_be_seen(caller, ours, theirs):
    office = caller(make.position(Role.OFFICE_ADMIN, ours.chain))

    found = [hit["name"] for hit in office.get("/search", q=ours.member.name).json()]
    assert found == [ours.member.name, ours.branch.name]
    assert office.get("/search", q=theirs.member.name).json() == []


def test_no_answer_carries_a_phone_number(caller):
    held = make.position(Role.OFFICE_ADMIN, who=make.person(phone="13912341234", email="a@example.cn"))
    office = caller(held)
    answers = [office.get(path).content.decode() for path in ("/me", "/me/positions", "/positions")]

    assert "139****1234" in answers[0]
    assert not any("13912341234" in answer or "a@example.cn" in answer for answer in answers)


# The token, its position, the chains it reaches, what is demanded of logins (asked of a guarded role), the count
# and the rows are six; then one for each kind of row that comes along, and one for the filter's own choices.
QUERIES = {
    "chains": 6,
    "segments": 8,
    "segment-links": 6,
    "merges": 6,
    "organisations": 8,
    "memberships": 7,
    "units": 6,
    "branches": 6,
    "accessions": 6,
    "positions": 6,
    "jobs": 6,
    "audit": 6,
    "reference/industry": 6,
}


@pytest.mark.parametrize("name", QUERIES)
def test_list_costs_the_same_queries_for_one_row_and_for_three(caller, name):
    program = caller(make.position(Role.AUDITOR))
    World()
    program.get(f"/{name}")  # the first call also notes that the token was used
    with_one = queries(program, name)
    World()
    World()

    assert (with_one, queries(program, name)) == (QUERIES[name], QUERIES[name])


def queries(program, name):
    with CaptureQueriesContext(connection) as captured:
        assert program.get(f"/{name}").status_code == 200
    return len(captured)
