from dataclasses import replace
from datetime import date

import pytest

from lianqiao_engine.records import BadRecords
from lianqiao_engine.rounds import Period, Rules, hold
from lianqiao_engine.rounds.stored import Stored, read_round, write_round
from lianqiao_engine.sheets import Remark


@pytest.fixture
def stored(needs, offers):
    needs = [replace(needs[0], never=frozenset({"食品学院"}), earlier={"经管学院": 1}), *needs[1:]]
    offers = [replace(offers[0], period=Period(None, date(2030, 1, 1))), *offers[1:]]
    rules = Rules(unit_capacity={"经管学院": 2})
    remarks = (Remark("需求清单", "D7", "content", "damaged text"),)
    return Stored(tuple(needs), tuple(offers), rules, hold(needs, offers, rules), {"甲": "造价"}, remarks)


def test_round_is_read_as_it_was_written(stored, tmp_path):
    write_round(stored, tmp_path / "plan.json")

    assert read_round(tmp_path / "plan.json") == stored


def test_stored_rules_make_the_same_round_to_the_byte(stored, tmp_path):
    write_round(stored, tmp_path / "first.json")
    read = read_round(tmp_path / "first.json")
    write_round(replace(read, result=hold(read.needs, read.offers, read.rules)), tmp_path / "second.json")

    assert (tmp_path / "first.json").read_bytes() == (tmp_path / "second.json").read_bytes()


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"\xff", b'{"format": "lianqiao plan 2"}'])
def test_file_that_is_no_round_is_refused(tmp_path, content):
    path = tmp_path / "plan.json"
    path.write_bytes(content)

    with pytest.raises(BadRecords, match="not a plan"):
        read_round(path)
