import multiprocessing
import os
import signal
from dataclasses import dataclass

import numpy as np
import pytest

from lianqiao_engine import retrieve
from lianqiao_engine.run import Processes, WorkerLost, door, top
from lianqiao_engine.run.shards import answer, cut


@dataclass(frozen=True)
class Here:
    """Workers of this process, who hand in their answers in the wrong order."""

    number: int

    def answers(self, cut, task):
        index = task.index()
        yield from reversed([(shard, answer(index, shard, task.k)) for shard in cut(self.number)])


def bits(best) -> list[bytes]:
    return [best.need.tobytes(), best.offer.tobytes(), best.score.tobytes()]


def excluded(need: int) -> np.ndarray:
    return np.arange(need % 5, 90, 5)


@pytest.mark.parametrize("number", [1, 2, 7, 1000])
def test_any_number_of_shards_gives_the_same_to_the_bit(sides, number):
    expected = retrieve.top(*sides, 9, excluded=excluded)

    assert bits(top(*sides, 9, workers=Here(number), excluded=excluded)) == bits(expected)
    assert bits(top(*sides, 9, excluded=excluded)) == bits(expected)


def test_processes_give_the_same_to_the_bit_and_tell_how_far_they_are(sides):
    told = []

    best = top(
        *sides, 9, workers=Processes(2), excluded=excluded, progress=lambda *how_far: told.append(how_far)
    )

    assert bits(best) == bits(retrieve.top(*sides, 9, excluded=excluded))
    assert told == [(done, 40) for done in range(5, 41, 5)]


def test_processes_end_when_the_work_is_interrupted(sides):
    running = []

    def interrupt(done: int, of: int) -> None:
        running.extend(children())
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        top(*sides, 9, workers=Processes(2), progress=interrupt)

    assert len(running) == 2
    assert children() == []


def test_a_process_that_is_killed_is_reported(sides):
    killed = []

    def kill(done: int, of: int) -> None:
        if not killed:
            killed.extend(children())
            for process in killed:
                os.kill(process, signal.SIGKILL)

    with pytest.raises(WorkerLost):
        top(*sides, 9, workers=Processes(1), progress=kill)

    assert children() == []


def test_what_a_process_refuses_is_raised_here(sides):
    with pytest.raises(ValueError, match="k must be at least 1"):
        top(*sides, 0, workers=Processes(1))


def test_large_work_goes_to_processes_where_numba_is_absent(sides, monkeypatch):
    asked = []

    class Told(Here):
        def __init__(self) -> None:
            asked.append("processes")
            super().__init__(2)

    monkeypatch.setattr(door, "Processes", Told)
    monkeypatch.setattr(door, "WORTH", 40 * 90)
    for present in (True, False):
        monkeypatch.setattr(door, "installed", lambda present=present: present)
        assert bits(top(*sides, 9)) == bits(retrieve.top(*sides, 9))

    assert asked == ["processes"]


def test_no_needs_give_no_pairs(sides):
    needs, offers = sides

    assert len(top(needs[:0], offers, 3, workers=Processes(2)).need) == 0


def test_shards_hold_every_need_once(sides):
    shards = list(cut(sides[0], 6, None))

    assert [shard.start for shard in shards] == [0, 6, 13, 20, 26, 33]
    assert sum(shard.needs.shape[0] for shard in shards) == 40


def children() -> list[int]:
    """The workers that this process started and that still run."""
    return [process.pid for process in multiprocessing.active_children()]
