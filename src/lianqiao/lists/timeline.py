"""What happened to an entry and what was said of it, for those who keep it; others read the entry only."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.functional import Promise

from lianqiao.core.actor import OFFICE, Actor
from lianqiao.core.history import KNOWS_HISTORY, Happening, events_of
from lianqiao.core.permissions import may
from lianqiao.core.values import label_of
from lianqiao.lists.actions.moves import lifecycle
from lianqiao.lists.models import Comment, Entry
from lianqiao.lists.queries import BESIDE, comments_ever_for
from lianqiao.lists.shown import reads
from lianqiao.lists.terms import Audience
from lianqiao.lists.trail import EDITS, WISHES, written_in
from lianqiao.registry.queries import organisations_for

# A comment is told as itself.
WITHOUT = ("lists.comment",)
STAMPS = ("submitted_at", "answered_at", "published_at", "reminded_at", "discarded_at")
MOVES = {
    *(move.permission for move in lifecycle.moves.values()),
    "lists.confirm_fresh", "lists.extend", "lists.take_back",
} - {"lists.expire"}  # fmt: skip


@dataclass(frozen=True)
class Moment:
    """`undo` is what can be done about it: "edit" or "move" with the event's number, or nothing."""

    at: datetime
    who: str
    label: str | Promise = ""
    changes: list[Any] = field(default_factory=list)
    undo: str = ""
    event: int = 0
    comment: Comment | None = None
    may_edit: bool = False
    may_remove: bool = False
    may_restore: bool = False


def timeline_of(entry: Entry, actor: Actor) -> list[Moment]:
    """The newest first. What exactly was changed is told to those who may know the trail, and to whoever did it."""
    if reads(actor, entry) != Audience.OFFICE:
        return []
    events = events_of(entry, without=WITHOUT)
    wished = named_in([each for each in events if each.entry.action == WISHES], actor)
    last = next((each.entry.pk for each in events if each.entry.action not in BESIDE), None)
    may_restore = may(actor, "lists.restore_edit", entry)
    may_take_back = may(actor, "lists.take_back", entry)
    moments = []
    for each in events:
        event = each.entry
        mine = event.person_id is not None and event.person_id == actor.person_id
        undo = ""
        if event.pk == last and event.action in MOVES and may_take_back and (mine or actor.role in OFFICE):
            undo = "move"
        elif (
            event.action in EDITS and may_restore and (mine or actor.role in OFFICE) and written_in(event)[0]
        ):
            undo = "edit"
        told = wished.get(event.pk, each.changes) if mine or actor.role in KNOWS_HISTORY else []
        moments.append(Moment(event.at, who_of(event), each.label, without_stamps(told), undo, event.pk))
    return sorted([*moments, *said_of(entry, actor)], key=lambda moment: moment.at, reverse=True)


def without_stamps(changes: list[Any]) -> list[Any]:
    """When it happened stands above it already."""
    stamps = {str(label_of(Entry, name)) for name in STAMPS}
    return [change for change in changes if str(change[0]) not in stamps]


def said_of(entry: Entry, actor: Actor) -> list[Moment]:
    return [
        Moment(
            row.at,
            f"{row.person.name} · {row.position_label}",
            comment=row,
            may_edit=may(actor, "lists.edit_comment", row),
            may_remove=row.state == Comment.State.SHOWN and may(actor, "lists.remove_comment", row),
            may_restore=row.state == Comment.State.REMOVED and may(actor, "lists.restore_comment", row),
        )
        for row in comments_ever_for(actor).filter(entry=entry)
    ]


def named_in(events: list[Happening], actor: Actor) -> dict[int, list[Any]]:
    """The trail keeps the numbers of the wished organisations; people know their names."""
    facts = {each.entry.pk: written_in(each.entry) for each in events}
    ids = {pk for both in facts.values() for one in both for named in one.values() for pk in named}
    rows = organisations_for(actor).in_bulk(ids) if ids else {}

    def names(pks: list[int]) -> str:
        return " ".join(str(rows[pk].label if pk in rows else f"#{pk}") for pk in pks)

    return {
        each.entry.pk: [
            (label, names(facts[each.entry.pk][0][kind]), names(facts[each.entry.pk][1][kind]))
            for (label, *_said), kind in zip(each.changes, sorted(facts[each.entry.pk][0]), strict=True)
            if facts[each.entry.pk][0][kind] != facts[each.entry.pk][1][kind]
        ]
        for each in events
    }


def who_of(event: Any) -> str:
    return " · ".join(filter(None, [event.name, event.position_label]))
