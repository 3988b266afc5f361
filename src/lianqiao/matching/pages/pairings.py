"""Units and enterprises that are paired: the register, one pair, and who confirms it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianqiao.core.actor import OFFICE, Actor, Role
from lianqiao.core.around import around
from lianqiao.core.forms import carried_out
from lianqiao.core.history import history_of
from lianqiao.core.listing import Column, Listing
from lianqiao.core.permissions import may
from lianqiao.core.policy import page
from lianqiao.core.request import Request
from lianqiao.matching.actions.pairings import confirm_pairing, decline_pairing, end_pairing
from lianqiao.matching.forms.matches import PairingFilters, ReasonForm
from lianqiao.matching.models import Pairing, Side
from lianqiao.matching.pages.matches import ANSWERERS
from lianqiao.matching.queries.matches import READERS, SEES_ALL, listed_matches
from lianqiao.matching.queries.pairings import pairings_for, party_of
from lianqiao.matching.shown import MatchShown
from lianqiao.registry.pages.reach import within_reach

State = Pairing.State
TONES = {State.PROPOSED: "blue", State.CONFIRMED: "green"}


def reason_for(pairing: Pairing, actor: Actor) -> str:
    """Why it did not come to be is told to the office alone; why it ended, to all who had it."""
    knows = actor.role in OFFICE or actor.role in SEES_ALL
    of_both = pairing.state == State.ENDED and actor.role != Role.LIAISON
    return pairing.ended_reason if knows or of_both else ""


def columns_for(actor: Actor) -> list[Column]:
    return [
        Column(
            "giver",
            gettext_lazy("院校"),
            lambda p: p.giver.label,
            url=lambda p: reverse("pairing_detail", args=[p.pk]),
        ),
        Column("unit", gettext_lazy("二级单位"), lambda p: p.unit.label if p.unit else ""),
        Column("enterprise", gettext_lazy("企业"), lambda p: p.enterprise.label),
        Column(
            "state",
            gettext_lazy("状态"),
            lambda p: p.get_state_display(),
            tone=lambda p: TONES.get(p.state, "neutral"),
        ),
        Column("starts_on", gettext_lazy("结对日期"), lambda p: p.starts_on, sort="starts_on"),
        Column("ends_on", gettext_lazy("结束日期"), lambda p: p.ends_on, sort="ends_on"),
        Column("reason", gettext_lazy("结束原因"), lambda p: reason_for(p, actor), shown=False),
        Column("chain", gettext_lazy("产业链"), lambda p: p.chain.label, shown=False),
        Column("round", gettext_lazy("对接轮次"), lambda p: p.round.title if p.round else "", shown=False),
    ]


@page(read=READERS)
def pairing_list(request: Request) -> HttpResponse:
    """The register; its export is what the office hands on."""
    actor = request.actor
    listing = Listing("pairing_list", request, pairings_for(actor), columns_for(actor), PairingFilters)
    if export := listing.export():
        return export
    return render(request, "matching/pairing_list.html", {"listing": listing})


@page(read=READERS)
def pairing_detail(request: Request, pk: int) -> HttpResponse:
    actor = request.actor
    pairing = get_object_or_404(pairings_for(actor), pk=pk)
    facts = {
        "pairing": pairing,
        "tone": TONES.get(State(pairing.state), "neutral"),
        "reason": reason_for(pairing, actor),
        "confirmations": confirmations_of(pairing),
        "moves": moves_of(pairing, actor),
        "matches": [MatchShown(match, actor) for match in listed_matches(actor).filter(pairing=pairing)],
        "history": history_of(pairing, actor),
        "around": around("pairing_detail", request, pairing),
    }
    return render(request, "matching/pairing_detail.html", facts)


def confirmations_of(pairing: Pairing) -> list[tuple[Any, Any]]:
    return [
        (_("院校"), pairing.giver_confirmed_at),
        (_("企业"), pairing.enterprise_confirmed_at),
        (_("管理处"), pairing.office_confirmed_at),
    ]


def moves_of(pairing: Pairing, actor: Actor) -> list[str]:
    if pairing.state == State.CONFIRMED:
        return ["end"] if may(actor, "matching.end_pairing", pairing) else []
    if pairing.state != State.PROPOSED or not may(actor, "matching.confirm_pairing", pairing):
        return []
    return ["decline"] if confirmed_by(pairing, actor) else ["confirm", "decline"]


def confirmed_by(pairing: Pairing, actor: Actor) -> bool:
    if actor.role in OFFICE:
        return pairing.office_confirmed_at is not None
    side = party_of(actor, pairing)
    return bool(pairing.giver_confirmed_at if side == Side.OFFER else pairing.enterprise_confirmed_at)


@page(write=ANSWERERS)
def pairing_confirm(request: Request, pk: int) -> HttpResponse:
    pairing = within_reach(pairings_for(request.actor), pk, request.actor, "matching.confirm_pairing")
    row = confirm_pairing(pairing, by=request.actor, now=timezone.now())
    done = row.state == State.CONFIRMED
    messages.success(request, _("三方均已确认，结对成立。") if done else _("已确认，等其他方确认。"))
    return redirect("pairing_detail", pk=pk)


@page(read=ANSWERERS, write=ANSWERERS)
def pairing_decline(request: Request, pk: int) -> HttpResponse:
    actor = request.actor
    pairing = within_reach(pairings_for(actor), pk, actor, "matching.decline_pairing")
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and carried_out(form, decline_pairing, pairing, by=actor, **form.facts()):
        messages.success(request, _("已办理，这次不结对；已有的对接照常进行。"))
        return redirect("pairing_detail", pk=pk)
    return render(request, "matching/pairing_decline.html", {"form": form, "pairing": pairing})


@page(read=ANSWERERS, write=ANSWERERS)
def pairing_end(request: Request, pk: int) -> HttpResponse:
    actor = request.actor
    pairing = within_reach(pairings_for(actor), pk, actor, "matching.end_pairing")
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and carried_out(
        form, end_pairing, pairing, by=actor, now=timezone.now(), **form.facts()
    ):
        messages.success(request, _("结对已结束，已签的协议按约定继续。"))
        return redirect("pairing_detail", pk=pk)
    return render(request, "matching/pairing_end.html", {"form": form, "pairing": pairing})
