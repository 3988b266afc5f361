import pytest

from lianqiao.core.actor import Role
from tests import factories as make


@pytest.fixture
def here():
    return make.chain()


@pytest.fixture
def admin(here):
    return make.position(Role.OFFICE_ADMIN, here)
