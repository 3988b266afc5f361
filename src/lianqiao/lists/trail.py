"""What the audit trail knows of an edit of an entry: enough to give back what somebody wrote."""

from typing import Any

from lianqiao.core.history import kept
from lianqiao.core.models import AuditEntry
from lianqiao.lists.models import Entry

EDITS = ("lists.edit_entry", "lists.place_entry", "lists.restore_edit", "lists.revise", "lists.wish")
WISHES = "lists.wish"
# What of an edit is the office's or the clock's doing, and not what somebody wrote.
MOVED = {field.attname for field in Entry._meta.concrete_fields if not field.editable}


def written_in(event: AuditEntry) -> tuple[dict[str, Any], dict[str, Any]]:
    """Before and after, of the fields that somebody wrote and that the trail knows."""
    left = MOVED | set(Entry.audit_secret)
    return tuple(
        {name: value for name, value in kept(text).items() if name not in left}
        for text in (event.before, event.after)
    )  # type: ignore[return-value]
