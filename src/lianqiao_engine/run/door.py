"""The door: the best offers of every need, whoever works."""

from collections.abc import Iterator
from contextlib import closing

from scipy.sparse import csr_array

from lianqiao_engine import retrieve
from lianqiao_engine.retrieve import Top
from lianqiao_engine.retrieve.index import installed
from lianqiao_engine.retrieve.top import Excluded, Progress

from .local import Processes
from .shards import Shard, Task, Workers, cut, together

WORTH = 200_000_000  # pairs of need and offer: fewer are ranked here before processes have started
A_WORKER = 4  # shards: the quick ones take over from the slow ones, and progress is told


def top(
    needs: csr_array,
    offers: csr_array,
    k: int,
    *,
    workers: Workers | None = None,
    excluded: Excluded | None = None,
    progress: Progress | None = None,
) -> Top:
    """Return what `retrieve.top` returns, bit for bit, found by `workers`.

    Without `workers`, work is done here where it is small, or where numba is installed, whose loops use all processors
    already; else by processes of this machine. `progress(done, needs)` is told after each block of needs.
    KeyboardInterrupt, or whatever `progress` raises, ends the workers. Raises what `retrieve.top` raises, WorkerLost
    and NoRay.
    """
    total = needs.shape[0]
    if workers is None and total * offers.shape[0] >= WORTH and not installed():
        workers = Processes()
    if workers is None or total == 0:
        return retrieve.top(needs, offers, k, excluded=excluded, progress=progress)
    answers, done = [], 0

    def cut_for(number: int) -> Iterator[Shard]:
        return cut(needs, number * A_WORKER, excluded)

    with closing(workers.answers(cut_for, Task(offers, total, k))) as given:
        for shard, found in given:
            answers.append((shard, found))
            done += shard.needs.shape[0]
            if progress:
                progress(done, total)
    return together(answers)
