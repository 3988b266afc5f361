"""Other weights, proposed from answers: kept with their evidence, in force when the office says so, and taken back."""

from dataclasses import replace
from datetime import datetime
from typing import Any

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
from lianqiao.matching.engine import need_of, offer_of
from lianqiao.matching.lessons import Given, Lesson
from lianqiao.matching.models import Match, Weighting
from lianqiao.matching.queries.learning import LEARN, entries_by_id, records_of_rounds, settled_answers
from lianqiao.matching.queries.rounds import Around, giver_key, weighting_in_force
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


def rounds_taught(chain_id: int, now: datetime) -> list[Any]:
    """Each answer once, with the lists of the latest round in which both stood; the others with the lists of now."""
    left = answers_of(chain_id)
    found = []
    for kept in records_of_rounds(chain_id):
        needs, offers = lessons.lists_in(bytes(kept.content), kept.sha256)
        asked, given = {need.id for need in needs}, {offer.id for offer in offers}
        here = [one for (need, offer), one in left.items() if need in asked and offer in given]
        left = {pair: one for pair, one in left.items() if not (pair[0] in asked and pair[1] in given)}
        found.append(lessons.round_of(kept.round.title, needs, offers, here))
    entries = entries_by_id({int(pk) for pair in left for pk in pair})
    around = Around()
    needs_now = [need_of(entries[int(pk)], around).record for pk in sorted({need for need, _ in left})]
    offers_now = [
        offer_of(entries[int(pk)], around, today=now.date()).record
        for pk in sorted({offer for _, offer in left})
    ]
    # The oldest first; what stands in no round is the newest.
    return [*found[::-1], lessons.round_of("", needs_now, offers_now, left.values())]


def answers_of(chain_id: int) -> dict[tuple[str, str], Given]:
    """The last answer to each pair. Who took the same giver again counts as more than a yes."""
    found: dict[tuple[str, str], Given] = {}
    took: set[tuple[int, str]] = set()
    for match in settled_answers(chain_id):
        giver = (match.enterprise_id, giver_key(match.giver_id, match.unit_id))
        outcome = "declined"
        if match.state == Match.State.ACCEPTED:
            outcome = "renewed" if giver in took else "accepted"
            took.add(giver)
        pair = (str(match.need_id), str(match.offer_id))
        found[pair] = Given(*pair, match.rank or 1, outcome)
    return found


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
