"""What retrieval is asked and what it answers, however it is done."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Excluded = Callable[[int], NDArray[np.integer]]  # of which need -> the offers that it may not have
Progress = Callable[[int, int], None]  # how many needs are done, of how many


@dataclass(frozen=True)
class Top:
    """Pairs by need, the best offer first, equal ones in the order of the offers. All arrays are (pairs,)."""

    need: NDArray[np.int32]
    offer: NDArray[np.int32]
    score: NDArray[np.float64]


class Way(Protocol):
    """Offers prepared in one way, and how they are searched."""

    def best(self, needs: csr_array, k: int, excluded: Excluded | None, progress: Progress | None) -> Top:
        """Return the `k` offers with the greatest positive score of every need."""


def banned(excluded: Excluded, need: int, offers: int) -> NDArray[np.int64]:
    """Return what `need` may not have, in order; raise IndexError for what is no offer."""
    never = np.sort(np.asarray(excluded(need), np.int64))
    if len(never) and not 0 <= never[0] <= never[-1] < offers:
        raise IndexError(f"need {need} excludes offer {never[[0, -1]]}, and there are {offers}")
    return never
