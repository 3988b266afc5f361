"""The reader as a program of its own, told line by line."""

import json
import subprocess
import sys

from .workbooks import Page, of, write

PAGE = Page("需求清单", [of("序号|企业名称|需求描述|期望完成时间|设备型号"), of("1|甲公司|会用BIM的造价员3名|2027年1月1日|HL-3")])  # fmt: skip


def told(*arguments: str) -> tuple[int, list[dict]]:
    command = [sys.executable, "-m", "lianqiao_engine.sheets", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


def test_read_tells_sheets_lines_and_the_texts_of_columns_that_are_no_field(tmp_path):
    file = write(tmp_path / "a.xlsx", [PAGE])

    code, lines = told("read", str(file), "2026-11-23")

    assert code == 0
    assert [list(line) for line in lines] == [["sheet"], ["lines"], ["end"]]
    assert lines[1]["lines"] == {
        "kind": "need",
        "sheet": "需求清单",
        "rows": [2],
        "values": {
            "number": {"of": ["1"]},
            "enterprise": {"of": ["甲公司"]},
            "content": {"of": ["会用BIM的造价员3名"]},
            "due": {"of": [{"period": ["2027-01-01", "2027-01-01"]}]},
        },
        "stood": {"due": {"of": ["2027年1月1日"]}},
        "others": {"设备型号": {"of": ["HL-3"]}},
    }


def test_read_tells_what_many_rows_say_once(tmp_path):
    rows = [of(f"{number}|{'甲乙'[number % 2]}公司|第{number}件事") for number in range(1, 9)]
    file = write(tmp_path / "a.xlsx", [Page("需求清单", [of("序号|企业名称|需求描述"), *rows])])

    _, lines = told("read", str(file), "2026-11-23")

    assert lines[1]["lines"]["values"]["enterprise"] == {
        "of": ["乙公司", "甲公司"], "at": [0, 1, 0, 1, 0, 1, 0, 1]
    }  # fmt: skip


def test_read_refuses_what_is_no_workbook_with_its_code(tmp_path):
    file = tmp_path / "a.xlsx"
    file.write_bytes(b"\x00\x01\x02")

    assert told("read", str(file), "2026-11-23") == (2, [{"refused": "not a workbook", "where": ""}])


def test_cells_tells_every_row_as_it_stands(tmp_path):
    file = write(tmp_path / "a.xlsx", [PAGE])

    _, lines = told("cells", str(file))

    assert lines[0]["sheet"]["name"] == "需求清单"
    assert [line["row"] for line in lines[1:-1]] == [list(row) for row in PAGE.rows]
