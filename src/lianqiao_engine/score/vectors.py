"""Needs and offers as sparse vectors of one space: the score of a pair is their product, each term an addend."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array, hstack

from .bags import Bag
from .fields import Field, need_fields, offer_fields
from .record import Record
from .views import VIEWS
from .weights import Weights

Floats = NDArray[np.float64]


class Space:
    """The terms of a list of offers, and what each is worth.

    `offers` (offers, terms) holds the vectors of the offers; `vectors` gives those of needs. What is rare among
    `known_needs` weighs more: the list as collected, or the needs of one run.
    """

    def __init__(
        self, offers: Sequence[Record], known_needs: Sequence[Record], weights: Weights | None = None
    ) -> None:
        self.weights = weights or Weights()
        self._bags = [Bag(view) for view in VIEWS if self.weights.views.get(view.name)]
        fields = offer_fields(offers, self.weights)
        sides = [self._offers(bag, fields, len(offers)) for bag in self._bags]
        self.offers: csr_array = hstack(sides, format="csr")
        counted = self._counted(known_needs)
        self._need_rarity = [_rarity(counts) ** self.weights.need_rarity for counts in counted]

    def labels(self) -> list[tuple[str, str]]:
        """Return view and term of every column."""
        return [(bag.view.name, label) for bag in self._bags for label in bag.labels()]

    def vectors(self, needs: Sequence[Record]) -> csr_array:
        """Return the vectors (needs, terms) of `needs`; what no offer holds is left out."""
        sides = [
            counts @ diags_array(rarity * self.weights.views[bag.view.name])
            for bag, rarity, counts in zip(self._bags, self._need_rarity, self._counted(needs), strict=True)
        ]
        return hstack(sides, format="csr")

    def _offers(self, bag: Bag, fields: Sequence[Field], offers: int) -> csr_array:
        learnt = [bag.learn(field.texts) * field.weight for field in fields]
        for counts in learnt:  # an earlier field knows nothing of the columns that later ones added
            counts.resize(offers, len(bag))
        return _saturated(_sum(learnt, (offers, len(bag))), self.weights)

    def _counted(self, needs: Sequence[Record]) -> list[csr_array]:
        fields = need_fields(needs, self.weights)
        return [
            _sum([bag.counts(field.texts) * field.weight for field in fields], (len(needs), len(bag)))
            for bag in self._bags
        ]


def _sum(parts: list[csr_array], shape: tuple[int, int]) -> csr_array:
    total = csr_array(shape, dtype=np.float64)
    for part in parts:
        total = total + part
    return total


def _rarity(counts: csr_array) -> Floats:
    """log(1 + (n - df + 1/2) / (df + 1/2)), as BM25 has it."""
    n = counts.shape[0]
    holders = np.bincount(counts.indices, minlength=counts.shape[1])
    return np.log1p((n - holders + 0.5) / (holders + 0.5))


def _saturated(counts: csr_array, weights: Weights) -> csr_array:
    """The document side of BM25F (Robertson, Zaragoza and Taylor, 2004): fields are added, then saturate together."""
    lengths = counts.sum(axis=1)
    norm = weights.saturation * (1 - weights.length + weights.length * lengths / max(lengths.mean(), 1e-12))
    rarity = _rarity(counts) ** weights.offer_rarity
    rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    data = counts.data * (weights.saturation + 1) / (counts.data + norm[rows]) * rarity[counts.indices]
    return csr_array((data, counts.indices, counts.indptr), counts.shape)
