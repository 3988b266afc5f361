"""The states of an entry: each move is one event of the office or of the asker."""

from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianqiao.core.actor import OFFICE, Actor
from lianqiao.core.history import kept
from lianqiao.core.lifecycle import Lifecycle
from lianqiao.core.models import AuditEntry
from lianqiao.core.permissions import LABELS
from lianqiao.core.refusals import NotPermitted, Refused, Stale
from lianqiao.core.writing import change
from lianqiao.lists.actions.entries import Named, become_asked, change_wishes, write
from lianqiao.lists.actions.restoring import give_back
from lianqiao.lists.models import Entry
from lianqiao.lists.queries import OPEN, last_event, term_of
from lianqiao.lists.telling import tell_askers, tell_keepers, tell_office
from lianqiao.registry.workdays import add_workdays

lifecycle = Lifecycle(Entry)
State = Entry.State


class EndsInThePast(Refused):
    code = "ends_in_the_past"
    sentence = _("“%(title)s”的有效期至 %(ends_on)s 已过，请先延长有效期。")


class MovedSince(Refused):
    code = "moved_since"
    sentence = _("这之后又办理过，不能只撤销这一步；请先撤销后来的一步。")


@lifecycle.move(State.DRAFT, State.RETURNED, to=State.SUBMITTED)
def submit(entry: Entry, *, by: Actor, now: datetime) -> None:
    """Say it to the office, which answers by the promised day."""
    become_asked(entry, now)
    promise(entry, now)
    entry.organisation_name = ""
    if by.role not in OFFICE:
        tell_office(entry, "entry_submitted")


@lifecycle.move(State.PUBLISHED, State.EXPIRED, to=State.SUBMITTED)
def revise(
    entry: Entry,
    *,
    by: Actor,
    now: datetime,
    seen: int | None = None,
    must: Named = None,
    never: Named = None,
    **fields: Any,
) -> None:
    """The asker changes what is published already: the office looks at it anew. Raises Stale."""
    if seen is not None and entry.version != seen:
        raise Stale
    write(entry, fields)
    change_wishes(entry, must, never, by=by)
    become_asked(entry, now)
    promise(entry, now)
    entry.answered_at = entry.published_at = None
    tell_office(entry, "entry_submitted")


@lifecycle.move(State.SUBMITTED, to=State.PUBLISHED)
def publish(entry: Entry, *, by: Actor, now: datetime) -> None:
    """Others of the chain see it from now on. Raises EndsInThePast."""
    refuse_past(entry, timezone.localdate(now))
    entry.published_at = now
    entry.returned_reason = ""
    answer(entry, now)
    renew(entry, timezone.localdate(now))
    tell_askers(entry, "entry_published", by=by)


@lifecycle.move(State.SUBMITTED, State.PUBLISHED, to=State.RETURNED)
def return_entry(entry: Entry, *, by: Actor, now: datetime, reason: str) -> None:
    """The asker is told the reason and may submit it anew."""
    if not reason.strip():
        raise ValidationError({"reason": _("退回时请写明原因。")})
    entry.returned_reason = reason.strip()
    entry.published_at = None
    answer(entry, now)
    tell_askers(entry, "entry_returned", by=by, reason=reason)


@lifecycle.move(
    State.SUBMITTED, State.RETURNED, State.PUBLISHED, State.MATCHING, State.EXPIRED, to=State.WITHDRAWN
)
def withdraw(entry: Entry, *, by: Actor) -> None:
    """It is not needed or not offered any more."""
    tell_askers(entry, "entry_withdrawn", by=by)


@lifecycle.move(State.PUBLISHED, to=State.MATCHING)
def to_matching(entry: Entry, *, by: Actor) -> None:
    """Somebody was found who could be the one."""


@lifecycle.move(State.MATCHING, to=State.PUBLISHED)
def back_to_list(entry: Entry, *, by: Actor) -> None:
    """Whoever was found is not the one: others may be."""


@lifecycle.move(State.PUBLISHED, State.MATCHING, to=State.FULFILLED)
def fulfil(entry: Entry, *, by: Actor) -> None:
    """What was asked for is there."""


@lifecycle.move(*OPEN, to=State.EXPIRED)
def pause(entry: Entry, *, by: Actor) -> None:
    """Not for now: nobody finds it until it is resumed."""


@lifecycle.move(*OPEN, to=State.EXPIRED)
def expire(entry: Entry, *, by: Actor) -> None:
    """Nobody said in time that it is still true; its askers are told how to bring it back."""
    tell_keepers(entry, "entry_expired", by=by)


@lifecycle.move(State.EXPIRED, to=State.PUBLISHED)
def resume(entry: Entry, *, by: Actor, today: date, ends_on: date | None = None) -> None:
    """It is true still, or again. Raises EndsInThePast."""
    entry.ends_on = ends_on or entry.ends_on
    refuse_past(entry, today)
    renew(entry, today)


def confirm_fresh(entry: Entry, *, by: Actor, today: date) -> Entry:
    """Still true: it counts as fresh for another term. Raises NotPermitted."""
    with change(entry, by=by, permission="lists.confirm_fresh") as row:
        renew(row, today)
    return row


def extend(entry: Entry, *, by: Actor, today: date, ends_on: date, seen: int | None = None) -> Entry:
    """A later last day, which says that it is true as well. Raises NotPermitted, Stale, EndsInThePast."""
    with change(entry, by=by, permission="lists.extend", seen=seen) as row:
        row.ends_on = ends_on
        refuse_past(row, today)
        renew(row, today)
    return row


def take_back(entry: Entry, before: dict[str, Any], *, by: Actor, seen: int) -> Entry:
    """Give the entry what it had before the last step, if nobody changed it since. Raises NotPermitted, Stale."""
    with change(entry, by=by, permission="lists.take_back", seen=seen) as row:
        give_back(row, before, by=by)
    return row


def take_back_move(entry: Entry, event: AuditEntry, *, by: Actor) -> Entry:
    """The same from the history of the entry, for the last thing that happened to it, by whoever did it or the office.

    Raises NotPermitted, ChangedSince.
    """
    if by.role not in OFFICE and event.person_id != by.person_id:
        raise NotPermitted(permission=LABELS["lists.take_back"])
    with change(entry, by=by, permission="lists.take_back") as row:
        if last_event(row) != event:
            raise MovedSince
        before = {name: value for name, value in kept(event.before).items() if name not in Entry.audit_secret}
        give_back(row, before, by=by)
    return row


def promise(entry: Entry, now: datetime) -> None:
    days = term_of(entry.chain_id, entry.kind).answer_days
    entry.promised_on = add_workdays(timezone.localdate(now), days).day


def answer(entry: Entry, now: datetime) -> None:
    """The first answer counts: how long an asker waited is measured from it."""
    entry.answered_at = entry.answered_at or now


def renew(entry: Entry, today: date) -> None:
    entry.fresh_until = today + timedelta(days=term_of(entry.chain_id, entry.kind).days)
    entry.reminded_at = None


def refuse_past(entry: Entry, today: date) -> None:
    if entry.ends_on and entry.ends_on < today:
        raise EndsInThePast(title=entry.title, ends_on=entry.ends_on)
