"""Pages of memberships: an organisation joins a chain, stands at segments, leaves."""

from dataclasses import asdict

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianqiao.core.actor import OFFICE
from lianqiao.core.choosing import Choice, every_row, is_every_row
from lianqiao.core.forms import carried_out
from lianqiao.core.policy import page
from lianqiao.core.request import Request
from lianqiao.registry.actions.chains import add_membership, edit_membership, end_membership
from lianqiao.registry.actions.placing import Placement, place_members
from lianqiao.registry.forms.members import (
    MembershipEndForm,
    MembershipForm,
    MembershipSegmentsForm,
    PlaceForm,
)
from lianqiao.registry.forms.organisations import OrganisationFilters
from lianqiao.registry.forms.rows import ROW_ID, row_id
from lianqiao.registry.models import Membership, Segment
from lianqiao.registry.pages.chains import at_segment
from lianqiao.registry.pages.editing import edited
from lianqiao.registry.pages.reach import within_reach
from lianqiao.registry.pages.undoing import left_as_it_was, told
from lianqiao.registry.queries import (
    listed_organisations,
    live_memberships,
    memberships_for,
    segments_for,
)


@page(read=OFFICE, write=OFFICE)
def membership_add(request: Request) -> HttpResponse:
    form = MembershipForm(
        request.POST if request.method == "POST" else None,
        actor=request.actor,
        organisation=request.GET.get("organisation"),
        segment=request.GET.get("segment"),
    )
    if form.is_valid():
        facts = form.cleaned_data | {"segments": list(form.cleaned_data["segments"])}
        if row := carried_out(form, add_membership, by=request.actor, **facts):
            said = {"name": row.organisation.label, "chain": row.chain.label}
            came_from = [s for s in facts["segments"] if str(s.pk) == request.GET.get("segment")]
            url = at_segment(came_from[0]) if came_from else at_organisation(row)
            sentence = _("“%(name)s”已加入%(chain)s。") % said
            return told(request, url, sentence, "added", pk=row.pk, seen=row.version)
    facts = {"form": form, "already": already_a_member(request, form), "back": way_back(request)}
    return render(request, "registry/membership_add.html", facts)


def way_back(request: Request) -> str:
    """The organisation, else the segment, that the page before was about."""
    if organisation := row_id(request.GET.get("organisation", "")):
        return reverse("organisation_detail", args=[organisation])
    segment = segments_for(request.actor).filter(pk=row_id(request.GET.get("segment", "")) or 0).first()
    return at_segment(segment) if segment else reverse("chain_list")


def already_a_member(request: Request, form: MembershipForm) -> Membership | None:
    """Whoever adds a member that is on the chain already wants another segment for it."""
    if not form.is_bound or "organisation" not in form.cleaned_data or "chain" not in form.cleaned_data:
        return None
    same = {name: form.cleaned_data[name] for name in ("organisation", "chain")}
    rows = memberships_for(request.actor).filter(**same, unit=form.cleaned_data.get("unit"))
    return rows.filter(pk__in=live_memberships(timezone.localdate())).first()


@page(read=OFFICE, write=OFFICE)
def membership_edit(request: Request, pk: int) -> HttpResponse:
    actor = request.actor
    row = within_reach(memberships_for(actor), pk, actor, "registry.edit_membership")
    form = MembershipSegmentsForm(
        request.POST if request.method == "POST" else None,
        instance=row,
        actor=actor,
        segment=request.GET.get("segment"),
    )
    if edited(request, form, edit_membership, row):
        return redirect("organisation_detail", pk=row.organisation_id)
    return render(request, "registry/membership_edit.html", {"form": form, "membership": row})


@page(read=OFFICE, write=OFFICE)
def membership_end(request: Request, pk: int) -> HttpResponse:
    row = within_reach(memberships_for(request.actor), pk, request.actor, "registry.end_membership")
    before = left_as_it_was(row)
    form = MembershipEndForm(
        request.POST if request.method == "POST" else None,
        instance=row,
        initial={"ends_on": row.ends_on or timezone.localdate()},
    )
    if form.is_valid() and (
        ended := carried_out(form, end_membership, row, by=request.actor, **form.cleaned_data)
    ):
        said = {
            "name": ended.organisation.label,
            "chain": ended.chain.label,
            "day": date_format(ended.ends_on),
        }
        sentence = _("已登记“%(name)s”退出“%(chain)s”，最后一天是%(day)s。") % said
        return told(request, at_organisation(row), sentence, "ended", **before, seen=ended.version)
    return render(request, "registry/membership_end.html", {"form": form, "membership": row})


@page(write=OFFICE)
def members_place(request: Request) -> HttpResponse:
    """The bulk action of the list of organisations. Asks for the segment when it has not been said.

    Whoever chose a filter sees the names before anything is done, and again when they have changed since.
    """
    actor, choice = request.actor, organisations_chosen(request)
    asked = "segment" in request.POST and not choice.changed
    meant = request.POST.dict() | {"chosen": [row.pk for row in choice.rows]}
    form = PlaceForm(request.POST if asked else None, initial=meant, actor=actor)
    if form.is_valid():
        chosen, segment = form.cleaned_data["chosen"], form.cleaned_data["segment"]
        today = timezone.localdate()
        if placement := carried_out(form, place_members, chosen, segment, starts_on=today, by=actor):
            return placed(request, placement, segment)
    return render(request, "registry/members_place.html", {"form": form, "choice": choice})


def organisations_chosen(request: Request) -> Choice:
    rows = listed_organisations(request.actor)
    if is_every_row(request):
        return every_row(request, rows, OrganisationFilters)
    ticked = [pk for pk in request.POST.getlist("chosen") if ROW_ID.fullmatch(pk)]
    return Choice(list(rows.filter(pk__in=ticked)), shown=len(ticked))


def placed(request: Request, placement: Placement, segment: Segment) -> HttpResponse:
    url, count = at_segment(segment), len(placement.moved) + len(placement.joined)
    said = {"count": count, "segment": segment.label}
    if not count:
        messages.info(request, _("所选单位已全部在“%(segment)s”，没有改动。") % said)
        return redirect(url)
    sentence = ngettext(
        "已把 %(count)s 个单位放到“%(segment)s”。", "已把 %(count)s 个单位放到“%(segment)s”。", count
    )
    return told(request, url, sentence % said, "placed", **asdict(placement))


def at_organisation(row: Membership) -> str:
    return reverse("organisation_detail", args=[row.organisation_id])
