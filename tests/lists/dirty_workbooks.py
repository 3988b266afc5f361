"""Workbooks with the dirt of real ones: what comes in, and what an entry says in the end or why a row waits."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tests.engine.sheets.workbooks import Page, of
from tests.lists.workbooks import content_of


@dataclass
class Dirty:
    """`fields` are those of the first entry, `refused` and `told` codes of problems, `keys` what the columns are."""

    title: str
    content: bytes
    fields: dict[str, Any] = field(default_factory=dict)
    refused: Sequence[str] = ()
    told: Sequence[str] = ()
    entries: int = 1
    name: str = "需求清单.xlsx"
    keys: str = ""


DIRTY: list[Dirty] = []
TEXT = "幕墙检测新技术"


def need(title: str, head: str, cell: Any, *, keys: str, merged: Sequence = (), **expected: Any) -> None:
    """A workbook of one need with one more column."""
    rows = [["企业名称", "需求描述", head], ["甲建筑公司", TEXT, cell]]
    content = content_of([Page("需求清单", rows, merged)])
    expected.setdefault("entries", 0 if expected.get("refused") else 1)
    DIRTY.append(Dirty(title, content, keys=f"enterprise content {keys}", **expected))


def pages(title: str, *sheets: Page, **expected: Any) -> None:
    DIRTY.append(Dirty(title, content_of(sheets), **expected))


def text(title: str, name: str, content: bytes, **expected: Any) -> None:
    DIRTY.append(Dirty(title, content, name=name, **expected))


need("full width", "可投入(万元)", "３５．６万元", keys="offered", fields={"money": 356000})
need("chinese figures", "预算", "三十五万六千元", keys="offered", fields={"money": 356000})
need("hundred millions", "拟投入资金", "1.5亿", keys="offered", fields={"money": 150_000_000})
need("yuan in the head", "可投入（元）", 356000, keys="offered", fields={"money": 356000})
need(
    "money and people",
    "可投入(万元/人)",
    "20万元、3人",
    keys="offered",
    fields={"money": 200000, "people": 3},
)
need("a range of money", "预算（万元）", "10-20", keys="offered", fields={"money": 200000})
need("to be agreed", "预算", "面议", keys="offered", fields={"money": None}, told=["not said"])
need("other money", "预算", "5万美元", keys="offered", refused=["other unit"])
need("iso day", "期望完成时间", "2027-03-31", keys="due", fields={"due_on": date(2027, 3, 31)})
need("chinese month", "期望完成时间", "二〇二七年十月", keys="due", fields={"due_on": date(2027, 10, 31)})
need("a cell of a day", "期望完成时间", date(2027, 3, 31), keys="due", fields={"due_on": date(2027, 3, 31)})
need("a day as a number", "期望完成时间", 46477, keys="due", fields={"due_on": date(2027, 3, 31)})
need("no such day", "期望完成时间", "2027年2月30日", keys="due", refused=["no such day"])
need("a lost zero", "期望完成时间", 2027.1, keys="due", refused=["ambiguous"])
need("as soon as possible", "期望完成时间", "尽快", keys="due", fields={"due_on": None}, told=["not said"])
need("a number for a phone", "联系电话", 13800000000, keys="phone", fields={"contact_phone": "13800000000"})
need("lost digits", "联系电话", "1.38E+10", keys="phone", refused=["digits lost"])
need(
    "stars in a phone", "联系电话", "138****0000", keys="phone", fields={"contact_phone": ""}, told=["masked"]
)
need(
    "two phones",
    "手机",
    "13800000000/83995000",
    keys="phone",
    fields={"contact_phone": "13800000000; 83995000"},
)
need("name and phone in one", "联系人及电话", "张三 13800000000", keys="contact",
     fields={"contact_name": "张三", "contact_phone": "13800000000"})  # fmt: skip
need("damaged text", "备注", "锟斤拷锟斤拷", keys="note", refused=["damaged text"])
need("marks of direction", "需求名称", "幕墙\u202e检测\u200f", keys="name", fields={"title": "幕墙检测"})
need("emoji", "需求名称", "幕墙检测🏗️急", keys="name", fields={"title": "幕墙检测🏗️急"})
need(
    "a formula as text",
    "需求名称",
    '=HYPERLINK("http://x")',
    keys="name",
    fields={"title": '=HYPERLINK("http://x")'},
)
need(
    "a formula with its value",
    "需求名称",
    ('="BIM"&"咨询"', "BIM咨询"),
    keys="name",
    fields={"title": "BIM咨询"},
)
need("a name too long", "需求名称", "长" * 121, keys="name", refused=["too long"])
need("an address that is none", "邮箱", "a@b", keys="email", fields={"contact_email": ""}, told=["no email"])
need(
    "an unknown category",
    "需求类别",
    "玄学",
    keys="category",
    fields={"category": None},
    told=["no such category"],
)
need(
    "an unknown segment",
    "链上环节",
    "月球",
    keys="segment",
    fields={"segment": None},
    told=["no such segment"],
)
need("how urgent in other words", "紧急程度", "特急", keys="urgency", fields={"urgency": "high"})
need("wanted from whom nobody knows", "意向单位", "某某大学", keys="must", refused=["wish unknown"])
need("how many partners", "需对接数量", "1-2", keys="partners_wanted", fields={"partners_wanted": 2})
need(
    "a column of their own",
    "内部编码",
    "NB-7",
    keys=".",
    fields={"source_sentence": "内部编码：NB-7"},
    told=["column unknown"],
)
need(
    "notes of the office",
    "满意度",
    "很满意",
    keys="satisfaction",
    fields={"source_sentence": "满意度：很满意"},
)
need("traditional characters", "聯繫人", "張三", keys="contact", fields={"contact_name": "張三"})

HEAD = of("序号|企业名称|需求描述")
pages(
    "the same as above",
    Page("需求清单", [HEAD, of(f"1|甲建筑公司|{TEXT}"), of("2|同上|另一件事情")]),
    entries=2,
)
pages(
    "merged over two rows",
    Page("需求清单", [HEAD, of(f"1||{TEXT}"), of("2||另一件事情")], [(1, 1, 2, 1, "甲建筑公司")]),
    entries=2,
)
pages(
    "a total and a note",
    Page("需求清单", [HEAD, of(f"1|甲建筑公司|{TEXT}"), of("合计||1"), ["注：月底前报"]]),
)
pages(
    "a row without content",
    Page("需求清单", [HEAD, of(f"1|甲建筑公司|{TEXT}"), of("2|乙公司|")]),
    told=["no content"],
)
pages("the same row twice", Page("需求清单", [HEAD, of(f"1|甲建筑公司|{TEXT}"), of(f"2|甲建筑公司|{TEXT}")]))
pages(
    "a hidden sheet",
    Page("需求清单", [HEAD, of(f"1|甲建筑公司|{TEXT}")]),
    Page("草稿", [HEAD, of("1|甲|乙")], hidden=True),
    told=["hidden sheet"],
)
pages("a college of a school", Page("资源清单", [
    of("提供单位|所属院校|资源名称|有效期自|有效期至|容量"), of("装饰学院|云川大学|展厅|2027-1-1|2027-12-31|50人"),
]), fields={"title": "展厅", "starts_on": date(2027, 1, 1), "ends_on": date(2027, 12, 31), "capacity": 50})  # fmt: skip
pages("an end before its beginning", Page("资源清单", [
    of("提供单位|资源名称|有效期自|有效期至"), of("装饰学院|展厅|2027-12-31|2027-1-1"),
]), entries=0, refused=["reversed"])  # fmt: skip
CSV = f"企业名称,需求描述\n甲建筑公司,{TEXT}\n"
text(
    "csv in gb18030",
    "需求清单.csv",
    CSV.encode("gb18030"),
    told=["encoding guessed"],
    keys="enterprise content",
)
text("csv in utf-16", "需求清单.csv", CSV.encode("utf-16"), keys="enterprise content")
text("tabs", "需求清单.txt", CSV.replace(",", "\t").encode(), keys="enterprise content")
text("another extension", "需求清单.xls", DIRTY[0].content, keys="enterprise content offered")
