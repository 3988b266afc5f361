"""CONTRIBUTING.md says why each house rule is there, and names each target of the Makefile that it uses."""

import re
from pathlib import Path

import house

PROJECT = Path(__file__).parents[2]
PAGE = (PROJECT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def test_contributing_gives_the_reason_of_each_house_rule():
    told = re.findall(r"^\| `(\w+)` \| .+ \|$", PAGE, re.MULTILINE)
    held = [rule.__name__ for rule in (*house.RULES, house.called_actions_name_who_acts)]

    assert sorted(told) == sorted(held)
