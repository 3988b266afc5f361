"""Undo of what was just done: the next page tells it and carries, signed, what one press gives back."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from lianqiao.core.actor import OFFICE, Actor
from lianqiao.core.policy import page
from lianqiao.core.refusals import Stale
from lianqiao.core.request import Request
from lianqiao.registry.actions.chains import (
    end_membership,
    leave_party_organisation,
    link_segments,
    unlink_segments,
    withdraw_accession,
)
from lianqiao.registry.models import Accession, Membership, SegmentLink
from lianqiao.registry.queries import accessions_for, memberships_for, segment_links_for, segments_for

UNDO_SECONDS = 3600
SALT = "registry.undo"


def told(request: Request, sentence: str, event: str, **facts: Any) -> None:
    """`event` is a name of `UNDO`; `facts` are what its function takes."""
    token = signing.dumps({"event": event, "facts": facts}, salt=SALT)
    request.session["done"] = {"sentence": sentence, "token": token}


def just_done(request: Request) -> dict[str, str] | None:
    """What the page shown now tells, once."""
    done: dict[str, str] | None = request.session.pop("done", None)
    return done


@page(write=OFFICE)
def undo(request: Request) -> HttpResponse:
    try:
        asked = signing.loads(request.POST.get("done", ""), salt=SALT, max_age=UNDO_SECONDS)
    except signing.BadSignature as error:
        raise Http404 from error
    try:
        url, pk = UNDO[asked["event"]](request.actor, **asked["facts"])
    except ValidationError as error:
        # Something was entered since that stands in the way.
        raise Stale from error
    request.session["done"] = {"sentence": _("已撤销，恢复为原来的样子。"), "token": ""}
    return redirect(url, pk=pk)


def left_as_it_was(row: Accession | Membership) -> dict[str, Any]:
    """The dates before, as a token carries them, and the version that nobody may have changed since."""
    if isinstance(row, Membership):
        return {"pk": row.pk, "ends_on": row.ends_on and row.ends_on.isoformat()}
    return {
        "pk": row.pk,
        "left_on": row.left_on and row.left_on.isoformat(),
        "reason_left": row.reason_left,
    }


def undo_joined(actor: Actor, pk: int, seen: int) -> tuple[str, int]:
    row = get_object_or_404(accessions_for(actor), pk=pk)
    withdraw_accession(row, by=actor, seen=seen)
    return "party_organisation_detail", row.party_organisation_id


def undo_left(actor: Actor, pk: int, left_on: str | None, reason_left: str, seen: int) -> tuple[str, int]:
    row = get_object_or_404(accessions_for(actor), pk=pk)
    leave_party_organisation(row, left_on=day(left_on), reason_left=reason_left, by=actor, seen=seen)
    return "party_organisation_detail", row.party_organisation_id


def undo_ended(actor: Actor, pk: int, ends_on: str | None, seen: int) -> tuple[str, int]:
    row = get_object_or_404(memberships_for(actor), pk=pk)
    end_membership(row, ends_on=day(ends_on), by=actor, seen=seen)
    return "organisation_detail", row.organisation_id


def undo_linked(actor: Actor, pk: int, here: int) -> tuple[str, int]:
    unlink_segments(get_object_or_404(segment_links_for(actor), pk=pk), by=actor)
    return "segment_link", here


def undo_unlinked(actor: Actor, upstream: int, downstream: int, here: int) -> tuple[str, int]:
    segments = segments_for(actor)
    ends = get_object_or_404(segments, pk=upstream), get_object_or_404(segments, pk=downstream)
    link_segments(*ends, by=actor)
    return "segment_link", here


def day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


UNDO: dict[str, Callable[..., tuple[str, int]]] = {
    "joined": undo_joined,
    "left": undo_left,
    "ended": undo_ended,
    "linked": undo_linked,
    "unlinked": undo_unlinked,
}


def names_of_link(link: SegmentLink) -> dict[str, str]:
    return {"upstream": link.upstream.label, "downstream": link.downstream.label}
