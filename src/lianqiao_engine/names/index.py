"""Find the organisation that a name means: short, former, misheard, mistyped or damaged."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import nsmallest

from .alignment import Side, side_of
from .likeness import likeness
from .parts import parts_of
from .reasons import Reason, reasons_for
from .weights import Weights

# Chosen on the given half of the benchmark (bench/names.py): one new name in seventy is warned of in vain.
WARN = 0.5
COMPARED = 50  # names that are aligned for one query; the one meant is among them for 99.6 % of short names
FREQUENT = 0.3  # a sound in more than this share of the names finds nothing
SOUND = "~"  # before a syllable, so that it is no key of letters
OF_SOUND, OF_NEIGHBOURS = 0.4, 0.7


@dataclass(frozen=True)
class Likely:
    """One organisation that a query may mean; `score` 0..1 is the probability that it does."""

    code: str
    name: str
    score: float
    reasons: tuple[Reason, ...]


class NameIndex:
    """Names of organisations by code. One code may come with several names (short, former): the best one counts.

    The index does not change; build a new one when names change (about 0.1 ms a name). Names without any letter or
    hanzi are left out.
    """

    def __init__(self, names: Sequence[tuple[str, str]]) -> None:
        self._weights = Weights(parts_of(name).core for _, name in names)
        prepared = [(code, side_of(name, self._weights.of)) for code, name in names]
        self._names = [(code, side) for code, side in prepared if side.core]
        self._holders: defaultdict[str, list[int]] = defaultdict(list)
        for number, (_, side) in enumerate(self._names):
            for key in dict.fromkeys([*_keys_of(side), *_letters_of(side)]):
                self._holders[key].append(number)
        # Long names hold more of anything; the root keeps short names from winning by being short.
        self._lengths = [
            (3 + sum(weight * weight for weight in side.weights)) ** 0.25 for _, side in self._names
        ]

    def likely(self, query: str, k: int = 5) -> list[Likely]:
        """Return at most `k` organisations, the likeliest first, equal ones by code.

        Raises ValueError for k below 1. A query without letters and hanzi finds nothing.
        """
        if k < 1:
            raise ValueError(f"k must be at least 1, not {k}")
        asked = self.prepared(query)
        best: dict[str, tuple[float, Side]] = {}
        for code, side in self.worth_comparing(asked):
            score = 1.0 if asked.parts.plain == side.parts.plain else likeness(asked, side)
            if code not in best or (score, side.name) > (best[code][0], best[code][1].name):
                best[code] = score, side
        ranked = sorted(best.items(), key=lambda item: (-item[1][0], item[0]))[:k]
        return [Likely(code, side.name, score, reasons_for(asked, side)) for code, (score, side) in ranked]

    def prepared(self, name: str) -> Side:
        """Return `name` ready for comparing, its characters weighted as in this index."""
        return side_of(name, self._weights.of)

    def worth_comparing(self, asked: Side) -> list[tuple[str, Side]]:
        """Return the names that share the heaviest characters, sounds and neighbours with `asked`, by code."""
        shared: defaultdict[int, float] = defaultdict(float)
        for key, weight in _keys_of(asked).items():
            holders = self._holders.get(key, ())
            if key[0] != SOUND or len(holders) < max(50, FREQUENT * len(self._names)):
                for number in holders:
                    shared[number] += weight
        heaviest = nsmallest(
            COMPARED,
            shared,
            key=lambda number: (-shared[number] / self._lengths[number], self._names[number][0]),
        )
        return [self._names[number] for number in heaviest]


def duplicates_of(name: str, index: NameIndex, threshold: float = WARN) -> list[Likely]:
    """Return what a clerk who enters `name` should be shown before saving: at most five, the likeliest first."""
    return [likely for likely in index.likely(name) if likely.score >= threshold]


def _keys_of(side: Side) -> dict[str, float]:
    """What a name is looked up by, each with its weight: characters, their sounds, pairs of neighbours."""
    weights = dict(zip(side.core, side.weights, strict=True))
    keys = dict(weights)
    for sound, weight in zip(side.sounds, side.weights, strict=True):
        keys[SOUND + sound] = max(keys.get(SOUND + sound, 0.0), OF_SOUND * weight)
    for one, other in zip(side.core, side.core[1:], strict=False):
        keys[one + other] = OF_NEIGHBOURS * (weights[one] + weights[other])
    return keys


def _letters_of(side: Side) -> Iterable[str]:
    """沪 finds 上海."""
    return sorted(letter for letters in side.parts.letters.values() for letter in letters)
