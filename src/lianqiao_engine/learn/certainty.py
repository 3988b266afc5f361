"""Whether what was learned holds on answers that it was not learned from."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .evidence import Evidence, Floats
from .fit import as_before, learned

FOLDS = 5
DRAWS = 5_000
AT_ONCE = 100
CHANCE = 0.002  # a change that chance alone would bring this often is not proposed


@dataclass(frozen=True)
class Certainty:
    """The gain in log loss per need on held-out answers, and how often chance alone would bring as much.

    `gain` is the mean over `needs`; `better` the share of needs that gained. `by` names what was held out together.
    """

    by: str
    needs: int
    gain: float
    better: float
    chance: float

    @property
    def enough(self) -> bool:
        return self.gain > 0 and self.chance <= CHANCE


def held_out(evidence: Evidence, seed: int = 0) -> Certainty:
    """Compare what each fold's others teach with the score as it is, and test by turning the signs of needs.

    Whole rounds are held out where there are enough of them, else whole needs. The paired permutation test (Fisher
    1935; Smucker, Allan and Carterette 2007 for rankings) takes the needs as its units.
    """
    rounds = np.unique(evidence.round)
    by_round = len(rounds) >= FOLDS
    fold = _folds(evidence.round if by_round else evidence.need, seed)
    gains = np.zeros(len(evidence.need))
    for number in range(FOLDS):
        taught, asked = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        if len(taught) and len(asked):
            before, after = as_before(evidence, taught), learned(evidence, taught)
            gains[asked] = before.losses(evidence, asked) - after.losses(evidence, asked)
    of_needs = np.bincount(evidence.need, gains) / np.maximum(np.bincount(evidence.need), 1)
    return Certainty(
        "round" if by_round else "need",
        len(of_needs),
        float(of_needs.mean()),
        float((of_needs > 0).mean()),
        chance(of_needs, seed),
    )


def _folds(units: NDArray[np.int64], seed: int) -> NDArray[np.int64]:
    """(pairs,) the fold of each; those of one unit stand in one fold, folds hold as many units each."""
    _, unit = np.unique(units, return_inverse=True)
    order = np.random.default_rng(seed).permutation(unit.max(initial=-1) + 1)
    return order[unit] % FOLDS


def chance(gains: Floats, seed: int) -> float:
    """How often the mean gain is as great when every need's sign is drawn (one-sided, Phipson and Smyth 2010)."""
    draw = np.random.default_rng([seed, 1])
    as_great = sum(
        int(np.count_nonzero(draw.choice((-1.0, 1.0), (AT_ONCE, len(gains))) @ gains >= gains.sum() - 1e-12))
        for _ in range(DRAWS // AT_ONCE)
    )
    return (as_great + 1) / (DRAWS + 1)
