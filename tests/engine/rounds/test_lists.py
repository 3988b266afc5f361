from datetime import date
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from lianqiao_engine.rounds import hold
from lianqiao_engine.rounds.lists import Entries, entries_of
from lianqiao_engine.sheets import read_lists
from lianqiao_engine.values import UNLIMITED

TODAY = date(2026, 11, 1)
CASE = Path(__file__).parents[3] / "examples" / "case.xlsx"
RESOURCES = [
    "序号",
    "提供单位",
    "所属院校",
    "资源类别",
    "资源名称",
    "内容说明",
    "容量/次数",
    "有效期",
    "回避单位",
]
SERVICES = ["序号", "责任单位", "服务事项", "服务内容"]
NEEDS = [
    "序号",
    "企业名称",
    "需求类别",
    "需求描述",
    "期望完成时间",
    "承接单位",
    "对接进展",
    "指定对接",
    "有效期",
]


@pytest.fixture
def read(tmp_path):
    def read(resources=(), services=(), needs=()) -> Entries:
        path = tmp_path / "lists.xlsx"
        with Workbook(str(path)) as book:
            for name, heads, rows in (
                ("资源清单", RESOURCES, resources),
                ("服务清单", SERVICES, services),
                ("需求清单", NEEDS, needs),
            ):
                sheet = book.add_worksheet(name)
                for at, row in enumerate([heads, *rows]):
                    sheet.write_row(at, 0, row)
        return entries_of(read_lists(path, today=TODAY), TODAY)

    return read


def test_case_brings_together_who_signed():
    entries = entries_of(read_lists(CASE, today=TODAY), TODAY)

    result = hold(entries.needs, entries.offers)

    assert {(pairing.unit, pairing.enterprise) for pairing in result.pairings} == {
        ("经管学院", "江苏博智工程咨询有限公司"),
        ("装饰学院", "江苏启平建筑工程有限公司"),
        ("建造学院", "江苏至尊建筑劳务有限公司"),
    }
    assert not any(match.fixed for match in result.matches)


def test_lines_become_entries(read):
    entries = read(
        [[1, "经管学院", "建院", "师资", "造价团队", "工程造价", 2, "2027年6月", "丙公司"]],
        [[1, "管理处", "政策咨询", "讲解补贴政策"]],
        [[1, "甲公司", "人才", "培养造价员", "2026年12月", "", "", "", ""]],
    )

    resource, service = entries.offers
    (need,) = entries.needs
    assert (resource.id, resource.unit, resource.organisation) == ("资源清单!2", "经管学院", "建院")
    assert (resource.capacity, resource.period.last) == (2, date(2027, 6, 30))
    assert service.capacity == UNLIMITED
    assert (need.enterprise, need.period.last) == ("甲公司", date(2026, 12, 31))
    assert entries.titles["资源清单!2"] == "造价团队"


@pytest.mark.parametrize(
    ("cells", "what"),
    [
        (["", "", "", "2026年9月30日"], "expired"),
        (["", "已办结", "", ""], "done"),
    ],
)
def test_needs_that_are_over_take_no_part(read, cells, what):
    entries = read(needs=[[1, "甲公司", "人才", "培养造价员", "", *cells], [2, "乙公司", "人才", "培养木工"]])

    assert [need.enterprise for need in entries.needs] == ["乙公司"]
    assert [(remark.what, remark.grave) for remark in entries.remarks if remark.what == what] == [
        (what, True)
    ]


def test_names_are_one_however_they_are_spelled(read):
    entries = read(
        [
            [
                1,
                "经管学院",
                "建院",
                "师资",
                "造价团队",
                "工程造价",
                "",
                "",
                "江苏博智工程咨询有限公司（徐州）、无此公司",
            ]
        ],
        needs=[
            [1, "江苏博智工程咨询有限公司", "人才", "培养造价员"],
            [2, "江蘇博智工程諮詢有限公司", "人才", "培养监理员", "", "经管学院"],
        ],
    )

    assert {need.enterprise for need in entries.needs} == {"江苏博智工程咨询有限公司"}
    assert [sorted(need.must) for need in entries.needs] == [[], ["经管学院"]]
    assert "无此公司" in [remark.value for remark in entries.remarks if remark.what == "name unknown"]


def test_remarks_name_the_cell(read):
    entries = read(
        [[1, "经管学院", "建院", "师资", "造价团队", "工程造价", "", "", "无此公司"]],
        needs=[[1, "甲公司", "人才", "培养造价员"]],
    )

    assert ("资源清单", "I2", "never", "name unknown") in {
        (remark.sheet, remark.cell, remark.key, remark.what) for remark in entries.remarks
    }
