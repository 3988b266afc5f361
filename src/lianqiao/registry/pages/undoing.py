"""Undo of what was just done: the next page tells it and carries, signed, what one press gives back."""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from lianqiao.core.actor import WRITERS, Actor, Role
from lianqiao.core.policy import page
from lianqiao.core.refusals import Stale
from lianqiao.core.request import Request
from lianqiao.registry.actions.chains import (
    end_membership,
    leave_party_organisation,
    link_segments,
    unlink_segments,
    withdraw_accession,
    withdraw_membership,
)
from lianqiao.registry.actions.placing import AlreadyTakenBack, Placement, unplace_members
from lianqiao.registry.models import Accession, Membership, SegmentLink
from lianqiao.registry.queries import accessions_for, memberships_for, segment_links_for, segments_for

Row = TypeVar("Row", bound=Model)
UNDO_SECONDS = 3600
SALT = "registry.undo"


def told(request: Request, url: str, sentence: str, event: str, **facts: Any) -> HttpResponse:
    """Go to `url`, which tells the sentence with a button; whoever presses it comes back there.

    `event` is a name of `UNDO`; `facts` are what its function takes.
    """
    token = signing.dumps({"event": event, "facts": facts, "url": url}, salt=SALT)
    request.session["done"] = {"sentence": sentence, "token": token}
    return redirect(url)


def just_done(request: Request) -> dict[str, str] | None:
    """What the page shown now tells, once."""
    done: dict[str, str] | None = request.session.pop("done", None)
    return done


@page(write=WRITERS | {Role.LEADER})
def undo(request: Request) -> HttpResponse:
    try:
        asked = signing.loads(request.POST.get("done", ""), salt=SALT, max_age=UNDO_SECONDS)
    except signing.BadSignature as error:
        raise Http404 from error
    try:
        UNDO[asked["event"]](request.actor, **asked["facts"])
    except ValidationError as error:
        # Something was entered since that stands in the way.
        raise Stale from error
    messages.success(request, _("已撤销，恢复为原来的样子。"))
    return redirect(asked["url"])


def left_as_it_was(row: Accession | Membership) -> dict[str, Any]:
    """The dates before, as a token carries them, and the version that nobody may have changed since."""
    if isinstance(row, Membership):
        return {"pk": row.pk, "ends_on": row.ends_on and row.ends_on.isoformat()}
    return {
        "pk": row.pk,
        "left_on": row.left_on and row.left_on.isoformat(),
        "reason_left": row.reason_left,
    }


def still_there(rows: QuerySet[Row], pk: int) -> Row:
    """The button may be pressed twice, or long after."""
    row = rows.filter(pk=pk).first()
    if row is None:
        raise AlreadyTakenBack
    return row


def undo_joined(actor: Actor, pk: int, seen: int) -> None:
    withdraw_accession(still_there(accessions_for(actor), pk), by=actor, seen=seen)


def undo_left(actor: Actor, pk: int, left_on: str | None, reason_left: str, seen: int) -> None:
    row = still_there(accessions_for(actor), pk)
    leave_party_organisation(row, left_on=day(left_on), reason_left=reason_left, by=actor, seen=seen)


def undo_added(actor: Actor, pk: int, seen: int) -> None:
    withdraw_membership(still_there(memberships_for(actor), pk), by=actor, seen=seen)


def undo_ended(actor: Actor, pk: int, ends_on: str | None, seen: int) -> None:
    end_membership(still_there(memberships_for(actor), pk), ends_on=day(ends_on), by=actor, seen=seen)


def undo_placed(actor: Actor, **placement: Any) -> None:
    unplace_members(Placement(**placement), by=actor)


def undo_linked(actor: Actor, pk: int) -> None:
    unlink_segments(still_there(segment_links_for(actor), pk), by=actor)


def undo_unlinked(actor: Actor, upstream: int, downstream: int) -> None:
    segments = segments_for(actor)
    link_segments(still_there(segments, upstream), still_there(segments, downstream), by=actor)


def day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


# An app above adds what its own pages tell.
UNDO: dict[str, Callable[..., None]] = {
    "joined": undo_joined,
    "left": undo_left,
    "added": undo_added,
    "placed": undo_placed,
    "ended": undo_ended,
    "linked": undo_linked,
    "unlinked": undo_unlinked,
}


def names_of_link(link: SegmentLink) -> dict[str, str]:
    return {"upstream": link.upstream.label, "downstream": link.downstream.label}
