"""A round's long work as jobs: previewed, held, checked again."""

import threading
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianqiao.core.actor import Actor
from lianqiao.core.jobs import Progress, job
from lianqiao.core.permissions import LABELS
from lianqiao.core.refusals import NotPermitted
from lianqiao.matching import engine
from lianqiao.matching.actions.holding import inputs_now, keep_check, keep_plan, keep_preview, release
from lianqiao.matching.actions.rounds import CHECK, PREVIEW, RUN, NothingToMatch
from lianqiao.matching.models import Round
from lianqiao.matching.queries.rounds import record_of, rounds_for
from lianqiao.matching.results import summary_of
from lianqiao.registry.queries import still_acts


def asked(pk: int, by: Actor, permission: str) -> Round:
    if not still_acts(by, timezone.localdate()):
        # It was permitted when it was asked for; the position may have ended while it waited.
        raise NotPermitted(permission=LABELS[permission])
    return rounds_for(by).get(pk=pk)


class Told:
    """How far a round is: half of it are the candidates of each need. Cancelled is raised where the job works: the
    solver's clock tells from a thread of its own, and there it would only end the clock."""

    def __init__(self, progress: Progress, needs: int) -> None:
        self.progress, self.thread, self.ranked_so_far = progress, threading.get_ident(), 0
        progress.expect(needs * 4)

    def ranked(self, done: int, _needs: int) -> None:
        self.progress.step((done - self.ranked_so_far) * 2)
        self.ranked_so_far = done

    def solving(self, _told: Any) -> None:
        if threading.get_ident() == self.thread:
            self.progress.step(0)


def held(progress: Progress, inputs: engine.Inputs) -> engine.Stored:
    if not (inputs.needs and inputs.offers):
        raise NothingToMatch
    told = Told(progress, len(inputs.needs))
    return engine.hold_round(inputs, told.ranked, told.solving)


@job(RUN, _("运行对接轮次"))
def run(progress: Progress, *, by: Actor, pk: int) -> dict[str, Any]:
    row = asked(pk, by, RUN)
    if row.state == Round.State.READY and row.job_id == progress.row.pk:
        # The power went between its end and the job's: it is written once.
        return {"matches": row.summary["matches"]}
    try:
        stored = held(progress, inputs_now(row, by=by, today=timezone.localdate()))
        told = keep_plan(row, stored, by=by, now=timezone.now(), job=progress.row.pk, step=progress.step)
    except Exception:
        release(row, by=by, job=progress.row.pk)
        raise
    return {"matches": told["matches"]}


@job(PREVIEW, _("预演对接轮次"))
def preview(progress: Progress, *, by: Actor, pk: int) -> dict[str, Any]:
    row = asked(pk, by, PREVIEW)
    inputs = engine.quickly(inputs_now(row, by=by, today=timezone.localdate()))
    told = summary_of(held(progress, inputs))
    keep_preview(row, told, by=by, job=progress.row.pk)
    return {"matches": told["matches"]}


@job(CHECK, _("复核对接方案"))
def check(progress: Progress, *, by: Actor, pk: int) -> dict[str, Any]:
    row = asked(pk, by, CHECK)
    told = checked(row, lambda _told: None)
    keep_check(row, told | {"at": timezone.now().isoformat()}, by=by)
    return {"result": "same" if told["same"] else "differs"}


def checked(row: Round, progress: Callable[[Any], None] | None = None) -> dict[str, Any]:
    """Raises RoundRecord.DoesNotExist, BadRecord."""
    kept = record_of(row)
    told = asdict(engine.replayed(bytes(kept.content), kept.sha256, progress))
    return told | {"faults": list(told["faults"]), "kept": kept.engine_version}
