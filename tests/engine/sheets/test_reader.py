from datetime import date

import xlsxwriter

from lianqiao_engine.sheets import Line, read_lists
from lianqiao_engine.values import Period

TODAY = date(2024, 10, 24)


def test_a_resource_list_is_read_with_its_types(tmp_path):
    path = tmp_path / "lists.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("资源清单")
        sheet.write_row(0, 0, ["序号", "提供单位", "资源名称", "内容说明", "容量/次数", "联系电话", "有效期"])
        sheet.write_row(
            1, 0, [1, "装饰学院", "幕墙教师", "下企业指导", "每学期2次", 51683995000, "2025年12月"]
        )

    lists = read_lists(path, today=TODAY)

    assert lists.remarks == ()
    assert lists.lines == (
        Line(
            "resource",
            "资源清单",
            2,
            {
                "number": "1",
                "provider": "装饰学院",
                "name": "幕墙教师",
                "content": "下企业指导",
                "capacity": 2,
                "phone": "0516-83995000",
                "valid_until": Period(date(2025, 12, 1), date(2025, 12, 31)),
            },
            {
                "number": "1",
                "provider": "装饰学院",
                "name": "幕墙教师",
                "content": "下企业指导",
                "capacity": "每学期2次",
                "phone": "51683995000",
                "valid_until": "2025年12月",
            },
        ),
    )
