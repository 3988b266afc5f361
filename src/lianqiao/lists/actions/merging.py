"""Two entries are one thing: the office keeps one of them, and can give the other back."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lianqiao.core.actor import Actor
from lianqiao.core.audit import record
from lianqiao.core.permissions import require
from lianqiao.core.refusals import Refused
from lianqiao.core.writing import all_locked, locked
from lianqiao.lists.models import Attachment, Comment, Entry, EntryMerge, Wish
from lianqiao.lists.queries import LIVE
from lianqiao.lists.telling import tell_askers

State = Entry.State
# What the one that goes may know and the one that is kept does not say.
FILLED = (
    "description", "category_id", "segment_id", "unit_id", "capacity", "partners_wanted", "place", "reach",
    "starts_on", "ends_on", "due_on", "money", "people", "conditions", "cooperation",
    "contact_name", "contact_phone", "contact_email", "source_note", "source_sentence",
)  # fmt: skip


class CannotMergeEntries(Refused):
    code = "cannot_merge_entries"
    sentence = _("这两条不能合并：须是同一产业链、同一清单里两条不同的、还在办理的条目。")


class CannotUndoMerge(Refused):
    code = "cannot_undo_merge"
    sentence = _("这次合并已经撤销过了。")


def merge_entries(gone: Entry, kept: Entry, *, by: Actor, now: datetime) -> EntryMerge:
    """Comments, files and wishes go to `kept`, which also takes what it did not say itself. Raises CannotMergeEntries."""
    with transaction.atomic():
        gone, kept = all_locked([gone, kept])
        for row in (gone, kept):
            require(by, "lists.merge_entries", row)
            if row.state not in LIVE:
                raise CannotMergeEntries
        if gone.pk == kept.pk or (gone.chain_id, gone.kind) != (kept.chain_id, kept.kind):
            raise CannotMergeEntries
        moved: dict[str, Any] = {
            "rows": move_rows(gone, kept),
            "filled": fill(kept, gone),
            "state": gone.state,
        }
        moved |= {"answers": gone.answered_at is None}
        merge = EntryMerge.objects.create(gone=gone, kept=kept, merged_at=now, moved=moved)
        gone.state, gone.merged_into = State.MERGED, kept
        gone.answered_at = gone.answered_at or now
        for row in (gone, kept):
            row.version += 1
            row.full_clean()
            row.save()
        record(by, "lists.merge_entries", kept, after={"gone": gone.pk, "moved": moved})
        tell_askers(gone, "entry_merged", by=by, kept=kept.title)
    return merge


def undo_merge(merge: EntryMerge, *, by: Actor) -> EntryMerge:
    """Give back exactly what was moved; what came to `kept` later stays there. Raises CannotUndoMerge."""
    with transaction.atomic():
        merge = locked(merge)
        gone, kept = all_locked([merge.gone, merge.kept])
        require(by, "lists.undo_merge", merge)
        if merge.state != EntryMerge.State.DONE:
            raise CannotUndoMerge
        for model in (Comment, Attachment, Wish):
            ids = merge.moved["rows"].get(model._meta.model_name, [])
            model._base_manager.filter(pk__in=ids, entry=kept).update(entry=gone)
        for name in merge.moved["filled"]:
            if getattr(kept, name) == getattr(gone, name):
                field = Entry._meta.get_field(name)
                setattr(kept, name, None if field.null else "")
        gone.state, gone.merged_into = merge.moved["state"], None
        if merge.moved.get("answers"):
            gone.answered_at = None
        for row in (gone, kept):
            row.version += 1
            row.full_clean()
            row.save()
        merge.state = EntryMerge.State.UNDONE
        merge.save()
        record(by, "lists.undo_merge", kept, after={"gone": gone.pk})
    return merge


def move_rows(gone: Entry, kept: Entry) -> dict[str, list[int]]:
    """What both have stays where it is."""
    wished, held = kept.wishes.values("organisation"), kept.attachments.values("sha256")
    rows: dict[str, Any] = {
        "comment": gone.comments.all(),
        "attachment": gone.attachments.exclude(sha256__in=held),
        "wish": gone.wishes.exclude(organisation__in=wished),
    }
    moved = {}
    for name, mine in rows.items():
        moved[name] = list(mine.values_list("pk", flat=True))
        mine.model._base_manager.filter(pk__in=moved[name]).update(entry=kept)
    return moved


def fill(kept: Entry, gone: Entry) -> list[str]:
    same_place = kept.organisation_id == gone.organisation_id
    # Who is to be called belongs to the organisation that was named.
    own = ("unit_id", "contact_name", "contact_phone", "contact_email")
    filled = [
        name
        for name in FILLED
        if (same_place or name not in own)
        and getattr(kept, name) in (None, "")
        and getattr(gone, name) not in (None, "")
    ]
    for name in filled:
        setattr(kept, name, getattr(gone, name))
    return filled
