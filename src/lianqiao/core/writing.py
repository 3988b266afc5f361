"""How a row is written: lock, permission, body, full_clean, ONE save, audit entry, in one transaction."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, TypeVar

from django.db import IntegrityError, models, transaction
from django.utils.crypto import salted_hmac

from lianqiao.core.actor import Actor
from lianqiao.core.audit import record
from lianqiao.core.permissions import require
from lianqiao.core.refusals import Stale

Row = TypeVar("Row", bound=models.Model)


@contextmanager
def creation(row: Row, *, by: Actor, permission: str) -> Iterator[Row]:
    """Save a new row; what the body adds to it (links, children) belongs to the same entry.

    Raises NotPermitted, ValidationError.
    """
    with transaction.atomic():
        require(by, permission, row)
        row.full_clean()
        save(row, force_insert=True)
        yield row
        record(by, permission, row, after=snapshot(row))


@contextmanager
def change(row: Row, *, by: Actor, permission: str, seen: int | None = None) -> Iterator[Row]:
    """Yield the locked, fresh row; save it when the body is done. `seen` is the version the reader had.

    Raises NotPermitted, Stale, ValidationError.
    """
    with transaction.atomic():
        fresh = locked(row)
        require(by, permission, fresh)
        if seen is not None and getattr(fresh, "version", seen) != seen:
            raise Stale
        before = snapshot(fresh)
        yield fresh
        write_back(fresh, before, by=by, action=permission)


def locked(row: Row) -> Row:
    # Keys never change, so rows that refer to this one may be written meanwhile: on PostgreSQL they would else wait
    # at their commit for this row while whoever holds it waits for the head of the audit trail.
    return type(row)._base_manager.select_for_update(of=("self",), no_key=True).get(pk=row.pk)


def all_locked(rows: Iterable[Row]) -> list[Row]:
    """In the given order. Rows of one table are locked by key, and before anything is recorded: whoever holds the
    head of the audit trail waits for no row."""
    given = list(rows)
    fresh = {row.pk: locked(row) for row in sorted(given, key=lambda row: row.pk)}
    return [fresh[row.pk] for row in given]


def write_back(row: models.Model, before: dict[str, Any], *, by: Actor, action: str) -> None:
    row.full_clean()
    if snapshot(row) == before:
        return
    if hasattr(row, "version"):
        row.version += 1
    save(row)
    after = snapshot(row)
    changed = {name for name in after if before.get(name) != after[name]} - {"version", "changed_at"}
    record(
        by,
        action,
        row,
        before={name: before.get(name) for name in changed},
        after={name: after[name] for name in changed},
    )


def save(row: models.Model, **how: Any) -> None:
    """What somebody else wrote since it was checked is told like what was there before. Raises ValidationError."""
    try:
        with transaction.atomic():
            row.save(**how)
    except IntegrityError:
        row.full_clean()
        raise


def snapshot(row: models.Model) -> dict[str, Any]:
    """The row as plain values; fields named in `audit_secret` tell only that they changed, computed ones nothing."""
    facts = {
        name: seal_secret(value) if is_secret else value
        for name, is_secret in fields_told(type(row))
        if (value := getattr(row, name)) is not None
    }
    for many in row._meta.many_to_many:
        facts[many.name] = sorted(getattr(row, many.name).values_list("pk", flat=True))
    return facts


@cache
def fields_told(model: type[models.Model]) -> list[tuple[str, bool]]:
    """The columns that the trail tells of, and which of them are secret."""
    secret, computed = (getattr(model, name, ()) for name in ("audit_secret", "audit_computed"))
    names = (field.attname for field in model._meta.concrete_fields)
    return [(name, name in secret) for name in names if name not in computed]


def seal_secret(value: object) -> str:
    # A short digest shows that a password or phone changed, without keeping what it was.
    return f"…{salted_hmac('lianqiao.audit', str(value)).hexdigest()[:8]}" if value else ""
