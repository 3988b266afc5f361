"""One step for many entries of a list: chosen, looked at, done, and taken back as one."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from lianqiao.core.actor import OFFICE, Actor
from lianqiao.core.choosing import Choice, every_row, is_every_row
from lianqiao.core.forms import carried_out
from lianqiao.core.permissions import may
from lianqiao.core.policy import page
from lianqiao.core.request import Request
from lianqiao.lists.actions.bulk import Step
from lianqiao.lists.actions.entries import place_entry
from lianqiao.lists.actions.moves import confirm_fresh, extend, lifecycle, publish, return_entry
from lianqiao.lists.forms.bulk import BulkForm
from lianqiao.lists.forms.filters import EntryFilters
from lianqiao.lists.models import Entry
from lianqiao.lists.pages.undoing import done_with
from lianqiao.lists.queries import listed_entries
from lianqiao.registry.forms.rows import ROW_ID

PERMISSIONS = {
    "publish": "lists.publish",
    "return": "lists.return_entry",
    "confirm": "lists.confirm_fresh",
    "extend": "lists.extend",
    "category": "lists.place_entry",
    "segment": "lists.place_entry",
}


@page(write=OFFICE)
def entries_bulk(request: Request) -> HttpResponse:
    """Shows which of the chosen can take the step and which cannot; does it for those once that was seen.

    Whoever chose a filter sees the entries again when they have changed since.
    """
    actor, choice = request.actor, entries_chosen(request)
    what = request.POST.get("what", "")
    what = what if what in PERMISSIONS else "publish"
    able = [row for row in choice.rows if can(row, what, actor)]
    meant = request.POST.dict() | {"what": what, "chosen": [row.pk for row in choice.rows]}
    asked = "go" in request.POST and not choice.changed
    form = BulkForm(
        request.POST if asked else None,
        initial=meant,
        actor=actor,
        what=what,
        kinds={row.kind for row in able},
    )
    if form.is_valid() and able:
        step = steps(what, form.facts())
        url = f"{reverse('entry_list')}?{request.POST.get('query', '')}"
        sentence = _("已办理 %(count)s 条。") % {"count": len(able)}
        if answer := carried_out(form, done_with, request, url, sentence, able, step):
            return answer
    unable = [row for row in choice.rows if row not in able]
    facts = {"form": form, "choice": choice, "able": able, "unable": unable, "what": what}
    return render(request, "lists/entries_bulk.html", facts)


def entries_chosen(request: Request) -> Choice:
    rows = listed_entries(request.actor)
    if is_every_row(request):
        return every_row(request, rows, EntryFilters)
    ticked = [pk for pk in request.POST.getlist("chosen") if ROW_ID.fullmatch(pk)]
    return Choice(list(rows.filter(pk__in=ticked)), shown=len(ticked))


def can(row: Entry, what: str, actor: Actor) -> bool:
    permission = PERMISSIONS[what]
    move = lifecycle.moves.get(permission.removeprefix("lists."))
    return (move is None or row.state in move.sources) and may(actor, permission, row)


def steps(what: str, facts: dict[str, Any]) -> Step:
    now, today = timezone.now(), timezone.localdate()
    return {
        "publish": lambda row, by: publish(row, by=by, now=now),
        "return": lambda row, by: return_entry(row, by=by, now=now, reason=facts.get("reason", "")),
        "confirm": lambda row, by: confirm_fresh(row, by=by, today=today),
        "extend": lambda row, by: extend(row, by=by, today=today, ends_on=facts["ends_on"]),
        "category": lambda row, by: place_entry(row, by=by, category=facts["category"]),
        "segment": lambda row, by: place_entry(row, by=by, segment=facts["segment"]),
    }[what]
