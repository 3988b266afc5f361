"""What happened to one row, told from the audit trail to those who may know."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.functional import Promise

from lianqiao.core.actor import OFFICE, Actor, Role
from lianqiao.core.models import AuditEntry
from lianqiao.core.permissions import LABELS

KNOWS_HISTORY = OFFICE | {Role.AUDITOR}
SHOWN = 20


@dataclass(frozen=True)
class Happening:
    """One audit entry in words: `changes` are (field, before, after)."""

    entry: AuditEntry
    label: str | Promise
    changes: list[tuple[str | Promise, Any, Any]]


def history_of(row: models.Model, actor: Actor, *, without: Iterable[str] = ()) -> list[Happening]:
    """The newest first; `without` names the actions that this reader is not told."""
    if actor.role not in KNOWS_HISTORY:
        return []
    entries = AuditEntry.objects.filter(subject_type=row._meta.label_lower, subject_id=str(row.pk))
    entries = entries.exclude(action__in=list(without))
    return [told(entry, type(row)) for entry in entries.order_by("-id")[:SHOWN]]


def told(entry: AuditEntry, model: type[models.Model] | None = None) -> Happening:
    before = json.loads(entry.before or "{}")
    after = json.loads(entry.after or "{}") if entry.before else {}
    names = sorted(set(before) | set(after))
    changes = [(label_of(model, name), before.get(name, ""), after.get(name, "")) for name in names]
    return Happening(entry, LABELS.get(entry.action, entry.action), changes)


def label_of(model: type[models.Model] | None, attname: str) -> str | Promise:
    fields = model._meta.get_fields() if model else []
    field = next((f for f in fields if attname in (f.name, getattr(f, "attname", None))), None)
    return getattr(field, "verbose_name", attname)
