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


@pytest.fixture
def firm(here):
    return make.member(here, "甲建筑公司")


@pytest.fixture
def school(here):
    return make.member(here, "江苏建筑职业技术学院", kind="school")


@pytest.fixture
def clerk(login, staff, firm, school):
    """Somebody of the office, with two members to name."""
    return login(staff)
