import pytest

from lianqiao.core.actor import Role
from lianqiao.lists import engine
from tests import factories as make


@pytest.fixture(autouse=True)
def nothing_prepared():
    """What the engine keeps of a list is of one test only."""
    engine.SPACES.clear()


@pytest.fixture
def here():
    return make.chain()


@pytest.fixture
def staff(here):
    return make.position(Role.OFFICE_STAFF, here)


@pytest.fixture
def office(staff):
    return make.actor_of(staff)


@pytest.fixture
def contact(here):
    return make.position(Role.ENTERPRISE_CONTACT, here)


@pytest.fixture
def asker(contact):
    return make.actor_of(contact)
