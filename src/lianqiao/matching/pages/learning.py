"""What answers teach: what was proposed, on what evidence, what came of it, and what is missing for a proposal."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianqiao.core.actor import OFFICE, Role
from lianqiao.core.history import history_of
from lianqiao.core.permissions import may
from lianqiao.core.policy import page
from lianqiao.core.request import Request
from lianqiao.matching.actions.learning import (
    approve_weighting,
    ask_to_learn,
    go_back,
    lifecycle,
    refuse_weighting,
)
from lianqiao.matching.models import Weighting
from lianqiao.matching.queries.learning import entries_by_id, latest_lesson, settled_answers, weightings_for
from lianqiao.registry.pages.reach import within_reach
from lianqiao.registry.queries import chains_for

READERS = OFFICE | {Role.AUDITOR}
TONES = {"proposed": "blue", "in_force": "green"}
GROUPS = {
    "characters": gettext_lazy("相同的字"),
    "pairs": gettext_lazy("相同的两字组合"),
    "words": gettext_lazy("相同的词"),
    "trades": gettext_lazy("同一行当"),
    "officially": gettext_lazy("口语与书面说法"),
    "facets.segment": gettext_lazy("同一链环节"),
    "facets.district": gettext_lazy("同一行政区"),
    "facets.industry": gettext_lazy("同一行业"),
    "facets.suits": gettext_lazy("类别相宜"),
    "facets.earlier": gettext_lazy("以前合作过"),
}


@page(read=READERS)
def learning(request: Request) -> HttpResponse:
    actor = request.actor
    rows = list(weightings_for(actor))
    chains = [
        {
            "chain": chain,
            "answers": settled_answers(chain.pk).count(),
            "job": latest_lesson(chain.pk, actor),
            "weightings": [
                (row, TONES.get(row.state, "neutral")) for row in rows if row.chain_id == chain.pk
            ],
            "may_learn": may(actor, "matching.propose_weighting", Weighting(chain=chain)),
        }
        for chain in chains_for(actor)
    ]
    return render(request, "matching/learning.html", {"chains": chains})


@page(write=OFFICE)
def learning_propose(request: Request, pk: int) -> HttpResponse:
    chain = get_object_or_404(chains_for(request.actor), pk=pk)
    ask_to_learn(chain, by=request.actor)
    messages.success(request, _("已开始，结果会列在这里。"))
    return redirect("learning")


@page(read=READERS)
def weighting_detail(request: Request, pk: int) -> HttpResponse:
    actor = request.actor
    row = get_object_or_404(weightings_for(actor), pk=pk)
    evidence = row.evidence
    facts = {
        "weighting": row,
        "tone": TONES.get(row.state, "neutral"),
        "groups": [
            (GROUPS[name], times) for name, times in evidence.get("multipliers", {}).items() if name in GROUPS
        ],
        "gain": evidence.get("gain", 0.0),
        "better": round(100 * evidence.get("better", 0.0)),
        "needs": evidence.get("needs", 0),
        "answers": evidence.get("answers", 0),
        "chance": evidence.get("chance", 1.0),
        "replays": replays_of(evidence.get("replay", [])),
        "moves": [move.name for move in lifecycle.available(row, actor)],
        "history": history_of(row, actor),
    }
    return render(request, "matching/weighting_detail.html", facts)


def replays_of(replays: list[dict[str, Any]]) -> list[dict[str, Any]]:
    pks = {int(pk) for one in replays for pair in (*one["lost"], *one["won"]) for pk in pair}
    titles = {pk: entry.title for pk, entry in entries_by_id(pks).items()}

    def named(pairs: list[list[str]]) -> list[tuple[str, str]]:
        return [(titles.get(int(need), need), titles.get(int(offer), offer)) for need, offer in pairs]

    return [one | {"lost": named(one["lost"]), "won": named(one["won"])} for one in replays]


@page(write=OFFICE)
def weighting_approve(request: Request, pk: int) -> HttpResponse:
    row = within_reach(weightings_for(request.actor), pk, request.actor, "matching.approve_weighting")
    approve_weighting(row, by=request.actor)
    messages.success(request, _("已批准，之后的推荐和轮次按它评分。"))
    return redirect("weighting_detail", pk=pk)


@page(write=OFFICE)
def weighting_refuse(request: Request, pk: int) -> HttpResponse:
    row = within_reach(weightings_for(request.actor), pk, request.actor, "matching.refuse_weighting")
    refuse_weighting(row, by=request.actor)
    messages.success(request, _("未采用，评分不变。"))
    return redirect("weighting_detail", pk=pk)


@page(write=OFFICE)
def weighting_undo(request: Request, pk: int) -> HttpResponse:
    row = within_reach(weightings_for(request.actor), pk, request.actor, "matching.undo_weighting")
    go_back(row, by=request.actor)
    messages.success(request, _("已停用，恢复原来的评分。"))
    return redirect("weighting_detail", pk=pk)
