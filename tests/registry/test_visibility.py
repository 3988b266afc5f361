"""Who sees what: one setup with data that could leak, only the person changes."""

import pytest

from lianqiao.core.actor import Actor, Role
from lianqiao.registry.models import Accession, ChainPartyOrganisation
from lianqiao.registry.queries import (
    accessions_for,
    branches_for,
    chains_for,
    listed_organisations,
    memberships_for,
    organisations_for,
    positions_for,
)
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """Two chains that share nothing, and an organisation that left the first one."""

    class World:
        ours, theirs = make.chain(name="本链"), make.chain(name="别链")
        mine, peer, stranger = make.member(ours, "甲"), make.member(ours, "乙"), make.member(theirs, "丙")
        left = make.organisation("丁")
        make.membership(ours, left, ends_on=make.yesterday())
        my_branch, peer_branch = make.branch(mine), make.branch(peer)
        stranger_branch = make.branch(stranger)
        party = ChainPartyOrganisation.objects.create(chain=ours, name="本链党组织")
        my_accession = Accession.objects.create(
            party_organisation=party, organisation=mine, joined_on=make.LONG_AGO
        )
        old_accession = Accession.objects.create(
            party_organisation=party, organisation=left, joined_on=make.LONG_AGO, left_on=make.yesterday()
        )

    return World


def names(rows) -> set[str]:
    return {row.name for row in rows}


@pytest.mark.parametrize("role", [Role.OFFICE_ADMIN, Role.OFFICE_STAFF, Role.LEADER, Role.LIAISON])
def test_organisations_for_those_who_oversee_is_the_chain_past_members_included(world, role):
    who = make.actor(role, world.ours)

    assert names(listed_organisations(who)) == {"甲", "乙", "丁", world.ours.office.name}


def test_organisations_for_contact_is_live_members_of_own_chain(world):
    who = make.actor(Role.ENTERPRISE_CONTACT, world.ours, organisation=world.mine)

    assert names(listed_organisations(who)) == {"甲", "乙", world.ours.office.name}


def test_organisations_for_contact_of_one_that_left_is_only_its_own(world):
    who = make.actor(Role.ENTERPRISE_CONTACT, world.ours, organisation=world.left)

    assert names(organisations_for(who)) == {"丁"}


def test_organisations_for_auditor_is_everything(world):
    assert {"甲", "乙", "丙", "丁"} <= names(organisations_for(make.actor(Role.AUDITOR, world.ours)))


def test_organisations_for_system_administrator_is_offices_only(world):
    who = make.actor(Role.SYSTEM_ADMIN, world.ours)

    assert names(organisations_for(who)) == {world.ours.office.name, world.theirs.office.name}


def test_everything_for_the_public_is_nothing(world):
    queries = (organisations_for, chains_for, memberships_for, branches_for, accessions_for, positions_for)

    assert [list(query(Actor())) for query in queries] == [[]] * 6


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (Role.OFFICE_STAFF, {"my", "peer"}),
        (Role.LEADER, {"my", "peer"}),
        (Role.ENTERPRISE_CONTACT, {"my"}),
        (Role.MENTOR, set()),
        (Role.STUDENT, set()),
        (Role.SYSTEM_ADMIN, set()),
        (Role.AUDITOR, {"my", "peer", "stranger"}),
    ],
)
def test_branches_for_each_role(world, role, expected):
    fields = {"organisation": world.mine} if role == Role.ENTERPRISE_CONTACT else {}
    seen = set(branches_for(make.actor(role, world.ours, **fields)))

    assert seen == {getattr(world, f"{name}_branch") for name in expected}


def test_accessions_for_contact_leaves_out_others_that_left(world):
    who = make.actor(Role.ENTERPRISE_CONTACT, world.ours, organisation=world.mine)

    assert list(accessions_for(who)) == [world.my_accession]


def test_positions_for_contact_is_own_only(world):
    mine = make.position(Role.ENTERPRISE_CONTACT, world.ours, organisation=world.mine)
    make.position(Role.ENTERPRISE_CONTACT, world.ours, organisation=world.mine)

    assert list(positions_for(make.actor_of(mine))) == [mine]


def test_organisation_list_leaves_out_segments_of_a_chain_that_is_not_reached(world, login):
    make.membership(world.ours, world.stranger, make.segment(world.ours, "本链环节"))
    make.membership(world.theirs, world.mine, make.segment(world.theirs, "别链环节"))
    page = (
        login(make.position(Role.OFFICE_STAFF, world.ours))
        .get("/organisations?columns=segments")
        .content.decode()
    )

    assert "本链环节" in page
    assert "别链环节" not in page
