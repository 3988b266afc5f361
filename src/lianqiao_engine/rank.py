"""Every need's best offers, from records."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from lianqiao_engine.retrieve import Top, top
from lianqiao_engine.score import Record, Space, Weights


def rank(
    offers: Sequence[Record],
    needs: Sequence[Record],
    k: int = 100,
    *,
    weights: Weights | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Top:
    """Return the `k` best offers of every need; equal scores go by the offers' ids.

    The result names needs and offers by their place in the lists given. Raises ValueError for k below 1.
    """
    # The order of ids decides between equals, and whatever order the list came in, the sums are added alike.
    by_id = sorted(range(len(offers)), key=lambda place: offers[place].id)
    space = Space([offers[place] for place in by_id], needs, weights)
    best = top(space.vectors(needs), space.offers, k, progress=progress)
    return Top(best.need, np.asarray(by_id, np.int32)[best.offer], best.score)


def write_run(best: Top, offers: Sequence[Record], needs: Sequence[Record], out: Path) -> None:
    """Write `best` without a head: need id, offer id, rank from 1, score; tab separated, need by need."""
    rank_in_need, before = 0, -1
    with out.open("w", encoding="utf-8", newline="") as file:
        for need, offer, score in zip(best.need, best.offer, best.score, strict=True):
            rank_in_need = rank_in_need + 1 if need == before else 1
            before = need
            file.write(f"{needs[need].id}\t{offers[offer].id}\t{rank_in_need}\t{score:.6f}\n")
