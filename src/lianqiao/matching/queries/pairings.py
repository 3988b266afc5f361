"""Which pairings of units and enterprises exist for a person."""

from django.db.models import Q, QuerySet

from lianqiao.core.actor import OFFICE, Actor, Role
from lianqiao.matching.models import Match, Pairing, Side
from lianqiao.matching.queries.matches import SEES_ALL, SIDES
from lianqiao.registry.models import Organisation

LIVE = (Pairing.State.PROPOSED, Pairing.State.CONFIRMED)


def pairings_for(actor: Actor) -> QuerySet[Pairing]:
    rows = Pairing.objects.select_related("chain", "giver", "unit", "enterprise", "round")
    if actor.role in SEES_ALL:
        return rows
    if actor.role in OFFICE or actor.role in (Role.LEADER, Role.LIAISON):
        return rows.filter(chain__in=actor.chains)
    return (
        rows.filter(given_by(actor) | Q(enterprise=actor.organisation_id or 0))
        if actor.role in SIDES
        else rows.none()
    )


def given_by(actor: Actor) -> Q:
    own = Q(giver=actor.organisation_id or 0)
    return own & Q(unit=actor.unit_id) if actor.role == Role.COLLEGE_CONTACT else own


def party_of(actor: Actor, pairing: Pairing) -> Side | None:
    """Which side of a pairing the actor speaks for."""
    if actor.role not in SIDES or not actor.organisation_id:
        return None
    if pairing.giver_id == actor.organisation_id:
        whole = actor.role != Role.COLLEGE_CONTACT
        return Side.OFFER if whole or pairing.unit_id == actor.unit_id else None
    is_enterprise = actor.role != Role.COLLEGE_CONTACT and pairing.enterprise_id == actor.organisation_id
    return Side.NEED if is_enterprise else None


def live_pairing(match: Match) -> Pairing | None:
    rows = Pairing.objects.filter(chain=match.chain_id, enterprise=match.enterprise_id, state__in=LIVE)
    return rows.filter(giver=match.giver_id, unit=match.unit_id).first()


def waiting_for_confirmation(actor: Actor) -> QuerySet[Pairing]:
    """Proposed ones that the actor's own side, or the office, has not confirmed yet."""
    rows = pairings_for(actor).filter(state=Pairing.State.PROPOSED)
    if actor.role in OFFICE:
        return rows.filter(office_confirmed_at=None)
    mine = (given_by(actor) & Q(giver_confirmed_at=None)) | Q(
        enterprise=actor.organisation_id or 0, enterprise_confirmed_at=None
    )
    return rows.filter(mine) if actor.role in SIDES else rows.none()


def pairings_of(organisation: Organisation, actor: Actor) -> QuerySet[Pairing]:
    return pairings_for(actor).filter(Q(giver=organisation) | Q(enterprise=organisation))
