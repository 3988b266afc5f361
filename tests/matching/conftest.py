"""A chain with its lists, whoever works for its office, and a round of it; a module may put its own in their place."""

import pytest

from lianqiao.core.actor import Role
from lianqiao.matching.actions.rounds import begin_round
from tests import factories as make
from tests.matching.lists import lists


@pytest.fixture
def here():
    return lists()


@pytest.fixture
def clerk(here):
    return make.position(Role.OFFICE_STAFF, here.chain)


@pytest.fixture
def office(login, clerk):
    return login(clerk)


@pytest.fixture
def draft(here, clerk):
    return begin_round(by=make.actor_of(clerk), chain=here.chain, title="春季对接")


@pytest.fixture
def ready(here, clerk):
    return make.held_round(here.chain, make.actor_of(clerk))
