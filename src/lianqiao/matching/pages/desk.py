"""The office's matching desk: one need, what of it counts, and the ranked counterparts that open one by one."""

import re
from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from lianqiao.core.actor import OFFICE, Role
from lianqiao.core.listing import Column, Listing
from lianqiao.core.policy import page
from lianqiao.core.request import Request
from lianqiao.lists.coach import OTHER_SIDE
from lianqiao.lists.forms.filters import EntryFilters
from lianqiao.lists.models import Entry, Kind
from lianqiao.lists.pages.entries import place_of
from lianqiao.lists.queries import OPEN, entries_for
from lianqiao.lists.search import found_in
from lianqiao.lists.shown import shown
from lianqiao.matching.models import Unfit
from lianqiao.matching.nearness import Fit
from lianqiao.matching.pages.suggesting import line_of
from lianqiao.matching.queries.matches import dismissals_for, needs_to_bring_together
from lianqiao.matching.queries.suggestions import Suggestion, suggestions_for, why_not
from lianqiao.matching.sentences import bar_line, points, reason_sentences
from lianqiao.registry.pages.undoing import just_done

READERS = OFFICE | {Role.AUDITOR}
ON_DESK, ASKED_FOR = 12, 5
WIDTH = 100  # of a bar, in its own units


@page(read=READERS)
def match_desk_list(request: Request) -> HttpResponse:
    """Open needs, those that nobody was found for first."""
    columns = [
        Column("title", gettext_lazy("需求"), str, url=lambda e: reverse("match_desk", args=[e.pk])),
        Column("organisation", gettext_lazy("单位"), place_of),
        Column("category", gettext_lazy("类别"), lambda e: e.category.label if e.category else ""),
        Column("urgency", gettext_lazy("紧急程度"), lambda e: e.get_urgency_display()),
        Column("due_on", gettext_lazy("期望完成日期"), lambda e: e.due_on, sort="due_on"),
        Column(
            "published_at",
            gettext_lazy("发布时间"),
            lambda e: timezone.localdate(e.published_at),
            sort="published_at",
        ),
        Column("live", gettext_lazy("对接中"), lambda e: e.live or "", number=True),
    ]
    listing = Listing(
        "match_desk_list", request, needs_to_bring_together(request.actor), columns, EntryFilters
    )
    if export := listing.export():
        return export
    return render(request, "matching/match_desk_list.html", {"listing": listing})


@page(read=READERS)
def match_desk(request: Request, pk: int) -> HttpResponse:
    actor = request.actor
    entry = get_object_or_404(entries_for(actor).filter(state__in=OPEN), pk=pk)
    found = suggestions_for(entry, actor, ON_DESK)
    asked = request.GET.get("q", "").strip()
    facts = {
        "entry": shown(entry, actor),
        "place": place_of(entry),
        "title": marked(entry.title, phrases_in(found, entry)),
        "text": marked(entry.description, phrases_in(found, entry)),
        "suggestions": [line_of(one) | numbers_of(one.fit, best_of(found)) for one in found],
        "asked": asked,
        "others": others_asked(entry, actor, asked) if asked else [],
        "unfit": Unfit.choices,
        "dismissed": dismissals_for(actor).filter(entry=entry),
        "may_invite": actor.role in OFFICE,
        "done": just_done(request),
    }
    return render(request, "matching/match_desk.html", facts)


def best_of(found: Iterable[Suggestion]) -> float:
    return max((one.fit.score for one in found), default=1.0)


def numbers_of(fit: Fit, best: float) -> dict[str, Any]:
    """The score, and what it is made of as pieces of a bar; that of the best fills its line."""
    told = [
        (reason["amount"], reason["kind"], sentence)
        for reason in fit.reasons
        if (sentence := next(reason_sentences([reason]), ""))
    ]
    # What has no sentence of its own, a single character, counts with the rest.
    rest = max(fit.score - sum(amount for amount, _kind, _words in told), 0.0)
    pieces, at = [], 0.0
    for amount, kind, sentence in [*told, (rest, "rest", "")]:
        wide = amount / best * WIDTH
        pieces.append(
            {
                "x": f"{at:.2f}",
                "wide": f"{wide:.2f}",
                "kind": kind,
                "words": sentence,
                "points": points(amount),
            }
        )
        at += wide
    return {"score": points(fit.score), "pieces": [piece for piece in pieces if piece["wide"] != "0.00"]}


def phrases_in(found: Iterable[Suggestion], entry: Entry) -> set[str]:
    """Of this entry what made it near to any of those found."""
    side = "in_need" if entry.kind == Kind.NEED else "in_offer"
    kinds = ("words", "trade", "officially")
    return {
        phrase
        for one in found
        for reason in one.fit.reasons
        if reason["kind"] in kinds
        for phrase in reason[side]
        if len(phrase) > 1
    }


def marked(text: str, phrases: Iterable[str]) -> list[tuple[str, bool]]:
    """(piece, whether it counts); the longest phrase first, so that none is cut by a shorter one."""
    by_length = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    if not by_length:
        return [(text, False)]
    found = re.compile("(" + "|".join(map(re.escape, by_length)) + ")", re.IGNORECASE)
    return [(piece, bool(at % 2)) for at, piece in enumerate(found.split(text)) if piece]


def others_asked(entry: Entry, actor: Any, asked: str) -> list[dict[str, Any]]:
    """Why it is not one of these, for what the office had in mind."""
    kinds = OTHER_SIDE[Kind(entry.kind)]
    rows = entries_for(actor).filter(kind__in=kinds, chain=entry.chain_id, state__in=OPEN)
    told = []
    for other in found_in(rows, asked, actor)[:ASKED_FOR]:
        fit, bars = why_not(entry, other, actor)
        told.append(
            {
                "entry": other,
                "place": place_of(other),
                "score": points(fit.score) if fit else "",
                "rank": fit.rank if fit else None,
                "reasons": list(reason_sentences(fit.reasons))[:3] if fit else [],
                "bars": bar_line(bars),
            }
        )
    return told
