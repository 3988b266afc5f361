"""A match as one reader sees it: the one place that hides, for pages, API and exports alike."""

from collections.abc import Iterable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianqiao.core.actor import OFFICE, Actor, Role
from lianqiao.lists.models import Entry
from lianqiao.lists.shown import Shown, reads
from lianqiao.lists.terms import CONTACT
from lianqiao.matching.models import Answer, Match, Side
from lianqiao.matching.queries.matches import (
    AGREED,
    OVER,
    SEES_ALL,
    UNTOLD,
    accepted_between,
    said_by,
    side_of,
)
from lianqiao.matching.sentences import difference_sentences, reason_sentences

State = Match.State
NOT_MADE = "over"
MADE_NOTHING = _("未对接成")
TONES = {State.OFFERED: "blue", State.ACCEPTED: "green", State.PLANNED: "neutral", State.LAPSED: "amber"}


class MatchShown:
    """`side` is the reader's own. Who did not want it, and why, stays with that side and the office."""

    def __init__(self, match: Match, actor: Actor) -> None:
        self.match, self.actor = match, actor
        self.pk = self.id = match.pk
        self.side = side_of(actor, match)
        self.sees_all = actor.role in OFFICE or actor.role in SEES_ALL
        self.is_over = match.state in OVER
        self.is_made = match.state == State.ACCEPTED

    def __str__(self) -> str:
        return str(self.match)

    @property
    def state(self) -> str:
        knows = self.sees_all or self.actor.role == Role.LEADER or self.match.state not in UNTOLD
        return self.match.state if knows else NOT_MADE

    @property
    def state_label(self) -> str | Promise:
        return MADE_NOTHING if self.state == NOT_MADE else State(self.match.state).label

    @property
    def tone(self) -> str:
        return TONES.get(State(self.match.state), "neutral")

    @property
    def is_mine_to_answer(self) -> bool:
        return (
            self.side is not None and self.match.state == State.OFFERED and not said_by(self.match, self.side)
        )

    @property
    def need(self) -> Shown:
        return self.of(self.match.need)

    @property
    def offer(self) -> Shown:
        return self.of(self.match.offer)

    def of(self, entry: Entry) -> Shown:
        opened = frozenset(CONTACT) if self.side and self.is_made else frozenset()
        return Shown(entry, reads(self.actor, entry), opened)

    @property
    def need_said(self) -> str:
        return self.said(Side.NEED)

    @property
    def offer_said(self) -> str:
        return self.said(Side.OFFER)

    def said(self, side: Side) -> str:
        said = said_by(self.match, side)
        return said if self.sees_all or side == self.side or said in AGREED else ""

    @property
    def need_said_label(self) -> str | Promise:
        return self.said_label(Side.NEED)

    @property
    def offer_said_label(self) -> str | Promise:
        return self.said_label(Side.OFFER)

    def said_label(self, side: Side) -> str | Promise:
        said = self.said(side)
        # Who is silent, and who said no, look alike to the other side once it is over.
        return Match.Said(said).label if said or self.sees_all or not self.is_over else ""

    @property
    def scope(self) -> str:
        return self.match.scope if self.sees_all or self.side else ""

    @property
    def score(self) -> float | None:
        """Numbers compare people: the office alone works with them."""
        return self.match.score if self.sees_all else None

    @property
    def reasons(self) -> list[str]:
        return list(reason_sentences(self.match.reasons))

    @property
    def differences(self) -> list[str]:
        return difference_sentences(self.match.differences)


def answers_shown(rows: Iterable[Answer], shown: MatchShown) -> list[dict[str, Any]]:
    """Of the answers that the reader reaches (`answers_for`) what it reads of each: why not, with its own side alone."""
    told = []
    for row in rows:
        own = shown.sees_all or row.side == shown.side
        told.append(
            {
                "side": row.side_label,
                "said": row.get_said_display(),
                "reason": row.get_reason_display() if own else "",
                "note": row.note if own or row.is_shared or row.said in AGREED else "",
                "scope": row.scope,
                "at": row.at,
                "who": row.by_label if own else "",
                "by_link": row.by_link,
            }
        )
    return told


def contacts_of_partners(actor: Actor, entry: Entry) -> frozenset[str]:
    """For `lists.shown`: whoever came together with it may call."""
    return frozenset(CONTACT) if accepted_between(actor, entry) else frozenset()
