"""Briefings: made from records, kept as they were made, edited in Word afterwards."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianqiao.agreements.documents import DOCX, file_name
from lianqiao.core.actor import OFFICE
from lianqiao.core.audit import record
from lianqiao.core.listing import Column, Listing
from lianqiao.core.permissions import may
from lianqiao.core.policy import page
from lianqiao.core.request import Request
from lianqiao.insight.actions.briefings import make_briefing
from lianqiao.insight.forms.period import PeriodForm
from lianqiao.insight.models import Briefing
from lianqiao.insight.queries.reading import OVERSEERS, briefings_for, content_of
from lianqiao.registry.queries import chains_for

COLUMNS = [
    Column(
        "title", gettext_lazy("标题"), lambda b: b.title, url=lambda b: reverse("briefing_download", args=[b.pk]),
        sort="title",
    ),
    Column("chain", gettext_lazy("产业链"), lambda b: b.chain.label),
    Column("first", gettext_lazy("从"), lambda b: b.first, sort="first"),
    Column("last", gettext_lazy("到"), lambda b: b.last, sort="last"),
    Column("made", gettext_lazy("生成时间"), lambda b: b.made_at, sort="made_at"),
    Column("by", gettext_lazy("生成人"), lambda b: b.by_label),
]  # fmt: skip


@page(read=OVERSEERS)
def briefing_list(request: Request) -> HttpResponse:
    listing = Listing("briefing_list", request, briefings_for(request.actor), COLUMNS)
    facts = {
        "listing": listing,
        "chains": [
            chain
            for chain in chains_for(request.actor)
            if may(request.actor, "insight.make_briefing", Briefing(chain=chain))
        ],
        "form": PeriodForm(request.GET),
    }
    return listing.export() or render(request, "insight/briefing_list.html", facts)


@page(read=OFFICE, write=OFFICE)
def briefing_make(request: Request, pk: int) -> HttpResponse:
    """`pk` is the chain's."""
    chain = get_object_or_404(chains_for(request.actor), pk=pk)
    today = timezone.localdate()
    form = PeriodForm(request.POST if request.method == "POST" else request.GET)
    if request.method == "POST" and form.is_valid():
        make_briefing(chain, form.period(today), by=request.actor, now=timezone.now())
        messages.success(request, _("简报已生成，可以下载，在 Word 中修改。"))
        return redirect("briefing_list")
    facts = {"form": form, "chain": chain, "period": form.period(today)}
    return render(request, "insight/briefing_make.html", facts)


@page(read=OVERSEERS)
def briefing_download(request: Request, pk: int) -> HttpResponse:
    row = get_object_or_404(briefings_for(request.actor), pk=pk)
    record(request.actor, "export", row, after={"sha256": row.sha256})
    headers = {"Content-Disposition": content_disposition_header(True, file_name(row.title, "", "docx"))}
    return HttpResponse(content_of(row), content_type=DOCX, headers=headers)
