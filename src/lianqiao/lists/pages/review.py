"""What the office has to answer, the oldest first, with all it needs for the answer at hand."""

from statistics import median

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from lianqiao.core.actor import OFFICE, Actor
from lianqiao.core.policy import page
from lianqiao.core.request import Request
from lianqiao.lists.coach import completeness, hints_of
from lianqiao.lists.forms.around import ReturnForm
from lianqiao.lists.pages.entries import place_of
from lianqiao.lists.pages.near import near_of
from lianqiao.lists.queries import answer_times, waiting_for, wishes_for
from lianqiao.lists.shown import shown
from lianqiao.registry.forms.rows import row_id
from lianqiao.registry.pages.undoing import just_done

SHOWN = 30


@page(read=OFFICE)
def review_queue(request: Request) -> HttpResponse:
    actor, rows = request.actor, waiting_for(request.actor)
    queue = list(rows[:SHOWN])
    asked = row_id(request.GET.get("entry", ""))
    entry = next((row for row in queue if row.pk == asked), queue[0] if queue else None)
    today = timezone.localdate()
    facts = {
        "queue": [
            {
                "entry": row,
                "place": place_of(row),
                "current": row == entry,
                "late": bool(row.promised_on and row.promised_on < today),
            }
            for row in queue
        ],
        "count": rows.count() if len(queue) == SHOWN else len(queue),
        "done": just_done(request),
        "days": usual_days(actor),
    }
    if entry:
        hints = hints_of(entry)
        facts |= {
            "entry": shown(entry, actor),
            "place": place_of(entry),
            "hints": hints,
            "completeness": completeness(hints),
            "form": ReturnForm(),
            **near_of(entry, actor),
            "wishes": wishes_for(actor).filter(entry=entry),
        }
    return render(request, "lists/review_queue.html", facts)


def usual_days(actor: Actor) -> float | None:
    """How long an asker usually waited for the first answer, over the last quarter."""
    waited = [(answered - submitted).total_seconds() for submitted, answered in answer_times(actor)]
    return round(median(waited) / 86_400, 1) if waited else None
