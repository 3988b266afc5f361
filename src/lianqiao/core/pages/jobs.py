"""The task centre: long work, how far it is, what went wrong in which row."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianqiao.core.actor import POSITIONS
from lianqiao.core.jobs import KINDS, cancel, live_progress
from lianqiao.core.listing import Column, Listing
from lianqiao.core.models import Job
from lianqiao.core.policy import page
from lianqiao.core.queries import jobs_for
from lianqiao.core.request import Request

TONES = {Job.State.FAILED: "red", Job.State.DONE: "green", Job.State.RUNNING: "blue"}
COLUMNS = [
    Column(
        "kind",
        gettext_lazy("任务"),
        lambda j: KINDS[j.kind][0],
        url=lambda j: reverse("job_detail", args=[j.pk]),
    ),
    Column(
        "state",
        gettext_lazy("状态"),
        lambda j: j.get_state_display(),
        tone=lambda j: TONES.get(j.state, "neutral"),
    ),
    Column("asked_at", gettext_lazy("提交时间"), lambda j: j.asked_at, sort="asked_at"),
    Column("ended_at", gettext_lazy("结束时间"), lambda j: j.ended_at, sort="ended_at"),
    Column("total", gettext_lazy("总数"), lambda j: j.total, number=True),
]


@page(read=POSITIONS)
def job_list(request: Request) -> HttpResponse:
    listing = Listing("job_list", request, jobs_for(request.actor), COLUMNS)
    return listing.export() or render(request, "core/job_list.html", {"listing": listing})


@page(read=POSITIONS)
def job_detail(request: Request, pk: int) -> HttpResponse:
    job = get_object_or_404(jobs_for(request.actor), pk=pk)
    done, total = live_progress(job)
    facts = {
        "job": job,
        "label": KINDS[job.kind][0],
        "done": done,
        "total": total,
        "errors": job.errors.all(),
    }
    template = "core/job_progress.html" if request.headers.get("HX-Request") else "core/job_detail.html"
    return render(request, template, facts)


@page(write=POSITIONS)
def job_cancel(request: Request, pk: int) -> HttpResponse:
    job = get_object_or_404(jobs_for(request.actor), pk=pk)
    cancel(job, by=request.actor)
    messages.info(request, _("已请求取消，正在进行的一步做完后停止。"))
    return redirect("job_detail", pk=pk)
