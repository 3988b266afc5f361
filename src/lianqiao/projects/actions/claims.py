"""Who does a project: the first who asked, the others in their order.

A claim takes the project's lock, then the chain's: limits are counted over all projects of the chain.
"""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianqiao.core.actor import OFFICE, Actor
from lianqiao.core.permissions import LABELS, require
from lianqiao.core.refusals import Refused, StateMoved
from lianqiao.core.writing import change, creation, locked, snapshot, write_back
from lianqiao.projects.models import Claim, Project
from lianqiao.projects.places import name_of
from lianqiao.projects.queries import USUAL_LIMIT, held_at_work, limits_of, waiting_claims
from lianqiao.projects.telling import tell_claimer, tell_office, tell_sponsor
from lianqiao.registry.models import Organisation, Unit
from lianqiao.registry.queries import live_memberships

State, Held = Project.State, Claim.State
OPEN_TO_CLAIMS = (State.OPEN, State.WORKING)


class NoRoom(Refused):
    code = "no_room"
    sentence = _("“%(place)s”同时承接的项目已到上限（%(most)s 个），请先完成一个，或请管理处调整上限。")


class ClaimingOver(Refused):
    code = "claiming_over"
    sentence = _("认领已于 %(day)s 截止。")


class NotAsked(Refused):
    code = "not_asked"
    sentence = _("这个项目正在等“%(asked)s”答复，还没有公开认领。")


class NotOnChain(Refused):
    code = "not_on_chain"
    sentence = _("“%(organisation)s”现在不是本产业链的成员，不能认领。")


class QueueMoved(Refused):
    code = "queue_moved"
    sentence = _("这个项目已经转给别人，或候补已经取消，不能再恢复。")


def claim(
    project: Project,
    *,
    by: Actor,
    now: datetime,
    organisation: Organisation,
    unit: Unit | None = None,
    plan: str = "",
) -> Claim:
    """Take it if nobody has it, else wait for it.

    Raises StateMoved, ClaimingOver, NotAsked, NotOnChain, NoRoom, NotPermitted, ValidationError.
    """
    with transaction.atomic():
        fresh = locked(project)
        refuse_closed(fresh, organisation, unit, now)
        require(by, "projects.claim", fresh)
        locked(fresh.chain)
        row = Claim(
            project=fresh, organisation=organisation, unit=unit, plan=plan.strip(), state=Held.WAITING,
            claimed_at=now, by_label=name_of(by),
        )  # fmt: skip
        if organisation.pk == fresh.sponsor_id:
            raise ValidationError(_("不能认领为本单位自己做的项目。"))
        if fresh.state == State.OPEN:
            refuse_full(row)
        with creation(row, by=by, permission="projects.claim"):
            pass
        if fresh.state == State.OPEN:
            winner = give_to_next(fresh, by=by, now=now)
            row = winner if winner and winner.pk == row.pk else row
    return row


def give_up(row: Claim, *, by: Actor, now: datetime, reason: str) -> Claim:
    """Whoever waits leaves the queue; whoever holds it hands it over to the next, or it is open again.

    What nobody but the giver of a match was asked to do becomes a draft again, which the office looks at.
    Raises StateMoved, NotPermitted, ValidationError.
    """
    with transaction.atomic():
        project = locked(Project(pk=row.project_id))
        locked(project.chain)
        fresh = locked(row)
        if fresh.state == Held.HELD and project.state != State.WORKING:
            raise StateMoved(state=project.get_state_display(), move=LABELS["projects.give_up"])
        if fresh.state not in (Held.HELD, Held.WAITING):
            raise StateMoved(state=fresh.get_state_display(), move=LABELS["projects.give_up"])
        if fresh.state == Held.HELD and not reason.strip():
            raise ValidationError({"reason": _("请写明放弃的原因。")})
        was_held = fresh.state == Held.HELD
        with change(fresh, by=by, permission="projects.give_up") as left:
            left.state, left.given_up_reason = Held.WITHDRAWN, reason.strip()
        if was_held:
            free(project, by=by)
            if taken := give_to_next(project, by=by, now=now):
                with change(left, by=by, permission="projects.hand_over") as handed:
                    handed.state = Held.HANDED_OVER
                tell_office(project, "project_handed_over", by=by, place=place_name(taken))
            else:
                tell_sponsor(project, "project_given_up", by=by)
                tell_office(project, "project_given_up", by=by)
    return locked_fresh(left)


def queue_again(row: Claim, *, by: Actor) -> Claim:
    """Whoever left the queue is back where it was, unless somebody was given the project since. Raises QueueMoved."""
    with transaction.atomic():
        project = locked(Project(pk=row.project_id))
        fresh = locked(row)
        moved = fresh.state != Held.WITHDRAWN or fresh.given_up_reason
        if moved or project.state != State.WORKING:
            raise QueueMoved
        with change(fresh, by=by, permission="projects.queue_again") as again:
            again.state = Held.WAITING
    return again


def free(project: Project, *, by: Actor) -> None:
    before = snapshot(project)
    was_asked = project.asked_id is not None
    project.state = State.DRAFT if was_asked else State.OPEN
    project.holder = project.holder_unit = project.claimed_at = project.asked = project.asked_unit = None
    write_back(project, before, by=by, action="projects.give_up")


def give_to_next(project: Project, *, by: Actor, now: datetime) -> Claim | None:
    """The first in the queue that has room for it; nobody is asked again, everybody is told."""
    for row in waiting_claims(project):
        if room_of(row)[0] <= 0:
            continue
        before = snapshot(project)
        project.holder, project.holder_unit = row.organisation, row.unit
        project.state, project.claimed_at = State.WORKING, now
        write_back(project, before, by=by, action="projects.claim")
        held = snapshot(row)
        row.state = Held.HELD
        write_back(
            row, held, by=by, action="projects.hand_over" if row.claimed_at < now else "projects.claim"
        )
        tell_claimer(row, "project_yours", by=by)
        tell_sponsor(project, "project_claimed", by=by, place=place_name(row))
        if by.role not in OFFICE:
            tell_office(project, "project_claimed", by=by, place=place_name(row))
        return row
    return None


def room_of(row: Claim) -> tuple[int, int]:
    """(left, most): of the unit, and of the organisation as a whole where the office settled that."""
    chain_id, organisation_id = row.project.chain_id, row.organisation_id
    limits, at_work = (
        limits_of(chain_id, organisation_id, row.unit_id),
        held_at_work(chain_id, organisation_id),
    )
    most = limits.get(row.unit_id, USUAL_LIMIT)
    # A school as a whole counts its colleges' projects only where somebody settled how many that may be.
    own = at_work if row.unit_id is None and None in limits else at_work.filter(holder_unit=row.unit_id)
    found = (most - own.count(), most)
    if row.unit_id and None in limits:
        found = min(found, (limits[None] - at_work.count(), limits[None]))
    return found


def refuse_full(row: Claim) -> None:
    left, most = room_of(row)
    if left <= 0:
        raise NoRoom(place=place_name(row), most=most)


def refuse_closed(project: Project, organisation: Organisation, unit: Unit | None, now: datetime) -> None:
    if project.state not in OPEN_TO_CLAIMS:
        raise StateMoved(state=project.get_state_display(), move=LABELS["projects.claim"])
    today = timezone.localdate(now)
    if project.claim_by and project.claim_by < today:
        raise ClaimingOver(day=project.claim_by)
    is_other = project.asked_id and (project.asked_id, project.asked_unit_id) != (
        organisation.pk,
        unit.pk if unit else None,
    )
    if is_other:
        raise NotAsked(asked=project.asked_unit or project.asked)
    if not live_memberships(today).filter(chain=project.chain_id, organisation=organisation).exists():
        raise NotOnChain(organisation=organisation.label)


def place_name(row: Claim) -> str:
    return f"{row.organisation.label} {row.unit.label}" if row.unit else row.organisation.label


def locked_fresh(row: Claim) -> Claim:
    row.refresh_from_db()
    return row
