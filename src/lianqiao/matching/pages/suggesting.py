"""What matching adds to the pages of entries and organisations: who could be the one, what came of it, who is paired."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from lianqiao.core.actor import CONTENT, OFFICE, Actor
from lianqiao.core.permissions import may
from lianqiao.core.policy import page
from lianqiao.core.request import Request
from lianqiao.lists.models import Entry
from lianqiao.lists.preparing import AT_ONCE
from lianqiao.lists.queries import entries_for
from lianqiao.matching.actions.dismissing import dismiss, take_back_dismissal
from lianqiao.matching.forms.matches import DismissForm
from lianqiao.matching.models import Dismissal, Unfit
from lianqiao.matching.nearness import BeingPrepared
from lianqiao.matching.pages.matches import ANSWERERS
from lianqiao.matching.queries.matches import dismissals_for, matches_of
from lianqiao.matching.queries.pairings import pairings_of
from lianqiao.matching.queries.suggestions import Suggestion, is_asked_for, suggestions_for
from lianqiao.matching.sentences import difference_sentences, reason_line
from lianqiao.matching.shown import MatchShown, contacts_of_partners
from lianqiao.registry.models import Organisation
from lianqiao.registry.pages.reach import within_reach
from lianqiao.registry.pages.undoing import UNDO, still_there, told

SHOWN = 20


def line_of(found: Suggestion) -> dict[str, Any]:
    other = found.entry
    return {
        "entry": other,
        "place": " · ".join(row.label for row in (other.organisation, other.unit) if row),
        "reasons": reason_line(found.fit.reasons),
        "differences": difference_sentences(found.differences),
    }


def suggestions_around(request: Request, entry: Entry) -> dict[str, Any] | None:
    """For `entry_detail`: the entry's own side and the office."""
    actor = request.actor
    if not is_asked_for(entry, actor):
        return None
    try:
        found = suggestions_for(entry, actor, wait=AT_ONCE)
    except BeingPrepared:
        return {"entry": entry, "preparing": True}
    return {
        "entry": entry,
        "suggestions": [line_of(one) for one in found],
        "may_invite": may(actor, "matching.dismiss", Dismissal(entry=entry)),
        "is_office": actor.role in OFFICE,
        "unfit": Unfit.choices,
        "dismissed": dismissals_for(actor).filter(entry=entry)[:SHOWN],
    }


@page(read=CONTENT)
def entry_suggestions(request: Request, pk: int) -> HttpResponse:
    """The part alone, for a page that was answered while the lists were being prepared."""
    entry = get_object_or_404(entries_for(request.actor), pk=pk)
    if not request.headers.get("HX-Request"):
        return redirect("entry_detail", pk=entry.pk)
    facts = suggestions_around(request, entry)
    return render(request, "matching/entry_suggestions.html", facts) if facts else HttpResponse()


def matches_around(request: Request, entry: Entry) -> dict[str, Any] | None:
    rows = [MatchShown(match, request.actor) for match in matches_of(entry, request.actor)[:SHOWN]]
    return {"entry": entry, "matches": rows} if rows else None


def pairings_around(request: Request, organisation: Organisation) -> dict[str, Any] | None:
    rows = list(pairings_of(organisation, request.actor)[:SHOWN])
    return {"pairings": rows} if rows else None


# What `apps` registers; `contacts_of_partners` opens contacts on the page of an entry.
AROUND = (
    ("entry_detail", "matching/entry_matches.html", matches_around, "main"),
    ("entry_detail", "matching/entry_suggestions.html", suggestions_around, "main"),
    ("organisation_detail", "matching/organisation_pairings.html", pairings_around, "side"),
)


@page(write=ANSWERERS)
def dismissal_add(request: Request, pk: int, other: int) -> HttpResponse:
    """Not this one; told with a press that takes it back."""
    actor = request.actor
    rows = entries_for(actor)
    entry, partner = get_object_or_404(rows, pk=pk), get_object_or_404(rows, pk=other)
    if not may(actor, "matching.dismiss", Dismissal(entry=entry)):
        return within_reach(rows.none(), pk, actor, "matching.dismiss")
    form = DismissForm(request.POST)
    back = way_back(request, entry)
    if not form.is_valid():
        return redirect(back)
    row = dismiss(entry, partner, by=actor, now=timezone.now(), **form.facts())
    sentence = _("“%(other)s”不再推荐给“%(entry)s”。") % {"other": partner, "entry": entry}
    return told(request, back, sentence, "dismissed", pk=row.pk)


@page(write=ANSWERERS)
def dismissal_remove(request: Request, pk: int) -> HttpResponse:
    row = get_object_or_404(dismissals_for(request.actor), pk=pk)
    take_back_dismissal(row, by=request.actor)
    return redirect(way_back(request, row.entry))


def way_back(request: Request, entry: Entry) -> str:
    name = "match_desk" if request.POST.get("then") == "desk" else "entry_detail"
    return reverse(name, args=[entry.pk])


def undo_dismissed(actor: Actor, pk: int) -> None:
    take_back_dismissal(still_there(dismissals_for(actor), pk), by=actor)


UNDO["dismissed"] = undo_dismissed
__all__ = ["AROUND", "contacts_of_partners"]
