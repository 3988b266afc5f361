import pytest

from lianqiao.core.around import PARTS, add_around, around
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def page():
    yield "a_page"
    PARTS.pop("a_page", None)


def test_around_shows_what_was_added_in_its_area_and_leaves_out_what_has_nothing_to_say(page, rf):
    add_around(page, "core/field_error.html", lambda request, row: None)
    assert around(page, rf.get("/"), make.organisation()) == {"main": [], "side": []}

    add_around(page, "cotton/badge.html", lambda request, row: {"slot": row.name, "tone": "neutral"}, "main")
    shown = around(page, rf.get("/"), make.organisation("云川测绘有限公司"))

    assert len(shown["main"]) == 1
    assert "云川测绘有限公司" in shown["main"][0]
    assert shown["side"] == []
