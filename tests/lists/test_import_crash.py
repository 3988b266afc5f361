"""Killed in the middle: all rows or none. Twice at once: once."""

import os
import signal
from threading import Barrier, Thread

import pytest
from django.db import connection, connections
from django.utils import timezone

from lianqiao.core.audit import verify
from lianqiao.core.jobs import Cancelled
from lianqiao.core.models import Job
from lianqiao.lists.imports.actions import carrying
from lianqiao.lists.imports.actions.carrying import ChangedMeanwhile, import_entries
from lianqiao.lists.models import Entry, Import
from tests import factories as make
from tests.lists.workbooks import carried_out, chain_with_words, checked, needs, office

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = [f"{n}|甲公司|施工|技术|{text}" for n, text in enumerate(("幕墙检测", "装配式样板", "造价人才"), 1)]


@pytest.fixture(autouse=True)
def small_steps(settings, tmp_path, monkeypatch):
    settings.DATA = tmp_path
    monkeypatch.setattr(carrying, "CHUNK", 1)


@pytest.fixture
def ready():
    on = chain_with_words()
    make.member(on, "甲公司")
    by = office(on)
    return checked(needs(*ROWS), by, on), by


class Stops:
    """Does something once two rows are written: one step read them, three made them findable before."""

    def __init__(self, stop) -> None:
        self.stop, self.steps = stop, 0

    def __call__(self, count: int) -> None:
        self.steps += 1
        if self.steps == len(ROWS) + 3:
            assert connection.in_atomic_block
            self.stop()


def test_import_entries_killed_in_the_middle_leaves_nothing_and_can_be_done_again(ready):
    imported, by = ready
    connections.close_all()

    child = os.fork()
    if not child:
        try:
            kill = Stops(lambda: os.kill(os.getpid(), signal.SIGKILL))
            import_entries(imported, by=by, now=timezone.now(), step=kill)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)

    assert os.WTERMSIG(status) == signal.SIGKILL
    assert (Entry.objects.count(), Import.objects.get().state) == (0, "checked")
    assert verify().is_whole
    carried_out(imported, by)
    assert Entry.objects.count() == len(ROWS)


def test_import_entries_cancelled_in_the_middle_leaves_nothing(ready):
    imported, by = ready

    def cancel() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        import_entries(imported, by=by, now=timezone.now(), step=Stops(cancel))

    assert (Entry.objects.count(), Import.objects.get().state) == (0, "checked")


def test_imports_of_one_file_at_the_same_time_write_it_once(ready):
    first, by = ready
    second = checked(needs(*ROWS), by, first.chain)
    together, told = Barrier(2), []

    def work(imported: Import) -> None:
        try:
            together.wait()
            import_entries(imported, by=by, now=timezone.now(), step=lambda count: None)
            told.append("written")
        except ChangedMeanwhile:
            told.append("changed meanwhile")
        finally:
            connections.close_all()

    threads = [Thread(target=work, args=[imported]) for imported in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(told) == ["changed meanwhile", "written"]
    assert Entry.objects.count() == len(ROWS)
    assert verify().is_whole


def test_import_job_tells_how_far_it_came_and_what_it_made(ready):
    imported, by = ready

    carrying.agree(imported, by=by)

    job = Job.objects.order_by("-pk").first()
    assert (job.state, job.done, job.total) == ("done", 9, 9)
    assert job.result == {"rows": 3, "accepted": 3, "rejected": 0, "added": 3, "updated": 0}
