"""The k best offers of every need by upper bounds over blocks of offers: exact, for many offers; needs numba.

Dynamic pruning (MaxScore, block-max WAND) is made for short queries. An entry as a query has hundreds of terms, most of
them frequent: looking at every offer, cheaply, was two to nine times as fast.
"""

import os
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from .loops import BYTE, LOOK, place, search
from .top import Excluded, Progress, Top, banned

BLOCK = 8192  # offers whose bounds, 32 KB, stay in the fastest memory of a core
FREQUENT = 0.04  # a term that more of the offers hold costs less as a column of bytes than as postings
TOGETHER = 256  # needs that look at a block while it is at hand
MOST = 1 << (32 - BYTE)  # offers whose number fits into a posting


class Blocks:
    """Offers (offers, terms) as they are, and in bytes by block and term."""

    def __init__(self, offers: csr_array, block: int = BLOCK, together: int = TOGETHER) -> None:
        self._shape, self._block, self._together = offers.shape, block, together
        self._forward = _plain(offers)
        self._inverted = self._prepared()
        self._search(offers[:0], [], np.empty((0, 1)), np.empty((0, 1), np.int32), np.empty(0, np.int64))

    def best(self, needs: csr_array, k: int, excluded: Excluded | None, progress: Progress | None) -> Top:
        # The threads are ours, not numba's, which end the process when two callers meet. What the caller passed is
        # called in his own.
        many, kept = needs.shape[0], max(1, min(k, self._shape[0]))
        scores, offers = np.empty((many, kept)), np.empty((many, kept), np.int32)
        sizes = np.zeros(many, np.int64)

        def fill(start: int, never: list[NDArray[np.int64]]) -> int:
            stop = min(start + self._together, many)
            rows = slice(start, stop)
            self._search(needs[start:stop], never, scores[rows], offers[rows], sizes[rows])
            return stop

        def arguments(start: int) -> tuple[int, list[NDArray[np.int64]]]:
            stop = min(start + self._together, many)
            chosen = range(start, stop) if excluded else ()
            return start, [banned(excluded, need, self._shape[0]) for need in chosen]  # type: ignore[arg-type]

        def told(done: int) -> None:
            if progress:
                progress(done, many)

        starts = range(0, many, self._together)
        if len(starts) < 2:  # a thread takes longer to start than one typed need to answer
            for start in starts:
                told(fill(*arguments(start)))
            return _gathered(scores, offers, sizes)
        with ThreadPoolExecutor(threads := _cores()) as pool:
            running: deque[Future[int]] = deque()
            for start in starts:
                if len(running) > threads:
                    told(running.popleft().result())
                running.append(pool.submit(fill, *arguments(start)))
            for task in running:
                told(task.result())
        return _gathered(scores, offers, sizes)

    def _search(
        self,
        needs: csr_array,
        never: list[NDArray[np.int64]],
        scores: NDArray[np.float64],
        offers: NDArray[np.int32],
        sizes: NDArray[np.int64],
    ) -> None:
        never = never or [np.empty(0, np.int64)] * len(sizes)
        search(
            _plain(needs),
            (np.cumsum([0, *map(len, never)]), np.concatenate([np.empty(0, np.int64), *never])),
            self._forward,
            self._inverted,
            # Eight groups for each offer wanted, so that few of the best share one.
            np.empty(min(self._block, 1 << (8 * scores.shape[1] - 1).bit_length()), np.float32),
            4 * scores.shape[1] + 2 * LOOK,
            np.zeros(self._shape[1]),
            scores,
            offers,
            sizes,
        )

    def _prepared(self) -> tuple[NDArray, ...]:
        _, columns, data = self._forward
        many, terms = self._shape
        greatest = np.zeros(terms)
        np.maximum.at(greatest, columns, data)
        holders = np.bincount(columns[data > 0], minlength=terms)
        frequent = np.flatnonzero(holders > FREQUENT * many)
        column = np.full(terms, -1, np.int32)
        column[frequent] = np.arange(len(frequent))
        dense = np.zeros((-(-many // self._block), len(frequent), self._block), np.uint8)
        starts = np.concatenate([[0], np.cumsum(np.where(column < 0, holders, 0))])
        postings = np.empty(starts[-1], np.uint32)
        place(*self._forward, greatest, column, starts, dense, postings)
        return greatest, column, starts, dense, postings


def _plain(vectors: csr_array) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float64]]:
    """The arrays of `vectors` in the types that the loops are compiled for."""
    return (
        vectors.indptr.astype(np.int64, copy=False),
        vectors.indices.astype(np.int32, copy=False),
        vectors.data,
    )


def _gathered(scores: NDArray[np.float64], offers: NDArray[np.int32], sizes: NDArray[np.int64]) -> Top:
    need = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
    if len(need) == scores.size:
        return Top(need, offers.ravel(), scores.ravel())
    filled = np.arange(scores.shape[1]) < sizes[:, None]
    return Top(need, offers[filled], scores[filled])


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
