"""Reading a reference table: what a file may hold, and how each problem is named with its place."""

import random
import tracemalloc
import zipfile
from datetime import date
from io import BytesIO

import pytest
from xlsxwriter import Workbook

from lianqiao.core.spreadsheet import workbook
from lianqiao.registry import tables, workbooks
from lianqiao.registry.tables import BadTable, Row, read_table


def csv(*lines: str, encoding: str = "utf-8") -> bytes:
    return "\n".join(lines).encode(encoding)


def problems(kind: str, content: bytes, name: str = "t.csv") -> list[tuple[int, str, str]]:
    with pytest.raises(BadTable) as refused:
        read_table(kind, name, content)
    return [(problem.row, problem.column, problem.code) for problem in refused.value.problems]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_read_table_takes_chinese_heads_in_usual_encodings(encoding):
    content = csv(
        "代码,名称,级别,上级", "C,制造业,section,", "30,非金属矿物制品业,division,C", encoding=encoding
    )

    assert read_table("industry", "行业.CSV", content) == [
        Row("C", "制造业", "", "section"),
        Row("30", "非金属矿物制品业", "C", "division"),
    ]


def test_read_table_takes_a_workbook_and_keeps_leading_zeros():
    content = workbook("s", ["代码", "名称"], [["01", "农业"], ["011", "谷物种植"]])

    assert read_table("industry", "t.xlsx", content) == [Row("01", "农业"), Row("011", "谷物种植")]


def test_read_table_refuses_codes_stored_as_numbers_where_zeros_may_be_lost():
    content = workbook("s", ["代码", "名称"], [[1, "农业"]])

    assert problems("industry", content, "t.xlsx") == [(2, "代码", "number")]


def test_read_table_names_the_rows_above_that_a_published_table_names():
    content = csv(
        "level,code,name,category_code,category,class_code,class",
        "undergraduate,120105,工程造价,12,管理学,1201,管理科学与工程类",
    )

    assert read_table("major", "t.csv", content) == [
        Row("12", "管理学", "", "category"),
        Row("1201", "管理科学与工程类", "12", "class"),
        Row("120105", "工程造价", "1201", "undergraduate"),
    ]


def test_read_table_of_workdays_takes_usual_dates_and_answers():
    content = csv("日期,是否上班,节日", "2027年1月1日,休息,元旦", "2027/1/2,1,")

    assert read_table("workdays", "t.csv", content) == [
        Row("2027-01-01", "元旦", facts={"is_workday": False}),
        Row("2027-01-02", "", facts={"is_workday": True}),
    ]


@pytest.mark.parametrize(
    ("kind", "lines", "found"),
    [
        ("industry", ["code,name,colour", "1,a,red"], [(1, "colour", "unknown_head")]),
        ("industry", ["code,code,name", "1,1,a"], [(1, "code", "same_head")]),
        ("industry", ["code", "1"], [(1, "name", "missing_head")]),
        ("industry", ["code,name"], [(0, "", "empty")]),
        ("industry", [""], [(0, "", "empty")]),
        ("industry", ["code,name", "1,a", "1,b"], [(3, "code", "same_code")]),
        ("industry", ["code,name", "1,"], [(2, "name", "blank")]),
        ("industry", ["code,name,parent", "1,a,9"], [(2, "parent", "bad_parent")]),
        ("industry", ["code,name", f"{'1' * 21},a"], [(2, "code", "too_long")]),
        ("industry", ["code,name", f"1,{'长' * 161}"], [(2, "name", "too_long")]),
        ("industry", ["code,name", "1,a\u200bb"], [(2, "name", "control_character")]),
        ("major", ["code,name,class_code,class", "1,a,c,x", "2,b,c,y"], [(3, "class_code", "two_names")]),
        ("workdays", ["date,is_workday", "2027-02-30,1"], [(2, "date", "bad_date")]),
        ("workdays", ["date,is_workday", "2027-02-01,maybe"], [(2, "is_workday", "bad_answer")]),
    ],
)
def test_read_table_names_the_row_of_each_problem(kind, lines, found):
    assert problems(kind, csv(*lines)) == found


def test_read_table_names_columns_as_the_file_does():
    assert problems("industry", csv("代码,名称", "1,")) == [(2, "名称", "blank")]


def test_read_table_tells_every_bad_row_up_to_a_limit():
    lines = [f"{number}," for number in range(80)]

    assert problems("industry", csv("code,name", *lines)) == [(n, "name", "blank") for n in range(2, 52)]


def test_read_table_refuses_what_is_no_table(monkeypatch):
    monkeypatch.setattr(tables, "LARGEST_FILE", 100)
    monkeypatch.setattr(tables, "MOST_ROWS", 2)

    assert problems("industry", b"x" * 101) == [(0, "", "too_large")]
    assert problems("industry", csv("code,name", "1,a", "2,b", "3,c")) == [(0, "", "too_many")]
    assert problems("industry", b"%PDF", "t.pdf") == [(0, "", "kind_of_file")]
    assert problems("industry", b"no workbook", "t.xlsx") == [(0, "", "not_excel")]
    assert problems("industry", b"code,name\n\x81\xff,a") == [(0, "", "encoding")]


def test_read_table_of_workdays_takes_days_of_a_workbook():
    content = workbook("s", ["日期", "是否上班", "节日"], [[date(2027, 1, 1), 0, "元旦"]])

    assert read_table("workdays", "t.xlsx", content) == [
        Row("2027-01-01", "元旦", facts={"is_workday": False})
    ]


def packed(part: bytes, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A sound workbook with one more part."""
    stream = BytesIO(workbook("s", ["代码", "名称"], [["01", "农业"]]))
    with zipfile.ZipFile(stream, "a", method) as archive:
        archive.writestr("xl/media/image1.bin", part)
    return stream.getvalue()


def declaring(content: bytes, size: int, *, instead_of: int) -> bytes:
    """The same archive, lying about the size of a part in both places where it stands."""
    true, false = (number.to_bytes(4, "little") for number in (instead_of, size))
    assert content.count(true) == 2
    return content.replace(true, false)


def test_read_table_refuses_a_workbook_that_unpacks_beyond_measure(monkeypatch):
    monkeypatch.setattr(tables, "LARGEST_UNPACKED", 100_000)

    assert problems("industry", packed(random.randbytes(200_000)), "t.xlsx") == [(0, "", "too_large")]
    assert read_table("industry", "t.xlsx", packed(random.randbytes(50_000))) == [Row("01", "农业")]


def test_read_table_refuses_a_workbook_that_lies_about_its_size(monkeypatch):
    monkeypatch.setattr(tables, "LARGEST_UNPACKED", 1_000_000)
    lying = declaring(packed(b"0" * 1_234_567), 10, instead_of=1_234_567)
    with zipfile.ZipFile(BytesIO(lying)) as archive:
        assert sum(part.file_size for part in archive.infolist()) < 20_000

    assert problems("industry", lying, "t.xlsx") == [(0, "", "too_large")]


def test_read_table_refuses_a_workbook_that_unpacks_to_many_times_its_size():
    bomb = packed(b"0" * 5_000_000)
    assert len(bomb) * workbooks.MOST_RATIO < 5_000_000 < tables.LARGEST_UNPACKED

    assert problems("industry", bomb, "t.xlsx") == [(0, "", "too_large")]


def test_measure_stops_unpacking_at_the_limit():
    lying = declaring(packed(b"0" * 50_000_000), 10, instead_of=50_000_000)
    tracemalloc.start()

    with pytest.raises(workbooks.TooLarge):
        workbooks.measure(lying, 2_000_000)

    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 2_000_000


def test_read_table_survives_a_workbook_with_one_cell_at_the_far_end():
    stream = BytesIO()
    book = Workbook(stream)
    sheet = book.add_worksheet()
    sheet.write_string(0, 0, "代码")
    sheet.write_string(1_048_575, 16_383, "x")
    book.close()

    assert problems("industry", stream.getvalue(), "t.xlsx") == [(0, "", "too_large")]


def test_read_table_refuses_a_workbook_whose_cells_repeat_one_long_text(monkeypatch):
    monkeypatch.setattr(tables, "LARGEST_UNPACKED", 1_000_000)
    content = workbook("s", ["代码", "名称"], [["长" * 32_000, ""] for _ in range(100)])

    assert problems("industry", content, "t.xlsx") == [(0, "", "too_large")]


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_read_table_refuses_a_workbook_packed_in_a_way_that_excel_does_not_know(method):
    assert problems("industry", packed(b"0", method), "t.xlsx") == [(0, "", "not_excel")]


def test_read_table_refuses_a_workbook_that_is_cut_off():
    content = workbook("s", ["代码", "名称"], [["01", "农业"]])

    assert problems("industry", content[: len(content) // 2], "t.xlsx") == [(0, "", "not_excel")]
