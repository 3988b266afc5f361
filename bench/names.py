"""Short names against full names: acc@1, acc@5, acc@1 on the hard part, seconds; beside a plain TF-IDF baseline.

    python -m bench.names

Reads ../shared/bench/names (LIANQIAO_BENCH names another folder) and says so when it is absent. The hard part: short
names that are not contained in their full name.
"""

import csv
import math
import os
import resource
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

from lianqiao_engine.names import WARN, NameIndex

FOLDER = Path(os.environ.get("LIANQIAO_BENCH", Path(__file__).parents[2] / "shared/bench")) / "names"


def full_names() -> list[tuple[str, str]]:
    with (FOLDER / "full_names.csv").open(encoding="utf-8") as file:
        return [(row["code"], row["fullname"]) for row in csv.DictReader(file)]


def short_names() -> list[tuple[str, str, bool]]:
    """Short name, full name, whether it is hard."""
    with (FOLDER / "short_full.csv").open(encoding="utf-8") as file:
        return [(row["name"], row["fullname"], row["substr"] == "False") for row in csv.DictReader(file)]


class TfIdf:
    """The peer: cosine of character 1-3-grams, tf x smoothed idf, nothing else."""

    def __init__(self, names: list[tuple[str, str]]) -> None:
        self._names = [name for _, name in names]
        holders = Counter(gram for name in self._names for gram in set(grams(name)))
        self._idf = {gram: math.log((1 + len(names)) / (1 + count)) + 1 for gram, count in holders.items()}
        self._postings: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, name in enumerate(self._names):
            for gram, weight in self._unit(name).items():
                self._postings[gram].append((number, weight))

    def best(self, query: str) -> list[str]:
        score: defaultdict[int, float] = defaultdict(float)
        for gram, weight in self._unit(query).items():
            for number, held in self._postings[gram]:
                score[number] += weight * held
        return [
            self._names[number] for number in sorted(score, key=lambda number: (-score[number], number))[:5]
        ]

    def _unit(self, text: str) -> dict[str, float]:
        weights = {gram: n * self._idf[gram] for gram, n in Counter(grams(text)).items() if gram in self._idf}
        length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        return {gram: weight / length for gram, weight in weights.items()}


def grams(text: str) -> list[str]:
    return [text[at : at + size] for size in (1, 2, 3) for at in range(len(text) - size + 1)]


def measure(label: str, best: Callable[[str], list[str]], names: list[tuple[str, str, bool]]) -> None:
    wall, cpu = time.perf_counter(), time.process_time()
    answers = [(best(short), full, hard) for short, full, hard in names]
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    first = [given[:1] == [full] for given, full, _ in answers]
    five = [full in given for given, full, _ in answers]
    hard = [right for right, (_, _, is_hard) in zip(first, answers, strict=True) if is_hard]
    print(
        f"{label:<22} acc@1 {mean(first):.4f}  acc@5 {mean(five):.4f}  hard {mean(hard):.4f}"
        f"  {wall:6.1f} s wall  {cpu:6.1f} s cpu"
    )


def mean(values: list[bool]) -> float:
    return sum(values) / len(values)


def main() -> None:
    if not FOLDER.exists():
        sys.exit(f"{FOLDER} is absent: nothing measured")
    full, short = full_names(), short_names()
    print(f"{len(short)} short names, {sum(hard for *_, hard in short)} hard, {len(full)} full names")
    measure("TF-IDF 1-3-grams", TfIdf(full).best, short)
    began = time.process_time()
    index = NameIndex(full)
    print(f"{'index':<22} {time.process_time() - began:.2f} s cpu")
    measure("lianqiao", lambda query: [likely.name for likely in index.likely(query)], short)

    # The duplicate warning: every full name as if it were new, so that any other name it warns of is a false alarm.
    began = time.process_time()
    sample = full[::4]
    alarms = sum(
        any(likely.code != code and likely.score >= WARN for likely in index.likely(name))
        for code, name in sample
    )
    spent = (time.process_time() - began) / len(sample)
    print(
        f"false alarms {alarms / len(sample):.4f} of {len(sample)} new names, {spent * 1000:.1f} ms cpu each"
    )
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main()
