"""Pages of chains and their segments."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianqiao.core.actor import CONTENT, OFFICE, Role
from lianqiao.core.forms import carried_out
from lianqiao.core.history import history_of
from lianqiao.core.listing import Column, Listing
from lianqiao.core.permissions import may
from lianqiao.core.policy import page
from lianqiao.core.request import Request
from lianqiao.registry.actions.chains import (
    add_chain,
    add_segment,
    edit_chain,
    edit_segment,
    link_segments,
    remove_segment,
    unlink_segments,
)
from lianqiao.registry.forms.chains import ChainForm, SegmentForm, SegmentLinkForm
from lianqiao.registry.forms.rows import row_id
from lianqiao.registry.growth import Month
from lianqiao.registry.models import Segment
from lianqiao.registry.overview import overview_of
from lianqiao.registry.pages.editing import edited
from lianqiao.registry.pages.reach import within_reach
from lianqiao.registry.pages.undoing import just_done, names_of_link, told
from lianqiao.registry.queries import chains_for, live_memberships, segment_links_for, segments_for

ADMIN = frozenset({Role.OFFICE_ADMIN})
COLUMNS = [
    Column(
        "name",
        gettext_lazy("产业链"),
        lambda c: c.label,
        url=lambda c: reverse("chain_detail", args=[c.pk]),
        sort="name",
    ),
    Column("office", gettext_lazy("牵头管理部门"), lambda c: c.office.label, sort="office__name"),
    Column("segments", gettext_lazy("链环节"), lambda c: c.segment_count, sort="segment_count", number=True),
    Column("gaps", gettext_lazy("没有成员的环节"), lambda c: c.segment_count - c.filled_count, number=True),
    Column("members", gettext_lazy("成员单位"), lambda c: c.member_count, sort="member_count", number=True),
]


@page(read=CONTENT)
def chain_list(request: Request) -> HttpResponse:
    live = Q(
        memberships__in=live_memberships(timezone.localdate()), memberships__organisation__state="active"
    )
    rows = chains_for(request.actor).annotate(
        segment_count=Count("segments", distinct=True),
        filled_count=Count("memberships__segments", filter=live, distinct=True),
        member_count=Count("memberships__organisation", filter=live, distinct=True),
    )
    listing = Listing("chain_list", request, rows.order_by("name", "pk"), COLUMNS)
    facts = {"listing": listing, "may_add": may(request.actor, "registry.add_chain")}
    return listing.export() or render(request, "registry/chain_list.html", facts)


@page(read=CONTENT)
def chain_detail(request: Request, pk: int) -> HttpResponse:
    actor = request.actor
    chain = get_object_or_404(chains_for(actor), pk=pk)
    overview = overview_of(chain, actor, timezone.localdate())
    chosen = overview.standing(request.GET.get("segment", ""))
    if "segment" in request.GET and chosen is None:
        raise Http404
    facts = {
        "chain": chain,
        "overview": overview,
        "chosen": chosen,
        "may_edit": may(actor, "registry.edit_chain", chain),
        "may_change_segments": may(actor, "registry.edit_segment", chain),
        "may_add_members": may(actor, "registry.add_membership", chain),
    }
    if request.headers.get("HX-Target") == "chain-map":
        response = render(request, "registry/chain_detail_map.html", facts)
    else:
        facts |= {
            "done": just_done(request),
            "growth": curve_of(overview.months),
            "history": history_of(chain, actor),
        }
        response = render(request, "registry/chain_detail.html", facts)
    patch_vary_headers(response, ["HX-Target"])
    return response


def curve_of(months: list[Month]) -> dict[str, Any]:
    """What growth.js draws."""
    return {
        "name": _("成员单位"),
        "months": [f"{month.first:%Y-%m}" for month in months],
        "totals": [month.total for month in months],
    }


@page(read=ADMIN, write=ADMIN)
def chain_add(request: Request) -> HttpResponse:
    form = ChainForm(request.POST if request.method == "POST" else None, actor=request.actor)
    if form.is_valid() and (chain := carried_out(form, add_chain, by=request.actor, **form.facts())):
        messages.success(request, _("已新建“%(name)s”。") % {"name": chain.label})
        # A position on one chain does not reach the new one.
        bound = any(held.chain_id for held in request.positions if held.pk == request.actor.position_id)
        if bound or chain.office_id != request.actor.organisation_id:
            return redirect("chain_list")
        return redirect("chain_detail", pk=chain.pk)
    return render(request, "registry/chain_add.html", {"form": form})


@page(read=ADMIN, write=ADMIN)
def chain_edit(request: Request, pk: int) -> HttpResponse:
    chain = within_reach(chains_for(request.actor), pk, request.actor, "registry.edit_chain")
    posted = request.POST if request.method == "POST" else None
    form = ChainForm(posted, instance=chain, actor=request.actor)
    if edited(request, form, edit_chain, chain):
        return redirect("chain_detail", pk=pk)
    return render(request, "registry/chain_edit.html", {"form": form, "chain": chain})


@page(read=OFFICE, write=OFFICE)
def segment_add(request: Request, pk: int) -> HttpResponse:
    chain = within_reach(chains_for(request.actor), pk, request.actor, "registry.add_segment")
    last = segments_for(request.actor).filter(chain=chain).last()
    form = SegmentForm(
        request.POST if request.method == "POST" else None, initial={"column": last.column + 1 if last else 0}
    )
    if form.is_valid():
        segment = carried_out(form, add_segment, chain=chain, by=request.actor, **form.facts())
        if segment:
            messages.success(
                request, _("已增加环节“%(name)s”，接着可以连接它的上下游。") % {"name": segment.label}
            )
            return redirect(at_segment(segment))
    return render(request, "registry/segment_add.html", {"form": form, "chain": chain})


@page(read=OFFICE, write=OFFICE)
def segment_edit(request: Request, pk: int) -> HttpResponse:
    segment = within_reach(segments_for(request.actor), pk, request.actor, "registry.edit_segment")
    form = SegmentForm(request.POST if request.method == "POST" else None, instance=segment)
    if edited(request, form, edit_segment, segment):
        return redirect(at_segment(segment))
    return render(request, "registry/segment_edit.html", {"form": form, "segment": segment})


@page(write=OFFICE)
def segment_remove(request: Request, pk: int) -> HttpResponse:
    segment = within_reach(segments_for(request.actor), pk, request.actor, "registry.remove_segment")
    remove_segment(segment, by=request.actor)
    messages.success(request, _("已删除环节“%(name)s”。") % {"name": segment.label})
    return redirect("chain_detail", pk=segment.chain_id)


@page(read=OFFICE, write=OFFICE)
def segment_link(request: Request, pk: int) -> HttpResponse:
    """What the segment feeds and is fed by, and one more of either."""
    actor = request.actor
    segment = within_reach(segments_for(actor), pk, actor, "registry.link_segments")
    form = SegmentLinkForm(request.POST if request.method == "POST" else None, segment=segment, actor=actor)
    if form.is_valid() and (link := carried_out(form, link_segments, *form.ends(), by=actor)):
        sentence = _("已连接“%(upstream)s”→“%(downstream)s”。") % names_of_link(link)
        return told(request, reverse("segment_link", args=[pk]), sentence, "linked", pk=link.pk)
    links = segment_links_for(actor).select_related("upstream", "downstream")
    facts = {
        "form": form,
        "done": just_done(request),
        "segment": segment,
        "fed_by": links.filter(downstream=segment),
        "feeds": links.filter(upstream=segment),
    }
    return render(request, "registry/segment_link.html", facts)


@page(write=OFFICE)
def segment_unlink(request: Request, pk: int) -> HttpResponse:
    link = within_reach(segment_links_for(request.actor), pk, request.actor, "registry.unlink_segments")
    unlink_segments(link, by=request.actor)
    asked = row_id(request.POST.get("here", ""))
    here = asked if asked in (link.upstream_id, link.downstream_id) else link.upstream_id
    sentence = _("已断开“%(upstream)s”→“%(downstream)s”。") % names_of_link(link)
    ends = {"upstream": link.upstream_id, "downstream": link.downstream_id}
    return told(request, reverse("segment_link", args=[here]), sentence, "unlinked", **ends)


def at_segment(segment: Segment) -> str:
    """The top of the page and not the panel: what was done is told there."""
    return f"{reverse('chain_detail', args=[segment.chain_id])}?segment={segment.pk}"
