"""Beside an entry: who could be the one and what is like it, which may take a moment longer than the page."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from lianqiao.core.actor import CONTENT, Actor
from lianqiao.core.policy import page
from lianqiao.core.request import Request
from lianqiao.lists.coach import similar_to
from lianqiao.lists.counterparts import counterparts_with_reasons
from lianqiao.lists.models import Entry
from lianqiao.lists.queries import OPEN, entries_for
from lianqiao.lists.shown import reads
from lianqiao.lists.terms import Audience


@page(read=CONTENT)
def entry_near(request: Request, pk: int) -> HttpResponse:
    """The part alone, for a page that was answered while the lists were being prepared."""
    entry = get_object_or_404(entries_for(request.actor), pk=pk)
    if not request.headers.get("HX-Request"):
        return redirect("entry_detail", pk=entry.pk)
    return render(request, "lists/entry_near.html", {"entry": entry, **near_of(entry, request.actor)})


def near_of(entry: Entry, actor: Actor) -> dict[str, Any]:
    similar = similar_to(entry, actor)
    told_elsewhere = is_kept_and_open(entry, actor)
    counterparts = None if told_elsewhere else counterparts_with_reasons(entry, actor)
    preparing = similar is None or (counterparts is None and not told_elsewhere)
    return {"similar": similar, "counterparts": counterparts, "preparing": preparing}


def is_kept_and_open(entry: Entry, actor: Actor) -> bool:
    """Who keeps an open entry is shown whom to invite, by the app that knows of invitations."""
    return entry.state in OPEN and reads(actor, entry) == Audience.OFFICE
