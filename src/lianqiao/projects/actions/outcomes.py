"""What a project brought: said by one side, counted once the other says so too."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianqiao.core.actor import Actor
from lianqiao.core.lifecycle import Lifecycle
from lianqiao.core.permissions import LABELS, require
from lianqiao.core.refusals import Refused, StateMoved
from lianqiao.core.writing import change, creation, locked
from lianqiao.projects.models import Outcome, OutcomeKind, Project
from lianqiao.projects.places import Side, side_of
from lianqiao.projects.telling import tell_holder, tell_sponsor

lifecycle = Lifecycle(Outcome)
State = Outcome.State


class CountedAlready(Refused):
    code = "counted_already"
    sentence = _("双方都已确认，不能再改；数字有误请提出异议。")


def report_outcome(
    project: Project,
    *,
    by: Actor,
    now: datetime,
    kind: OutcomeKind,
    amount: Decimal,
    achieved_on: date,
    description: str = "",
) -> Outcome:
    """Who reports it confirms it for its own side. Raises NotPermitted, StateMoved, ValidationError."""
    with transaction.atomic():
        fresh = locked(project)
        require(by, "projects.report_outcome", fresh)
        if fresh.holder_id is None:
            raise StateMoved(state=fresh.get_state_display(), move=LABELS["projects.report_outcome"])
        if kind.chain_id != fresh.chain_id:
            raise ValidationError({"kind": _("这个成果类别不是本产业链的。")})
        refuse_future(achieved_on, now)
        row = Outcome(
            project=fresh, kind=kind, amount=amount, achieved_on=achieved_on, description=description.strip()
        )
        say(row, side_of(by, row.project), now)
        with creation(row, by=by, permission="projects.report_outcome"):
            tell_other(row, "outcome_reported", by=by)
    return row


def edit_outcome(
    outcome: Outcome, *, by: Actor, now: datetime, seen: int | None = None, **fields: Any
) -> Outcome:
    """Another number is for the other side to confirm anew. Raises NotPermitted, Stale, CountedAlready."""
    with change(outcome, by=by, permission="projects.edit_outcome", seen=seen) as row:
        if row.state not in (State.REPORTED, State.DISPUTED):
            raise CountedAlready
        for name, value in fields.items():
            setattr(row, name, value)
        refuse_future(row.achieved_on, now)
        row.sponsor_confirmed_at = row.holder_confirmed_at = None
        row.state, row.disputed_reason = State.REPORTED, ""
        say(row, side_of(by, row.project), now)
        tell_other(row, "outcome_reported", by=by)
    return row


@lifecycle.move(State.REPORTED, State.DISPUTED, to=State.REPORTED)
def confirm_outcome(outcome: Outcome, *, by: Actor, now: datetime) -> None:
    """With both sides it counts."""
    say(outcome, side_of(by, outcome.project), now)
    outcome.disputed_reason = ""
    if outcome.sponsor_confirmed_at and outcome.holder_confirmed_at:
        outcome.state = State.CONFIRMED
    tell_other(outcome, "outcome_confirmed", by=by)


@lifecycle.move(State.REPORTED, State.CONFIRMED, to=State.DISPUTED)
def dispute_outcome(outcome: Outcome, *, by: Actor, reason: str) -> None:
    """One side sees it otherwise, also after it had confirmed it: it does not count any more."""
    if not reason.strip():
        raise ValidationError({"reason": _("请写明有什么异议。")})
    outcome.disputed_reason = reason.strip()
    setattr(outcome, f"{side_of(by, outcome.project)}_confirmed_at", None)
    tell_other(outcome, "outcome_disputed", by=by, reason=outcome.disputed_reason)


@lifecycle.move(State.REPORTED, State.DISPUTED, to=State.WITHDRAWN)
def withdraw_outcome(outcome: Outcome, *, by: Actor) -> None:
    """It was reported by mistake."""


@lifecycle.move(State.WITHDRAWN, to=State.REPORTED)
def restore_outcome(outcome: Outcome, *, by: Actor) -> None:
    """As it was before it was withdrawn."""
    if outcome.disputed_reason:
        outcome.state = State.DISPUTED


def say(outcome: Outcome, side: Side, now: datetime) -> None:
    if side:
        setattr(outcome, f"{side}_confirmed_at", now)


def tell_other(outcome: Outcome, template: str, *, by: Actor, **facts: Any) -> None:
    tell = tell_holder if side_of(by, outcome.project) == "sponsor" else tell_sponsor
    tell(outcome.project, template, by=by, kind=outcome.kind, **facts)


def refuse_future(day: date, now: datetime) -> None:
    if day > timezone.localdate(now):
        raise ValidationError({"achieved_on": _("取得日期不能晚于今天。")})
