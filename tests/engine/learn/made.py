"""Answers made by a seed: who sees what, and why it is taken."""

from collections.abc import Callable

import numpy as np

from lianqiao_engine.learn.evidence import Evidence, Shown, paired

GROUPS = ("characters", "pairs", "words", "trades", "officially", "facets.district")
SIZES = np.array([0.15, 0.1, 0.1, 0.2, 0.05, 0.05])
SEEN = {rank: rank**-0.5 for rank in range(1, 7)}
Taken = Callable[[np.ndarray, np.random.Generator], np.ndarray]


def at_random(addends: np.ndarray, random: np.random.Generator) -> np.ndarray:
    return random.random(len(addends)) < 0.4


def by(multipliers: list[float], scale: float = 8.0) -> Taken:
    """Taken by a score whose groups count otherwise than in the one that ranked."""

    def taken(addends: np.ndarray, random: np.random.Generator) -> np.ndarray:
        score = scale * addends @ np.array(multipliers)
        return random.random(len(addends)) < 1 / (1 + np.exp(np.median(score) - score))

    return taken


def answered(
    seed: int, taken: Taken, *, needs: int = 150, rounds: int = 1, first_only: bool = False
) -> Evidence:
    """Six offers are shown a need, the best score first; `first_only`: what stands below the first taken is not seen."""
    random = np.random.default_rng(seed)
    shown = []
    for number in range(needs):
        addends = random.gamma(1.0, SIZES, (6, len(GROUPS)))
        addends = addends[np.argsort(-addends.sum(axis=1))]
        good = taken(addends, random)
        looked_at = random.random(6) < [SEEN[rank] for rank in range(1, 7)]
        if first_only:
            looked_at = np.cumsum(good) - good == 0
        at = np.flatnonzero(looked_at)
        if len(set(good[at].tolist())) == 2:
            shown.append(
                Shown(
                    number % rounds,
                    str(number),
                    addends[at],
                    tuple((at + 1).tolist()),
                    tuple(good[at].tolist()),
                )
            )
    seen = dict.fromkeys(SEEN, 1.0) if first_only else SEEN
    return paired(GROUPS, shown, seen)
