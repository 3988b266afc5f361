"""One-time links: the office asks an organisation, and whoever holds the link answers for it, once."""

import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianqiao.accounts.queries import digest_of
from lianqiao.core.actor import Actor
from lianqiao.core.audit import record
from lianqiao.core.permissions import LABELS
from lianqiao.core.refusals import Refused, Stale, StateMoved
from lianqiao.core.writing import change, creation, locked
from lianqiao.lists.actions.entries import add_entry, edit_entry
from lianqiao.lists.actions.moves import confirm_fresh, resume, revise, submit, withdraw
from lianqiao.lists.models import Asking, Entry, Kind
from lianqiao.lists.queries import LIVE, OPEN, contacts_known, open_askings
from lianqiao.notices.sending import send
from lianqiao.registry.models import Chain, Organisation

State, Answer, Purpose = Entry.State, Asking.Answer, Asking.Purpose
USUAL_DAYS, MOST_DAYS = 14, 90
# Only what is still somebody's to answer; a draft of the office is asked about before it is submitted.
ASKABLE = (State.DRAFT, *LIVE)
UNSAID = (State.DRAFT, State.RETURNED)
Made = tuple[Asking, str]


class AskingOver(Refused):
    code = "asking_over"
    sentence = _("此链接已使用、已作废或已过期。")
    status = 410


class BeingMatched(Refused):
    code = "being_matched"
    sentence = _("这一条正在对接，要修改内容请联系：%(ask)s。")


class NothingToConfirm(Refused):
    code = "nothing_to_confirm"
    sentence = _("这一条不需要核对：它还没有写明单位和名称，或已经办结、撤回、并入别的条目。")


def ask_for_needs(
    organisations: Iterable[Organisation], *, chain: Chain, days: int, ask: str, by: Actor, now: datetime
) -> list[Made]:
    """A link for each, all or none. The tokens are in the answer and kept nowhere. Raises NotPermitted."""
    chosen = list(organisations)
    known = contacts_known(chain, chosen)
    with transaction.atomic():
        return [
            make(
                by=by, now=now, days=days, chain=chain, organisation=organisation, purpose=Purpose.STATE, ask=ask,
                **known.get(organisation.pk, {}),
            )
            for organisation in chosen
        ]  # fmt: skip


def ask_about(entry: Entry, *, days: int, ask: str, by: Actor, now: datetime) -> Made:
    """Whether what the office wrote down is right, or still true. Raises NotPermitted, NothingToConfirm."""
    with transaction.atomic():
        entry = locked(entry)
        if entry.state not in ASKABLE or entry.organisation is None or not entry.title:
            raise NothingToConfirm
        contact = {name: getattr(entry, name) for name in ("contact_name", "contact_phone", "contact_email")}
        return make(
            by=by, now=now, days=days, chain=entry.chain, organisation=entry.organisation,
            purpose=Purpose.CONFIRM, entry=entry, ask=ask, **contact,
        )  # fmt: skip


def renew_asking(asking: Asking, *, by: Actor, now: datetime) -> Made:
    """Another link with the same question and as many days; the one before opens nothing any more.

    Raises NotPermitted, AskingOver, NothingToConfirm.
    """
    if asking.used_at:
        raise AskingOver
    days = (asking.expires_at - asking.made_at).days
    if asking.entry:
        return ask_about(asking.entry, days=days, ask=asking.ask, by=by, now=now)
    asked = ask_for_needs(
        [asking.organisation], chain=asking.chain, days=days, ask=asking.ask, by=by, now=now
    )
    return asked[0]


def make(*, by: Actor, now: datetime, days: int, **facts: Any) -> Made:
    """What was asked before and not answered yet ends: two open questions would get two answers."""
    same = {name: facts.get(name) for name in ("chain", "organisation", "purpose", "entry")}
    for earlier in open_askings(now).filter(**same):
        revoke_asking(earlier, by=by, now=now)
    token = secrets.token_urlsafe(32)
    row = Asking(
        digest=digest_of(token),
        sender_id=by.person_id,
        made_at=now,
        expires_at=now + timedelta(days=days),
        **facts,
    )
    with creation(row, by=by, permission="lists.make_asking") as asking:
        pass
    return asking, token


def new_token(asking: Asking, *, by: Actor, now: datetime) -> str:
    """For the queue, which mails it: the token is made where it is sent. Raises NotPermitted, AskingOver."""
    token = secrets.token_urlsafe(32)
    with change(asking, by=by, permission="lists.make_asking") as row:
        if not row.is_open(now):
            raise AskingOver
        row.digest = digest_of(token)
    return token


def revoke_asking(asking: Asking, *, by: Actor, now: datetime) -> Asking:
    """The link opens nothing any more. Raises NotPermitted, AskingOver."""
    with change(asking, by=by, permission="lists.revoke_asking") as row:
        if row.used_at or row.revoked_at:
            raise AskingOver
        row.revoked_at = now
    return row


def note_opened(asking: Asking, *, by: Actor, now: datetime) -> None:
    """The first time only: the office sees who has not looked yet."""
    with transaction.atomic():
        row = locked(asking)
        if row.opened_at is None and row.is_open(now):
            row.opened_at = now
            row.save(update_fields=["opened_at"])
            record(by, "lists.open_asking", row)


def state_need(asking: Asking, *, by: Actor, now: datetime, **fields: Any) -> Asking:
    """It waits for the office, as any other. Raises AskingOver, ValidationError."""
    with answering(asking, Answer.STATED, by=by, now=now) as row:
        need: dict[str, Any] = {"chain": row.chain, "organisation": row.organisation, "kind": Kind.NEED}
        entry = add_entry(by=by, source=Entry.Source.LINK, **need, **fields)
        row.entry = submit(entry, by=by, now=now)
    return row


def say_still_true(asking: Asking, *, by: Actor, now: datetime, seen: int | None) -> Asking:
    """Raises AskingOver, Stale, StateMoved, EndsInThePast."""
    today = timezone.localdate(now)
    with answering(asking, Answer.STILL_TRUE, by=by, now=now) as row:
        entry = entry_asked_about(row, seen)
        if entry.state == State.DRAFT:
            submit(entry, by=by, now=now)
        elif entry.state == State.EXPIRED:
            resume(entry, by=by, today=today)
        elif entry.state in OPEN:
            confirm_fresh(entry, by=by, today=today)
        elif entry.state != State.SUBMITTED:
            raise moved(entry)
    return row


def correct(asking: Asking, *, by: Actor, now: datetime, seen: int | None, **fields: Any) -> Asking:
    """What is corrected waits for the office anew. Raises AskingOver, Stale, StateMoved, BeingMatched, ValidationError."""
    with answering(asking, Answer.CHANGED, by=by, now=now) as row:
        entry = entry_asked_about(row, seen)
        if entry.state == State.MATCHING:
            raise BeingMatched(ask=row.ask)
        if entry.state in (State.PUBLISHED, State.EXPIRED):
            revise(entry, by=by, now=now, **fields)
            return row
        entry = edit_entry(entry, by=by, **fields)
        if entry.state in UNSAID:
            submit(entry, by=by, now=now)
    return row


def say_not_needed(asking: Asking, *, by: Actor, now: datetime, seen: int | None) -> Asking:
    """Raises AskingOver, Stale, StateMoved."""
    with answering(asking, Answer.NOT_NEEDED, by=by, now=now) as row:
        entry = entry_asked_about(row, seen)
        if entry.state == State.DRAFT:
            # Said and taken back: else the office would never learn what became of its draft.
            entry = submit(entry, by=by, now=now)
        withdraw(entry, by=by)
    return row


@contextmanager
def answering(asking: Asking, answer: str, *, by: Actor, now: datetime) -> Iterator[Asking]:
    """The locked link, which is used up with what the body does. Raises NotPermitted, AskingOver."""
    with change(asking, by=by, permission="lists.answer_asking") as row:
        if not row.is_open(now):
            raise AskingOver
        yield row
        row.used_at, row.answer = now, answer
        if row.sender:
            facts = {"organisation": row.organisation, "answer": Answer(answer).label}
            send(row.sender, "asking_answered", url=reverse("asking_detail", args=[row.pk]), **facts)


def entry_asked_about(asking: Asking, seen: int | None) -> Entry:
    """As its reader saw it. Raises Stale."""
    entry = locked(Entry(pk=asking.entry_id))
    if entry.version != seen:
        raise Stale
    return entry


def moved(entry: Entry) -> StateMoved:
    return StateMoved(state=entry.get_state_display(), move=LABELS["lists.confirm_fresh"])
