"""The audit trail as the auditor reads it."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lianqiao.core import jobs
from lianqiao.core.actor import Actor, Role
from lianqiao.core.audit import head, verify
from lianqiao.core.days import DayField
from lianqiao.core.history import told_in_full
from lianqiao.core.listing import Column, Listing
from lianqiao.core.models import AuditEntry
from lianqiao.core.permissions import LABELS
from lianqiao.core.policy import page
from lianqiao.core.queries import entries_for
from lianqiao.core.request import Request

AUDITOR = frozenset({Role.AUDITOR})
COLUMNS = [
    Column("id", _("序号"), lambda e: e.id, url=lambda e: reverse("audit_detail", args=[e.id]), number=True),
    Column("at", _("时间"), lambda e: e.at),
    Column("name", _("姓名"), lambda e: e.name),
    Column("position", _("身份"), lambda e: e.position_label),
    Column("action", _("操作"), lambda e: LABELS.get(e.action, e.action)),
    Column("subject", _("对象"), lambda e: e.subject_label),
    Column("network", _("网络地址"), lambda e: e.network, shown=False),
    Column("request", _("请求编号"), lambda e: e.request_id, shown=False),
]


def actions() -> list[tuple[str, Any]]:
    return [("", _("全部")), *sorted(LABELS.items(), key=lambda item: str(item[1]))]


class AuditFilters(forms.Form):
    name = forms.CharField(label=_("姓名"), required=False, max_length=60)
    action = forms.ChoiceField(label=_("操作"), required=False, choices=actions)
    subject = forms.CharField(label=_("对象"), required=False, max_length=60)
    since = DayField(label=_("从"), required=False)
    until = DayField(label=_("到"), required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

    def narrow(self, rows: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        asked = self.cleaned_data
        wanted = {
            "name__contains": asked["name"],
            "action": asked["action"],
            "subject_label__contains": asked["subject"],
            "at__date__gte": asked["since"],
            "at__date__lte": asked["until"],
        }
        return rows.filter(**{name: value for name, value in wanted.items() if value})


@page(read=AUDITOR)
def audit_list(request: Request) -> HttpResponse:
    listing = Listing("audit_list", request, entries_for(request.actor), COLUMNS, AuditFilters)
    return listing.export() or render(request, "core/audit_list.html", {"listing": listing, "head": head()})


@page(read=AUDITOR)
def audit_detail(request: Request, pk: int) -> HttpResponse:
    entry = get_object_or_404(entries_for(request.actor), pk=pk)
    return render(request, "core/audit_detail.html", {"entry": entry, "happening": told_in_full(entry)})


@page(write=AUDITOR)
def audit_verify(request: Request) -> HttpResponse:
    job = jobs.start("core.verify_audit", by=request.actor)
    return redirect("job_detail", pk=job.pk)


@jobs.job("core.verify_audit", _("核验审计记录"))
def verify_audit(progress: jobs.Progress, *, by: Actor) -> dict[str, Any]:
    progress.expect(int(head().partition(":")[0]))
    verdict = verify(progress=lambda done: progress.step(done - progress.done))
    progress.done = verdict.entries
    if verdict.bad is not None:
        progress.error(str(verdict.bad), verdict.problem, verdict.problem)
    return {"entries": verdict.entries, "head": verdict.head, "bad": verdict.bad, "problem": verdict.problem}
