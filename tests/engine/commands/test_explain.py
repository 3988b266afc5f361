import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from lianqiao.config.cli import main
from lianqiao_engine.rounds import hold
from lianqiao_engine.rounds.stored import read_round

CASE = Path(__file__).parents[3] / "examples" / "case.xlsx"


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    folder = tmp_path_factory.mktemp("plan")
    out = folder / "plan.json"
    CliRunner().invoke(main, ["plan", str(CASE), "-o", str(folder / "plan.xlsx"), "--json", str(out)])
    return out


def explain(plan: Path, *asked: str):
    return CliRunner().invoke(main, ["explain", str(plan), *asked])


@pytest.mark.parametrize("asked", ["启平", "江苏启平建筑工程有限公司", "需求清单!4"])
def test_explain_tells_every_part_of_the_score(plan, asked):
    told = explain(plan, asked).stdout

    assert "对接：装饰学院 专业教师团队" in told
    assert "同属“建筑装饰施工”" in told
    assert "未选：建造学院 专业教师团队" in told


def test_explain_as_data_adds_up(plan):
    facts = json.loads(explain(plan, "启平", "--json").stdout)

    (match,) = facts["matches"]
    assert sum(reason["amount"] for reason in match["reasons"]) == pytest.approx(match["score"])
    assert {other["need"] for other in facts["alternatives"]} == {match["need"]}


@pytest.mark.parametrize(
    ("asked", "told"), [("无此公司", "没有找到"), ("江苏", "需求清单!3  江苏博智工程咨询有限公司")]
)
def test_explain_says_when_the_need_is_not_clear(plan, asked, told):
    result = explain(plan, asked)

    assert result.exit_code == 2
    assert told in result.stderr


def test_explain_refuses_what_is_no_plan():
    assert explain(CASE, "启平").exit_code == 2


def test_stored_round_is_the_same_when_held_again(plan):
    stored = read_round(plan)

    assert hold(stored.needs, stored.offers, stored.rules) == stored.result
