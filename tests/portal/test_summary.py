"""The chains of a person in figures: a leader's come from the picture that is read anyway."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianqiao.core.actor import Role
from lianqiao.portal.summary import summary_for
from lianqiao.registry.coverage import coverage_for
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def chains():
    """Two enterprises on the first chain, one of them and a third on the second; elsewhere a fourth."""
    first, second = make.chain(), make.chain()
    both = make.member(first)
    make.member(first)
    make.membership(second, both)
    third = make.member(second)
    for who in (both, make.member(make.chain()), make.member(first, kind="school")):
        make.branch(who)
    make.branch(third, kind="none", why_none="党员不足", instructor=make.person())
    make.member(first, state="closed")
    return [first, second]


@pytest.mark.parametrize("role", [Role.LEADER, Role.OFFICE_STAFF])
def test_an_enterprise_on_two_chains_is_covered_once(chains, role):
    actor = replace(make.actor(role, chains[0]), chains=frozenset(chain.pk for chain in chains))
    numbers = [figure.number for figure in summary_for(actor).figures]
    known = coverage_for(actor)

    assert numbers[3:5] == ["1/3", "2/3"]
    assert (known.organised, known.reached, known.enterprises) == (1, 2, 3)


def test_party_records_are_read_once_for_a_leader(chains):
    leader = make.actor(Role.LEADER, chains[0])
    with CaptureQueriesContext(connection) as asked:
        summary_for(leader)

    assert sum('FROM "registry_partybranch"' in one["sql"] for one in asked) == 1
