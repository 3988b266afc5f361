"""What an entry had before, given back: from the page that just told of the step, or later from its history."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from lianqiao.core.actor import Actor
from lianqiao.core.models import AuditEntry
from lianqiao.core.refusals import Refused
from lianqiao.core.values import label_of
from lianqiao.core.words import listed
from lianqiao.core.writing import change
from lianqiao.lists.actions.entries import change_wishes
from lianqiao.lists.models import Entry
from lianqiao.lists.queries import wished_organisations
from lianqiao.lists.trail import WISHES, written_in


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
        since = [name for name in before if not still(row, name, after.get(name), event)]
        if since:
            raise ChangedSince(fields=listed(label_of(Entry, name) for name in since))
        give_back(row, {"wishes": before} if event.action == WISHES else before, by=by)
    return row


def still(row: Entry, name: str, written: Any, event: AuditEntry) -> bool:
    """Compared as values: the trail wrote a sum as it was typed, the database gives it with its two digits."""
    if event.action == WISHES:
        return bool(row.wished()[name] == written)
    field: Any = Entry._meta.get_field(name)
    return bool(getattr(row, name) == field.to_python(written))


def give_back(row: Entry, before: dict[str, Any], *, by: Actor) -> None:
    for name, value in before.items():
        if name == "wishes":
            named = wished_organisations(value)
            change_wishes(row, named["must"], named["never"], by=by)
            continue
        field: Any = Entry._meta.get_field(name)
        setattr(row, name, field.to_python(value))
