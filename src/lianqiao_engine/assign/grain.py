"""Scores that are multiples of a small fraction: sums of them are too, which rounds bounds to what can be reached."""

import numpy as np

from .problem import Floats

WHOLES = (1.0, 2.0, 4.0, 10.0, 100.0, 1000.0)


def grain(score: Floats) -> float:
    """The number of steps in 1 that all scores are multiples of; 0 when there is none."""
    largest = float(np.abs(score).max(initial=0.0))
    for whole in WHOLES:
        scaled = score * whole
        if largest * whole < 2**30 and np.abs(scaled - np.rint(scaled)).max(initial=0.0) <= 1e-9:
            return whole
    return 0.0


def attainable(score: Floats, bound: float) -> float:
    """The highest sum of scores that is not above `bound`, as far as their grain tells."""
    steps = grain(score)
    return float(np.floor(bound * steps + 1e-6) / steps) if steps and np.isfinite(bound) else bound
