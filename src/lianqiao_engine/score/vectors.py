"""Needs and offers as sparse vectors of one space: the score of a pair is their product, each term an addend."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack

from .bags import Bag
from .facets import Facets
from .fields import Field, need_fields, offer_fields
from .prior import PRIOR, shares
from .record import Record
from .views import VIEWS
from .weights import Weights

Floats = NDArray[np.float64]
FACETS = "facets"
NOWHERE = np.empty(0, np.int64)


class Space:
    """The terms of a list of offers, and what each is worth.

    `offers` (offers, terms) holds the vectors of the offers, `texts` what they say, normalised, to explain them by;
    `vectors` gives the vectors of needs. What is rare among `known_needs` weighs more: the list as collected, or the
    needs of one run.

    The score of a pair is the share of the need that the offer meets, by weight of its words: about 1 for an offer of
    usual length that says all the need says, once; facets add to it.
    """

    def __init__(
        self, offers: Sequence[Record], known_needs: Sequence[Record], weights: Weights | None = None
    ) -> None:
        self.weights = weights or Weights()
        self._bags = [Bag(view) for view in VIEWS if self.weights.views.get(view.name)]
        fields = offer_fields(offers, self.weights)
        self.texts = [
            "\n".join(field.texts[place] for field in fields if field.texts[place])
            for place in range(len(offers))
        ]
        counts = [_learnt(bag, fields, len(offers)) for bag in self._bags]
        usual = [shares(bag) for bag in self._bags]
        self._offer_rarity = [
            _rarity(of, prior) ** self.weights.offer_rarity for of, prior in zip(counts, usual, strict=True)
        ]
        self._facets = Facets(offers, self.weights)
        sides = [
            _saturated(of, rarity, self.weights)
            for of, rarity in zip(counts, self._offer_rarity, strict=True)
        ]
        self.offers: csr_array = hstack([*sides, self._facets.offers(offers)], format="csr")
        known, unknown = self._counted(known_needs)
        # A round asks for the vectors of the very needs that it is made with.
        self._known = known_needs, known, unknown
        rarity = [
            _rarity(of, prior) ** self.weights.need_rarity for of, prior in zip(known, usual, strict=True)
        ]
        each = [self.weights.views[bag.view.name] for bag in self._bags]
        self._worth = [of * weight for of, weight in zip(rarity, each, strict=True)]
        # What no offer holds would be as rare as can be if one did.
        strange = np.log1p((len(offers) + PRIOR + 0.5) / 0.5) ** self.weights.offer_rarity
        self._unmet = [
            strange * weight * float(of.max(initial=1.0)) for of, weight in zip(rarity, each, strict=True)
        ]

    @cached_property
    def labels(self) -> tuple[tuple[str, str], ...]:
        """View and term of every column; of facets "facets" and "name:value"."""
        return (
            *((bag.view.name, label) for bag in self._bags for label in bag.labels()),
            *((FACETS, f"{name}:{value}") for name, value in self._facets.labels()),
        )

    def vectors(self, needs: Sequence[Record]) -> csr_array:
        """Return the vectors (needs, terms) of `needs`; what no offer holds adds nothing, and lessens the share."""
        known_needs, counted, unknown = self._known
        if needs is known_needs:
            counted = [side.copy() for side in counted]
        else:
            counted, unknown = self._counted(needs)
        whole = np.zeros(len(needs))
        for side, worth, rarity in zip(counted, self._worth, self._offer_rarity, strict=True):
            side.data *= worth[side.indices]
            whole += side @ rarity
        whole += sum(of * amount for of, amount in zip(unknown, self._unmet, strict=True))
        share = np.divide(1.0, whole, out=np.zeros(len(needs)), where=whole > 0)
        for side in counted:
            side.data *= np.repeat(share, np.diff(side.indptr))
        return hstack([*counted, self._facets.needs(needs)], format="csr")

    def _counted(self, needs: Sequence[Record]) -> tuple[list[csr_array], list[Floats]]:
        """The counts of each view, and (needs,) how many terms no offer holds."""
        fields = need_fields(needs, self.weights)
        counts: list[csr_array] = []
        unknown: list[Floats] = []
        for bag in self._bags:
            found = [bag.found(field.texts) for field in fields]
            which = np.concatenate([NOWHERE, *(texts for texts, _ in found)])
            columns = np.concatenate([NOWHERE, *(places for _, places in found)])
            amounts = np.repeat([field.weight for field in fields], [len(texts) for texts, _ in found])
            strange = columns < 0
            unknown.append(np.bincount(which[strange], amounts[strange], len(needs)).astype(np.float64))
            counts.append(bag.summed(which, columns, amounts, len(needs)))
        return counts, unknown


def _learnt(bag: Bag, fields: Sequence[Field], offers: int) -> csr_array:
    learnt = [bag.learn(field.texts) * field.weight for field in fields]
    for counts in learnt:  # an earlier field knows nothing of the columns that later ones added
        counts.resize(offers, len(bag))
    return _sum(learnt, (offers, len(bag)))


def _sum(parts: list[csr_array], shape: tuple[int, int]) -> csr_array:
    total = parts[0] if parts else csr_array(shape, dtype=np.float64)
    for part in parts[1:]:
        total = total + part
    return total


def _rarity(counts: csr_array, prior: Floats) -> Floats:
    """log(1 + (n - df + 1/2) / (df + 1/2)), as BM25 has it, after `PRIOR` texts like those of the trades."""
    n = counts.shape[0] + PRIOR
    holders = np.bincount(counts.indices, minlength=counts.shape[1]) + PRIOR * prior
    return np.log1p((n - holders + 0.5) / (holders + 0.5))


def _saturated(counts: csr_array, rarity: Floats, weights: Weights) -> csr_array:
    """The document side of BM25F (Robertson, Zaragoza and Taylor, 2004): fields are added, then saturate together."""
    lengths = counts.sum(axis=1)
    norm = weights.saturation * (1 - weights.length + weights.length * lengths / max(lengths.mean(), 1e-12))
    rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    data = counts.data * (weights.saturation + 1) / (counts.data + norm[rows]) * rarity[counts.indices]
    return csr_array((data, counts.indices, counts.indptr), counts.shape)
