"""The k best offers of every need by brute force over sparse vectors: exact, and quick enough for thousands."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

CELLS = 8_000_000  # scores held at once: 64 MB


@dataclass(frozen=True)
class Top:
    """Pairs by need, the best offer first, equal ones in the order of the offers. All arrays are (pairs,)."""

    need: NDArray[np.int32]
    offer: NDArray[np.int32]
    score: NDArray[np.float64]


def top(
    needs: csr_array,
    offers: csr_array,
    k: int,
    *,
    excluded: Callable[[int], NDArray[np.integer]] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Top:
    """Return the `k` offers of every need with the greatest product, those without any common term left out.

    `needs` (needs, terms) and `offers` (offers, terms) are vectors of one space. `excluded(need)` names offers that
    this need may not have: they are gone before the best are chosen. `progress(done, needs)` is told after each block.
    Raises ValueError for k below 1 and for vectors of two spaces.
    """
    if k < 1:
        raise ValueError(f"k must be at least 1, not {k}")
    if needs.shape[1] != offers.shape[1]:
        raise ValueError(f"needs have {needs.shape[1]} terms, offers {offers.shape[1]}")
    by_term = offers.T.tocsr()
    block = max(1, CELLS // max(1, offers.shape[0]))
    found: list[tuple[int, NDArray[np.intp], NDArray[np.float64]]] = []
    for start in range(0, needs.shape[0], block):
        rows = (needs[start : start + block] @ by_term).toarray()
        for need, scores in enumerate(rows, start):
            if excluded is not None:
                scores[excluded(need)] = 0
            best = _best(scores, k)
            found.append((need, best, scores[best]))
        if progress:
            progress(min(start + block, needs.shape[0]), needs.shape[0])
    lengths = [len(best) for _, best, _ in found]
    return Top(
        np.repeat(np.asarray([need for need, *_ in found], np.int32), lengths),
        np.concatenate([np.empty(0, np.intp), *(best for _, best, _ in found)]).astype(np.int32),
        np.concatenate([np.empty(0), *(scores for *_, scores in found)]),
    )


def _best(scores: NDArray[np.float64], k: int) -> NDArray[np.intp]:
    """Where the k greatest positive scores stand, the greatest first, equal ones in their order."""
    least = np.partition(scores, -k)[-k] if k < len(scores) else 0.0
    able = np.flatnonzero((scores >= least) & (scores > 0))
    return able[np.argsort(-scores[able], kind="stable")][:k]
