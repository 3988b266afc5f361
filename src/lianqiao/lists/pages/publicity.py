"""What everybody may read without an account, and whether a chain lets them."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from lianqiao.core.actor import EVERYONE, OFFICE, Actor
from lianqiao.core.listing import PER_PAGE
from lianqiao.core.permissions import may
from lianqiao.core.policy import page
from lianqiao.core.request import Request
from lianqiao.lists.actions.publicity import close_to_public, open_public_list
from lianqiao.lists.forms.filters import PublicFilters
from lianqiao.lists.listing import LongPaginator, capped, capped_count
from lianqiao.lists.models import Dimension, PublicList
from lianqiao.lists.queries import entries_for, public_entries_of, public_lists_for
from lianqiao.lists.shown import shown
from lianqiao.registry.queries import chains_for

# Whoever is logged in sees here what everybody sees, and nothing else.
ANYBODY = Actor()


@page(read=EVERYONE)
def public_entries(request: Request) -> HttpResponse:
    form = PublicFilters(request.GET)
    rows = entries_for(ANYBODY).order_by("-changed_at", "-pk")
    rows = form.narrow(rows, ANYBODY) if form.is_valid() else rows.none()
    pages = LongPaginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    facts = {
        "form": form,
        "page": pages,
        "entries": [facts_of(row) for row in pages.object_list],
        "is_narrowed": any(form.data.get(name) for name in form.fields),
    }
    return render(request, "lists/public_entries.html", facts)


@page(read=EVERYONE)
def public_entry(request: Request, pk: int) -> HttpResponse:
    row = get_object_or_404(entries_for(ANYBODY).select_related("chain__office"), pk=pk)
    return render(request, "lists/public_entry.html", facts_of(row))


def facts_of(row: Any) -> dict[str, Any]:
    entry = shown(row, ANYBODY)
    return {"entry": entry, "dimensions": [Dimension(name).label for name in entry.dimensions]}


@page(read=OFFICE)
def public_settle(request: Request) -> HttpResponse:
    lists = {row.chain_id: row for row in public_lists_for(request.actor)}
    chains = [
        {
            "chain": chain,
            "is_open": chain.pk in lists and lists[chain.pk].state == PublicList.State.OPEN,
            "count": capped(capped_count(public_entries_of(chain))),
            "may_settle": may(request.actor, "lists.open_to_public", PublicList(chain=chain)),
        }
        for chain in chains_for(request.actor)
    ]
    return render(request, "lists/public_settle.html", {"chains": chains})


@page(write=OFFICE)
def public_open(request: Request, pk: int) -> HttpResponse:
    chain = get_object_or_404(chains_for(request.actor), pk=pk)
    open_public_list(chain, by=request.actor)
    messages.success(request, _("“%(chain)s”的公开清单已开放，不登录也能看到。") % {"chain": chain.label})
    return redirect("public_settle")


@page(write=OFFICE)
def public_close(request: Request, pk: int) -> HttpResponse:
    row = get_object_or_404(public_lists_for(request.actor), chain=pk)
    close_to_public(row, by=request.actor)
    messages.success(request, _("“%(chain)s”的公开清单已关闭。") % {"chain": row.chain.label})
    return redirect("public_settle")
