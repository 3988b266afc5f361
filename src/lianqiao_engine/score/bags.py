"""Counts of terms as sparse matrices, with the vocabulary that names their columns."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from .views import View


class Bag:
    """The vocabulary of one view: grown by the offers, kept for the needs. Terms get columns in order of appearance."""

    def __init__(self, view: View) -> None:
        self.view = view
        self._columns: dict[int | str, int] = {}

    def __len__(self) -> int:
        return len(self._columns)

    def terms(self) -> Iterable[int | str]:
        return self._columns

    def labels(self) -> list[str]:
        return [self.view.label(term) for term in self._columns]

    def learn(self, texts: Sequence[str]) -> csr_array:
        """Return the counts (texts, terms) of `texts`, whose new terms get columns."""
        which, terms = self.view.terms(texts)
        columns = self._looked_up(terms, self._new_column)
        return self.summed(which, columns, np.ones(len(columns)), len(texts))

    def found(self, texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return (N,) which text and (N,) which column every occurrence has: -1 for a term that has none."""
        which, terms = self.view.terms(texts)
        return which, self._looked_up(terms, lambda term: self._columns.get(term, -1))

    def summed(
        self, which: NDArray[np.int64], columns: NDArray[np.int64], amounts: NDArray[np.float64], texts: int
    ) -> csr_array:
        """Return (texts, terms) what the occurrences of each term amount to, those without a column left out."""
        known = columns >= 0
        cells, of = np.unique(which[known] * max(1, len(self)) + columns[known], return_inverse=True)
        rows, columns = np.divmod(cells, max(1, len(self)))
        starts = np.searchsorted(rows, np.arange(texts + 1))
        # 32 bits where they do: half the memory of a large list is places.
        small = np.int32 if max(len(cells), len(self)) < 2**31 else np.int64
        data = np.bincount(of, amounts[known], len(cells)).astype(np.float64)  # of nothing it makes integers
        return csr_array((data, columns.astype(small), starts.astype(small)), (texts, len(self)))

    def _new_column(self, term: int | str) -> int:
        return self._columns.setdefault(term, len(self._columns))

    def _looked_up(
        self, terms: NDArray[np.int64] | list[str], column: Callable[[int | str], int]
    ) -> NDArray[np.int64]:
        if isinstance(terms, list):
            return np.fromiter(map(column, terms), np.int64, len(terms))
        different, first, of = np.unique(terms, return_index=True, return_inverse=True)
        columns = np.empty(len(different), np.int64)
        for at in np.argsort(first):
            columns[at] = column(int(different[at]))
        return columns[of]
