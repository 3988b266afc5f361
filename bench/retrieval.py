"""Exact top-50 retrieval beside bm25s, sparse_dot_topn, a SciPy loop and tantivy: the same terms, the same weights.

    python -m bench.retrieval [entries a side, 10000 and 100000]

Needs ../shared/bench/generate_entries.py and requirements/bench.txt; says what is absent. Rounds are interleaved,
figures are medians. Then all pairs with their memory, and a typed need answered with its reasons.
"""

import pickle
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from bench.entries import GENERATOR, Vectors, bm25, texts, without_frequent
from bench.retrieval_peers import ALL, PEERS
from lianqiao_engine.explain import explain
from lianqiao_engine.retrieve import Index
from lianqiao_engine.retrieve.scan import Scan
from lianqiao_engine.score import Record, Space

TOP, ROUNDS = 50, 5
TYPED, WARM, REASONS = 520, 20, 10  # typed needs, not counted ones, offers of each that are explained


def clocked(work: Callable[[], object]) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def race(given: Vectors, folder: Path, peers: list[str]) -> None:
    many = given.needs.shape[0]
    print(f"\n{given.name}: {many} needs x {given.offers.shape[0]} offers, top {TOP}, "
          f"{given.needs.nnz / many:.0f} terms a need")  # fmt: skip
    answers = {name: PEERS[name][0](given.offers) for name in peers}
    spent: dict[str, list[tuple[float, float]]] = {name: [] for name in answers}
    for number in range(-1, ROUNDS):  # the first one only warms
        for name, (ready, answer) in answers.items():
            size = min(many, PEERS[name][1])
            start = (number + 1) * size % (many - size + 1)
            needs = ready(given.needs[start : start + size])
            wall, cpu = clocked(lambda answer=answer, needs=needs: answer(needs, TOP))  # type: ignore[misc]
            if number >= 0:
                spent[name].append((wall / size, cpu / size))
    ours = statistics.median(wall for wall, _ in spent["lianqiao"])
    store(given, folder / "given")
    for name, times in spent.items():
        wall, cpu = (statistics.median(column) for column in zip(*times, strict=True))
        *_, memory = alone("some", name, folder / "given")
        print(
            f"{name:<16} {1 / wall:8.0f} needs/s  {wall / ours:6.2f} x our time  {cpu * 1e6:8.0f} us cpu a need"
            f"  {memory:6.0f} MB peak", flush=True
        )  # fmt: skip
    print(f"largest relative difference to all products, {TOP} best of 1024 needs: {difference(given):.1e}")


def difference(given: Vectors) -> float:
    needs = given.needs[:1024]
    found = Index(given.offers, asked=given.needs.shape[0]).top(needs, TOP)
    wanted = Scan(given.offers).best(needs, TOP, None, None)
    assert np.array_equal(found.need, wanted.need)
    assert np.array_equal(found.offer, wanted.offer)
    return float(np.max(np.abs(found.score - wanted.score) / wanted.score, initial=0))


def all_pairs(given: Vectors, folder: Path) -> None:
    store(given, folder / "given")
    measured = [alone("all", "lianqiao", folder / "given") for _ in range(3)]
    wall, cpu, memory = (statistics.median(column) for column in zip(*measured, strict=True))
    print(
        f"{given.name}, all pairs with preparing, in a process of its own: {wall:.1f} s wall {cpu:.1f} s cpu"
        f"  {memory:.0f} MB peak"
    )


def typed(space: Space, needs: list[Record], offers: list[Record]) -> None:
    index = Index(space.offers, asked=len(needs))
    steps: list[list[tuple[float, float]]] = []
    for need in needs[:TYPED]:
        steps.append([(time.perf_counter(), time.thread_time())])
        vector = space.vectors([need])
        steps[-1].append((time.perf_counter(), time.thread_time()))
        best = index.top(vector, TOP)
        steps[-1].append((time.perf_counter(), time.thread_time()))
        for place in best.offer[:REASONS].tolist():
            explain(space, need, place, vector)
        steps[-1].append((time.perf_counter(), time.thread_time()))
    spent = np.diff(np.array(steps[WARM:]), axis=1) * 1000  # (needs, steps, wall and CPU)
    print(f"\na typed need, {len(offers)} offers, top {TOP}, {REASONS} explained, ms")
    print(f"{'':<20} wall p50     p99   cpu p50     p99")
    for name, times in zip(
        ("vector", "top", "reasons", "together"), (*spent.swapaxes(0, 1), spent.sum(axis=1)), strict=True
    ):
        (wall, cpu), (late, busy) = np.percentile(times, 50, axis=0), np.percentile(times, 99, axis=0)
        print(f"{name:<20} {wall:8.2f} {late:7.2f}  {cpu:8.2f} {busy:7.2f}")


def store(given: Vectors, file: Path) -> None:
    with file.open("wb") as stored:
        pickle.dump(given, stored, protocol=5)


def alone(how_many: str, name: str, file: Path) -> tuple[float, ...]:
    """Wall and CPU seconds, and peak memory in MB, of one way in a process of its own."""
    command = [sys.executable, "-m", "bench.retrieval", how_many, name, str(file)]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return tuple(map(float, printed.split()[-3:]))


def measure_alone(how_many: str, name: str, file: Path) -> None:
    with file.open("rb") as stored:  # not as one string of bytes, which would be most of the memory
        given: Vectors = pickle.load(stored)
    needs = given.needs if how_many == "all" else given.needs[: ALL[name][1]]

    def work() -> None:
        ready, answer = ALL[name][0](given.offers)
        answer(ready(needs), TOP)

    wall, cpu = clocked(work)
    # Not getrusage: its peak begins with that of the process that started this one.
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    peak = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
    print(wall, cpu, peak / 1024)


def main(sizes: list[int]) -> None:
    if not GENERATOR.exists():
        print(f"{GENERATOR} is absent: nothing measured")
        return
    if absent := ALL.keys() - PEERS.keys():
        print(f"not installed, so not measured: {', '.join(sorted(absent))}")
    for size in sizes:
        needs, offers = texts(size, "need"), texts(size, "offer")
        with tempfile.TemporaryDirectory() as folder:
            words = bm25(needs, offers)
            race(words, Path(folder), list(PEERS))
            race(without_frequent(words), Path(folder), list(PEERS))
            all_pairs(words, Path(folder))
            asking, giving = (
                [Record(str(number), {"content": text}) for number, text in enumerate(side)]
                for side in (needs, offers)
            )
            space = Space(giving, asking)
            ours = Vectors("our score", space.vectors(asking), space.offers)
            # bm25s and tantivy know no weights of a query.
            race(ours, Path(folder), [name for name in PEERS if name not in ("bm25s", "tantivy")])
            all_pairs(ours, Path(folder))
        typed(space, asking, giving)


if __name__ == "__main__":
    if sys.argv[1:2] in (["all"], ["some"]):
        measure_alone(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
    else:
        main([int(size) for size in sys.argv[1:]] or [10_000, 100_000])
