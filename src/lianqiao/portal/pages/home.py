from django.http import HttpResponse
from django.shortcuts import redirect, render

from lianqiao.core.actor import EVERYONE, NO_POSITION, PUBLIC
from lianqiao.core.history import told
from lianqiao.core.policy import page
from lianqiao.core.queries import entries_for
from lianqiao.core.request import Request
from lianqiao.portal.needs import needs_of
from lianqiao.portal.search import found_for
from lianqiao.portal.summary import summary_for
from lianqiao.portal.todos import todos_for

DONE_SHOWN = 10
SUGGESTED = 8
# A job tells of itself beside the action that asked for it.
NOT_WORK = ("login", "logout", "export", "refused", "core.start_job", "core.end_job")


@page(read=EVERYONE)
def home(request: Request) -> HttpResponse:
    actor = request.actor
    if actor.role == PUBLIC:
        return render(request, "portal/welcome.html")
    if actor.role == NO_POSITION:
        return render(request, "portal/no_position.html")
    done = entries_for(actor).filter(person_id=actor.person_id).exclude(action__in=NOT_WORK)[:DONE_SHOWN]
    facts = {
        "needs": needs_of(actor),
        "todos": todos_for(actor),
        "done": [told(entry) for entry in done],
        "summary": summary_for(actor),
    }
    return render(request, "portal/home.html", facts)


@page(read=EVERYONE - {PUBLIC})
def search(request: Request) -> HttpResponse:
    text = request.GET.get("q", "")[:100]
    hits = found_for(request.actor, text)
    if request.headers.get("HX-Request"):
        return render(request, "portal/search_suggestions.html", {"text": text, "hits": hits[:SUGGESTED]})
    if len(hits) == 1:
        return redirect(hits[0].url)
    return render(request, "portal/search.html", {"text": text, "hits": hits})
