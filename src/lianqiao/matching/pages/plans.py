"""What is done with the plan of a round: looked at, asked about, changed by hand, published, compared."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianqiao.core.actor import OFFICE, Role
from lianqiao.core.forms import carried_out
from lianqiao.core.listing import Column, Listing
from lianqiao.core.permissions import may
from lianqiao.core.policy import page
from lianqiao.core.refusals import Refused
from lianqiao.core.request import Request
from lianqiao.lists.models import Entry
from lianqiao.lists.queries import entries_for
from lianqiao.matching.actions.adjusting import (
    adjust_round,
    consequences_of,
    undo_adjustment,
)
from lianqiao.matching.actions.asking import NotAsked, asked_why_not
from lianqiao.matching.forms.rounds import MissedFilters, OtherForm, ReasonForm
from lianqiao.matching.models import Round, RoundNeed
from lianqiao.matching.pages.plan import giver_of, plan_facts, tabs_of
from lianqiao.matching.pages.rounds import common
from lianqiao.matching.picture import Meeting, drawn, is_readable
from lianqiao.matching.queries.naming import names_in
from lianqiao.matching.queries.rounds import (
    READERS,
    adjustments_of,
    giver_key,
    loads_of,
    needs_of,
    plan_of,
    rounds_for,
    unserved_of,
)
from lianqiao.matching.sentences import (
    bar_line,
    change_sentence,
    difference_sentences,
    fault_sentences,
    gap_sentence,
    missed_sentence,
    points,
    reason_sentences,
    way_sentences,
)
from lianqiao.registry.pages.reach import within_reach
from lianqiao.registry.pages.undoing import UNDO, still_there, told

ASKERS = OFFICE | {Role.AUDITOR}  # who reads scores and what was not chosen
State = Round.State


def planned(request: Request, pk: int) -> Round:
    return get_object_or_404(rounds_for(request.actor).filter(ready_at__isnull=False), pk=pk)


def around(request: Request, row: Round, here: str) -> dict[str, Any]:
    return common(request, row) | plan_facts(request, row) | {"tabs": tabs_of(row, request.actor, here)}


@page(read=READERS)
def round_missed(request: Request, pk: int) -> HttpResponse:
    row = planned(request, pk)
    listing = Listing(
        "round_missed", request, unserved_of(row, request.actor), missed_columns(request, row), MissedFilters
    )
    return listing.export() or render(
        request, "matching/round_missed.html", around(request, row, "round_missed") | {"listing": listing}
    )


def missed_columns(request: Request, row: Round) -> list[Column]:
    asks = request.actor.role in ASKERS

    def url(left: RoundNeed) -> str:
        if asks:
            return reverse("round_need", args=[row.pk, left.need_id])
        return reverse("entry_detail", args=[left.need_id])

    columns = [
        Column("need", gettext_lazy("需求"), lambda r: r.need.label, url=url, sort="need__number"),
        Column(
            "enterprise",
            gettext_lazy("需求方"),
            lambda r: r.need.organisation.label,
            sort="need__organisation__name",
        ),
        # Whom a side will not have is nobody's business but the office's.
        Column(
            "why",
            gettext_lazy("未对接的原因"),
            lambda r: missed_sentence(r.why, r.bars) if asks else r.get_why_display(),
        ),
    ]
    if asks:
        columns.append(Column("best", gettext_lazy("最接近的"), lambda r: r.best.label if r.best else ""))
        columns.append(
            Column("score", gettext_lazy("契合度"), lambda r: points(r.score), number=True, sort="score")
        )
    return columns


@page(read=READERS)
def round_picture(request: Request, pk: int) -> HttpResponse:
    """All of it where that can be read, else one giver after the other."""
    row = planned(request, pk)
    loads = loads_of(row, request.actor)
    meetings = [
        Meeting(giver_key(one["giver"], one["unit"]), one["enterprise"], one["count"]) for one in loads
    ]
    called = names_in([[one.giver, f"o{one.enterprise}"] for one in meetings])
    givers = {one.giver: called(one.giver) for one in meetings}
    chosen = None
    if not is_readable(meetings):
        busiest = max(givers, key=lambda key: sum(one.count for one in meetings if one.giver == key))
        chosen = request.GET.get("giver") if request.GET.get("giver") in givers else busiest
        meetings = [one for one in meetings if one.giver == chosen]
    enterprises = {one.enterprise: called(f"o{one.enterprise}") for one in meetings}
    facts = {
        "picture": drawn(meetings, givers, enterprises),
        "chosen": chosen,
        "givers": sorted(givers.items(), key=lambda one: one[1]) if chosen else [],
    }
    return render(request, "matching/round_picture.html", around(request, row, "round_picture") | facts)


@page(read=ASKERS)
def round_changes(request: Request, pk: int) -> HttpResponse:
    row = planned(request, pk)
    changes = list(adjustments_of(row, request.actor).order_by("-pk"))
    facts = {
        "changes": changes,
        "may_undo": row.state == State.READY and may(request.actor, "matching.undo_adjustment", row),
    }
    return render(request, "matching/round_changes.html", around(request, row, "round_changes") | facts)


@page(write=OFFICE)
def round_change_undo(request: Request, pk: int, change: int) -> HttpResponse:
    row = within_reach(rounds_for(request.actor), pk, request.actor, "matching.undo_adjustment")
    adjustment = get_object_or_404(adjustments_of(row, request.actor), pk=change)
    try:
        undo_adjustment(adjustment, by=request.actor, now=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已撤销，恢复为原来的样子。"))
    return redirect("round_changes", pk=pk)


def undo_change(actor: Any, pk: int, change: int) -> None:
    row = still_there(rounds_for(actor), pk)
    undo_adjustment(still_there(adjustments_of(row, actor), change), by=actor, now=timezone.now())


UNDO["round_changed"] = undo_change


@page(read=ASKERS)
def round_need(request: Request, pk: int, need: int) -> HttpResponse:
    """Why this one, why not those, and what would change it."""
    row = planned(request, pk)
    left = get_object_or_404(needs_of(row, request.actor), need=need)
    matches = list(plan_of(row, request.actor).filter(need=need))
    form = OtherForm(request.GET if "number" in request.GET else None)
    asked = other_asked(form, row, left.need, request)
    offers = entries_for(request.actor).in_bulk([int(one["offer"]) for one in left.others])
    called = names_in([left.others, asked or {}])
    facts = common(request, row) | {
        "need": left.need,
        "left": left,
        "missed_words": "" if matches else missed_sentence(left.why, left.bars),
        "matches": [
            {
                "row": match,
                "giver": giver_of(match),
                "points": points(match.score or 0),
                "reasons": reasons_with_points(match.reasons),
                "rest": points(max((match.score or 0) - sum(one["amount"] for one in match.reasons), 0)),
                "differences": difference_sentences(match.differences),
            }
            for match in matches
        ],
        "others": [told_other(one, offers.get(int(one["offer"])), called) for one in left.others],
        "form": form,
        "asked": asked and told_other(asked, asked["entry"], called) | {"bars": bar_line(asked["bars"])},
        "may_adjust": row.state == State.READY and may(request.actor, "matching.adjust_round", row),
    }
    return render(request, "matching/round_need.html", facts)


def reasons_with_points(reasons: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each reason by itself, with its share of the score as a bar."""
    most = max((one["amount"] for one in reasons), default=1.0) or 1.0
    told = []
    for one in reasons:
        sentence = next(reason_sentences([one]), "")
        words = sentence or _("零散用字：%(words)s") % {"words": one["about"]}
        told.append(
            {"words": words, "points": points(one["amount"]), "share": round(100 * one["amount"] / most)}
        )
    return told


def other_asked(form: OtherForm, row: Round, need: Entry, request: Request) -> dict[str, Any] | None:
    if not (form.is_bound and form.is_valid()):
        return None
    entry = form.offer(entries_for(request.actor), row.chain_id)
    if entry is None:
        form.add_error("number", _("清单里没有这个序号。"))
        return None
    try:
        return asked_why_not(row, need, entry, by=request.actor) | {"entry": entry}
    except NotAsked as refusal:
        form.add_error("number", str(refusal))
        return None


def told_other(one: dict[str, Any], entry: Entry | None, called: Any) -> dict[str, Any]:
    return {
        "entry": entry,
        "name": called(one["offer"]),
        "points": points(one["score"]),
        "ways": way_sentences(one, called),
        "change": change_sentence(one["change"], called),
    }


@page(read=OFFICE, write=OFFICE)
def round_change(request: Request, pk: int, need: int) -> HttpResponse:
    """What a change by hand would do, and only then the change."""
    actor = request.actor
    row = within_reach(rounds_for(actor), pk, actor, "matching.adjust_round")
    wanted = get_object_or_404(needs_of(row, actor), need=need).need
    taken, given = (entry_named(request, name) for name in ("taken", "given"))
    if taken is None and given is None:
        raise Http404
    form = ReasonForm(request.POST if request.method == "POST" else None, initial={"seen": row.version})
    if form.is_valid():
        change = partial(adjust_round, row, need=wanted, taken=taken, given=given, now=timezone.now())
        if made := carried_out(form, change, by=actor, **form.cleaned_data):
            url = reverse("round_need", args=[pk, need])
            return told(request, url, _("方案已调整。"), "round_changed", pk=pk, change=made.pk)
    facts = {"form": form, "round": row, "need": wanted, "taken": taken, "given": given}
    try:
        facts |= effects(row, wanted, taken, given, request)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("round_need", pk=pk, need=need)
    return render(request, "matching/round_change.html", facts)


def entry_named(request: Request, name: str) -> Entry | None:
    pk = request.GET.get(name, "")
    if not pk:
        return None
    if not (pk.isdecimal() and len(pk) < 19):
        raise Http404
    return get_object_or_404(entries_for(request.actor), pk=pk)


def effects(
    row: Round, need: Entry, taken: Entry | None, given: Entry | None, request: Request
) -> dict[str, Any]:
    """Raises Refused."""
    found = consequences_of(row, need, taken, given, by=request.actor)
    faults = [vars(fault) for fault in found.broken]
    called = names_in([found.gone, found.come, [list(fault["of"]) for fault in faults], list(found.unserved)])
    return {
        "gone": [(called(one), called(other)) for one, other in found.gone],
        "come": [(called(one), called(other)) for one, other in found.come],
        "before": points(found.sum_before),
        "after": points(found.sum_after),
        "difference": points(found.sum_after - found.sum_before),
        "worst": (points(found.worst_before), points(found.worst_after)),
        "gap_words": gap_sentence({"gap": found.gap}),
        "unserved": [called(one) for one in found.unserved],
        "fault_words": fault_sentences(faults, called),
        "is_forbidden": found.is_forbidden,
        "changes_nothing": not (found.gone or found.come),
    }
