"""Not this one: what a side, or the office for it, does not want to be shown again."""

from datetime import datetime

from django.db import transaction

from lianqiao.core.actor import Actor
from lianqiao.core.audit import record
from lianqiao.core.permissions import require
from lianqiao.core.writing import creation, locked, snapshot
from lianqiao.lists.models import Entry
from lianqiao.matching.models import Dismissal


def dismiss(
    entry: Entry, other: Entry, *, by: Actor, now: datetime, reason: str, for_good: bool
) -> Dismissal:
    """`entry` is not shown `other` any more; for good, a round does not bring them together either.

    Raises NotPermitted, ValidationError.
    """
    with transaction.atomic():
        locked(entry)
        for earlier in Dismissal.objects.filter(entry=entry, other=other):
            take_away(earlier, by=by)
        row = Dismissal(entry=entry, other=other, reason=reason, for_good=for_good, at=now)
        with creation(row, by=by, permission="matching.dismiss"):
            pass
    return row


def take_back_dismissal(row: Dismissal, *, by: Actor) -> None:
    """Raises NotPermitted."""
    with transaction.atomic():
        take_away(locked(row), by=by)


def take_away(row: Dismissal, *, by: Actor) -> None:
    require(by, "matching.take_back_dismissal", row)
    record(by, "matching.take_back_dismissal", row, before=snapshot(row))
    row.delete()
