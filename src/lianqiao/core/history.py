"""What happened to one row, told from the audit trail to those who may know."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.functional import Promise

from lianqiao.core.actor import OFFICE, Actor, Role
from lianqiao.core.models import AuditEntry
from lianqiao.core.permissions import LABELS
from lianqiao.core.values import field_of, label_of, said

KNOWS_HISTORY = OFFICE | {Role.AUDITOR}
SHOWN = 20
# The entry itself says which row and when.
BOOKKEEPING = {"id", "version", "created_at", "changed_at"}

Change = tuple[str | Promise, str, str]  # field, before, after


@dataclass(frozen=True)
class Happening:
    """One audit entry in words."""

    entry: AuditEntry
    label: str | Promise
    changes: list[Change]


def history_of(row: models.Model, actor: Actor, *, without: Iterable[str] = ()) -> list[Happening]:
    """The newest first; `without` names the actions that this reader is not told."""
    return events_of(row, without=without) if actor.role in KNOWS_HISTORY else []


def events_of(row: models.Model, *, without: Iterable[str] = ()) -> list[Happening]:
    """The same for a page that has its own rule of who may know; it says who, and decides what of the changes."""
    entries = AuditEntry.objects.filter(subject_type=row._meta.label_lower, subject_id=str(row.pk))
    entries = entries.exclude(action__in=list(without))
    return [told(entry, type(row)) for entry in entries.order_by("-id")[:SHOWN]]


def told(entry: AuditEntry, model: type[models.Model] | None = None) -> Happening:
    """What was changed; of a new row only that it is there."""
    before, after = kept(entry.before), kept(entry.after) if entry.before else {}
    return Happening(entry, label_of_action(entry), changes(model, before, after, {}))


def told_in_full(entry: AuditEntry) -> Happening:
    """Also what a new row began with, and the names of the rows that it points to: for who reads the trail itself."""
    model = model_of(entry)
    before, after = (
        {name: value for name, value in kept(text).items() if name not in BOOKKEEPING}
        for text in (entry.before, entry.after)
    )
    names = {name: names_of_rows(model, name, [before.get(name), after.get(name)]) for name in before | after}
    return Happening(entry, label_of_action(entry), changes(model, before, after, names))


def kept(text: str) -> dict[str, Any]:
    """Nothing where it cannot be read: an entry that somebody has tampered with must still be shown."""
    try:
        facts = json.loads(text or "{}")
    except ValueError:
        return {}
    return facts if isinstance(facts, dict) else {}


def changes(
    model: type[models.Model] | None,
    before: dict[str, Any],
    after: dict[str, Any],
    names: dict[str, dict[Any, str]],
) -> list[Change]:
    def words(name: str, facts: dict[str, Any]) -> str:
        return said(model, name, facts.get(name), names.get(name, {}))

    order = sorted(before | after, key=lambda name: place_of(model, name))
    return [(label_of(model, name), words(name, before), words(name, after)) for name in order]


def place_of(model: type[models.Model] | None, name: str) -> tuple[int, str]:
    """In the order of the model, then what is no field of it."""
    field = field_of(model, name)
    order = [*model._meta.concrete_fields, *model._meta.many_to_many] if model and field else []
    return (order.index(field) if field in order else len(order), name)


def label_of_action(entry: AuditEntry) -> str | Promise:
    return LABELS.get(entry.action, entry.action)


def model_of(entry: AuditEntry) -> type[models.Model] | None:
    """None for what has no row, or had one of a model that is gone since."""
    try:
        return apps.get_model(entry.subject_type)
    except (LookupError, ValueError):
        return None


def names_of_rows(model: type[models.Model] | None, name: str, values: list[Any]) -> dict[Any, str]:
    field = field_of(model, name)
    if field is None or field.related_model is None:
        return {}
    asked = [pk for value in values for pk in (value if isinstance(value, list) else [value])]
    asked = [pk for pk in asked if isinstance(pk, int) and 0 < pk <= models.BigIntegerField.MAX_BIGINT]
    rows = field.related_model._base_manager.in_bulk(asked)
    return {pk: getattr(row, "label", None) or str(row) for pk, row in rows.items()}
