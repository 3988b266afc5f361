"""The door to retrieval: it refuses what is no question and picks the way that is quicker."""

from functools import cached_property
from importlib.util import find_spec

import numpy as np
from scipy.sparse import csr_array

from .scan import Scan
from .top import Excluded, Progress, Top, Way

WORTH = 50_000_000  # pairs: fewer are scanned in the time that loading the compiled loops takes
RANGE = 1e-100, 1e100  # weights whose products are neither lost nor infinite


def installed() -> bool:
    return find_spec("numba") is not None


class Index:
    """Offers (offers, terms) prepared for about `asked` needs. They must not change while it is in use.

    Raises ValueError for weights that are no finite numbers.
    """

    def __init__(self, offers: csr_array, *, asked: int) -> None:
        self._offers = _proper(offers, "offers")
        large = self._offers.shape[0] * asked >= WORTH
        self._way: Way = self._blocks() if large and installed() and _is_bounded(self._offers) else self._scan

    def top(
        self, needs: csr_array, k: int, *, excluded: Excluded | None = None, progress: Progress | None = None
    ) -> Top:
        """Return the `k` offers of every need with the greatest product, as far as it is positive.

        `needs` (needs, terms) are vectors of the space of the offers. `excluded(need)` names offers that this need may
        not have: they are gone before the best are chosen. `progress(done, needs)` is told now and then. However many
        offers there are, and with numba (the extra `speed`) or without, pairs, their order and scores are the same.
        Raises ValueError for k below 1, for vectors of two spaces and for weights that are no finite numbers,
        IndexError where an offer is excluded that there is not.
        """
        if k < 1:
            raise ValueError(f"k must be at least 1, not {k}")
        if needs.shape[1] != self._offers.shape[1]:
            raise ValueError(f"needs have {needs.shape[1]} terms, offers {self._offers.shape[1]}")
        needs = _proper(needs, "needs")
        return (self._way if _is_bounded(needs) else self._scan).best(needs, k, excluded, progress)

    @cached_property
    def _scan(self) -> Scan:
        return Scan(self._offers)

    def _blocks(self) -> Way:
        # Optional, and its import takes half a second: it waits until somebody has a large list.
        from .blocks import Blocks  # noqa: PLC0415

        return Blocks(self._offers)


def top(
    needs: csr_array,
    offers: csr_array,
    k: int,
    *,
    excluded: Excluded | None = None,
    progress: Progress | None = None,
) -> Top:
    """Return the `k` best offers (offers, terms) of every need (needs, terms): `Index.top` for one question."""
    return Index(offers, asked=needs.shape[0]).top(needs, k, excluded=excluded, progress=progress)


def _proper(vectors: csr_array, side: str) -> csr_array:
    """Each term once in every row, in order: sums are then added alike wherever they are added."""
    if not np.isfinite(vectors.data).all():
        raise ValueError(f"the vectors of the {side} hold weights that are no finite numbers")
    vectors = vectors.astype(np.float64, copy=False)
    if not vectors.has_canonical_format:
        vectors = vectors.copy()
        vectors.sum_duplicates()
    return vectors


def _is_bounded(vectors: csr_array) -> bool:
    """Whether upper bounds of the scores can be added up."""
    weights = vectors.data
    least = float(np.min(weights, where=weights > 0, initial=1))
    return (weights >= 0).all() and least >= RANGE[0] and float(np.max(weights, initial=0)) <= RANGE[1]
