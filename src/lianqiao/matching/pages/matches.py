"""Matches of the chain or of the own side, one match, and what is said to it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianqiao.core.actor import OFFICE, Actor
from lianqiao.core.around import around
from lianqiao.core.forms import carried_out
from lianqiao.core.history import history_of
from lianqiao.core.listing import Column, Listing
from lianqiao.core.permissions import may
from lianqiao.core.policy import page
from lianqiao.core.request import Request
from lianqiao.lists.models import Entry
from lianqiao.lists.pages.entries import place_of
from lianqiao.lists.queries import entries_for
from lianqiao.matching.actions.falling import fall_through
from lianqiao.matching.actions.matches import accept, decline, invite, rescope, withdraw
from lianqiao.matching.forms.matches import DeclineForm, MatchFilters, RescopeForm
from lianqiao.matching.models import Match, Side
from lianqiao.matching.queries.matches import (
    AGREED,
    READERS,
    SEES_ALL,
    SIDES,
    answers_for,
    links_for,
    listed_matches,
    matches_for,
    said_by,
)
from lianqiao.matching.queries.suggestions import fit_of, in_roles
from lianqiao.matching.sentences import points
from lianqiao.matching.shown import MatchShown, answers_shown
from lianqiao.registry.pages.reach import within_reach
from lianqiao.registry.pages.undoing import just_done

State = Match.State
ANSWERERS = SIDES | OFFICE


def columns_for(actor: Actor) -> list[Column]:
    def of(name: str) -> Any:
        return lambda match: getattr(MatchShown(match, actor), name)

    columns = [
        Column(
            "need",
            gettext_lazy("需求"),
            lambda m: m.need.title,
            url=lambda m: reverse("match_detail", args=[m.pk]),
        ),
        Column("enterprise", gettext_lazy("需求方"), lambda m: m.enterprise.label),
        Column("offer", gettext_lazy("资源或服务"), lambda m: m.offer.title),
        Column("giver", gettext_lazy("提供方"), giver_of),
        Column("state", gettext_lazy("状态"), of("state_label"), tone=of("tone")),
        Column("need_said", gettext_lazy("需求方答复"), of("need_said_label")),
        Column("offer_said", gettext_lazy("提供方答复"), of("offer_said_label")),
        Column("answer_by", gettext_lazy("答复期限"), lambda m: m.answer_by, sort="answer_by"),
        Column("offered_at", gettext_lazy("发出"), lambda m: m.offered_at, sort="offered_at", shown=False),
        Column("origin", gettext_lazy("由来"), lambda m: m.get_origin_display(), shown=False),
    ]
    if actor.role in OFFICE or actor.role in SEES_ALL:
        columns.append(
            Column(
                "score",
                gettext_lazy("契合度"),
                lambda m: points(m.score) if m.score is not None else "",
                sort="score",
                number=True,
            )
        )
    return columns


def giver_of(match: Match) -> str:
    return f"{match.giver.label} · {match.unit.label}" if match.unit else str(match.giver.label)


@page(read=READERS)
def match_list(request: Request) -> HttpResponse:
    actor = request.actor
    listing = Listing("match_list", request, listed_matches(actor), columns_for(actor), MatchFilters)
    if export := listing.export():
        return export
    facts = {"listing": listing, "is_office": actor.role in OFFICE, "done": just_done(request)}
    return render(request, "matching/match_list.html", facts)


@page(read=READERS)
def match_detail(request: Request, pk: int) -> HttpResponse:
    actor = request.actor
    match = get_object_or_404(matches_for(actor), pk=pk)
    shown = MatchShown(match, actor)
    reached = set(
        entries_for(actor).filter(pk__in=[match.need_id, match.offer_id]).values_list("pk", flat=True)
    )
    facts = {
        "match": match,
        "shown": shown,
        "sides": [side_facts(shown, side, reached) for side in Side],
        "score": points(shown.score) if shown.score is not None else "",
        "answers": answers_shown(answers_for(actor).filter(match=match), shown),
        "history": history_of(match, actor),
        "moves": moves_of(match, shown),
        "links": links_for(actor).filter(match=match),
        "linkable": [
            side
            for side in Side
            if match.state == State.OFFERED
            and said_by(match, side) not in AGREED
            and may(actor, "matching.make_match_link", match)
        ],
        "may_invite_again": shown.is_over and may(actor, "matching.invite", match),
        "sees_round": actor.role not in SIDES,
        "done": just_done(request),
        "around": around("match_detail", request, match),
    }
    return render(request, "matching/match_detail.html", facts)


def side_facts(shown: MatchShown, side: Side, reached: set[int]) -> dict[str, Any]:
    entry = shown.need if side == Side.NEED else shown.offer
    return {
        "side": side,
        "entry": entry,
        "place": place_of(entry.entry),
        "is_linked": entry.entry.pk in reached,
        "said": shown.said_label(side),
    }


def moves_of(match: Match, shown: MatchShown) -> list[str]:
    """What this reader can do now: a side that has said yes can only take it back."""
    if match.state == State.ACCEPTED:
        return ["fall_through"] if may(shown.actor, "matching.fall_through", match) else []
    if match.state != State.OFFERED:
        return []
    if shown.is_mine_to_answer:
        return ["accept", "rescope", "decline"]
    return ["withdraw"] if may(shown.actor, "matching.withdraw", match) else []


@page(write=SIDES)
def match_accept(request: Request, pk: int) -> HttpResponse:
    match = within_reach(matches_for(request.actor), pk, request.actor, "matching.accept")
    made = accept(match, by=request.actor, now=timezone.now())
    came = made.state == State.ACCEPTED
    messages.success(
        request, _("双方都已同意，对接成功，可以看到对方的联系方式。") if came else _("已同意，等对方答复。")
    )
    return redirect("match_detail", pk=pk)


@page(read=SIDES, write=SIDES)
def match_decline(request: Request, pk: int) -> HttpResponse:
    match = within_reach(matches_for(request.actor), pk, request.actor, "matching.decline")
    form = DeclineForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and carried_out(
        form, decline, match, by=request.actor, now=timezone.now(), **form.facts()
    ):
        messages.success(request, _("已谢绝。名额已让出，原因不会告诉对方。"))
        return redirect("match_detail", pk=pk)
    return render(request, "matching/match_decline.html", {"form": form, "match": match})


@page(read=SIDES, write=SIDES)
def match_rescope(request: Request, pk: int) -> HttpResponse:
    match = within_reach(matches_for(request.actor), pk, request.actor, "matching.rescope")
    form = RescopeForm(request.POST if request.method == "POST" else None, initial={"scope": match.scope})
    if form.is_valid() and carried_out(
        form, rescope, match, by=request.actor, now=timezone.now(), **form.facts()
    ):
        messages.success(request, _("已发给对方，等对方答复。"))
        return redirect("match_detail", pk=pk)
    return render(request, "matching/match_rescope.html", {"form": form, "match": match})


@page(read=ANSWERERS, write=ANSWERERS)
def match_fall_through(request: Request, pk: int) -> HttpResponse:
    match = within_reach(matches_for(request.actor), pk, request.actor, "matching.fall_through")
    form = DeclineForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and carried_out(
        form, fall_through, match, by=request.actor, now=timezone.now(), **form.facts()
    ):
        messages.success(request, _("已登记未谈成，名额已让出。"))
        return redirect("match_detail", pk=pk)
    return render(request, "matching/match_fall_through.html", {"form": form, "match": match})


@page(write=ANSWERERS)
def match_withdraw(request: Request, pk: int) -> HttpResponse:
    match = within_reach(matches_for(request.actor), pk, request.actor, "matching.withdraw")
    withdraw(match, by=request.actor, now=timezone.now())
    messages.success(request, _("已撤回，名额已让出。需要时可以重新邀请。"))
    return redirect("match_detail", pk=pk)


@page(write=ANSWERERS)
def match_invite(request: Request, pk: int, other: int) -> HttpResponse:
    """From a line of suggestions of the entry `pk`, or again after a match that came to nothing."""
    actor = request.actor
    rows = entries_for(actor)
    entry, partner = get_object_or_404(rows, pk=pk), get_object_or_404(rows, pk=other)
    need, offer = in_roles(entry, partner)
    wanted = Match(chain_id=need.chain_id, need=need, offer=offer, **places(need, offer))
    if not may(actor, "matching.invite", wanted):
        return within_reach(rows.none(), pk, actor, "matching.invite")
    by_hand = request.POST.get("by_hand") == "yes"
    made = invite(need, offer, by=actor, now=timezone.now(), fit=fit_of(need, offer), by_hand=by_hand)
    messages.success(
        request,
        _("已发出邀请，请在 %(day)s 前答复。") % {"day": made.answer_by}
        if actor.role in OFFICE
        else _("已发出邀请，等对方答复。"),
    )
    return redirect("match_detail", pk=made.pk)


def places(need: Entry, offer: Entry) -> dict[str, Any]:
    return {
        "enterprise_id": need.organisation_id,
        "giver_id": offer.organisation_id,
        "unit_id": offer.unit_id,
    }
