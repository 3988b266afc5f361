"""What the clock does: reminds of milestones, and forgets files that nobody gives back any more."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from lianqiao.core.actor import Actor
from lianqiao.core.audit import record
from lianqiao.projects.models import Evidence, Milestone
from lianqiao.projects.queries import KEPT_DELETED, evidence_to_forget, milestones_to_remind
from lianqiao.projects.telling import tell_holder, tell_sponsor


def remind_due(*, by: Actor, now: datetime) -> int:
    """Once for each day that was set, to whoever does it. How many milestones were told of."""
    count = 0
    for row in milestones_to_remind(timezone.localdate(now)):
        with transaction.atomic():
            if not Milestone.objects.filter(pk=row.pk, reminded_at=None).update(reminded_at=now):
                continue
            tell = tell_sponsor if row.owner_id == row.project.sponsor_id else tell_holder
            tell(row.project, "milestone_due", by=by, what=row.title, day=row.due_on)
            record(by, "projects.remind", row)
        count += 1
    return count


def forget_removed(*, by: Actor, now: datetime) -> int:
    """How many files are gone for good."""
    count = 0
    for row in evidence_to_forget(now - KEPT_DELETED):
        with transaction.atomic():
            record(by, "projects.forget", row, before={"name": row.name, "digest": row.sha256})
            forget(row)
        count += 1
    return count


def forget(row: Evidence) -> None:
    storage, name = row.file.storage, str(row.file.name)
    row.delete()
    transaction.on_commit(lambda: storage.delete(name), robust=True)
