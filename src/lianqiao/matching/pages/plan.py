"""The plan of a round: its columns, its head, and the tabs beside it."""

from typing import Any

from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianqiao.core.actor import Actor
from lianqiao.core.listing import Column
from lianqiao.core.permissions import may
from lianqiao.core.request import Request
from lianqiao.matching.models import Match, Round
from lianqiao.matching.queries.naming import names_in
from lianqiao.matching.queries.rounds import adjustments_of, plan_of, sees_all, unserved_of
from lianqiao.matching.sentences import (
    difference_sentences,
    fault_sentences,
    gap_sentence,
    limit_sentences,
    points,
    price_sentences,
    reason_line,
    refused_sentences,
)

TONES = {
    "planned": "neutral",
    "offered": "blue",
    "accepted": "green",
    "declined": "neutral",
    "lapsed": "amber",
    "withdrawn": "neutral",
}


def giver_of(match: Match) -> str:
    return f"{match.giver.label} · {match.unit.label}" if match.unit else match.giver.label


def columns_for(row: Round, actor: Actor) -> list[Column]:
    def why(match: Match) -> str:
        if sees_all(actor):
            return reverse("round_need", args=[row.pk, match.need_id])
        return reverse("entry_detail", args=[match.need_id])

    columns = [
        Column("need", gettext_lazy("需求"), lambda m: m.need.label, url=why, sort="need__number"),
        Column("enterprise", gettext_lazy("需求方"), lambda m: m.enterprise.label, sort="enterprise__name"),
        Column(
            "offer",
            gettext_lazy("资源或服务"),
            lambda m: m.offer.label,
            url=lambda m: reverse("entry_detail", args=[m.offer_id]),
        ),
        Column("giver", gettext_lazy("提供方"), giver_of, sort="giver__name"),
        Column("reasons", gettext_lazy("理由"), lambda m: reason_line(m.reasons)),
        Column(
            "differences",
            gettext_lazy("差异"),
            lambda m: " ".join(difference_sentences(m.differences)),
            tone=lambda m: "red",
        ),
        Column(
            "state",
            gettext_lazy("状态"),
            lambda m: m.get_state_display(),
            tone=lambda m: TONES.get(m.state, "neutral"),
            shown=row.published_at is not None,
        ),
        Column("answer_by", gettext_lazy("请在此日前答复"), lambda m: m.answer_by, shown=False),
    ]
    if sees_all(actor):
        score = Column(
            "score", gettext_lazy("契合度"), lambda m: points(m.score or 0), sort="score", number=True
        )
        columns.insert(4, score)
    return columns


def plan_facts(request: Request, row: Round) -> dict[str, Any]:
    """What stands on top of a plan always."""
    summary, actor = row.summary, request.actor
    told: dict[str, Any] = {"summary": summary, "gap_words": gap_sentence(summary)}
    if not sees_all(actor):
        return told
    check = summary.get("check")
    faults = check["faults"] if check else []
    called = names_in([summary.get("limits", []), summary.get("refused", []), faults])
    return told | {
        "points": points(summary["sum"]),
        "worst": points(summary["worst"]),
        "price_words": price_sentences(summary["prices"]),
        "limit_words": limit_sentences(summary["limits"], called),
        "refused_words": refused_sentences(summary["refused"], called),
        "check": check,
        "checked_at": parse_datetime(check["at"]) if check else None,
        "fault_words": fault_sentences(faults, called),
        "may_adjust": row.state == Round.State.READY and may(actor, "matching.adjust_round", row),
    }


def tabs_of(row: Round, actor: Actor, here: str) -> list[dict[str, Any]]:
    tabs = [
        ("round_detail", _("对接"), plan_of(row, actor).count()),
        ("round_missed", _("未对接"), unserved_of(row, actor).count()),
        ("round_picture", _("图"), None),
    ]
    if sees_all(actor):
        tabs.append(("round_changes", _("人工调整"), adjustments_of(row, actor).filter(state="done").count()))
    return [
        {"label": label, "url": reverse(name, args=[row.pk]), "active": name == here, "count": count}
        for name, label, count in tabs
    ]
