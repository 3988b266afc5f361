"""A plan is published, or put beside another."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from lianqiao.core.actor import OFFICE
from lianqiao.core.forms import carried_out
from lianqiao.core.policy import page
from lianqiao.core.refusals import Refused
from lianqiao.core.request import Request
from lianqiao.matching.actions.adjusting import (
    drop_broken,
)
from lianqiao.matching.actions.rounds import publish_round
from lianqiao.matching.comparing import compared
from lianqiao.matching.forms.rounds import CompareForm, ReasonForm
from lianqiao.matching.models import Round
from lianqiao.matching.pages.plan import plan_facts
from lianqiao.matching.pages.plans import ASKERS, planned
from lianqiao.matching.pages.rounds import common
from lianqiao.matching.queries.promises import broken_promises
from lianqiao.matching.queries.rounds import (
    answer_term,
    plan_of,
    rounds_for,
)
from lianqiao.matching.sentences import (
    PROMISES,
)
from lianqiao.registry.pages.reach import within_reach
from lianqiao.registry.workdays import add_workdays

State = Round.State


@page(read=OFFICE, write=OFFICE)
def round_publish(request: Request, pk: int) -> HttpResponse:
    """Says exactly what will happen; it cannot be undone."""
    actor = request.actor
    row = within_reach(rounds_for(actor), pk, actor, "matching.publish_round")
    if row.state != State.READY:
        return redirect("round_detail", pk=pk)
    form = ReasonForm(request.POST if request.method == "POST" else None, initial={"seen": row.version})
    if form.is_valid() and carried_out(form, publish_round, row, by=actor, now=timezone.now()):
        messages.success(request, _("“%(title)s”已发布，双方已收到消息。") % {"title": row})
        return redirect("round_detail", pk=pk)
    today = timezone.localdate()
    facts = {
        "form": form,
        "count": plan_of(row, actor).count(),
        "day": add_workdays(today, answer_term(row.chain_id).days).day,
        "broken": [
            {"match": one.match, "words": str(PROMISES[one.code]) % {"entry": one.entry}}
            for one in broken_promises(row, today)
        ],
    }
    return render(
        request,
        "matching/round_publish.html",
        common(request, row, "publish") | plan_facts(request, row) | facts,
    )


@page(write=OFFICE)
def round_drop_broken(request: Request, pk: int) -> HttpResponse:
    row = within_reach(rounds_for(request.actor), pk, request.actor, "matching.adjust_round")
    try:
        count = drop_broken(row, by=request.actor, now=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, _("已从方案中去掉 %(count)s 条，可在人工调整里逐条撤销。") % {"count": count}
        )
    return redirect("round_publish", pk=pk)


@page(read=ASKERS)
def round_compare(request: Request, pk: int) -> HttpResponse:
    row = planned(request, pk)
    others = rounds_for(request.actor).filter(chain=row.chain_id, ready_at__isnull=False).exclude(pk=pk)
    form = CompareForm(request.GET if "other" in request.GET else None, rows=others)
    told = None
    if form.is_bound and form.is_valid():
        told = compared(row, form.cleaned_data["other"], request.actor)
    facts = {"round": row, "form": form, "told": told, "has_others": others.exists()}
    return render(request, "matching/round_compare.html", facts)
