"""Other weights, proposed from answers: kept with their evidence, in force when the office says so, and taken back."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lianqiao.core import jobs
from lianqiao.core.actor import COMMAND, Actor
from lianqiao.core.lifecycle import Lifecycle
from lianqiao.core.models import Job
from lianqiao.core.permissions import require
from lianqiao.core.refusals import Refused
from lianqiao.core.writing import creation, locked
from lianqiao.matching import lessons
from lianqiao.matching.lessons import Lesson
from lianqiao.matching.models import Weighting
from lianqiao.matching.queries.learning import LEARN, rounds_taught
from lianqiao.matching.queries.rounds import weighting_in_force
from lianqiao.registry.models import Chain

lifecycle = Lifecycle(Weighting)
State = Weighting.State


class LessonRunning(Refused):
    code = "lesson_running"
    sentence = _("这条产业链的学习任务还没有结束，请稍后再看。")


class OutOfDate(Refused):
    code = "out_of_date"
    sentence = _("提出之后，使用中的权重已经变了；请重新从答复中学习。")


def ask_to_learn(chain: Chain, *, by: Actor) -> Job:
    """Raises NotPermitted, LessonRunning."""
    with transaction.atomic():
        locked(chain)
        require(by, "matching.propose_weighting", Weighting(chain=chain))
        if Job.objects.filter(kind=LEARN, facts__chain=chain.pk, state__in=["queued", "running"]).exists():
            raise LessonRunning
        return jobs.start(LEARN, by=by, chain=chain.pk)


def propose_weighting(chain: Chain, *, by: Actor, now: datetime) -> tuple[Lesson, Weighting | None]:
    """Learn from all that was answered; without certainty nothing is proposed. Raises NotPermitted."""
    require(by, "matching.propose_weighting", Weighting(chain=chain))
    in_force = weighting_in_force(chain.pk)
    lesson = lessons.taught(rounds_taught(chain.pk, now), in_force.weights if in_force else None)
    if lesson.reason:
        return lesson, None
    with transaction.atomic():
        locked(chain)
        for older in Weighting.objects.filter(chain=chain, state=State.PROPOSED):
            refuse_weighting(older, by=by)
        row = Weighting(
            chain=chain,
            weights=dict(lesson.after),
            before=dict(lesson.before),
            evidence=dict(lesson.evidence),
            proposed_at=now,
        )
        with creation(row, by=by, permission="matching.propose_weighting"):
            pass
    return lesson, row


@lifecycle.move(State.PROPOSED, to=State.IN_FORCE)
def approve_weighting(row: Weighting, *, by: Actor) -> None:
    """Rounds and suggestions score by it from now on. Raises OutOfDate."""
    locked(row.chain)
    now = weighting_in_force(row.chain_id)
    if now and now.weights != row.before:
        raise OutOfDate
    if now:
        replace_weighting(now, by=replace(by, role=COMMAND))


@lifecycle.move(State.IN_FORCE, to=State.REPLACED)
def replace_weighting(row: Weighting, *, by: Actor) -> None:
    """Another one takes its place."""


@lifecycle.move(State.PROPOSED, to=State.REFUSED)
def refuse_weighting(row: Weighting, *, by: Actor) -> None:
    """Nothing changes."""


@lifecycle.move(State.IN_FORCE, to=State.UNDONE)
def undo_weighting(row: Weighting, *, by: Actor) -> None:
    """What was in force before is in force again, to the bit: see `go_back`."""


@lifecycle.move(State.REPLACED, to=State.IN_FORCE)
def resume_weighting(row: Weighting, *, by: Actor) -> None:
    """What came after it was undone."""


def go_back(row: Weighting, *, by: Actor) -> Weighting:
    """Raises NotPermitted, StateMoved."""
    with transaction.atomic():
        locked(row.chain)
        undone: Weighting = undo_weighting(row, by=by)
        replaced = Weighting.objects.filter(chain=row.chain_id, state=State.REPLACED).order_by("-pk")
        earlier = next((one for one in replaced if one.weights == undone.before), None)
        if earlier:
            resume_weighting(earlier, by=replace(by, role=COMMAND))
    return undone
