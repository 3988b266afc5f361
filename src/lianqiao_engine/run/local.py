"""Processes of this machine. They are spawned, so threads and locks of the parent are none of theirs."""

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import islice
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnContext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from .shards import Answers, Cut, Shard, Task, answer

PARTS = ("data", "indices", "indptr")


class WorkerLost(RuntimeError):
    """A process ended before it answered: killed, out of memory, or started from a script without a main guard."""


@dataclass(frozen=True)
class Mapped:
    """A task whose offers lie in files, which all processes map: they are in memory once."""

    folder: Path
    shape: tuple[int, int]
    asked: int
    k: int

    @classmethod
    def of(cls, task: Task, folder: Path) -> "Mapped":
        for part in PARTS:
            np.save(folder / f"{part}.npy", getattr(task.offers, part))
        return cls(folder, task.offers.shape, task.asked, task.k)

    def task(self) -> Task:
        parts = tuple(np.load(self.folder / f"{part}.npy", mmap_mode="r") for part in PARTS)
        return Task(csr_array(parts, self.shape), self.asked, self.k)


@dataclass(frozen=True)
class Processes:
    """So many processes; without a number, one for each processor that this one may use."""

    number: int | None = None

    def answers(self, cut: Cut, task: Task) -> Answers:
        """Yield what each shard is answered; however the iteration ends, the processes end with it.

        Raises WorkerLost, and what a process raised.
        """
        context, number = multiprocessing.get_context("spawn"), self.number or _processors()
        with TemporaryDirectory(prefix="lianqiao-run-") as folder, ExitStack() as children:
            mapped = Mapped.of(task, Path(folder))
            idle = [children.enter_context(_child(context, mapped)) for _ in range(number)]
            busy: dict[Connection, Shard] = {}
            waiting = cut(number)
            while True:
                for shard in islice(waiting, len(idle)):
                    pipe = idle.pop()
                    busy[pipe] = shard
                    _told(pipe.send, shard)
                if not busy:
                    return
                for pipe in [pipe for pipe in wait(list(busy)) if isinstance(pipe, Connection)]:
                    found = _told(pipe.recv)
                    if isinstance(found, Exception):
                        raise found
                    idle.append(pipe)
                    yield busy.pop(pipe), found


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def _child(context: SpawnContext, mapped: Mapped) -> Iterator[Connection]:
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, mapped), daemon=True)
    process.start()
    theirs.close()  # else the end of the process would not end the pipe
    try:
        yield ours
    finally:
        process.terminate()
        process.join()
        ours.close()


def _told(speak: Callable[..., Any], *what: Shard) -> Any:
    try:
        return speak(*what)
    except (EOFError, OSError) as error:
        raise WorkerLost("a process of the ranking ended before it answered") from error


def _serve(pipe: Connection, mapped: Mapped) -> None:
    """What a child does: answer until the parent has gone."""
    # Ctrl-C reaches the whole group; the parent ends its children.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        task = mapped.task()
        index = task.index()
        while True:
            pipe.send(answer(index, pipe.recv(), task.k))
    except EOFError:
        return
    except Exception as error:
        pipe.send(error)
