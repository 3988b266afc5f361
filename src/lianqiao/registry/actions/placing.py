"""Many organisations put at one segment at once, and taken back from it as one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianqiao.core.actor import Actor
from lianqiao.core.refusals import Refused
from lianqiao.core.writing import locked
from lianqiao.registry.actions.chains import (
    OverlappingDates,
    add_membership,
    edit_membership,
    withdraw_membership,
)
from lianqiao.registry.models import Membership, Organisation, Segment
from lianqiao.registry.queries import memberships_for

# The id of a membership and its version after it was placed: whoever takes it back must find it so.
Placed = tuple[int, int]


class CannotBePlaced(Refused):
    code = "cannot_be_placed"
    sentence = _("%(name)s：%(reason)s")


class AlreadyTakenBack(Refused):
    code = "already_taken_back"
    sentence = _("这一步已经撤销过，或有关的记录已经不在。")


@dataclass(frozen=True)
class Placement:
    """`moved` were on the chain already, `joined` came to it with this."""

    segment_id: int
    moved: list[Placed]
    joined: list[Placed]


def place_members(
    organisations: Collection[Organisation], segment: Segment, *, starts_on: date, by: Actor
) -> Placement:
    """Who is not on the chain on that day joins it; who stands at the segment already is left alone. All or none.

    Raises NotPermitted, CannotBePlaced, ValidationError.
    """
    placement = Placement(segment.pk, [], [])
    with transaction.atomic():
        locked(segment.chain)
        for organisation in organisations:
            row = on_the_chain(organisation, segment, starts_on)
            if row is None:
                facts = {"chain": segment.chain, "organisation": organisation, "starts_on": starts_on}
                try:
                    row = add_membership(segments=[segment], by=by, **facts)
                except OverlappingDates as refusal:
                    raise CannotBePlaced(name=organisation.label, reason=refusal) from refusal
                placement.joined.append((row.pk, row.version))
            elif segment not in (stands_at := list(row.segments.all())):
                row = edit_membership(row, segments=[*stands_at, segment], by=by)
                placement.moved.append((row.pk, row.version))
    return placement


def unplace_members(placement: Placement, *, by: Actor) -> None:
    """Raises NotPermitted, Stale, AlreadyTakenBack."""
    with transaction.atomic():
        rows = memberships_for(by).in_bulk([pk for pk, _version in placement.moved + placement.joined])
        if len(rows) < len(placement.moved + placement.joined):
            raise AlreadyTakenBack
        for pk, seen in placement.moved:
            left = list(rows[pk].segments.exclude(pk=placement.segment_id))
            edit_membership(rows[pk], segments=left, by=by, seen=seen)
        for pk, seen in placement.joined:
            withdraw_membership(rows[pk], by=by, seen=seen)


def on_the_chain(organisation: Organisation, segment: Segment, day: date) -> Membership | None:
    """Its own membership, rather than one of its units'."""
    rows = Membership.objects.filter(organisation=organisation, chain=segment.chain, starts_on__lte=day)
    rows = rows.filter(Q(ends_on=None) | Q(ends_on__gte=day))
    return rows.order_by(F("unit").asc(nulls_first=True), "pk").first()
