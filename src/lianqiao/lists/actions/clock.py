"""What the clock does: entries that nobody confirms are paused, and those who could confirm them are told before."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from lianqiao.core.actor import Actor
from lianqiao.core.audit import record
from lianqiao.core.refusals import StateMoved
from lianqiao.lists.actions.moves import expire
from lianqiao.lists.models import Attachment
from lianqiao.lists.queries import (
    KEPT_DELETED,
    attachments_to_forget,
    drafts_to_forget,
    entries_to_expire,
    entries_to_remind,
    lists_in_use,
    term_of,
)
from lianqiao.lists.telling import tell_keepers


def expire_due(*, by: Actor, now: datetime) -> int:
    """How many were paused."""
    count = 0
    for entry in entries_to_expire(timezone.localdate(now)):
        try:
            expire(entry, by=by)
        except StateMoved:
            continue  # somebody was faster
        count += 1
    return count


def remind_due(*, by: Actor, now: datetime) -> int:
    """Once for each term. How many entries were told of."""
    today, count = timezone.localdate(now), 0
    for chain_id, kind in lists_in_use():
        last = today + timedelta(days=term_of(chain_id, kind).remind_days)
        for entry in entries_to_remind(last).filter(chain=chain_id, kind=kind):
            with transaction.atomic():
                day = min(day for day in (entry.fresh_until, entry.ends_on) if day)
                type(entry).objects.filter(pk=entry.pk).update(reminded_at=now)
                tell_keepers(entry, "entry_expires_soon", by=by, day=day)
                record(by, "lists.remind", entry)
            count += 1
    return count


def forget_deleted(*, by: Actor, now: datetime) -> int:
    """Files and drafts that were deleted so long ago that nobody gives them back. How many they were."""
    since, count = now - KEPT_DELETED, 0
    for file in attachments_to_forget(since):
        with transaction.atomic():
            record(by, "lists.forget", file.entry, before={"name": file.name, "digest": file.sha256})
            forget(file)
        count += 1
    for draft in drafts_to_forget(since):
        with transaction.atomic():
            record(by, "lists.forget", draft)
            for file in draft.attachments.all():
                forget(file)
            draft.delete()
        count += 1
    return count


def forget(file: Attachment) -> None:
    storage, name = file.file.storage, str(file.file.name)
    file.delete()
    transaction.on_commit(lambda: storage.delete(name), robust=True)
