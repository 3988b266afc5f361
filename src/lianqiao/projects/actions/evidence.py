"""Files that show what was done, under the numbers by which a college's own sheet asks for them."""

import hashlib
import secrets
from datetime import datetime
from pathlib import PurePath
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lianqiao.core.actor import Actor
from lianqiao.core.audit import record
from lianqiao.core.permissions import LABELS, require
from lianqiao.core.refusals import Refused, StateMoved
from lianqiao.core.writing import change, locked
from lianqiao.lists.actions.around import LARGEST_FILE, TooLargeFile, TooManyFiles
from lianqiao.lists.files import type_of
from lianqiao.projects.models import Evidence, Milestone, Outcome, Project
from lianqiao.projects.places import name_of
from lianqiao.projects.queries import evidence_size

MOST_FILES = 100
# What one pack may come to: it is sent while it is read.
LARGEST_PACK = 500 * 1024 * 1024


class PackFull(Refused):
    code = "pack_full"
    sentence = _("一个项目的佐证材料合计不超过 500 MB，请压缩图片或合并文件后再传。")


def add_evidence(
    project: Project,
    *,
    by: Actor,
    now: datetime,
    name: str,
    content: bytes,
    title: str = "",
    code: str = "",
    milestone: Milestone | None = None,
    outcome: Outcome | None = None,
) -> Evidence:
    """`title` takes the place of the file's name, which keeps its ending.

    Raises NotPermitted, StateMoved, TooManyFiles, TooLargeFile, PackFull, WrongFile, ValidationError.
    """
    if len(content) > LARGEST_FILE:
        raise TooLargeFile
    kind = type_of(name, content)
    with transaction.atomic():
        project = locked(project)
        require(by, "projects.add_evidence", project)
        if project.state in (Project.State.DRAFT, Project.State.OPEN):
            raise StateMoved(state=project.get_state_display(), move=LABELS["projects.add_evidence"])
        refuse_too_much(project, len(content))
        row = Evidence(
            project=project, milestone=milestone, outcome=outcome, code=code.strip(), name=named(title, name),
            content_type=kind, size=len(content), sha256=hashlib.sha256(content).hexdigest(), at=now,
            by_label=name_of(by),
        )  # fmt: skip
        row.full_clean(exclude=["file"])
        row.file.save(f"evidence/{secrets.token_hex(16)}", ContentFile(content), save=False)
        try:
            row.save(force_insert=True)
            record(by, "projects.add_evidence", row, after={"name": row.name, "digest": row.sha256})
        except BaseException:
            row.file.storage.delete(str(row.file.name))
            raise
    return row


def edit_evidence(evidence: Evidence, *, by: Actor, title: str = "", **fields: Any) -> Evidence:
    """Its number, its name, and what it belongs to; the file stays. Raises NotPermitted, ValidationError."""
    with change(evidence, by=by, permission="projects.edit_evidence") as row:
        row.name = named(title, row.name)
        for name, value in fields.items():
            setattr(row, name, value)
    return row


def remove_evidence(evidence: Evidence, *, by: Actor, now: datetime) -> Evidence:
    """Nobody opens it any more; until the clock deletes it for good it can be given back. Raises NotPermitted."""
    with change(evidence, by=by, permission="projects.remove_evidence") as row:
        row.removed_at = row.removed_at or now
    return row


def restore_evidence(evidence: Evidence, *, by: Actor) -> Evidence:
    """Raises NotPermitted, TooManyFiles, PackFull, and ValidationError where the same file was uploaded anew."""
    with transaction.atomic():
        refuse_too_much(locked(evidence.project), evidence.size)
        with change(evidence, by=by, permission="projects.restore_evidence") as row:
            row.removed_at = None
    return row


def refuse_too_much(project: Project, size: int) -> None:
    files, together = evidence_size(project)
    if files >= MOST_FILES:
        raise TooManyFiles(most=MOST_FILES)
    if together + size > LARGEST_PACK:
        raise PackFull


def named(title: str, name: str) -> str:
    suffix = PurePath(name).suffix
    wanted = title.strip() or name
    return wanted if wanted.lower().endswith(suffix.lower()) else f"{wanted}{suffix}"
