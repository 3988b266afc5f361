"""Pages of memberships: an organisation joins a chain, stands at segments, leaves."""

from dataclasses import asdict

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianqiao.core.actor import OFFICE
from lianqiao.core.forms import carried_out
from lianqiao.core.policy import page
from lianqiao.core.request import Request
from lianqiao.registry.actions.chains import add_membership, edit_membership, end_membership
from lianqiao.registry.actions.placing import Placement, place_members, unplace_members
from lianqiao.registry.forms.members import (
    MembershipEndForm,
    MembershipForm,
    MembershipSegmentsForm,
    PlaceForm,
)
from lianqiao.registry.forms.rows import ROW_ID
from lianqiao.registry.models import Membership
from lianqiao.registry.pages.chains import to_segment
from lianqiao.registry.pages.reach import within_reach
from lianqiao.registry.pages.undoing import left_as_it_was, told
from lianqiao.registry.queries import (
    listed_organisations,
    live_memberships,
    memberships_for,
    segments_for,
)

UNDO_SECONDS = 3600
SALT = "registry.members_place"


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
            messages.success(request, _("“%(name)s”已加入%(chain)s。") % said)
            if came_from := [s for s in facts["segments"] if str(s.pk) == request.GET.get("segment")]:
                return to_segment(row.chain_id, came_from[0].pk)
            return redirect("organisation_detail", pk=row.organisation_id)
    facts = {"form": form, "already": already_a_member(request, form)}
    return render(request, "registry/membership_add.html", facts)


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
    if form.is_valid():
        facts = {"segments": list(form.cleaned_data["segments"]), "seen": form.cleaned_data["seen"]}
        if carried_out(form, edit_membership, row, by=actor, **facts):
            messages.success(request, _("已保存。"))
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
        told(request, sentence, "ended", **before, seen=ended.version)
        return redirect("organisation_detail", pk=row.organisation_id)
    return render(request, "registry/membership_end.html", {"form": form, "membership": row})


@page(write=OFFICE)
def members_place(request: Request) -> HttpResponse:
    """The bulk action of the list of organisations. Asks for the segment when it has not been said."""
    actor, ticked = request.actor, request.POST.getlist("chosen")
    asked = "segment" in request.POST
    form = PlaceForm(request.POST if asked else None, initial={"chosen": ticked}, actor=actor)
    if form.is_valid():
        chosen, segment = form.cleaned_data["chosen"], form.cleaned_data["segment"]
        today = timezone.localdate()
        if placement := carried_out(form, place_members, chosen, segment, starts_on=today, by=actor):
            request.session["placed"] = placed(placement, segment.label)
            return to_segment(segment.chain_id, segment.pk)
    named = listed_organisations(actor).filter(pk__in=[pk for pk in ticked if ROW_ID.fullmatch(pk)])
    return render(request, "registry/members_place.html", {"form": form, "organisations": named})


@page(write=OFFICE)
def members_unplace(request: Request) -> HttpResponse:
    """Undo the last bulk action: what it changed is carried, signed, by the button itself."""
    try:
        facts = signing.loads(request.POST.get("placed", ""), salt=SALT, max_age=UNDO_SECONDS)
    except signing.BadSignature as error:
        raise Http404 from error
    segment = within_reach(
        segments_for(request.actor), facts["segment_id"], request.actor, "registry.edit_segment"
    )
    unplace_members(Placement(**facts), by=request.actor)
    messages.success(request, _("已撤销，成员恢复原来的环节。"))
    return to_segment(segment.chain_id, segment.pk)


def placed(placement: Placement, segment: str) -> dict[str, str]:
    """What the next page says of it; nothing to undo when all stood there already."""
    count = len(placement.moved) + len(placement.joined)
    said = {"count": count, "segment": segment}
    sentence = ngettext(
        "已把 %(count)s 个单位放到“%(segment)s”。", "已把 %(count)s 个单位放到“%(segment)s”。", count
    )
    if not count:
        return {"sentence": _("所选单位已全部在“%(segment)s”，没有改动。") % said, "token": ""}
    return {"sentence": sentence % said, "token": signing.dumps(asdict(placement), salt=SALT)}
