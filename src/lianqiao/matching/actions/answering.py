"""One-time links: one side of a match answers without an account, once."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lianqiao.accounts.queries import digest_of
from lianqiao.core.actor import Actor
from lianqiao.core.audit import record
from lianqiao.core.refusals import Refused
from lianqiao.core.writing import change, creation, locked
from lianqiao.matching.actions.matches import accept, decline, rescope
from lianqiao.matching.models import Match, MatchLink, Side
from lianqiao.matching.queries.matches import AGREED, open_links, said_by
from lianqiao.notices.sending import send

USUAL_DAYS, MOST_DAYS = 14, 90
Made = tuple[MatchLink, str]


class LinkOver(Refused):
    code = "link_over"
    sentence = _("此链接已使用、已作废或已过期。")
    status = 410


class NothingToAnswer(Refused):
    code = "nothing_to_answer"
    sentence = _("这一方现在不需要答复：已经答复过，或者对接已经结束。")


def make_match_link(match: Match, side: Side, *, days: int, ask: str, by: Actor, now: datetime) -> Made:
    """The token is in the answer and kept nowhere; a link made before opens nothing any more.

    Raises NotPermitted, NothingToAnswer, ValidationError.
    """
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        match = locked(match)
        if match.state != Match.State.OFFERED or said_by(match, side) in AGREED:
            raise NothingToAnswer
        for earlier in open_links(match, side, now):
            revoke_match_link(earlier, by=by, now=now)
        row = MatchLink(
            match=match, side=side, digest=digest_of(token), ask=ask, sender_id=by.person_id,
            made_at=now, expires_at=now + timedelta(days=days),
        )  # fmt: skip
        with creation(row, by=by, permission="matching.make_match_link"):
            pass
    return row, token


def revoke_match_link(link: MatchLink, *, by: Actor, now: datetime) -> MatchLink:
    """Raises NotPermitted, LinkOver."""
    with change(link, by=by, permission="matching.revoke_match_link") as row:
        if row.used_at or row.revoked_at:
            raise LinkOver
        row.revoked_at = now
    return row


def note_link_opened(link: MatchLink, *, by: Actor, now: datetime) -> None:
    """The first time only: the office sees who has not looked yet."""
    with transaction.atomic():
        row = locked(link)
        if row.opened_at is None and row.is_open(now):
            row.opened_at = now
            row.save(update_fields=["opened_at"])
            record(by, "matching.open_match_link", row)


def accept_by_link(link: MatchLink, *, by: Actor, now: datetime, **facts: Any) -> MatchLink:
    """Raises LinkOver, and what `accept` does."""
    with answering(link, by=by, now=now) as row:
        accept(row.match, by=by, now=now, **facts)
    return row


def decline_by_link(link: MatchLink, *, by: Actor, now: datetime, **facts: Any) -> MatchLink:
    """Raises LinkOver, and what `decline` does."""
    with answering(link, by=by, now=now) as row:
        decline(row.match, by=by, now=now, **facts)
    return row


def rescope_by_link(link: MatchLink, *, by: Actor, now: datetime, **facts: Any) -> MatchLink:
    """Raises LinkOver, and what `rescope` does."""
    with answering(link, by=by, now=now) as row:
        rescope(row.match, by=by, now=now, **facts)
    return row


@contextmanager
def answering(link: MatchLink, *, by: Actor, now: datetime) -> Iterator[MatchLink]:
    """The locked link, which is used up with what the body does. Raises NotPermitted, LinkOver."""
    with transaction.atomic():
        # The match before its link, as everywhere.
        match = locked(link.match)
        with change(link, by=by, permission="matching.answer_match_link") as row:
            if not row.is_open(now):
                raise LinkOver
            row.match = match
            yield row
            row.used_at = now
        if row.sender:
            send(row.sender, "match_link_answered", url=reverse("match_detail", args=[match.pk]), match=match)
