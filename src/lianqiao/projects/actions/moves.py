"""The states of a project: published, delivered, accepted by the other side, or stopped."""

from dataclasses import replace
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianqiao.core.actor import COMMAND, Actor
from lianqiao.core.lifecycle import Lifecycle
from lianqiao.core.refusals import Refused
from lianqiao.core.writing import locked
from lianqiao.lists.actions.moves import fulfil
from lianqiao.lists.models import Entry
from lianqiao.lists.queries import OPEN as OPEN_ENTRIES
from lianqiao.projects.models import Project
from lianqiao.projects.queries import LIVE_CLAIMS, unfinished_of
from lianqiao.projects.telling import tell_asked, tell_holder, tell_office, tell_sides, tell_sponsor

lifecycle = Lifecycle(Project)
State = Project.State


class ClaimByPassed(Refused):
    code = "claim_by_passed"
    sentence = _("认领截止日期 %(day)s 已过，请先改一个日期。")


class HasClaims(Refused):
    code = "has_claims"
    sentence = _("已经有单位候补，不能撤回发布；不再做的话请中止项目。")


class NobodyAsked(Refused):
    code = "nobody_asked"
    sentence = _("这个项目没有指定由谁承接，或已经公开。")


@lifecycle.move(State.DRAFT, to=State.OPEN)
def publish_project(project: Project, *, by: Actor, now: datetime) -> None:
    """Whoever is asked may take it; where nobody is, every member of the chain. Raises ClaimByPassed."""
    if project.claim_by and project.claim_by < timezone.localdate(now):
        raise ClaimByPassed(day=project.claim_by)
    project.published_at, project.declined_reason = now, ""
    tell_asked(project, "project_asked", by=by)
    tell_sponsor(project, "project_published", by=by)


@lifecycle.move(State.OPEN, to=State.DRAFT)
def unpublish(project: Project, *, by: Actor) -> None:
    """Nobody has asked for it yet. Raises HasClaims."""
    if project.claims.filter(state__in=LIVE_CLAIMS).exists():
        raise HasClaims
    project.published_at = None


@lifecycle.move(State.OPEN, to=State.OPEN)
def open_to_all(project: Project, *, by: Actor) -> None:
    """Not only whoever was asked may take it. Raises NobodyAsked."""
    if project.asked_id is None:
        raise NobodyAsked
    project.asked = project.asked_unit = None


@lifecycle.move(State.OPEN, to=State.DRAFT)
def decline_asking(project: Project, *, by: Actor, reason: str) -> None:
    """Whoever was asked does not do it; the office alone reads why. Raises NobodyAsked."""
    if project.asked_id is None:
        raise NobodyAsked
    if not reason.strip():
        raise ValidationError({"reason": _("请写明原因，只有管理处能看到。")})
    tell_sponsor(project, "project_declined", by=by)
    tell_office(project, "project_declined", by=by)
    project.declined_reason = reason.strip()
    project.asked = project.asked_unit = None


@lifecycle.move(State.WORKING, to=State.DELIVERED)
def deliver(project: Project, *, by: Actor, now: datetime) -> None:
    """The holder says that it is done."""
    project.delivered_at, project.sent_back_reason = now, ""
    tell_sponsor(project, "project_delivered", by=by)


@lifecycle.move(State.DELIVERED, to=State.WORKING)
def take_back_delivery(project: Project, *, by: Actor) -> None:
    """Not done yet after all."""
    project.delivered_at = None


@lifecycle.move(State.DELIVERED, to=State.ACCEPTED)
def accept_work(project: Project, *, by: Actor, now: datetime) -> None:
    """The other side says so; with the last project of a need the need is fulfilled."""
    project.accepted_at = now
    tell_holder(project, "project_accepted", by=by)
    tell_office(project, "project_accepted", by=by)
    if project.need_id:
        settle_need(project, by=by)


@lifecycle.move(State.DELIVERED, to=State.WORKING)
def send_back(project: Project, *, by: Actor, reason: str) -> None:
    """Not as agreed; what is missing is said."""
    if not reason.strip():
        raise ValidationError({"reason": _("请写明哪里还要修改。")})
    project.delivered_at, project.sent_back_reason = None, reason.strip()
    tell_holder(project, "project_sent_back", by=by, reason=project.sent_back_reason)


@lifecycle.move(State.DRAFT, State.OPEN, State.WORKING, State.DELIVERED, to=State.STOPPED)
def stop_project(project: Project, *, by: Actor, reason: str) -> None:
    """It comes to nothing, and says why; what was written stays to be read."""
    if not reason.strip():
        raise ValidationError({"reason": _("请写明中止的原因。")})
    project.stopped_reason = reason.strip()
    tell_sides(project, "project_stopped", by=by, reason=project.stopped_reason)


@lifecycle.move(State.STOPPED, to=State.DRAFT)
def resume_project(project: Project, *, by: Actor) -> None:
    """As it was before it was stopped; the next that waited for it while nobody held it is not given it by this."""
    project.stopped_reason = ""
    if project.holder_id:
        project.state = State.DELIVERED if project.delivered_at else State.WORKING
    elif project.published_at:
        project.state = State.OPEN


def settle_need(project: Project, *, by: Actor) -> None:
    """It follows from the acceptance: whoever accepts need not be of the office, who says so else."""
    need = locked(Entry(pk=project.need_id))
    others = unfinished_of(need).exclude(pk=project.pk)
    if need.state in OPEN_ENTRIES and not others.exists():
        fulfil(need, by=replace(by, role=COMMAND))
