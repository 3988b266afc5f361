"""Who stands for a party, asked of one row that is at hand; `queries.own_parties` asks the same of many."""

from collections.abc import Iterable

from lianqiao.agreements.models import AgreementParty
from lianqiao.core.actor import OFFICE, Actor, Role
from lianqiao.registry.models import Organisation


def speaks_for(actor: Actor, party: AgreementParty, chain_id: int) -> bool:
    """A person's side is kept by the office, which has the signed paper; the chain's Party organisation too."""
    if actor.role in OFFICE:
        by_office = party.organisation_id is None or party.organisation_id == actor.organisation_id
        return by_office and chain_id in actor.chains
    if actor.role == Role.COLLEGE_CONTACT:
        return (party.organisation_id, party.unit_id) == (actor.organisation_id, actor.unit_id)
    if actor.role in (Role.ENTERPRISE_CONTACT, Role.SCHOOL_COORDINATOR):
        return party.organisation_id is not None and party.organisation_id == actor.organisation_id
    return False


def approves_for(actor: Actor, party: AgreementParty) -> bool:
    """The school as a whole for one of its colleges."""
    is_coordinator = actor.role == Role.SCHOOL_COORDINATOR
    return is_coordinator and needs_approval(party) and party.organisation_id == actor.organisation_id


def needs_approval(party: AgreementParty) -> bool:
    of_school = party.organisation is not None and party.organisation.kind == Organisation.Kind.SCHOOL
    return of_school and party.unit_id is not None


def has_agreed(party: AgreementParty, version: int) -> bool:
    approved = party.approved_version == version or not needs_approval(party)
    return party.agreed_version == version and approved


def side_of(actor: Actor, parties: Iterable[AgreementParty], chain_id: int) -> AgreementParty | None:
    return next((party for party in parties if speaks_for(actor, party, chain_id)), None)


def said_by(actor: Actor) -> str:
    """As it was when it was said: positions end, the words stay."""
    return " · ".join(filter(None, [actor.name, actor.position_label]))[:300]
