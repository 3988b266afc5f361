"""What an entry had before, given back: from the page that just told of the step, or later from its history."""

import json
from typing import Any

from django.utils.translation import gettext_lazy as _

from lianqiao.core.actor import Actor
from lianqiao.core.audit import canonical
from lianqiao.core.history import kept
from lianqiao.core.models import AuditEntry
from lianqiao.core.refusals import Refused
from lianqiao.core.values import label_of
from lianqiao.core.words import listed
from lianqiao.core.writing import change, snapshot
from lianqiao.lists.actions.entries import change_wishes
from lianqiao.lists.models import Entry
from lianqiao.lists.queries import wished_organisations

EDITS = ("lists.edit_entry", "lists.place_entry", "lists.restore_edit", "lists.revise", "lists.wish")
WISHES = "lists.wish"
# What of an edit is the office's or the clock's doing, and not what somebody wrote.
MOVED = {field.attname for field in Entry._meta.concrete_fields if not field.editable}


class ChangedSince(Refused):
    code = "changed_since"
    sentence = _("之后又改过：%(fields)s。恢复会盖掉后来的内容，请直接修改。")


class NothingToRestore(Refused):
    code = "nothing_to_restore"
    sentence = _("这一步没有可以恢复的内容：电话和邮箱的原文不留在记录里。")


def restore_edit(entry: Entry, event: AuditEntry, *, by: Actor) -> Entry:
    """What the edit changed is again as it was before. Raises NotPermitted, ChangedSince, NothingToRestore."""
    before, after = written_in(event)
    if not before:
        raise NothingToRestore
    with change(entry, by=by, permission="lists.restore_edit") as row:
        now = values_of(row) if event.action != WISHES else row.wished()
        since = [name for name in before if now.get(name) != after.get(name)]
        if since:
            raise ChangedSince(fields=listed(label_of(Entry, name) for name in since))
        give_back(row, {"wishes": before} if event.action == WISHES else before, by=by)
    return row


def written_in(event: AuditEntry) -> tuple[dict[str, Any], dict[str, Any]]:
    """Before and after, of the fields that somebody wrote and that the trail knows."""
    left = MOVED | set(Entry.audit_secret)
    return tuple(
        {name: value for name, value in kept(text).items() if name not in left}
        for text in (event.before, event.after)
    )  # type: ignore[return-value]


def values_of(row: Entry) -> dict[str, Any]:
    """As the trail writes them."""
    values: dict[str, Any] = json.loads(canonical(snapshot(row)))
    return values


def give_back(row: Entry, before: dict[str, Any], *, by: Actor) -> None:
    for name, value in before.items():
        if name == "wishes":
            named = wished_organisations(value)
            change_wishes(row, named["must"], named["never"], by=by)
            continue
        field: Any = Entry._meta.get_field(name)
        setattr(row, name, field.to_python(value))
