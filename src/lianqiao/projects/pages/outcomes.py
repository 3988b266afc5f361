"""What projects brought: the list of it, and how both sides come to agree on it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianqiao.core.actor import Actor
from lianqiao.core.forms import carried_out
from lianqiao.core.listing import Column, Listing
from lianqiao.core.policy import page
from lianqiao.core.request import Request
from lianqiao.projects.actions import outcomes
from lianqiao.projects.forms.filters import OutcomeFilters
from lianqiao.projects.forms.projects import ReasonForm
from lianqiao.projects.forms.work import OutcomeForm
from lianqiao.projects.models import Outcome
from lianqiao.projects.pages.facts import back_to
from lianqiao.projects.pages.projects import FOLLOWS, TAKES_PART
from lianqiao.projects.pages.work import pressed
from lianqiao.projects.queries import ONLOOKERS, outcomes_for, projects_for
from lianqiao.registry.pages.reach import within_reach
from lianqiao.registry.pages.undoing import UNDO, still_there, told

TONES = {"reported": "blue", "confirmed": "green", "disputed": "red", "withdrawn": "neutral"}


def holder_of(row: Outcome) -> str:
    project = row.project
    return f"{project.holder} {project.holder_unit}" if project.holder_unit else str(project.holder)


COLUMNS = [
    Column("project", gettext_lazy("共建项目"), lambda o: o.project.title, url=lambda o: back_to(o.project_id, f"outcome-{o.pk}")),
    Column("kind", gettext_lazy("成果类别"), lambda o: o.kind.label),
    Column("amount", gettext_lazy("数量"), lambda o: float(o.amount), sort="amount", number=True),
    Column("unit", gettext_lazy("计量单位"), lambda o: o.kind.unit_label),
    Column("achieved_on", gettext_lazy("取得日期"), lambda o: o.achieved_on, sort="achieved_on"),
    Column("sponsor", gettext_lazy("服务对象"), lambda o: o.project.sponsor.label),
    Column("holder", gettext_lazy("承接单位"), holder_of),
    Column("state", gettext_lazy("状态"), lambda o: o.get_state_display(), tone=lambda o: TONES[o.state]),
]  # fmt: skip
# What the sides say to it is read by them and by the office.
DESCRIBED = [*COLUMNS, Column("description", gettext_lazy("说明"), lambda o: o.description, shown=False)]


@page(read=FOLLOWS)
def outcome_list(request: Request) -> HttpResponse:
    rows = outcomes_for(request.actor).order_by("-achieved_on", "-pk")
    columns = COLUMNS if request.actor.role in ONLOOKERS else DESCRIBED
    listing = Listing("outcome_list", request, rows, columns, OutcomeFilters)
    if export := listing.export():
        return export
    return render(request, "projects/outcome_list.html", {"listing": listing})


@page(read=TAKES_PART, write=TAKES_PART)
def outcome_add(request: Request, pk: int) -> HttpResponse:
    project = within_reach(projects_for(request.actor), pk, request.actor, "projects.report_outcome")
    form = OutcomeForm(request.POST if request.method == "POST" else None, project=project)
    facts: dict[str, Any] = {"by": request.actor, "now": timezone.now()}
    if form.is_valid() and carried_out(form, outcomes.report_outcome, project, **facts, **form.facts()):
        messages.success(request, _("成果已登记，对方确认后计入统计。"))
        return redirect(back_to(pk, "outcomes"))
    return render(request, "projects/outcome_add.html", {"form": form, "project": project})


@page(read=TAKES_PART, write=TAKES_PART)
def outcome_edit(request: Request, pk: int) -> HttpResponse:
    row = within_reach(outcomes_for(request.actor), pk, request.actor, "projects.edit_outcome")
    form = OutcomeForm(request.POST if request.method == "POST" else None, project=row.project, instance=row)
    if form.is_valid():
        facts = {"by": request.actor, "now": timezone.now(), "seen": form.cleaned_data["seen"]} | form.facts()
        if carried_out(form, outcomes.edit_outcome, row, **facts):
            messages.success(request, _("已修改，请对方重新确认。"))
            return redirect(back_to(row.project_id, f"outcome-{pk}"))
    return render(
        request, "projects/outcome_edit.html", {"form": form, "outcome": row, "project": row.project}
    )


@page(write=TAKES_PART)
def outcome_confirm(request: Request, pk: int) -> HttpResponse:
    row = within_reach(outcomes_for(request.actor), pk, request.actor, "projects.confirm_outcome")
    if pressed(request, lambda: outcomes.confirm_outcome(row, by=request.actor, now=timezone.now())):
        messages.success(request, _("已确认。"))
    return redirect(back_to(row.project_id, f"outcome-{pk}"))


@page(read=TAKES_PART, write=TAKES_PART)
def outcome_dispute(request: Request, pk: int) -> HttpResponse:
    row = within_reach(outcomes_for(request.actor), pk, request.actor, "projects.dispute_outcome")
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and carried_out(form, outcomes.dispute_outcome, row, by=request.actor, **form.facts()):
        messages.success(request, _("异议已告知对方，这项成果暂不计入统计。"))
        return redirect(back_to(row.project_id, f"outcome-{pk}"))
    return render(
        request, "projects/outcome_dispute.html", {"form": form, "outcome": row, "project": row.project}
    )


@page(write=TAKES_PART)
def outcome_withdraw(request: Request, pk: int) -> HttpResponse:
    row = within_reach(outcomes_for(request.actor), pk, request.actor, "projects.withdraw_outcome")
    url = back_to(row.project_id, "outcomes")
    if not pressed(request, lambda: outcomes.withdraw_outcome(row, by=request.actor)):
        return redirect(url)
    return told(request, url, _("成果已撤回。"), "outcome_withdrawn", pk=pk)


def undo_outcome_withdrawn(actor: Actor, pk: int) -> None:
    outcomes.restore_outcome(still_there(outcomes_for(actor), pk), by=actor)


UNDO |= {"outcome_withdrawn": undo_outcome_withdrawn}
