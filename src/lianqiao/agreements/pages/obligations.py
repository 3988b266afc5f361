"""What was promised and is due, for those who owe it, and what each side says of it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianqiao.agreements.actions import keeping
from lianqiao.agreements.forms.moves import DisputeForm, KeepForm, WaiveForm
from lianqiao.agreements.models import ObligationDate
from lianqiao.agreements.pages.agreements import READS, TAKES_PART
from lianqiao.agreements.queries import obligation_dates_for, owed_by
from lianqiao.core.actor import OFFICE
from lianqiao.core.forms import carried_out
from lianqiao.core.listing import Column, Listing
from lianqiao.core.policy import page
from lianqiao.core.refusals import NotPermitted, Refused
from lianqiao.core.request import Request
from lianqiao.registry.pages.reach import within_reach

TONES = {"due": "neutral", "done": "green", "disputed": "red", "waived": "neutral"}


def tone_of(row: ObligationDate) -> str:
    overdue = row.state == ObligationDate.State.DUE and row.due_on < timezone.localdate()
    return "amber" if overdue else TONES[row.state]


def owner(row: ObligationDate) -> str:
    return str(row.obligation.owed_by or _("各方共同"))


COLUMNS = [
    Column("what", gettext_lazy("约定事项"), lambda d: d.obligation.what, url=lambda d: reverse("obligation_detail", args=[d.pk])),
    Column("due_on", gettext_lazy("应于此日前"), lambda d: d.due_on, sort="due_on"),
    Column("state", gettext_lazy("状态"), lambda d: d.get_state_display(), tone=tone_of),
    Column("owner", gettext_lazy("由谁履行"), owner),
    Column("agreement", gettext_lazy("协议"), lambda d: d.obligation.agreement.title, url=lambda d: reverse("agreement_detail", args=[d.obligation.agreement_id])),
    Column("done_on", gettext_lazy("履行日期"), lambda d: d.done_on, shown=False),
    Column("note", gettext_lazy("履行情况"), lambda d: d.note, shown=False),
]  # fmt: skip


@page(read=READS)
def obligation_list(request: Request) -> HttpResponse:
    """One's own that are open still; `?all=1` shows every one that the reader sees."""
    actor = request.actor
    everything = "all" in request.GET or actor.role not in TAKES_PART
    rows = obligation_dates_for(actor).order_by("due_on", "pk") if everything else owed_by(actor)
    rows = rows.select_related(
        "obligation__owed_by__organisation",
        "obligation__owed_by__unit",
        "obligation__owed_by__party_organisation",
    )
    listing = Listing("obligation_list", request, rows, COLUMNS)
    if export := listing.export():
        return export
    facts = {"listing": listing, "everything": everything, "has_own": actor.role in TAKES_PART}
    return render(request, "agreements/obligation_list.html", facts)


@page(read=READS)
def obligation_detail(request: Request, pk: int) -> HttpResponse:
    row = get_object_or_404(obligation_dates_for(request.actor), pk=pk)
    facts = {
        "date": row,
        "agreement": row.obligation.agreement,
        "owner": owner(row),
        "tone": tone_of(row),
        "moves": {move.name for move in keeping.dates.available(row, request.actor)},
    }
    return render(request, "agreements/obligation_detail.html", facts)


def asked(
    request: Request,
    pk: int,
    permission: str,
    form_of: Callable[..., Any],
    step: Callable[..., Any],
    told: str,
    **facts: Any,
) -> HttpResponse:
    row = within_reach(obligation_dates_for(request.actor), pk, request.actor, permission)
    form = form_of(request.POST if request.method == "POST" else None)
    if form.is_valid() and carried_out(form, step, row, by=request.actor, **form.facts(), **facts):
        messages.success(request, told)
        return redirect("obligation_detail", pk=pk)
    name = permission.rpartition(".")[2]
    shown = {"form": form, "date": row, "agreement": row.obligation.agreement}
    return render(request, f"agreements/obligation_{name}.html", shown)


@page(read=TAKES_PART, write=TAKES_PART)
def obligation_keep(request: Request, pk: int) -> HttpResponse:
    told = _("已登记履行，并已告知其他各方。")
    return asked(request, pk, "agreements.keep", KeepForm, keeping.keep, told, now=timezone.now())


@page(read=TAKES_PART, write=TAKES_PART)
def obligation_dispute(request: Request, pk: int) -> HttpResponse:
    told = _("异议已提出，并已告知各方和管理处。")
    return asked(request, pk, "agreements.dispute", DisputeForm, keeping.dispute, told)


@page(read=OFFICE, write=OFFICE)
def obligation_waive(request: Request, pk: int) -> HttpResponse:
    told = _("已登记免予履行。")
    return asked(request, pk, "agreements.waive", WaiveForm, keeping.waive, told)


@page(write=TAKES_PART)
def obligation_take_back(request: Request, pk: int) -> HttpResponse:
    row = within_reach(obligation_dates_for(request.actor), pk, request.actor, "agreements.take_back")
    try:
        keeping.take_back(row, by=request.actor)
    except NotPermitted:
        raise
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已撤回履行登记。"))
    return redirect("obligation_detail", pk=pk)
