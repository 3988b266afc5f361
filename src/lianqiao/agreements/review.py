"""What became of an agreement's promises, as a clause of the one that follows it."""

from typing import Any

from lianqiao.agreements.composing import written_day
from lianqiao.agreements.models import Agreement, ObligationDate
from lianqiao.agreements.queries import obligations_of

# untranslated: a clause of a Chinese document; what office and parties make of it they write themselves
SAID = {
    "title": "上一期履行情况",
    "kept": "（{0}）{1}：约定{2}次，完成{3}次。",
    "open": "（{0}）{1}：约定{2}次，完成{3}次，未完成{4}次（{5}）。",
    "pause": "、",
}


def review_clause(agreement: Agreement) -> list[dict[str, Any]]:
    """One clause, or none where nothing was promised."""
    lines = []
    for number, row in enumerate(obligations_of(agreement), start=1):
        times = [each for each in row.dates.all() if each.state != ObligationDate.State.WAIVED]
        left = [each for each in times if each.state != ObligationDate.State.DONE]
        days = SAID["pause"].join(written_day(each.due_on) for each in left)
        facts = (number, row.what, len(times), len(times) - len(left), len(left), days)
        lines.append(SAID["open" if left else "kept"].format(*facts))
    if not lines:
        return []
    return [{"key": "review", "title": SAID["title"], "text": "\n".join(lines), "obligation": {}}]
