import pytest

from lianqiao.core.actor import Role
from tests import factories as make
from tests.agreements import rows


@pytest.fixture
def here():
    return make.chain(name="建筑产业链")


@pytest.fixture
def school(here):
    return make.member(here, "云川建筑职业技术学院", kind="school", address="云川区学院路 1 号")


@pytest.fixture
def college(school):
    return make.unit(school, "建造学院")


@pytest.fixture
def firm(here):
    row = make.member(here, "云川至安建筑劳务有限公司", credit_code="91320300MA1Y0A0B0R")
    make.branch(row, name="至安劳务党支部")
    return row


@pytest.fixture
def party(here):
    return rows.party_organisation(here)


@pytest.fixture
def pair(here, school, college, firm, party):
    return rows.pairing(here, school, college, firm)


@pytest.fixture
def staff(here):
    return make.position(Role.OFFICE_STAFF, here)


@pytest.fixture
def office(staff):
    return make.actor_of(staff)


@pytest.fixture
def contact(here, firm):
    return make.position(Role.ENTERPRISE_CONTACT, here, organisation=firm)


@pytest.fixture
def teacher(here, school, college):
    return make.position(Role.COLLEGE_CONTACT, here, organisation=school, unit=college)


@pytest.fixture
def coordinator(here, school):
    return make.position(Role.SCHOOL_COORDINATOR, here, organisation=school)


@pytest.fixture
def stranger(here):
    return make.position(Role.ENTERPRISE_CONTACT, here)
