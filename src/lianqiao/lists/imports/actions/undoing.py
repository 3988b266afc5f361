"""An import is taken back: what nobody has touched since."""

from collections.abc import Callable
from typing import Any

from django.db import transaction

from lianqiao.core import jobs
from lianqiao.core.actor import Actor
from lianqiao.core.audit import record, record_many
from lianqiao.core.permissions import require
from lianqiao.core.writing import locked, snapshot
from lianqiao.lists.actions.entries import edit_entry
from lianqiao.lists.imports.actions.registering import withdraw_registered
from lianqiao.lists.imports.actions.steps import NotWaiting, forget_file, forget_findings, waiting
from lianqiao.lists.imports.queries import untouched
from lianqiao.lists.imports.rules import IMPORT, UNDO
from lianqiao.lists.models import Entry, Import, ImportedRow

State = Import.State
CHUNK = 500


def drop_import(imported: Import, *, by: Actor) -> None:
    """Nothing was written, and the file goes, with what was registered for it. Raises NotPermitted, NotWaiting."""
    with transaction.atomic():
        row = waiting(imported, by=by)
        row.state = State.DROPPED
        row.save(update_fields=["state"])
        withdraw_registered(row, by=by)
        forget_findings(row)
        record(by, IMPORT, row, after={"state": row.state})
    forget_file(row.token)


def ask_undo(imported: Import, *, by: Actor) -> None:
    """Start taking it back. Raises NotPermitted, NotWaiting."""
    with transaction.atomic():
        row = done(imported, by=by)
        row.job = jobs.start(UNDO, by=by, imported=row.pk)
        row.save(update_fields=["job"])


def undo_import(imported: Import, *, by: Actor, step: Callable[[int], None]) -> dict[str, Any]:
    """Take back every row that is as the import left it; the others stay, and are counted. Raises NotPermitted."""
    with transaction.atomic():
        if locked(imported).state == State.UNDONE:
            return dict(imported.counts)
        row = done(imported, by=by)
        gone = remove_added(row, step, by=by)
        restored = restore_changed(row, by=by)
        kept = row.rows.filter(entry__isnull=False).count()
        organisations = withdraw_registered(row, by=by)
        row.counts |= {"taken_back": gone + restored, "kept": kept, "unregistered": organisations}
        row.state = State.UNDONE
        row.save()
        record(by, UNDO, row, after={"count": gone + restored, "rows": kept})
    return {"taken_back": gone + restored, "kept": kept}


def done(imported: Import, *, by: Actor) -> Import:
    row = locked(imported)
    require(by, UNDO, row)
    if row.state != State.DONE:
        raise NotWaiting(name=row.name, state=row.get_state_display())
    return row


def remove_added(imported: Import, step: Callable[[int], None], *, by: Actor) -> int:
    ids = list(untouched(imported).values_list("entry", flat=True))
    for start in range(0, len(ids), CHUNK):
        some = ids[start : start + CHUNK]
        entries = list(Entry.objects.filter(pk__in=some).order_by("pk"))
        record_many(by, UNDO, ((entry, snapshot(entry), None) for entry in entries))
        Entry.objects.filter(pk__in=some).delete()
        step(len(some))
    return len(ids)


def restore_changed(imported: Import, *, by: Actor) -> int:
    """What the import changed in entries that were there, unless somebody changed them after it."""
    restored = 0
    for row in imported.rows.filter(entry__isnull=False).filter(before__isnull=False).select_related("entry"):
        if row.entry and row.entry.version == row.version:
            edit_entry(row.entry, by=by, seen=row.version, **as_it_was(row))
            ImportedRow.objects.filter(pk=row.pk).update(entry=None)
            restored += 1
    return restored


def as_it_was(row: ImportedRow) -> dict[str, Any]:
    """As fields take it: a day was kept as text."""
    fields = {field.attname: field for field in Entry._meta.concrete_fields}
    return {name: fields[name].to_python(value) for name, value in (row.before or {}).items()}
