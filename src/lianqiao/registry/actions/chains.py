"""What happens to a chain: its segments, its members, its Party organisation."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lianqiao.core.actor import Actor
from lianqiao.core.audit import record
from lianqiao.core.permissions import require
from lianqiao.core.refusals import Refused, Stale
from lianqiao.core.writing import change, creation, locked, snapshot
from lianqiao.registry.actions.parts import refuse_other_unit
from lianqiao.registry.models import (
    Accession,
    Chain,
    ChainPartyOrganisation,
    Membership,
    Organisation,
    Segment,
    SegmentLink,
)


class Circle(Refused):
    code = "circle"
    sentence = _("“%(downstream)s”已在“%(upstream)s”的上游（%(path)s），连上会成环。")


class OtherChain(Refused):
    code = "other_chain"
    sentence = _("只能选择同一条产业链的环节。")


class SegmentInUse(Refused):
    code = "segment_in_use"
    sentence = _("“%(segment)s”还有 %(count)s 个成员，请先调整他们的环节。")


class OverlappingDates(Refused):
    code = "overlapping_dates"
    sentence = _("与已有的一段时间（%(start)s 至 %(end)s）重叠。")


def add_chain(*, by: Actor, **fields: Any) -> Chain:
    """The chain is run by the office of whoever adds it, unless another is named."""
    fields.setdefault("office_id", by.organisation_id)
    with creation(Chain(**fields), by=by, permission="registry.add_chain") as chain:
        pass
    return chain


def edit_chain(chain: Chain, *, by: Actor, seen: int | None = None, **fields: Any) -> Chain:
    with change(chain, by=by, permission="registry.edit_chain", seen=seen) as row:
        for name, value in fields.items():
            setattr(row, name, value)
    return row


def add_segment(*, by: Actor, **fields: Any) -> Segment:
    with creation(Segment(**fields), by=by, permission="registry.add_segment") as segment:
        pass
    return segment


def edit_segment(segment: Segment, *, by: Actor, seen: int | None = None, **fields: Any) -> Segment:
    with change(segment, by=by, permission="registry.edit_segment", seen=seen) as row:
        for name, value in fields.items():
            setattr(row, name, value)
    return row


def remove_segment(segment: Segment, *, by: Actor) -> None:
    """Only an empty segment can go. Raises SegmentInUse."""
    with transaction.atomic():
        row = locked(segment)
        require(by, "registry.remove_segment", row)
        if count := row.memberships.count():
            raise SegmentInUse(segment=row.label, count=count)
        # Its links go with it.
        upstream = sorted(row.fed_by.values_list("upstream", flat=True))
        downstream = sorted(row.feeds.values_list("downstream", flat=True))
        links = {"fed_by": upstream, "feeds": downstream}
        record(by, "registry.remove_segment", row, before=snapshot(row) | links)
        row.delete()


def link_segments(upstream: Segment, downstream: Segment, *, by: Actor) -> SegmentLink:
    """Raises OtherChain, Circle, ValidationError."""
    if upstream.chain_id != downstream.chain_id:
        raise OtherChain
    with transaction.atomic():
        # The chain's lock makes two links, each harmless alone, wait for each other.
        locked(upstream.chain)
        if path := path_between(downstream, upstream):
            names = " → ".join(segment.label for segment in path)
            raise Circle(upstream=upstream.label, downstream=downstream.label, path=names)
        link = SegmentLink(upstream=upstream, downstream=downstream)
        with creation(link, by=by, permission="registry.link_segments"):
            pass
    return link


def unlink_segments(link: SegmentLink, *, by: Actor) -> None:
    with transaction.atomic():
        row = locked(link)
        require(by, "registry.unlink_segments", row)
        record(by, "registry.unlink_segments", row, before=snapshot(row))
        row.delete()


def path_between(start: Segment, end: Segment) -> list[Segment]:
    """Segments from `start` to `end` along the links, empty when there is no way."""
    links = SegmentLink.objects.filter(upstream__chain=start.chain_id).values_list("upstream", "downstream")
    segments = Segment.objects.in_bulk([pk for link in links for pk in link])
    came_from: dict[int, int | None] = {start.pk: None}
    queue = [start.pk]
    for here in queue:
        for upstream, downstream in links:
            if upstream == here and downstream not in came_from:
                came_from[downstream] = here
                queue.append(downstream)
    if end.pk not in came_from or start.pk == end.pk:
        return []
    path: list[int] = []
    here_or_none: int | None = end.pk
    while here_or_none is not None:
        path.append(here_or_none)
        here_or_none = came_from[here_or_none]
    return [segments[pk] for pk in reversed(path)]


def add_membership(*, segments: list[Segment], by: Actor, **fields: Any) -> Membership:
    """Raises OtherChain, OverlappingDates, ValidationError."""
    row = Membership(**fields)
    refuse_other_unit(row.organisation_id, row.unit)
    earlier = Membership.objects.filter(chain=row.chain, organisation=row.organisation, unit=row.unit)
    with transaction.atomic():
        locked(row.chain)
        refuse_overlap(row.starts_on, row.ends_on, list(earlier.values_list("starts_on", "ends_on")))
        with creation(row, by=by, permission="registry.add_membership") as membership:
            place(membership, segments)
    return membership


def edit_membership(
    membership: Membership, *, segments: list[Segment], by: Actor, seen: int | None = None
) -> Membership:
    with change(membership, by=by, permission="registry.edit_membership", seen=seen) as row:
        place(row, segments)
    return row


def place(membership: Membership, segments: list[Segment]) -> None:
    if any(segment.chain_id != membership.chain_id for segment in segments):
        raise OtherChain
    membership.segments.set(segments)


def withdraw_membership(membership: Membership, *, by: Actor, seen: int) -> None:
    """It was entered by mistake just now and nobody has touched it since. Raises NotPermitted, Stale."""
    with transaction.atomic():
        row = locked(membership)
        require(by, "registry.end_membership", row)
        if row.version != seen:
            raise Stale
        record(by, "registry.end_membership", row, before=snapshot(row))
        row.delete()


def end_membership(
    membership: Membership, *, ends_on: date | None, by: Actor, seen: int | None = None
) -> Membership:
    """Without a day it stays: an end that was entered by mistake is taken back."""
    with change(membership, by=by, permission="registry.end_membership", seen=seen) as row:
        row.ends_on = ends_on
    return row


def found_party_organisation(*, by: Actor, **fields: Any) -> ChainPartyOrganisation:
    row = ChainPartyOrganisation(**fields)
    with creation(row, by=by, permission="registry.found_party_organisation") as founded:
        pass
    return founded


def edit_party_organisation(
    party_organisation: ChainPartyOrganisation, *, by: Actor, seen: int | None = None, **fields: Any
) -> ChainPartyOrganisation:
    permission = "registry.edit_party_organisation"
    with change(party_organisation, by=by, permission=permission, seen=seen) as row:
        for name, value in fields.items():
            setattr(row, name, value)
    return row


def join_party_organisation(
    party_organisation: ChainPartyOrganisation, organisation: Organisation, *, joined_on: date, by: Actor
) -> Accession:
    """Raises OverlappingDates, ValidationError."""
    row = Accession(party_organisation=party_organisation, organisation=organisation, joined_on=joined_on)
    with transaction.atomic():
        locked(party_organisation)
        earlier = Accession.objects.filter(party_organisation=party_organisation, organisation=organisation)
        refuse_overlap(joined_on, None, list(earlier.values_list("joined_on", "left_on")))
        with creation(row, by=by, permission="registry.join_party_organisation") as accession:
            pass
    return accession


def leave_party_organisation(
    accession: Accession, *, left_on: date | None, reason_left: str = "", by: Actor, seen: int | None = None
) -> Accession:
    """Without a day it has not left: an entry made by mistake is taken back."""
    with change(accession, by=by, permission="registry.leave_party_organisation", seen=seen) as row:
        row.left_on, row.reason_left = left_on, reason_left
    return row


def withdraw_accession(accession: Accession, *, by: Actor, seen: int) -> None:
    """It was entered by mistake just now and nobody has touched it since. Raises NotPermitted, Stale."""
    with transaction.atomic():
        row = locked(accession)
        require(by, "registry.leave_party_organisation", row)
        if row.version != seen:
            raise Stale
        record(by, "registry.leave_party_organisation", row, before=snapshot(row))
        row.delete()


def refuse_overlap(start: date, end: date | None, periods: list[tuple[date, date | None]]) -> None:
    for other_start, other_end in periods:
        if (end is None or other_start <= end) and (other_end is None or start <= other_end):
            raise OverlappingDates(start=other_start, end=other_end or _("至今"))
