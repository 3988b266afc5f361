"""What is written into an entry, by whoever keeps it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Max

from lianqiao.core.actor import Actor
from lianqiao.core.audit import record
from lianqiao.core.permissions import require
from lianqiao.core.writing import change, creation, locked
from lianqiao.lists.models import Entry, Wish
from lianqiao.registry.models import Chain, Organisation

Named = Iterable[Organisation] | None


def add_entry(*, by: Actor, must: Named = None, never: Named = None, **fields: Any) -> Entry:
    """A draft; `submit` is what says it to the office. Raises NotPermitted, ValidationError."""
    row = Entry(registered_by_id=by.organisation_id, **fields)
    with creation(row, by=by, permission="lists.add_entry") as entry:
        change_wishes(entry, must, never, by=by)
    return entry


def edit_entry(
    entry: Entry,
    *,
    by: Actor,
    seen: int | None = None,
    must: Named = None,
    never: Named = None,
    **fields: Any,
) -> Entry:
    """Raises NotPermitted, Stale, ValidationError."""
    with change(entry, by=by, permission="lists.edit_entry", seen=seen) as row:
        write(row, fields)
        change_wishes(row, must, never, by=by)
        # Nobody takes an entry over to where they could not have written it.
        require(by, "lists.edit_entry", row)
    return row


def place_entry(entry: Entry, *, by: Actor, seen: int | None = None, **place: Any) -> Entry:
    """Put into a category or at a segment. Raises NotPermitted, Stale, ValidationError."""
    with change(entry, by=by, permission="lists.place_entry", seen=seen) as row:
        write(row, place)
    return row


def discard(entry: Entry, *, by: Actor, now: datetime) -> Entry:
    """A draft that nobody needs any more: nobody reaches it, until the clock deletes it. Raises NotPermitted."""
    with change(entry, by=by, permission="lists.discard") as row:
        row.discarded_at = now
    return row


def bring_back(entry: Entry, *, by: Actor) -> Entry:
    """The draft that was discarded, as it was. Raises NotPermitted."""
    with change(entry, by=by, permission="lists.bring_back") as row:
        row.discarded_at = None
    return row


def write(row: Entry, fields: dict[str, Any]) -> None:
    for name, value in fields.items():
        setattr(row, name, value)


def change_wishes(row: Entry, must: Named, never: Named, *, by: Actor) -> None:
    """A line of its own in the trail: wishes are rows, which no snapshot of the entry holds."""
    if must is None and never is None:
        return
    before = row.wished()
    set_wishes(row, must, never)
    if (after := row.wished()) != before:
        record(by, "lists.wish", row, before=before, after=after)


def set_wishes(row: Entry, must: Named, never: Named) -> None:
    for kind, named in ((Wish.Kind.MUST, must), (Wish.Kind.NEVER, never)):
        if named is None:
            continue
        wanted = {organisation.pk for organisation in named}
        row.wishes.filter(kind=kind).exclude(organisation__in=wanted).delete()
        there = set(row.wishes.filter(kind=kind).values_list("organisation", flat=True))
        for organisation_id in sorted(wanted - there):
            wish = Wish(entry=row, organisation_id=organisation_id, kind=kind)
            wish.full_clean()
            wish.save()


def next_number(chain_id: int, kind: str) -> int:
    """The running number of this list; the chain is locked until the caller's transaction ends."""
    locked(Chain(pk=chain_id))
    last = Entry.objects.filter(chain=chain_id, kind=kind).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def become_asked(entry: Entry, now: datetime) -> None:
    """It is the office's turn: from now on the promised day runs."""
    entry.number = entry.number or next_number(entry.chain_id, entry.kind)
    entry.submitted_at = now
