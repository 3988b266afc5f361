"""One step for many entries, all or none, and back again as one."""

import json
from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lianqiao.core.actor import Actor
from lianqiao.core.audit import canonical
from lianqiao.core.refusals import NotPermitted, Refused
from lianqiao.core.writing import all_locked, locked, snapshot
from lianqiao.lists.actions.moves import take_back
from lianqiao.lists.models import Entry

# The id of an entry, its version after the step, and what the step changed as it was before.
Taken = tuple[int, int, dict[str, Any]]
Step = Callable[[Entry, Actor], Entry]
# The entry keeps these by itself; what is secret is not known any more.
LEFT = {"version", "changed_at", *Entry.audit_secret}


class CannotBeDone(Refused):
    code = "cannot_be_done"
    sentence = _("“%(title)s”：%(reason)s")


def for_each(entries: Iterable[Entry], step: Step, *, by: Actor) -> list[Taken]:
    """`step(row, by)` is an action. Raises NotPermitted, and CannotBeDone with the entry that refused."""
    taken: list[Taken] = []
    with transaction.atomic():
        for fresh in all_locked(entries):
            before = snapshot(fresh)
            try:
                row = step(fresh, by)
            except NotPermitted:
                raise
            except (Refused, ValidationError) as refusal:
                reason = "".join(refusal.messages) if isinstance(refusal, ValidationError) else str(refusal)
                raise CannotBeDone(title=fresh, reason=reason) from refusal
            taken.append(taken_from(row, before))
    return taken


def edit_one(entry: Entry, step: Step, *, by: Actor) -> list[Taken]:
    """What somebody wrote, as `for_each`, with what no snapshot holds: wishes, and what is secret in the trail.

    Raises NotPermitted, Refused, ValidationError.
    """
    with transaction.atomic():
        fresh = locked(entry)
        before, plain, wishes = snapshot(fresh), secrets_of(fresh), fresh.wished()
        row = step(fresh, by)
        beside = {name: value for name, value in plain.items() if value != getattr(row, name)}
        if wishes != row.wished():
            beside["wishes"] = wishes
        taken = taken_from(row, before, **beside)
    return [taken] if taken[2] else []


def secrets_of(entry: Entry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in Entry.audit_secret}


def taken_from(row: Entry, before: dict[str, Any], **beside: Any) -> Taken:
    after = snapshot(row)
    changed = {name for name in before | after if before.get(name) != after.get(name)} - LEFT
    as_it_was = {name: before.get(name) for name in sorted(changed)} | beside
    # As plain text and numbers: it travels with the page that offers the undo.
    return row.pk, row.version, json.loads(canonical(as_it_was))


def undo_each(entries: dict[int, Entry], taken: Iterable[Taken], *, by: Actor) -> None:
    """Raises NotPermitted, Stale, KeyError for an entry that is not among `entries`."""
    with transaction.atomic():
        for pk, seen, before in taken:
            take_back(entries[pk], before, by=by, seen=seen)
