"""The number that a college's sheet would give the next file."""

import re

from lianqiao.projects.models import Project
from lianqiao.projects.queries import evidence_of

NUMBERED = re.compile(r"(.*?)(\d+)")


def next_code(project: Project) -> str:
    """The number after the last one that was used: 1-1-22-3 after 1-1-22-1 and 1-1-22-2."""
    codes = list(evidence_of(project).exclude(code="").order_by("pk").values_list("code", flat=True))
    last = NUMBERED.fullmatch(codes[-1]) if codes else None
    if last is None:
        return ""
    same = [found for code in codes if (found := NUMBERED.fullmatch(code)) and found[1] == last[1]]
    return f"{last[1]}{max(int(found[2]) for found in same) + 1}"
