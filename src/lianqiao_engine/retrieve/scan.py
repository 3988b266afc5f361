"""The k best offers of every need by brute force over sparse vectors: exact, and quick enough for thousands."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from .top import Excluded, Progress, Top, banned

CELLS = 8_000_000  # scores held at once: 64 MB


class Scan:
    """Offers (offers, terms) by term."""

    def __init__(self, offers: csr_array) -> None:
        self._by_term = offers.T.tocsr()

    def best(self, needs: csr_array, k: int, excluded: Excluded | None, progress: Progress | None) -> Top:
        offers = self._by_term.shape[1]
        block = max(1, CELLS // max(1, offers))
        found: list[tuple[int, NDArray[np.intp], NDArray[np.float64]]] = []
        for start in range(0, needs.shape[0], block):
            rows = (needs[start : start + block] @ self._by_term).toarray()
            for need, scores in enumerate(rows, start):
                if excluded is not None:
                    scores[banned(excluded, need, offers)] = 0
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
