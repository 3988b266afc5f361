"""Columns of majors, industries and occupations become codes; names that are not known are told with the nearest ones."""

import pytest

from lianqiao.lists.imports.hints import Hints
from lianqiao.lists.models import Entry
from lianqiao.registry.models import ReferenceItem
from tests import factories as make
from tests.lists.workbooks import carried_out, chain_with_words, checked, needs, office

pytestmark = pytest.mark.django_db
HEAD = "企业名称|需求描述|所需专业|所属行业|职业工种"
ITEMS = [
    ("major", "440501", "工程造价", ""),
    ("major", "120105", "工程造价", ""),
    ("major", "440502", "建设工程管理", ""),
    ("industry", "471", "住宅房屋建筑", "47"),
    ("industry", "4710", "住宅房屋建筑", "471"),
    ("industry", "5011", "公共建筑装饰和装修", "501"),
    ("occupation", "6-29-01-03", "钢筋工", ""),
]


@pytest.fixture(autouse=True)
def own_data(settings, tmp_path):
    settings.DATA = tmp_path


@pytest.fixture
def chain():
    on = chain_with_words()
    make.member(on, "甲公司")
    for kind, code, name, parent in ITEMS:
        ReferenceItem.objects.create(kind=kind, code=code, name=name, parent=parent, valid_from=make.LONG_AGO)
    return on


def codes(entry: Entry) -> tuple[list[str], list[str], list[str]]:
    return entry.majors, entry.industries, entry.occupations


def test_import_stores_codes_of_names_and_of_codes(chain):
    by = office(chain)
    rows = [
        "甲公司|找造价员|工程造价、440502|住宅房屋建筑|钢筋工",
        "甲公司|找项目经理|440502 建设工程管理|5011|6-29-01-03",
    ]

    imported = carried_out(checked(needs(*rows, head=HEAD), by, chain), by)

    assert imported.counts["problems"] == 0
    assert [codes(entry) for entry in Entry.objects.order_by("pk")] == [
        (["120105", "440501", "440502"], ["4710"], ["6-29-01-03"]),
        (["440502"], ["5011"], ["6-29-01-03"]),
    ]


def test_import_of_an_unknown_name_keeps_the_row_and_tells_the_cell_and_the_nearest_names(chain):
    by = office(chain)

    imported = checked(needs("甲公司|找造价员|工程造阶、建设工程管理|公共建筑装饰|", head=HEAD), by, chain)
    told = [(one.cell, one.code, one.value, one.refusing) for one in imported.problems.order_by("cell")]
    carried_out(imported, by)

    assert told == [
        ("C2", "no such majors", "工程造阶", False),
        ("D2", "no such industry", "公共建筑装饰", False),
    ]
    hints = Hints(imported, by)
    assert hints.near("no such majors", "majors", "工程造阶")[0] == "工程造价"
    assert "公共建筑装饰和装修" in hints.explained("no such industry", "industry", "公共建筑装饰")
    entry = Entry.objects.get()
    assert codes(entry) == (["440502"], [], [])
    assert entry.description == "找造价员\n所属行业：公共建筑装饰\n相关专业：工程造阶、建设工程管理"


def test_import_of_free_text_under_a_head_of_industries_says_so_once(chain):
    by = office(chain)

    imported = checked(
        needs(*(f"甲公司|第{'一二三四五六'[n]}件事||做{n}号楼|" for n in range(6)), head=HEAD), by, chain
    )

    assert [(one.cell, one.code) for one in imported.problems.all()] == [("D", "no codes")]


def test_wish_for_an_organisation_that_is_not_known_refuses_the_row_by_cell_and_names_the_likely_one(chain):
    by = office(chain)
    make.member(chain, "云川博智工程咨询有限公司")
    head = "企业名称|需求描述|意向单位|回避单位"

    imported = checked(
        needs("甲公司|找造价员|云川博智工程咨间有限公司|", "甲公司|找监理|不限|某某公司", head=head),
        by,
        chain,
    )

    refused = imported.problems.filter(refusing=True).order_by("cell")
    assert [(one.cell, one.code, one.value) for one in refused] == [
        ("C2", "wish unknown", "云川博智工程咨间有限公司"),
        ("D3", "wish unknown", "某某公司"),
    ]
    hints = Hints(imported, by)
    assert [hints.near(one.code, one.key, one.value) for one in refused] == [
        ["云川博智工程咨询有限公司"],
        [],
    ]
