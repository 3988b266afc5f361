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
TYPED, REASONS = 500, 10  # typed needs, offers of each that are explained


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
        _, memory = alone("some", name, folder / "given")
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
    seconds, memory = (statistics.median(column) for column in zip(*measured, strict=True))
    print(
        f"{given.name}, all pairs, in a process of its own: {seconds:.1f} s with preparing, {memory:.0f} MB peak"
    )


def typed(space: Space, needs: list[Record], offers: list[Record]) -> None:
    index = Index(space.offers, asked=len(needs))
    steps: list[tuple[float, float, float]] = []
    for need in needs[:TYPED]:
        times = [time.perf_counter()]
        vector = space.vectors([need])
        times.append(time.perf_counter())
        best = index.top(vector, TOP)
        times.append(time.perf_counter())
        for place in best.offer[:REASONS].tolist():
            explain(space, need, place, offers[place])
        times.append(time.perf_counter())
        steps.append(tuple(np.diff(times).tolist()))
    table = np.array(steps[20:]) * 1000
    print(f"\na typed need, {len(offers)} offers, top {TOP}, {REASONS} explained:   p50      p99 ms")
    for name, column in zip(("vector", "top", "reasons"), table.T, strict=True):
        print(f"  {name:<20}{np.percentile(column, 50):8.2f} {np.percentile(column, 99):8.2f}")
    whole = table.sum(axis=1)
    print(f"  {'together':<20}{np.percentile(whole, 50):8.2f} {np.percentile(whole, 99):8.2f}")


def store(given: Vectors, file: Path) -> None:
    file.write_bytes(pickle.dumps(given, protocol=5))


def alone(how_many: str, name: str, file: Path) -> tuple[float, float]:
    """Seconds, and peak memory in MB, of one way in a process of its own."""
    command = [sys.executable, "-m", "bench.retrieval", how_many, name, str(file)]
    seconds, memory = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[-2:]
    return float(seconds), float(memory)


def measure_alone(how_many: str, name: str, file: Path) -> None:
    given: Vectors = pickle.loads(file.read_bytes())
    needs = given.needs if how_many == "all" else given.needs[: ALL[name][1]]
    start = time.perf_counter()
    ready, answer = ALL[name][0](given.offers)
    answer(ready(needs), TOP)
    seconds = time.perf_counter() - start
    # Not getrusage: its peak begins with that of the process that started this one.
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    peak = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
    print(seconds, peak / 1024)


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
