"""A unit and an enterprise that work together for longer: proposed by their first match, confirmed by all three."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianqiao.core.actor import OFFICE, Actor
from lianqiao.core.lifecycle import Lifecycle
from lianqiao.core.refusals import Refused
from lianqiao.core.writing import creation
from lianqiao.matching.models import Match, Pairing, Side
from lianqiao.matching.queries.pairings import live_pairing, party_of
from lianqiao.matching.telling import tell_pair
from lianqiao.registry.models import Organisation

lifecycle = Lifecycle(Pairing)
State = Pairing.State


class AlreadyConfirmed(Refused):
    code = "already_confirmed"
    sentence = _("您这一方已经确认，正在等其他方确认。")


def propose_pairing(match: Match, *, by: Actor) -> Pairing | None:
    """Where a school gives to an enterprise: the pair that there is already, or a new one for all to confirm.

    The chain is locked by the caller, so that two matches of one pair propose it once.
    """
    if match.giver.kind != Organisation.Kind.SCHOOL or match.enterprise.kind == Organisation.Kind.SCHOOL:
        return None
    known = live_pairing(match)
    if known:
        return known
    row = Pairing(
        chain_id=match.chain_id,
        giver_id=match.giver_id,
        unit_id=match.unit_id,
        enterprise_id=match.enterprise_id,
        round_id=match.round_id,
    )
    with creation(row, by=by, permission="matching.propose_pairing"):
        tell_pair(row, "pairing_proposed")
    return row


@lifecycle.move(State.PROPOSED, to=State.PROPOSED)
def confirm_pairing(pairing: Pairing, *, by: Actor, now: datetime) -> None:
    """By the unit, the enterprise or the office, in any order; with the third it begins. Raises AlreadyConfirmed."""
    name = f"{whose(pairing, by=by)}_confirmed_at"
    if getattr(pairing, name):
        raise AlreadyConfirmed
    setattr(pairing, name, now)
    if pairing.giver_confirmed_at and pairing.enterprise_confirmed_at and pairing.office_confirmed_at:
        pairing.state, pairing.starts_on = State.CONFIRMED, timezone.localdate(now)
        tell_pair(pairing, "pairing_confirmed")


@lifecycle.move(State.PROPOSED, to=State.DECLINED)
def decline_pairing(pairing: Pairing, *, by: Actor, reason: str) -> None:
    """The matches go on without it. The reason is read by the office and the own side."""
    pairing.ended_reason = said(reason)
    tell_pair(pairing, "pairing_declined", but=party_of(by, pairing))


@lifecycle.move(State.PROPOSED, to=State.DECLINED)
def drop_pairing(pairing: Pairing, *, by: Actor) -> None:
    """The one match that it was proposed for came to nothing, which both sides are told of that."""


@lifecycle.move(State.CONFIRMED, to=State.ENDED)
def end_pairing(pairing: Pairing, *, by: Actor, now: datetime, reason: str) -> None:
    """What was agreed meanwhile goes on as agreed."""
    pairing.ends_on, pairing.ended_reason = timezone.localdate(now), said(reason)
    tell_pair(pairing, "pairing_ended", reason=pairing.ended_reason, but=party_of(by, pairing))


def whose(pairing: Pairing, *, by: Actor) -> str:
    if by.role in OFFICE:
        return "office"
    return "giver" if party_of(by, pairing) == Side.OFFER else "enterprise"


def said(reason: str) -> str:
    if not reason.strip():
        raise ValidationError({"reason": _("请写明原因。")})
    return reason.strip()
