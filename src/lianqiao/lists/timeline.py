"""What happened to an entry and what was said of it, for those who keep it; others read the entry only."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.functional import Promise

from lianqiao.core.actor import Actor
from lianqiao.core.history import KNOWS_HISTORY, events_of
from lianqiao.core.permissions import may
from lianqiao.lists.models import Comment, Entry
from lianqiao.lists.queries import comments_for
from lianqiao.lists.shown import reads
from lianqiao.lists.terms import Audience

# A comment is told as itself.
WITHOUT = ("lists.comment",)


@dataclass(frozen=True)
class Moment:
    at: datetime
    who: str
    label: str | Promise = ""
    changes: list[Any] = field(default_factory=list)
    comment: Comment | None = None
    may_remove: bool = False


def timeline_of(entry: Entry, actor: Actor) -> list[Moment]:
    """The newest first. What exactly was changed is told to those who may know the trail."""
    if reads(actor, entry) != Audience.OFFICE:
        return []
    told = actor.role in KNOWS_HISTORY
    moments = [
        Moment(each.entry.at, who_of(each.entry), each.label, each.changes if told else [])
        for each in events_of(entry, without=WITHOUT)
    ]
    moments += [
        Moment(
            row.at,
            f"{row.person.name} · {row.position_label}",
            comment=row,
            may_remove=may(actor, "lists.remove_comment", row),
        )
        for row in comments_for(actor).filter(entry=entry).select_related("entry")
    ]
    return sorted(moments, key=lambda moment: moment.at, reverse=True)


def who_of(event: Any) -> str:
    return " · ".join(filter(None, [event.name, event.position_label]))
