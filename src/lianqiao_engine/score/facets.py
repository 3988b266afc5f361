"""Facets as terms of the same sparse vectors: a shared value adds its weight, and nothing else does."""

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_array

from .record import Record
from .weights import Weights


class Facets:
    """The columns of all values of weighted facets that an offer has."""

    def __init__(self, offers: Sequence[Record], weights: Weights) -> None:
        self._weights = {name: weight for name, weight in weights.facets.items() if weight}
        self._columns: dict[tuple[str, str], int] = {}
        for offer in offers:
            for value in self._values(offer):
                self._columns.setdefault(value, len(self._columns))

    def labels(self) -> list[tuple[str, str]]:
        """Return facet and value of every column."""
        return list(self._columns)

    def offers(self, offers: Sequence[Record]) -> csr_array:
        """(offers, values) 1 where an offer has a value."""
        return self._matrix([dict.fromkeys(self._values(offer), 1.0) for offer in offers])

    def needs(self, needs: Sequence[Record]) -> csr_array:
        """(needs, values) what a shared value adds."""
        return self._matrix([{of: self._weights[of[0]] for of in self._values(need)} for need in needs])

    def _values(self, record: Record) -> list[tuple[str, str]]:
        return [(name, value) for name in self._weights for value in record.facets.get(name, ())]

    def _matrix(self, rows: list[dict[tuple[str, str], float]]) -> csr_array:
        cells = [
            (row, self._columns[value], amount)
            for row, values in enumerate(rows)
            for value, amount in values.items()
            if value in self._columns
        ]
        which, columns, amounts = zip(*cells, strict=True) if cells else ((), (), ())
        shape = len(rows), len(self._columns)
        return csr_array(
            (np.array(amounts, np.float64), (np.array(which, np.int32), np.array(columns, np.int32))), shape
        )
