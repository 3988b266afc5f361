import pytest

from lianqiao.core.actor import Role
from tests import factories as make


@pytest.fixture
def here(db):
    return make.chain(name="建筑产业链")


@pytest.fixture
def school(here):
    return make.member(here, "云川建筑职业技术学院", kind="school")


@pytest.fixture
def college(school):
    return make.unit(school, "建造学院")


@pytest.fixture
def firm(here):
    return make.member(here, "云川至安建筑劳务有限公司")


@pytest.fixture
def peer(here):
    return make.member(here, "云川启明装饰工程有限公司")


@pytest.fixture
def staff(here):
    return make.position(Role.OFFICE_STAFF, here)


@pytest.fixture
def leader(here):
    return make.position(Role.LEADER, here)


@pytest.fixture
def contact(here, firm):
    return make.position(Role.ENTERPRISE_CONTACT, here, organisation=firm)


@pytest.fixture
def teacher(here, school, college):
    return make.position(Role.COLLEGE_CONTACT, here, organisation=school, unit=college)
