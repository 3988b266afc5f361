"""Long work as a Job row: started by an action, run by the queue, watched and cancelled in the task centre."""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from huey.contrib.djhuey import HUEY, db_task

from lianqiao.core.actor import Actor
from lianqiao.core.audit import record
from lianqiao.core.models import Job, JobError
from lianqiao.core.permissions import require
from lianqiao.core.refusals import Refused

log = logging.getLogger(__name__)
Work = Callable[..., dict[str, Any] | None]
KINDS: dict[str, tuple[str | Promise, Work]] = {}
LARGEST_ERROR_LIST = 1000


class Cancelled(Exception):
    """The person who asked for the work asked to stop it."""


def job(kind: str, label: str | Promise) -> Callable[[Work], Work]:
    """Register `work(progress, by=actor, **facts)` under `kind`; it returns its result as plain values."""

    def decorate(work: Work) -> Work:
        KINDS[kind] = (label, work)
        return work

    return decorate


def start(kind: str, *, by: Actor, **facts: Any) -> Job:
    """Queue a job; it begins once the caller's transaction is committed."""
    if kind not in KINDS:
        raise KeyError(kind)
    with transaction.atomic():
        row = Job.objects.create(kind=kind, person_id=by.person_id, actor=by.facts(), facts=facts)
        record(by, "core.start_job", row, after=facts)
        transaction.on_commit(lambda: run_queued(row.pk))
    return row


def cancel(row: Job, *, by: Actor) -> None:
    """Ask a job to stop; what runs stops at its next step, what waits never starts, what is over stays."""
    require(by, "core.cancel_job", row)
    record(by, "core.cancel_job", row)
    waiting = Job.objects.filter(pk=row.pk, state=Job.State.QUEUED)
    if waiting.update(state=Job.State.CANCELLED, ended_at=timezone.now()):
        return
    if Job.objects.filter(pk=row.pk, state=Job.State.RUNNING).exists():
        HUEY.put(f"cancel-{row.pk}", True)


@db_task()
def run_queued(pk: int) -> None:
    """Run one queued job. The claim is one UPDATE, so that two workers never run the same job."""
    claimed = Job.objects.filter(pk=pk, state=Job.State.QUEUED).update(
        state=Job.State.RUNNING, started_at=timezone.now()
    )
    if not claimed:
        forget(pk)
        return
    row = Job.objects.get(pk=pk)
    progress = Progress(row)
    by = Actor.from_facts(row.actor)
    try:
        result = KINDS[row.kind][1](progress, by=by, **row.facts) or {}
        state = Job.State.DONE
    except Cancelled:
        result, state = {}, Job.State.CANCELLED
    except Refused as refusal:
        result, state = {"code": refusal.code, "reason": str(refusal)}, Job.State.FAILED
    except Exception:
        # The queue's edge: whatever broke must be shown in the task centre, and the log keeps its trace.
        log.exception("job %s failed", pk)
        result, state = {"code": "crashed"}, Job.State.FAILED
    finish(row, progress, state, result, by)


def finish(row: Job, progress: "Progress", state: str, result: dict[str, Any], by: Actor) -> None:
    row.state, row.result, row.ended_at = state, result, timezone.now()
    row.done, row.total = progress.done, progress.total
    with transaction.atomic():
        row.save()
        JobError.objects.bulk_create(progress.errors)
        record(by, "core.end_job", row, after={"state": state, "result": result})
    forget(row.pk)


def forget(pk: int) -> None:
    """Take away what was kept beside the database for a job that is over."""
    for name in ("cancel", "progress"):
        HUEY.get(f"{name}-{pk}")


def live_progress(row: Job) -> tuple[int, int]:
    """`(done, total)` of a job, also while its own transaction is still open."""
    if row.state != Job.State.RUNNING:
        return row.done, row.total
    return HUEY.get(f"progress-{row.pk}", peek=True) or (row.done, row.total)


def resume_interrupted() -> int:
    """Called when the worker starts: what was running when the power went is queued again."""
    interrupted = list(Job.objects.filter(state__in=[Job.State.QUEUED, Job.State.RUNNING]))
    for row in interrupted:
        Job.objects.filter(pk=row.pk).update(state=Job.State.QUEUED)
        run_queued(row.pk)
    return len(interrupted)


class Progress:
    """What a job says while it works. Kept beside the database: a job's own transaction hides its rows."""

    def __init__(self, row: Job) -> None:
        self.row, self.done, self.total = row, 0, 0
        self.errors: list[JobError] = []
        self.told = 0.0

    def expect(self, total: int) -> None:
        self.total = total
        self.tell()

    def step(self, count: int = 1) -> None:
        """Raises Cancelled."""
        self.done += count
        if time.monotonic() - self.told > 0.5:
            self.tell()

    def error(self, place: str, code: str, reason: str) -> None:
        if len(self.errors) < LARGEST_ERROR_LIST:
            self.errors.append(JobError(job=self.row, place=place[:120], code=code, reason=reason[:500]))

    def tell(self) -> None:
        self.told = time.monotonic()
        HUEY.put(f"progress-{self.row.pk}", (self.done, self.total))
        if HUEY.get(f"cancel-{self.row.pk}", peek=True):
            raise Cancelled
