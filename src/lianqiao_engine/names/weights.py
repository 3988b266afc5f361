"""How much a character says about which organisation is meant.

Inverse document frequency over the names of the index (K. Spärck Jones, 1972), smoothed with what is known before
any name is seen: characters of trade words are frequent, those of general words very frequent. Without that prior
an index of forty names would think 工程 as telling as a 字号.
"""

import math
from collections import Counter
from collections.abc import Iterable
from functools import cache

from .lexicon import words_of_trade

PRIOR_NAMES = 2000  # the prior counts as much as this many names
RARE, TRADE, GENERAL = 0.0005, 0.006, 0.03  # share of names with a character of that kind


class Weights:
    """Weights 0..1 of characters; 1 is a character that no name of the index has."""

    def __init__(self, cores: Iterable[str]) -> None:
        self._names = 0
        self._with: Counter[str] = Counter()
        for core in cores:
            self._names += 1
            self._with.update(set(core))
        self._known: dict[str, float] = {}

    def of(self, char: str) -> float:
        if char not in self._known:
            expected = self._with[char] + PRIOR_NAMES * _prior().get(char, RARE)
            rarest = math.log(1 / RARE)
            self._known[char] = min(1.0, math.log((self._names + PRIOR_NAMES) / expected) / rarest)
        return self._known[char]


@cache
def _prior() -> dict[str, float]:
    shares: dict[str, float] = {}
    for word, kind in words_of_trade().items():
        for char in word:
            shares[char] = max(shares.get(char, 0.0), GENERAL if kind == "general" else TRADE)
    return shares
