"""Rounds: the list, a new one, its scope, rules and moves."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianqiao.core.actor import OFFICE, Actor
from lianqiao.core.forms import carried_out
from lianqiao.core.jobs import live_progress
from lianqiao.core.listing import Column, Listing
from lianqiao.core.permissions import may
from lianqiao.core.policy import page
from lianqiao.core.refusals import NotPermitted, Refused
from lianqiao.core.request import Request
from lianqiao.matching.actions.rounds import (
    begin_again,
    begin_round,
    call_off,
    check_round,
    close_round,
    discard_round,
    lifecycle,
    preview_round,
    restore_round,
    run_round,
)
from lianqiao.matching.forms.rounds import PlanFilters, RoundForm
from lianqiao.matching.models import Round
from lianqiao.matching.pages.plan import columns_for, plan_facts, tabs_of
from lianqiao.matching.policy import Floor, Level, Objective, RoundRules, RoundScope, WishKind
from lianqiao.matching.queries.naming import names_in
from lianqiao.matching.queries.rounds import READERS, open_job, plan_of, rounds_for, sees_all, taking_part
from lianqiao.matching.sentences import (
    gap_sentence,
    limit_sentences,
    points,
    price_sentences,
    refused_sentences,
)
from lianqiao.registry.pages.reach import within_reach
from lianqiao.registry.pages.undoing import UNDO, just_done, still_there, told

State = Round.State
TONES = {
    State.DRAFT: "neutral",
    State.RUNNING: "blue",
    State.READY: "amber",
    State.PUBLISHED: "green",
    State.CLOSED: "neutral",
}
COLUMNS = [
    Column("title", gettext_lazy("名称"), str, url=lambda r: reverse("round_detail", args=[r.pk])),
    Column("number", gettext_lazy("轮次"), lambda r: r.number, number=True, sort="number"),
    Column("chain", gettext_lazy("产业链"), lambda r: r.chain.label, shown=False),
    Column("state", gettext_lazy("状态"), lambda r: r.get_state_display(), tone=lambda r: TONES.get(r.state, "neutral")),
    Column("needs", gettext_lazy("需求"), lambda r: r.summary.get("needs", ""), number=True),
    Column("matched", gettext_lazy("能对接"), lambda r: r.summary.get("matched", ""), number=True),
    Column("unserved", gettext_lazy("没有着落"), lambda r: r.summary.get("unserved", ""), number=True),
    Column("ready_at", gettext_lazy("算出时间"), lambda r: r.ready_at, sort="ready_at", shown=False),
    Column("published_at", gettext_lazy("发布时间"), lambda r: r.published_at, sort="published_at"),
]  # fmt: skip


@page(read=READERS)
def round_list(request: Request) -> HttpResponse:
    listing = Listing(
        "round_list", request, rounds_for(request.actor).exclude(state=State.DISCARDED), COLUMNS
    )
    facts = {
        "listing": listing,
        "may_begin": may(request.actor, "matching.begin_round"),
        "done": just_done(request),
    }
    return listing.export() or render(request, "matching/round_list.html", facts)


@page(read=OFFICE, write=OFFICE)
def round_add(request: Request) -> HttpResponse:
    """With `like`, another round with the scope and rules of that one."""
    asked = request.GET.get("like", "")
    like = (
        rounds_for(request.actor).filter(pk=asked).first() if asked.isdecimal() and len(asked) < 19 else None
    )
    sent = request.POST if request.method == "POST" else None
    title = _("%(day)s对接") % {"day": timezone.localdate().strftime("%Y-%m-%d ")}
    form = RoundForm(sent, actor=request.actor, title=title, like=like)
    if form.is_valid():
        begin = (
            partial(begin_again, like, title=form.cleaned_data["title"])
            if like
            else partial(begin_round, **form.facts())
        )
        if row := carried_out(form, begin, by=request.actor):
            return redirect("round_scope" if not like else "round_detail", pk=row.pk)
    return render(request, "matching/round_add.html", {"form": form, "like": like})


@page(read=READERS)
def round_detail(request: Request, pk: int) -> HttpResponse:
    actor = request.actor
    row = get_object_or_404(rounds_for(actor), pk=pk)
    if request.headers.get("X-Asked-By-Itself") and not open_job(row):
        # The job is over: state and buttons, which stand above the part that asks, are others now.
        return HttpResponse(headers={"HX-Refresh": "true"})
    if row.state == State.DRAFT or row.state == State.RUNNING or not row.ready_at:
        return render(request, template_of(request), preparation(request, row))
    listing = Listing(
        "round_detail", request, plan_of(row, actor), columns_for(row, actor), partial(PlanFilters, row=row)
    )
    if export := listing.export():
        return export
    facts = (
        common(request, row)
        | plan_facts(request, row)
        | {"listing": listing, "tabs": tabs_of(row, actor, "round_detail")}
    )
    return render(request, template_of(request), facts)


def template_of(request: Request) -> str:
    return "matching/round_state.html" if request.headers.get("HX-Request") else "matching/round_detail.html"


def preparation(request: Request, row: Round) -> dict[str, Any]:
    """Scope, rules, and what a preview told of them."""
    actor, scope, rules = request.actor, RoundScope.of(row.scope), RoundRules.of(row.rules)
    preview = row.summary.get("preview") if sees_all(actor) else None
    needs, offers = taking_part(scope, row.chain_id)
    called = names_in([preview or {}, wish_ids(rules) if sees_all(actor) else []])
    return common(request, row) | {
        "scope": scope,
        "rules": rules,
        "counts": {"needs": needs.count(), "offers": offers.count()},
        "objective": Objective(rules.objective).label,
        "floor": Floor(rules.floor).label,
        "continuity": Level(rules.continuity).label,
        "district": Level(rules.district).label,
        "wishes": wishes_shown(rules, called) if sees_all(actor) else [],
        "preview": preview and told_of_preview(preview, called),
        "may_edit": row.state == State.DRAFT and may(actor, "matching.edit_round", row) and not open_job(row),
    }


def common(request: Request, row: Round, step: str = "") -> dict[str, Any]:
    job = open_job(row)
    done, total = live_progress(job) if job else (0, 0)
    return {
        "round": row,
        "tone": TONES.get(State(row.state), "neutral"),
        "steps": steps_of(row, request.actor, step),
        "job": job,
        "last_job": row.job,
        "progress": {"done": done, "total": total},
        "moves": [move.name for move in lifecycle.available(row, request.actor)],
        "may_check": bool(row.ready_at) and not job and may(request.actor, "matching.check_round", row),
        "may_begin": may(request.actor, "matching.begin_round", row),
        "sees_all": sees_all(request.actor),
        "done": just_done(request),
    }


def steps_of(row: Round, actor: Actor, here: str = "") -> list[dict[str, Any]]:
    """Scope, rules, preview, run, adjust, publish; a step that can still be gone back to is a link. `here`: the page."""
    order = [
        ("scope", _("范围"), "round_scope"),
        ("rules", _("规则"), "round_rules"),
        ("preview", _("预演"), "round_detail"),
        ("run", _("运行"), "round_detail"),
        ("adjust", _("调整"), "round_changes"),
        ("publish", _("发布"), "round_publish"),
    ]
    reached = {State.DRAFT: 2, State.RUNNING: 3, State.READY: 4, State.DISCARDED: 0}.get(State(row.state), 6)
    if row.state == State.DRAFT and row.summary.get("preview"):
        reached = 3
    at = next((place for place, (code, _label, _name) in enumerate(order) if code == here), reached)
    open_now = {State.DRAFT: {"scope", "rules", "preview"}, State.READY: {"adjust", "publish"}}.get(
        State(row.state), set()
    )
    is_office = may(actor, "matching.edit_round", row)
    return [
        {
            "label": label,
            "state": "done" if place < at else "current" if place == at else "todo",
            "href": reverse(name, args=[row.pk]) if code in open_now and is_office else "",
        }
        for place, (code, label, name) in enumerate(order)
    ]


def wish_ids(rules: RoundRules) -> list[str]:
    keys = []
    for wish in rules.wishes:
        keys.append(str(wish.need) if wish.need else f"o{wish.enterprise}")
        keys.append(f"u{wish.unit}" if wish.unit else f"o{wish.organisation}")
    return keys


def wishes_shown(rules: RoundRules, called: Callable[[str], str]) -> list[dict[str, Any]]:
    keys = wish_ids(rules)
    return [
        {
            "place": place,
            "kind": WishKind(wish.kind).label,
            "is_never": wish.kind == "never",
            "who": called(keys[2 * place]),
            "giver": called(keys[2 * place + 1]),
            "reason": wish.reason,
        }
        for place, wish in enumerate(rules.wishes)
    ]


def told_of_preview(preview: dict[str, Any], called: Callable[[str], str]) -> dict[str, Any]:
    return preview | {
        "points": points(preview["sum"]),
        "gap_words": gap_sentence(preview),
        "price_words": price_sentences(preview["prices"]),
        "limit_words": limit_sentences(preview["limits"], called),
        "refused_words": refused_sentences(preview["refused"], called),
        "is_quick": preview["objective"] == "fast",
    }


def undo_discard(actor: Actor, pk: int) -> None:
    restore_round(still_there(rounds_for(actor), pk), by=actor)


UNDO["round_discarded"] = undo_discard


def now() -> dict[str, Any]:
    return {"now": timezone.now()}


MOVES: dict[str, tuple[Callable[[Round, Actor], Any], Any]] = {
    "preview": (lambda row, by: preview_round(row, by=by), ""),
    "run": (lambda row, by: run_round(row, by=by), ""),
    "call_off": (lambda row, by: call_off(row, by=by), gettext_lazy("已停止计算，没有写入任何内容。")),
    "check": (lambda row, by: check_round(row, by=by), ""),
    "close": (lambda row, by: close_round(row, by=by, **now()), gettext_lazy("“%(title)s”已结束。")),
    "discard": (lambda row, by: discard_round(row, by=by), gettext_lazy("“%(title)s”已作废。")),
}


@page(write=OFFICE)
def round_move(request: Request, pk: int, move: str) -> HttpResponse:
    if move not in MOVES:
        raise Http404
    run, sentence = MOVES[move]
    row = within_reach(rounds_for(request.actor), pk, request.actor, "matching.edit_round")
    try:
        run(row, request.actor)
    except NotPermitted:
        raise
    except (Refused, ValidationError) as refusal:
        said = "".join(refusal.messages) if isinstance(refusal, ValidationError) else str(refusal)
        messages.error(request, said)
        return redirect("round_detail", pk=pk)
    if move == "discard":
        done = str(sentence) % {"title": row}
        return told(request, reverse("round_list"), done, "round_discarded", pk=pk)
    if sentence:
        messages.success(request, str(sentence) % {"title": row})
    return redirect("round_detail", pk=pk)
