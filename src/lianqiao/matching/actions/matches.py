"""A match from the invitation to what both sides say to it: exactly one outcome, whoever is faster.

Locks are taken in one order: the match, the chain, the two entries, then whatever else is written. Publishing a round
locks the chain too, so that nobody promises a place twice.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianqiao.core.actor import COMMAND, OFFICE, Actor
from lianqiao.core.lifecycle import Lifecycle
from lianqiao.core.refusals import Refused
from lianqiao.core.writing import creation, locked
from lianqiao.lists.actions.moves import to_matching
from lianqiao.lists.models import Entry
from lianqiao.lists.queries import OPEN
from lianqiao.lists.terms import Audience
from lianqiao.matching.actions.pairings import propose_pairing
from lianqiao.matching.differences import differences_of
from lianqiao.matching.engine import UNLIMITED, capacity_of
from lianqiao.matching.models import Answer, Dismissal, Match, Side
from lianqiao.matching.nearness import Fit
from lianqiao.matching.policy import RoundRules
from lianqiao.matching.queries.matches import (
    AGREED,
    is_unwanted,
    other_side,
    places_taken,
    said_by,
    side_of,
)
from lianqiao.matching.queries.rounds import LIVE, answer_term
from lianqiao.matching.telling import tell_side
from lianqiao.registry.workdays import add_workdays

lifecycle = Lifecycle(Match)
State, Said = Match.State, Match.Said


class CannotInvite(Refused):
    """The same sentence whatever stands in the way: what the other side said of it in private is not told."""

    code = "cannot_invite"
    sentence = _("“%(need)s”和“%(offer)s”现在不能对接。")


class NotInTheLists(Refused):
    code = "not_in_the_lists"
    sentence = _("“%(entry)s”已不在清单中，或只对管理处公开，不能对接。")


class Unwanted(Refused):
    """For the office, which knows."""

    code = "unwanted"
    sentence = _("其中一方已表示不与对方对接。")


class PlacesTaken(Refused):
    code = "places_taken"
    sentence = _("“%(entry)s”的名额已用完（%(most)s 次），请提供方先修改“容量或次数”。")


class PartnersFound(Refused):
    code = "partners_found"
    sentence = _("“%(entry)s”希望对接 %(most)s 家，已经满了。")


class AlreadyAnswered(Refused):
    code = "already_answered"
    sentence = _("贵方已经答复，正在等对方答复。")


def invite(
    need: Entry, offer: Entry, *, by: Actor, now: datetime, fit: Fit | None = None, by_hand: bool = False
) -> Match:
    """Ask both sides, or the other side when one of them invites, which says yes with it.

    Raises NotPermitted, CannotInvite, NotInTheLists, Unwanted, PlacesTaken, PartnersFound, ValidationError.
    """
    with transaction.atomic():
        locked(need.chain)
        need, offer = locked(need), locked(offer)
        row = Match(
            chain_id=need.chain_id,
            origin=Match.Origin.BY_HAND if by_hand else Match.Origin.SUGGESTION,
            need=need,
            offer=offer,
            enterprise_id=need.organisation_id or 0,  # nobody: refused below
            giver_id=offer.organisation_id or 0,
            unit_id=offer.unit_id,
            score=fit.score if fit else None,
            rank=fit.rank if fit else None,
            reasons=list(fit.reasons) if fit else [],
            differences=differences_of(need, offer),
            state=State.OFFERED,
            offered_at=now,
            answer_by=answer_day(need.chain_id, now),
        )
        refuse_unfit(row, by=by)
        refuse_full(row, LIVE, now)
        side = side_of(by, row)
        if side:
            setattr(row, f"{side}_said", Said.ACCEPT)
        with creation(row, by=by, permission="matching.invite"):
            if side:
                say(row, side, Said.ACCEPT, by=by, now=now)
                Dismissal.objects.filter(entry__in=(need, offer), other__in=(need, offer)).filter(
                    entry=need if side == Side.NEED else offer
                ).delete()
        for asked in Side:
            if asked != side:
                tell_side(row, asked, "match_offered", day=row.answer_by)
    return row


@lifecycle.move(State.OFFERED, to=State.OFFERED)
def accept(match: Match, *, by: Actor, now: datetime, note: str = "") -> None:
    """Whoever is the second to say yes brings it about.

    Raises AlreadyAnswered; then CannotInvite, NotInTheLists, PlacesTaken, PartnersFound.
    """
    side = own_side(match, by=by)
    if said_by(match, side) in AGREED:
        raise AlreadyAnswered
    say(match, side, Said.ACCEPT, by=by, now=now, note=note)
    if said_by(match, other_side(side)) in AGREED:
        come_about(match, by=by, now=now)
    else:
        tell_side(match, other_side(side), "match_accepted_by_one", day=match.answer_by)


@lifecycle.move(State.OFFERED, to=State.DECLINED)
def decline(
    match: Match, *, by: Actor, now: datetime, reason: str, note: str = "", is_shared: bool = False
) -> None:
    """The place is free again; the other side learns no more than that it did not come about."""
    side = own_side(match, by=by)
    facts: dict[str, Any] = {"reason": reason, "note": note, "is_shared": is_shared and bool(note)}
    say(match, side, Said.DECLINE, by=by, now=now, **facts)
    match.settled_at = now
    tell_side(match, other_side(side), "match_over")


@lifecycle.move(State.OFFERED, to=State.OFFERED)
def rescope(match: Match, *, by: Actor, now: datetime, scope: str, note: str = "") -> None:
    """Something else than the entries say: the other side answers to it anew, and has the whole term for it."""
    if not scope.strip():
        raise ValidationError({"scope": _("请写明您建议的合作内容。")})
    side = own_side(match, by=by)
    other = other_side(side)
    match.scope = scope.strip()
    setattr(match, f"{other}_said", Said.NOTHING)
    say(match, side, Said.RESCOPE, by=by, now=now, scope=match.scope, note=note)
    match.answer_by, match.reminded_at = answer_day(match.chain_id, now), None
    tell_side(match, other, "match_rescoped", day=match.answer_by)


@lifecycle.move(State.OFFERED, to=State.WITHDRAWN)
def withdraw(match: Match, *, by: Actor, now: datetime) -> None:
    """By the office, or by the side that had said yes; who had not answered is told."""
    match.settled_at = now
    side = side_of(by, match)
    for asked in Side:
        if asked != side:
            tell_side(match, asked, "match_over")


@lifecycle.move(State.OFFERED, to=State.LAPSED)
def lapse(match: Match, *, by: Actor, now: datetime) -> None:
    """Nobody is blamed: both are told that it is over, and how to come back to it."""
    match.settled_at = now
    for asked in Side:
        tell_side(match, asked, "match_lapsed" if not said_by(match, asked) else "match_over")


def own_side(match: Match, *, by: Actor) -> Side:
    side = side_of(by, match)
    if side is None:
        # Only a side may answer (rules.py); the operator of the machine answers for nobody.
        raise CannotInvite(need=match.need, offer=match.offer)
    return side


def say(match: Match, side: Side | None, said: str, *, by: Actor, now: datetime, **facts: Any) -> None:
    if side:
        setattr(match, f"{side}_said", said)
    who = " · ".join(filter(None, [by.name, by.position_label]))[:300]
    answer = Answer(
        match=match, side=side or "", said=said, person_id=by.person_id, by_label=who,
        by_link=by.person_id is None, at=now, **facts,
    )  # fmt: skip
    answer.full_clean(exclude=["match"])
    answer.save()


def come_about(match: Match, *, by: Actor, now: datetime) -> None:
    """Contacts are open to both from here on, the need is in hand, and unit and enterprise may become a pair."""
    locked(match.chain)
    match.need, match.offer = locked(match.need), locked(match.offer)
    refuse_gone(match)
    refuse_full(match, (State.ACCEPTED,), now)
    match.state, match.settled_at = State.ACCEPTED, now
    match.need_said = match.offer_said = Said.ACCEPT
    # It follows from what both said: neither may move the entry, or propose a pairing, as such.
    both = replace(by, role=COMMAND)
    if match.need.state == Entry.State.PUBLISHED:
        to_matching(match.need, by=both)
    match.pairing = propose_pairing(match, by=both)
    for side in Side:
        tell_side(match, side, "match_made")


def refuse_unfit(match: Match, *, by: Actor) -> None:
    unwanted = is_unwanted(match.need, match.offer)
    if by.role in OFFICE:
        refuse_gone(match)
        if unwanted:
            raise Unwanted
    elif unwanted or is_gone(match.need) or is_gone(match.offer):
        raise CannotInvite(need=match.need, offer=match.offer)
    if match.enterprise_id == match.giver_id:
        raise CannotInvite(need=match.need, offer=match.offer)


def is_gone(entry: Entry) -> bool:
    return entry.state not in OPEN or entry.audience == Audience.OFFICE or entry.organisation_id is None


def refuse_gone(match: Match) -> None:
    for entry in (match.need, match.offer):
        if is_gone(entry):
            raise NotInTheLists(entry=entry)


def refuse_full(match: Match, states: tuple[str, ...], now: datetime) -> None:
    """Where somebody said how often or how many; by hand, what says nothing has no limit."""
    offer, need = match.offer, match.need
    limited = offer.capacity is not None or offer.calendar
    most = capacity_of(offer, RoundRules(), timezone.localdate(now)) if limited else UNLIMITED
    if places_taken(offer, states, but=match.pk) >= most:
        raise PlacesTaken(entry=offer, most=most)
    wanted = need.partners_wanted
    if wanted and places_taken(need, (State.ACCEPTED,), but=match.pk) >= wanted:
        raise PartnersFound(entry=need, most=wanted)


def answer_day(chain_id: int, now: datetime) -> Any:
    return add_workdays(timezone.localdate(now), answer_term(chain_id).days).day
