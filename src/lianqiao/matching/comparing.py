"""Two rounds of one chain beside each other."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianqiao.core.actor import Actor
from lianqiao.matching.models import Match, Round
from lianqiao.matching.policy import CHOICES, RoundRules, differing
from lianqiao.matching.queries.rounds import plan_of
from lianqiao.matching.sentences import gap_sentence, points

MOST = 500  # lines that are shown of each kind
LABELS = {
    "objective": gettext_lazy("目标"),
    "floor": gettext_lazy("保底"),
    "units_owed": gettext_lazy("有资源的单位至少对接一次"),
    "wants": gettext_lazy("一条需求最多对接几家"),
    "capacity": gettext_lazy("一项资源最多用几次"),
    "unit_capacity": gettext_lazy("各单位的次数上限"),
    "continuity": gettext_lazy("以前合作过的"),
    "rest_after": gettext_lazy("连续几轮后轮休"),
    "district": gettext_lazy("同一区县的"),
    "wishes": gettext_lazy("指定和不予对接"),
    "seed": gettext_lazy("随机数"),
}


def compared(row: Round, other: Round, actor: Actor) -> dict[str, Any]:
    """What the later has and the earlier has not; "changed" needs have a partner in both, and another one."""
    earlier, later = sorted((row, other), key=lambda one: one.number)
    plans = [by_need(plan_of(one, actor)) for one in (earlier, later)]
    both = plans[0].keys() & plans[1].keys()
    changed = []
    for need in sorted(both):
        before, after = plans[0][need], plans[1][need]
        gone = [match for match in before if match.offer_id not in offers(after)]
        come = [match for match in after if match.offer_id not in offers(before)]
        if gone or come:
            changed.append({"need": before[0].need, "gone": gone, "come": come})
    return {
        "earlier": figures(earlier),
        "later": figures(later),
        "new": [match for need in sorted(plans[1].keys() - both) for match in plans[1][need]][:MOST],
        "gone": [match for need in sorted(plans[0].keys() - both) for match in plans[0][need]][:MOST],
        "changed": changed[:MOST],
        "same": sum(offers(plans[0][need]) == offers(plans[1][need]) for need in both),
        "rules": rules_differing(RoundRules.of(earlier.rules), RoundRules.of(later.rules)),
        "scope": earlier.scope != later.scope,
    }


def by_need(matches: Any) -> dict[int, list[Match]]:
    found: dict[int, list[Match]] = {}
    for match in matches:
        found.setdefault(match.need_id, []).append(match)
    return found


def offers(matches: list[Match]) -> set[int]:
    return {match.offer_id for match in matches}


def figures(row: Round) -> dict[str, Any]:
    summary = row.summary
    return {
        "round": row,
        "summary": summary,
        "points": points(summary["sum"]),
        "gap_words": gap_sentence(summary),
    }


def rules_differing(one: RoundRules, other: RoundRules) -> list[tuple[Any, str, str]]:
    """(rule, what one says, what the other says), in words."""
    return [
        (LABELS[name], said(name, left), said(name, right)) for name, left, right in differing(one, other)
    ]


def said(name: str, value: Any) -> str:
    if name in CHOICES:
        return str(CHOICES[name](value).label)
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, list | tuple | dict):
        return _("%(count)s 条") % {"count": len(value)}
    return str(value)
