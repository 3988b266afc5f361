"""What is said about an entry, and the files that belong to it."""

import hashlib
import secrets
from datetime import datetime
from typing import cast

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lianqiao.core.actor import Actor
from lianqiao.core.audit import record
from lianqiao.core.permissions import require
from lianqiao.core.refusals import Refused
from lianqiao.core.writing import change, locked
from lianqiao.lists.files import type_of
from lianqiao.lists.models import Attachment, Comment, Entry

MOST_FILES = 10
LARGEST_FILE = 20 * 1024 * 1024


class TooManyFiles(Refused):
    code = "too_many_files"
    sentence = _("一条最多附 %(most)s 个文件。")


class TooLargeFile(Refused):
    code = "too_large_file"
    sentence = _("文件不能大于 20 MB。")


def comment(entry: Entry, *, by: Actor, now: datetime, text: str) -> Comment:
    """Raises NotPermitted, ValidationError."""
    require(by, "lists.comment", entry)
    row = Comment(
        entry=entry,
        person_id=cast(int, by.person_id),
        position_label=by.position_label or by.name,
        text=text.strip(),
        at=now,
    )
    with transaction.atomic():
        row.full_clean()
        row.save(force_insert=True)
        record(by, "lists.comment", entry, after={"text": row.text})
    return row


def edit_comment(row: Comment, *, by: Actor, now: datetime, text: str) -> Comment:
    """Its writer says it otherwise; the trail keeps how it was. Raises NotPermitted, ValidationError."""
    with change(row, by=by, permission="lists.edit_comment") as fresh:
        if fresh.text != text.strip():
            fresh.text, fresh.edited_at = text.strip(), now
    return fresh


def remove_comment(row: Comment, *, by: Actor) -> None:
    """It is not shown any more. Raises NotPermitted."""
    with change(row, by=by, permission="lists.remove_comment") as fresh:
        fresh.state, fresh.removed_by_id = Comment.State.REMOVED, by.person_id


def restore_comment(row: Comment, *, by: Actor) -> None:
    """As it was. Raises NotPermitted."""
    with change(row, by=by, permission="lists.restore_comment") as fresh:
        fresh.state, fresh.removed_by = Comment.State.SHOWN, None


def attach(entry: Entry, *, by: Actor, name: str, content: bytes) -> Attachment:
    """Keep a file of a kind that is known by its content. Raises NotPermitted, TooManyFiles, TooLargeFile, WrongFile."""
    if len(content) > LARGEST_FILE:
        raise TooLargeFile
    with transaction.atomic():
        entry = locked(entry)
        require(by, "lists.attach", entry)
        refuse_too_many(entry)
        row = Attachment(
            entry=entry,
            name=name,
            content_type=type_of(name, content),
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
        )
        row.full_clean(exclude=["file"])
        path = f"entries/{secrets.token_hex(16)}"
        row.file.save(path, ContentFile(content), save=False)
        try:
            row.save(force_insert=True)
            record(by, "lists.attach", entry, after={"name": name, "digest": row.sha256})
        except BaseException:
            row.file.storage.delete(str(row.file.name))
            raise
    return row


def detach(row: Attachment, *, by: Actor, now: datetime) -> None:
    """Nobody opens it any more; until the clock deletes it for good it can be given back. Raises NotPermitted."""
    with transaction.atomic():
        row = locked(row)
        require(by, "lists.detach", row)
        row.detached_at = row.detached_at or now
        row.save(update_fields=["detached_at"])
        record(by, "lists.detach", row.entry, before={"name": row.name, "digest": row.sha256})


def reattach(row: Attachment, *, by: Actor) -> None:
    """Raises NotPermitted, TooManyFiles, and ValidationError where the same file was attached anew."""
    with transaction.atomic():
        entry = locked(row.entry)
        row = locked(row)
        require(by, "lists.reattach", row)
        if row.detached_at is None:
            return
        refuse_too_many(entry)
        row.detached_at = None
        row.full_clean()
        row.save(update_fields=["detached_at"])
        record(by, "lists.reattach", entry, after={"name": row.name, "digest": row.sha256})


def refuse_too_many(entry: Entry) -> None:
    if entry.attachments.filter(detached_at=None).count() >= MOST_FILES:
        raise TooManyFiles(most=MOST_FILES)
