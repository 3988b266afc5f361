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


def remove_comment(row: Comment, *, by: Actor) -> None:
    """It is not shown any more. Raises NotPermitted."""
    with change(row, by=by, permission="lists.remove_comment") as fresh:
        fresh.state = Comment.State.REMOVED


def attach(entry: Entry, *, by: Actor, name: str, content: bytes) -> Attachment:
    """Keep a file of a kind that is known by its content. Raises NotPermitted, TooManyFiles, TooLargeFile, WrongFile."""
    if len(content) > LARGEST_FILE:
        raise TooLargeFile
    with transaction.atomic():
        entry = locked(entry)
        require(by, "lists.attach", entry)
        if entry.attachments.count() >= MOST_FILES:
            raise TooManyFiles(most=MOST_FILES)
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


def detach(row: Attachment, *, by: Actor) -> None:
    """The file is deleted, once the rest is. Raises NotPermitted."""
    with transaction.atomic():
        require(by, "lists.detach", row)
        record(by, "lists.detach", row.entry, before={"name": row.name, "digest": row.sha256})
        storage, name = row.file.storage, str(row.file.name)
        row.delete()
        transaction.on_commit(lambda: storage.delete(name), robust=True)
