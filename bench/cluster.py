"""What processes and Ray cost over one process: the same ranking, interleaved rounds, medians.

    python -m bench.cluster [needs, 20000] [offers, 20000] [rounds, 5] [--plain]

Processes start anew in each round, which is what they cost in use. Synthetic vectors: 60 terms a row, drawn like words are. `--plain` takes the way without numba, which uses one
processor; with numba one process already uses all of them.
"""

import os
import resource
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy.sparse import csr_array

from lianqiao_engine import retrieve, run
from lianqiao_engine.retrieve import Top
from lianqiao_engine.run.shards import Answers, Cut, Task, Workers

TERMS, EACH, K = 30_000, 60, 50


def vectors(rows: int, seed: int) -> csr_array:
    random = np.random.default_rng(seed)
    terms = np.minimum(random.zipf(1.3, (rows, EACH)), TERMS) - 1
    weights = random.gamma(2.0, 0.1, (rows, EACH)) / np.log2(2 + TERMS / (1 + terms))
    starts = np.arange(0, rows * EACH + 1, EACH)
    made = csr_array((weights.ravel(), terms.ravel(), starts), (rows, TERMS))
    made.sum_duplicates()
    return made


@dataclass(frozen=True)
class Asked:
    """Workers that are told another number of needs than there are: 0 makes them take the plain way."""

    workers: Workers
    asked: int

    def answers(self, cut: Cut, task: Task) -> Answers:
        return self.workers.answers(cut, replace(task, asked=self.asked))


def cpu() -> float:
    """Processor seconds of this process and all that descend from it, living or dead."""
    ticks = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has just ended
            fields = path.read_text().rpartition(")")[2].split()
            ticks[int(path.parent.name)] = int(fields[1]), int(fields[11]) + int(fields[12])
    family = {os.getpid()}
    while more := {pid for pid, (parent, _) in ticks.items() if parent in family} - family:
        family |= more
    living = sum(ticks[pid][1] for pid in family) / os.sysconf("SC_CLK_TCK")
    dead = resource.getrusage(resource.RUSAGE_CHILDREN)
    return living + dead.ru_utime + dead.ru_stime


def same(a: Top, b: Top) -> bool:
    return all(
        getattr(a, part).tobytes() == getattr(b, part).tobytes() for part in ("need", "offer", "score")
    )


def main() -> None:
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    needs_count, offers_count, rounds = (*numbers, *(20_000, 20_000, 5)[len(numbers) :])
    asked = 0 if "--plain" in sys.argv else needs_count
    needs, offers = vectors(needs_count, 1), vectors(offers_count, 2)
    # Before the import: it listens to nobody outside, and tells nobody.
    os.environ |= {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0", "RAY_USAGE_STATS_ENABLED": "0"}
    import ray  # noqa: PLC0415 - slow, and the extra `cluster`

    start = time.perf_counter()
    ray.init("local", include_dashboard=False, log_to_driver=False, configure_logging=False)
    print(f"Ray takes {time.perf_counter() - start:.1f} s to start; not counted below")
    ways: dict[str, Callable[[], Top]] = {
        "one process": lambda: retrieve.Index(offers, asked=asked).top(needs, K),
        "processes": lambda: run.top(needs, offers, K, workers=Asked(run.Processes(), asked)),
        "Ray": lambda: run.top(needs, offers, K, workers=Asked(run.Ray(), asked)),
    }
    spent: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    expected = ways["one process"]()
    for _ in range(rounds):
        for name, way in ways.items():
            start, before = time.perf_counter(), cpu()
            found = way()
            spent[name].append((time.perf_counter() - start, cpu() - before))
            assert same(found, expected), name
    print(
        f"{needs_count} needs x {offers_count} offers, best {K}, {rounds} rounds; all results the same to the bit"
    )
    print(f"load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    medians = {name: np.median(taken, axis=0) for name, taken in spent.items()}
    for name, (wall, used) in medians.items():
        of_wall, of_used = (wall, used) / medians["one process"]
        print(
            f"{name:<12} {wall:8.2f} s wall {used:8.2f} s cpu   of one process {of_wall:5.2f} {of_used:5.2f}"
        )
    ray.shutdown()


if __name__ == "__main__":
    main()
