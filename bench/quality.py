"""How well offers are ranked for needs: MRR, P@1, R@10, nDCG@10 of occupations and majors, R@10, R@100, MRR of law.

    python -m bench.quality [--views]

Reads ../shared/bench (LIANQIAO_BENCH names another folder) and says what is absent. Beside our score, in the same run,
BM25 over words and over pairs of characters (k1 1.2, b .75), and with --views each of our views alone.
"""

import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lianqiao_engine.evaluate import by_id, ranking
from lianqiao_engine.rank import rank
from lianqiao_engine.records import read_records
from lianqiao_engine.retrieve import Top
from lianqiao_engine.score import Record, Weights
from lianqiao_engine.score.views import VIEWS

FOLDER = Path(os.environ.get("LIANQIAO_BENCH", Path(__file__).parents[2] / "shared/bench"))
PLAIN = {"offer_items": 1.0, "need_fields": {}, "offer_fields": {}, "officially": 0.0, "need_rarity": 0.0}


@dataclass(frozen=True)
class Collection:
    name: str
    needs: list[Record]
    offers: list[Record]
    answers: dict[str, set[str]]  # need -> offers


def occupation_major() -> Collection:
    folder = FOLDER / "occupation_major"
    answers: defaultdict[str, set[str]] = defaultdict(set)
    for line in (folder / "answers.tsv").read_text(encoding="utf-8").splitlines():
        need, offer = line.split("\t")[:2]
        answers[need].add(offer)
    return Collection(
        "occupation_major",
        read_records(folder / "needs.jsonl"),
        read_records(folder / "offers.jsonl"),
        dict(answers),
    )


def stard() -> Collection:
    import pyarrow.parquet as parquet  # noqa: PLC0415 - not ours to install for one collection

    folder = FOLDER / "stard"
    asked = parquet.read_table(folder / "queries.parquet").to_pylist()
    return Collection(
        "stard",
        [Record(str(row["query_id"]), {"content": row["query"]}) for row in asked],
        [
            Record(row["id"], {"name": row["name"], "content": row["content"]})
            for row in parquet.read_table(folder / "corpus.parquet").to_pylist()
        ],
        {str(row["query_id"]): set(_listed(row["relevant"])) for row in asked},
    )


def _listed(relevant: str | list[str]) -> list[str]:
    return relevant.split() if isinstance(relevant, str) else relevant


def measure(best: Top, collection: Collection) -> dict[str, float]:
    run = by_id(best, collection.needs, collection.offers)
    first = ranking(run, collection.answers, 10).means()
    return ranking(run, collection.answers, 100).means() | {name: first[name] for name in ("R@10", "nDCG@10")}


def rankers(each_view: bool) -> dict[str, Weights]:
    peers = {f"BM25 {view}": Weights(views={view: 1.0}, **PLAIN) for view in ("words", "pairs")}  # type: ignore[arg-type]
    alone = {f"{view.name} alone": Weights(views={view.name: 1.0}) for view in VIEWS}
    return peers | (alone if each_view else {}) | {"lianqiao": Weights()}


def main() -> None:
    load: dict[str, Callable[[], Collection]] = {"occupation_major": occupation_major, "stard": stard}
    for name, collect in load.items():
        if not (FOLDER / name).exists():
            print(f"{FOLDER / name} is absent: nothing measured")
            continue
        collection = collect()
        print(f"\n{name}: {len(collection.needs)} needs, {len(collection.offers)} offers")
        for label, weights in rankers("--views" in sys.argv).items():
            start, cpu = time.perf_counter(), time.process_time()
            best = rank(collection.offers, collection.needs, 100, weights=weights)
            spent = f"{time.perf_counter() - start:6.1f} s wall {time.process_time() - cpu:6.1f} s cpu"
            figures = "  ".join(f"{key} {value:.3f}" for key, value in measure(best, collection).items())
            print(f"{label:<18} {figures}  {spent}", flush=True)


if __name__ == "__main__":
    main()
