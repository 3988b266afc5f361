"""Many at once, and killed in the middle: one plan or none, one promise for each place."""

import os
import signal
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections
from django.utils import timezone

from lianqiao.core.actor import Role
from lianqiao.core.audit import verify
from lianqiao.core.jobs import Cancelled, resume_interrupted
from lianqiao.core.models import Job
from lianqiao.core.refusals import Refused
from lianqiao.matching import tasks
from lianqiao.matching.actions import holding
from lianqiao.matching.actions.rounds import begin_round, call_off, publish_round, run_round
from lianqiao.matching.models import Match, Round, RoundNeed, RoundRecord
from tests import factories as make
from tests.matching.lists import lists

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 16


@pytest.fixture
def here():
    return lists()


@pytest.fixture
def office(here):
    return make.actor(Role.OFFICE_ADMIN, here.chain)


def at_once(*steps: Callable[[], Any]) -> Counter[str]:
    outcomes: list[str] = []
    start = threading.Barrier(len(steps))

    def run(step: Callable[[], Any]) -> None:
        start.wait()
        try:
            step()
            outcomes.append("done")
        except Refused as refusal:
            outcomes.append(refusal.code)
        except ValidationError as refusal:
            outcomes.append(refusal.messages[0])
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[step]) for step in steps]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    return Counter(outcomes)


def test_one_round_published_by_many_at_once_is_published_once(here, office):
    row = make.held_round(here.chain, office)

    told = at_once(*[lambda: publish_round(row, by=office, now=timezone.now())] * THREADS)

    assert told == {"done": 1, "state_moved": THREADS - 1}
    assert Match.objects.filter(state="offered").count() == 3
    assert verify().is_whole


def test_rounds_published_at_once_promise_no_place_twice(here, office):
    rows = [make.held_round(here.chain, office) for _ in range(4)]

    told = at_once(
        *[
            lambda row=row: publish_round(row, by=office, now=timezone.now())
            for row in rows
            for _ in range(THREADS // 4)
        ]
    )

    assert (told["done"], sum(told.values())) == (1, THREADS)
    assert set(told) <= {"done", "promises_broken", "state_moved"}
    used = Counter(Match.objects.filter(state="offered").values_list("offer", flat=True))
    assert max(used.values()) == 1


def test_rounds_run_at_once_on_one_chain_run_one_after_the_other(here, office, monkeypatch):
    monkeypatch.setattr("lianqiao.core.jobs.run_queued", lambda pk: None)
    rows = [begin_round(by=office, chain=here.chain, title=f"{n}") for n in range(4)]

    told = at_once(*[lambda row=row: run_round(row, by=office) for row in rows for _ in range(THREADS // 4)])

    assert (told["done"], sum(told.values())) == (1, THREADS)
    assert Round.objects.filter(state="running").count() == 1


def test_one_round_run_by_many_at_once_is_planned_once(here, office):
    row = begin_round(by=office, chain=here.chain, title="一轮")

    told = at_once(*[lambda: run_round(row, by=office)] * THREADS)

    row.refresh_from_db()
    assert (told["done"], row.state, RoundRecord.objects.count()) == (1, "ready", 1)
    assert row.matches.count() == 3


@pytest.fixture
def running(here, office, monkeypatch):
    """A round whose job waits for a worker."""
    with monkeypatch.context() as later:
        later.setattr("lianqiao.core.jobs.run_queued", lambda pk: None)
        row = begin_round(by=office, chain=here.chain, title="一轮")
        run_round(row, by=office)
    row.refresh_from_db()
    return row


def written() -> tuple[int, int, int]:
    return Match.objects.count(), RoundRecord.objects.count(), RoundNeed.objects.count()


def killed_at(monkeypatch, step: int) -> Callable[..., int]:
    """`add_matches`, but the process is gone after so many steps of writing."""
    real, steps = holding.add_matches, []

    def add(row, planned, entries, now, tell) -> int:
        def told(count: int) -> None:
            steps.append(count)
            assert connection.in_atomic_block
            if len(steps) == step:
                os.kill(os.getpid(), signal.SIGKILL)
            tell(count)

        return real(row, planned, entries, now, told)

    return add


@pytest.mark.parametrize("step", [1, 3])
def test_round_killed_while_it_is_written_leaves_nothing_and_is_resumed(here, running, monkeypatch, step):
    monkeypatch.setattr(holding, "CHUNK", 1)
    connections.close_all()

    child = os.fork()
    if not child:
        try:
            monkeypatch.setattr(holding, "add_matches", killed_at(monkeypatch, step))
            from lianqiao.core.jobs import run_queued

            run_queued.call_local(running.job_id)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)

    assert os.WTERMSIG(status) == signal.SIGKILL
    assert written() == (0, 0, 0)
    assert Round.objects.get(pk=running.pk).state == "running"
    resume_interrupted()
    running.refresh_from_db()
    assert (running.state, here.pairs(running)) == ("ready", {"甲": "造价", "乙": "装饰", "丙": "施工"})
    assert verify().is_whole


def test_round_resumed_after_its_plan_was_written_writes_it_once(here, office, running):
    from lianqiao.core.jobs import run_queued

    run_queued.call_local(running.job_id)
    before = RoundRecord.objects.get().sha256
    Job.objects.filter(pk=running.job_id).update(state="running")

    resume_interrupted()

    assert (RoundRecord.objects.get().sha256, written()) == (before, (3, 1, 3))
    assert Job.objects.get(pk=running.job_id).state == "done"


def test_round_cancelled_while_it_works_can_be_run_again(here, office, running, monkeypatch):
    def cancel(*_args: Any) -> None:
        raise Cancelled

    with monkeypatch.context() as cancelled:
        cancelled.setattr(tasks.Told, "ranked", cancel)
        from lianqiao.core.jobs import run_queued

        run_queued.call_local(running.job_id)
    running.refresh_from_db()

    assert (Job.objects.get(pk=running.job_id).state, running.state) == ("cancelled", "draft")
    assert written() == (0, 0, 0)
    run_round(running, by=office)
    running.refresh_from_db()
    assert running.state == "ready"


def test_round_called_off_takes_nothing_that_its_job_still_finds(here, office, running):
    job = running.job_id
    call_off(running, by=office)
    Job.objects.filter(pk=job).update(state="queued")
    from lianqiao.core.jobs import run_queued

    run_queued.call_local(job)

    assert Job.objects.get(pk=job).result["code"] == "not_running"
    assert (Round.objects.get(pk=running.pk).state, written()) == ("draft", (0, 0, 0))
