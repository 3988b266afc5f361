from datetime import date
from decimal import Decimal

import pytest

from lianqiao_engine.sheets import Remark, Remembered, read_lists
from lianqiao_engine.values import Amount

from .test_reader import TODAY
from .workbooks import Page, of, write


def read(tmp_path, *pages, remembered=None):
    return read_lists(write(tmp_path / "lists.xlsx", pages), today=TODAY, remembered=remembered)


def needs(*rows, **more):
    head = of("序号|企业名称|需求描述|期望完成时间|可投入(万元/人)|联系电话|需对接数量")
    return Page("需求清单", [head, *rows], **more)


def said(lists):
    return [(remark.cell, remark.key, remark.what, remark.value, remark.grave) for remark in lists.remarks]


def test_an_invalid_value_leaves_the_line_without_it_and_is_named_by_its_cell(tmp_path):
    row = of("1|甲公司|需要造价员|2月30日|许多|138****0000|两三家左右吧")

    lists = read(tmp_path, needs(row))

    assert said(lists) == [
        ("D2", "due", "no such day", "2月30日", False),
        ("E2", "offered", "no number", "许多", False),
        ("F2", "phone", "masked", "138****0000", False),
        ("G2", "partners_wanted", "no number", "两三家左右吧", False),
    ]
    assert [line.values for line in lists.lines] == [
        {"number": "1", "enterprise": "甲公司", "content": "需要造价员"}
    ]
    assert lists.lines[0].shown["due"] == "2月30日"


def test_a_line_that_says_nothing_is_refused(tmp_path):
    lists = read(tmp_path, needs(of("1|甲公司|||||2"), of("2|乙公司|需要设计师||||")))

    assert [line.row for line in lists.lines] == [3]
    assert lists.remarks == (Remark("需求清单", "A2", "", "no content", "1 甲公司 2", grave=True),)


def test_a_long_value_is_cut_in_its_remark(tmp_path):
    lists = read(tmp_path, needs(["1", "甲公司", "需要造价员", "很久以后" * 20, "", "", ""]))

    assert lists.remarks[0].value == ("很久以后" * 20)[:40]


def test_what_a_merged_cell_counts_is_counted_once(tmp_path):
    page = Page(
        "资源清单",
        [of("提供单位|资源名称|容量"), of("|教室甲|"), of("|教室乙|")],
        merged=[(1, 0, 2, 0, "建造学院"), (1, 2, 2, 2, "每学期3次")],
    )

    lists = read(tmp_path, page)

    assert [(line.values["provider"], line.values.get("capacity")) for line in lists.lines] == [
        ("建造学院", 3),
        ("建造学院", None),
    ]
    assert said(lists) == [("C3", "capacity", "shared by rows", "每学期3次", False)]


def test_ditto_repeats_the_cell_above(tmp_path):
    lists = read(
        tmp_path, needs(of("1|甲公司|需要造价员||||"), of("2|同上|需要设计师||||"), of("3|〃|需要焊工||||"))
    )

    assert [line.values["enterprise"] for line in lists.lines] == ["甲公司"] * 3


def test_damaged_text_is_repaired_where_that_is_certain_and_remarked(tmp_path):
    lists = read(
        tmp_path,
        needs(
            ["1", "姹熻嫃寤虹瓚", "需要造价员", "", "", "", ""],
            ["2", "锟斤拷公司", "需要焊工", "", "", "", ""],
        ),
    )

    assert [line.values["enterprise"] for line in lists.lines] == ["江苏建筑", "锟斤拷公司"]
    assert [(cell, what) for cell, _, what, *_ in said(lists)] == [
        ("B2", "repaired text"),
        ("B3", "damaged text"),
    ]


def test_signs_that_nobody_sees_are_taken_out_of_a_text(tmp_path):
    lists = read(tmp_path, needs(["1", "\u202e甲公司\u200f", "需要造价员😀", "", "", "", ""]))

    assert lists.lines[0].values["enterprise"] == "甲公司"
    assert lists.lines[0].values["content"] == "需要造价员😀"
    assert lists.lines[0].shown["enterprise"] == "\u202e甲公司\u200f"


def test_the_unit_of_the_head_counts_and_a_bare_number_under_two_units_is_remarked(tmp_path):
    lists = read(tmp_path, needs(of("1|甲公司|需要造价员||20||"), of("2|乙公司|需要焊工||3人||")))

    assert [line.values["offered"] for line in lists.lines] == [
        (Amount(Decimal(200_000), Decimal(200_000), "元"),),
        (Amount(Decimal(3), Decimal(3), "人"),),
    ]
    assert said(lists) == [("E2", "offered", "unit assumed", "20", False)]


def test_name_and_number_in_one_cell_are_parted(tmp_path):
    page = Page("需求", [of("企业名称|需求描述|联系人及电话"), of("甲公司|需要造价员|张三 13800000000")])

    values = read(tmp_path, page).lines[0].values

    assert (values["contact"], values["phone"]) == ("张三", "13800000000")


def test_lists_of_units_are_parted_and_none_is_none(tmp_path):
    page = Page(
        "需求",
        [of("企业名称|需求描述|不对接|指定对接"), ["甲公司", "需要造价员", "乙大学、丙学院；\n丁学院", "无"]],
    )

    values = read(tmp_path, page).lines[0].values

    assert values["never"] == ("乙大学", "丙学院", "丁学院")
    assert "must" not in values


def test_a_correction_is_remembered_for_head_and_sheet(tmp_path):
    page = Page("九月", [of("主体|想法|号码|戳"), ["甲公司", "找造价员", "13800000000", date(2024, 10, 24)]])
    remembered = Remembered(
        heads={"主体": "enterprise", "想法": "content", "号码": "phone", "戳": None}, kinds={"九月": "need"}
    )

    lists = read(tmp_path, page, remembered=remembered)

    assert [column.key for column in lists.sheets[0].columns] == ["enterprise", "content", "phone", None]
    assert lists.lines[0].values == {"enterprise": "甲公司", "content": "找造价员", "phone": "13800000000"}
    assert lists.remarks == ()


@pytest.mark.parametrize(
    "remembered", [Remembered(heads={"甲": "no_such"}), Remembered(kinds={"甲": "no_such"})]
)
def test_a_remembered_name_that_does_not_exist_is_refused(tmp_path, remembered):
    with pytest.raises(ValueError, match="no_such"):
        read(tmp_path, needs(), remembered=remembered)


def test_a_sheet_without_heads_and_one_of_no_kind_are_left_out_and_remarked(tmp_path):
    plain = Page("Sheet1", [of("甲|乙"), of("丙|丁"), of("戊|己")])
    unknown = Page("Sheet2", [of("序号|备注|电话"), of("1|好|13800000000")])

    lists = read(tmp_path, plain, unknown)

    assert lists.lines == ()
    assert [(remark.sheet, remark.what, remark.grave) for remark in lists.remarks] == [
        ("Sheet1", "no head", True),
        ("Sheet2", "kind unknown", True),
    ]


def test_a_row_of_no_kind_is_refused(tmp_path):
    page = Page(
        "汇总", [of("类型|单位名称|名称|内容"), of("资源|甲学院|展厅|可借"), of("其他|乙公司|某事|某某")]
    )

    lists = read(tmp_path, page)

    assert [line.kind for line in lists.lines] == ["resource"]
    assert said(lists) == [("A3", "kind", "row kind unknown", "其他", True)]


def test_a_column_of_types_that_are_no_kinds_is_the_category(tmp_path):
    page = Page("需求", [of("企业名称|类型|需求描述"), of("甲公司|技术|幕墙节能"), of("乙公司|人才|造价员")])

    lists = read(tmp_path, page)

    assert [line.values["category"] for line in lists.lines] == ["技术", "人才"]


def test_an_office_that_leaves_every_column_out_gets_nothing(tmp_path):
    page = Page("需求", [of("企业名称|需求描述"), of("甲公司|幕墙节能")])
    remembered = Remembered(heads={"企业名称": None, "需求描述": None})

    lists = read(tmp_path, page, remembered=remembered)

    assert (lists.lines, lists.remarks) == ((), ())


def test_a_column_that_stands_twice_is_read_once_and_remarked(tmp_path):
    page = Page(
        "需求", [of("企业名称|需求描述|联系电话|联系电话"), of("甲公司|幕墙节能|13800000000|13900000000")]
    )

    lists = read(tmp_path, page)

    assert lists.lines[0].values["phone"] == "13800000000"
    assert said(lists) == [("D1", "", "column twice", "联系电话", False)]
