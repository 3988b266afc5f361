"""Workers of Ray, on this machine or on several (`[cluster]`)."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType
from uuid import uuid4

from lianqiao_engine.retrieve import Index, Top

from .shards import Answers, Cut, Shard, Task, answer

# What a worker prepared, by run: the offers of one run are prepared once in a process, and given up with the next.
_prepared: dict[str, Index] = {}


class NoRay(RuntimeError):
    """Ray is not installed here: it comes with the extra `cluster`."""


@dataclass(frozen=True)
class Ray:
    """The workers of a Ray cluster. "local" starts one of its own on this machine and ends it afterwards.

    It is bound to 127.0.0.1, and so is this process from then on: it can join no other machine later.

    Any other `address` is joined and left, never stopped; where that cluster asks for a token, Ray reads it from the
    environment. What the environment or a file says of a running cluster is
    not looked at, so nobody works on a stranger's machines by mistake; "auto" would do that and is refused. Where the
    caller has already connected, that connection is used and kept. Raises ValueError for "auto" and an empty address.
    """

    address: str = "local"

    def __post_init__(self) -> None:
        if self.address in ("", "auto"):
            raise ValueError("name the address of the cluster, or local")

    @contextmanager
    def _connected(self) -> Iterator[ModuleType]:
        ray = _ray(self.address)
        if ray.is_initialized():
            yield ray
            return
        own = {"include_dashboard": False} if self.address == "local" else {}
        ray.init(address=self.address, log_to_driver=False, configure_logging=False, **own)
        try:
            yield ray
        finally:
            ray.shutdown()  # ends what init started, and only leaves what it joined

    def answers(self, cut: Cut, task: Task) -> Answers:
        """Yield what each shard is answered. The offers are sent to every machine once.

        A task whose machine is lost is given to another one. Raises NoRay, and what Ray or a worker raised.
        """
        with self._connected() as ray:
            held, run = ray.put(task), uuid4().hex
            remote = ray.remote(scheduling_strategy="SPREAD")(_answer)
            workers = int(ray.cluster_resources().get("CPU", 1))
            running = {remote.remote(held, run, shard): shard for shard in cut(workers)}
            try:
                while running:
                    ready, _ = ray.wait(list(running))
                    for done in ready:
                        yield running.pop(done), ray.get(done)
            finally:
                for left in running:
                    ray.cancel(left, force=True)


def _answer(task: Task, run: str, shard: Shard) -> Top:
    if run not in _prepared:
        _prepared.clear()
        _prepared[run] = task.index()
    return answer(_prepared[run], shard, task.k)


def _ray(address: str) -> ModuleType:
    # Ray reports its use to its makers unless it is told not to before it starts; an office did not agree to that.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    if address == "local":
        # Read at the import. Despite its name it decides on Linux too whether Ray listens to the whole network.
        os.environ.setdefault("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0")
    try:
        import ray  # noqa: PLC0415 - optional, and slow to import
    except ImportError as error:
        raise NoRay("Ray is not installed; it comes with the extra cluster") from error
    return ray
