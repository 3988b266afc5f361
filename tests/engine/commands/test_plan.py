import csv
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from python_calamine import load_workbook

from lianqiao.config.cli import main
from lianqiao_engine.commands.wording import WORDING
from lianqiao_engine.rounds.stored import read_round
from lianqiao_engine.sheets import What
from lianqiao_engine.sheets.fields import fields
from lianqiao_engine.values import Refused

CASE = Path(__file__).parents[3] / "examples" / "case.xlsx"
PAIRS = [
    ("江苏博智工程咨询有限公司", "经管学院"),
    ("江苏启平建筑工程有限公司", "装饰学院"),
    ("江苏至尊建筑劳务有限公司", "建造学院"),
]


@pytest.fixture
def plan(tmp_path):
    def run(lists: Path, *more: str):
        out, json = tmp_path / "plan.xlsx", tmp_path / "plan.json"
        result = CliRunner().invoke(main, ["plan", str(lists), "-o", str(out), "--json", str(json), *more])
        return result, out, json

    return run


def rows_of(out: Path, sheet: str) -> list[list[object]]:
    return load_workbook(out).get_sheet_by_name(sheet).to_python()


@pytest.mark.parametrize("objective", ["fair", "best"])
def test_plan_finds_the_pairs_of_the_case_and_says_why(plan, objective):
    result, out, _ = plan(CASE, "--objective", objective)

    head, *rows = rows_of(out, "对接方案")
    assert result.exit_code == 0
    assert [(row[0], row[2]) for row in rows] == PAIRS
    assert all("同属" in str(row[5]) or "双方都提到" in str(row[5]) for row in rows)
    assert head[:5] == ["企业", "需求", "对接单位", "资源或服务", "匹配度"]
    assert "这是最好的方案" in result.stdout


def test_plan_speaks_english_too(plan):
    result, out, _ = plan(CASE, "--language", "en")

    assert "3 needs matched, 0 unmatched" in result.stdout
    assert rows_of(out, "Matches")[0][0] == "Enterprise"


def test_plan_is_stored_whole_and_verified(plan):
    _, _, json = plan(CASE)

    result = CliRunner().invoke(main, ["verify", str(json)])

    assert len(read_round(json).result.matches) == 3
    assert (result.exit_code, "各项规则都满足" in result.stdout) == (0, True)


def test_verify_tells_what_was_changed(plan):
    _, _, json = plan(CASE)
    text = json.read_text(encoding="utf-8")
    json.write_text(re.sub('"sum": *', '"sum": 9', text, count=1), encoding="utf-8")

    result = CliRunner().invoke(main, ["verify", str(json)])

    assert result.exit_code == 1
    assert "总匹配度：为 9" in result.stdout


def test_plan_refuses_what_is_no_workbook_and_writes_nothing(plan, tmp_path):
    lists = tmp_path / "lists.xlsx"
    lists.write_bytes(b"PK\x03\x04\0\0")

    result, out, json = plan(lists)

    assert result.exit_code == 2
    assert "工作簿已损坏" in result.stderr or "不是工作簿" in result.stderr
    assert not out.exists()
    assert not json.exists()


def test_plan_says_which_list_is_missing(plan, tmp_path):
    lists = tmp_path / "lists.csv"
    with lists.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["企业名称", "需求类别", "需求描述"], ["甲公司", "人才", "培养造价员"]])

    result, *_ = plan(lists)

    assert result.exit_code == 2
    assert "资源清单" in result.stderr


def test_wording_has_both_languages_and_the_same_facts():
    lines = [line.split("\t") for line in WORDING.read_text(encoding="utf-8").splitlines() if line[0] != "#"]

    assert {len(line) for line in lines} == {3}
    assert len({line[0] for line in lines}) == len(lines)
    assert {
        line[0] for line in lines if set(re.findall(r"{\w+}", line[1])) != set(re.findall(r"{\w+}", line[2]))
    } == set()


def test_every_remark_has_its_wording():
    keys = {line.split("\t")[0] for line in WORDING.read_text(encoding="utf-8").splitlines()}

    assert {f"remark.{code}" for code in (*What, *Refused)} <= keys
    assert {f"field.{key}" for key in fields()} <= keys
