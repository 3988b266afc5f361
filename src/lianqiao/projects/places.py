"""Who stands for a side of a project, asked of one row that is at hand; `queries.held` and its sisters ask many."""

from typing import Literal

from lianqiao.core.actor import OFFICE, Actor, Role
from lianqiao.projects.models import Claim, Outcome, Project

Side = Literal["", "sponsor", "holder"]


def speaks_for(actor: Actor, organisation_id: int | None, unit_id: int | None) -> bool:
    """The contact of an enterprise, the coordinator of a school for all of it, a college for itself."""
    if organisation_id is None:
        return False
    if actor.role == Role.COLLEGE_CONTACT:
        return (organisation_id, unit_id) == (actor.organisation_id, actor.unit_id)
    contacts = OFFICE | {Role.ENTERPRISE_CONTACT, Role.SCHOOL_COORDINATOR}
    return actor.role in contacts and organisation_id == actor.organisation_id


def side_of(actor: Actor, project: Project) -> Side:
    if speaks_for(actor, project.sponsor_id, project.sponsor_unit_id):
        return "sponsor"
    return "holder" if speaks_for(actor, project.holder_id, project.holder_unit_id) else ""


def claims_for_itself(actor: Actor, claim: Claim) -> bool:
    return speaks_for(actor, claim.organisation_id, claim.unit_id)


def is_asked(actor: Actor, project: Project) -> bool:
    return speaks_for(actor, project.asked_id, project.asked_unit_id)


def has_confirmed(outcome: Outcome, side: Side) -> bool:
    times = {"sponsor": outcome.sponsor_confirmed_at, "holder": outcome.holder_confirmed_at}
    return times.get(side) is not None


def name_of(actor: Actor) -> str:
    """Whose word it is, as it is kept beside it."""
    return " · ".join(filter(None, [actor.name, actor.position_label]))[:300]
