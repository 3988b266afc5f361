"""Multipliers of the groups of addends, from pairs of answers, by regularised logistic regression.

The first of a pair was taken, the second left: log odds = scale * sum(multiplier * ahead) + habit * below. `habit`
stands for what the rank itself does: who takes the first that will do declines what stands above it, and that says
nothing of the addends (a nuisance of both models that are compared).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from .evidence import Evidence, Floats

STRENGTH = 10.0  # how many pairs of even odds weigh as much as a multiplier that is 1 away from 1
LEAST, GREATEST = 0.1, 3.0  # answers alone neither silence a group nor let it drown the others

STEPS, CLOSE = 50, 1e-10


@dataclass(frozen=True, eq=False)
class Model:
    scale: float
    habit: float
    multipliers: Floats  # (groups,) 1 where nothing was learned

    def losses(self, evidence: Evidence, rows: NDArray[np.int64]) -> Floats:
        """(rows,) the log loss of each pair, times what it counts."""
        odds = self.scale * evidence.ahead[rows] @ self.multipliers + self.habit * evidence.below[rows]
        return evidence.counts[rows] * np.logaddexp(0.0, -odds)


def calibrated(evidence: Evidence, rows: NDArray[np.int64], multipliers: Floats) -> Model:
    """Return how much the score with these multipliers and the rank say about the pairs at `rows`.

    The scale is never negative: a score that answers contradict says nothing, it is not turned around.
    """
    inputs = np.column_stack([evidence.ahead[rows] @ multipliers, evidence.below[rows]])
    spread = np.maximum(np.sqrt((inputs**2).mean(axis=0)), 1e-12)
    least, greatest = np.array([0.0, -np.inf]), np.full(2, np.inf)
    found = (
        _regress(inputs / spread, evidence.counts[rows], np.zeros(2), np.ones(2), least, greatest) / spread
    )
    return Model(float(found[0]), float(found[1]), multipliers)


def as_before(evidence: Evidence, rows: NDArray[np.int64]) -> Model:
    return calibrated(evidence, rows, np.ones(len(evidence.groups)))


def learned(evidence: Evidence, rows: NDArray[np.int64]) -> Model:
    """Return the model whose multipliers, between `LEAST` and `GREATEST`, fit the pairs at `rows` best.

    Where the score as it is says little, what it usually tells apart is taken for odds of e to 1, so that a group that
    it hides can still be found. The result is calibrated like `as_before`: the two differ in their multipliers only.
    """
    plain = as_before(evidence, rows)
    usual = np.sqrt((evidence.ahead[rows].sum(axis=1) ** 2).mean())
    scale = max(plain.scale, 1 / max(float(usual), 1e-12))
    groups = len(evidence.groups)
    found = _regress(
        np.column_stack([scale * evidence.ahead[rows], evidence.below[rows]]),
        evidence.counts[rows],
        np.append(np.ones(groups), plain.habit),
        np.append(np.full(groups, STRENGTH), 1.0),
        np.append(np.full(groups, LEAST), -np.inf),
        np.append(np.full(groups, GREATEST), np.inf),
    )
    return calibrated(evidence, rows, found[:-1])


def _regress(
    inputs: Floats, counts: Floats, start: Floats, strength: Floats, least: Floats, greatest: Floats
) -> Floats:
    """Logistic regression without a constant, drawn towards `start` (a ridge), within bounds.

    Newton's steps over the factors that no bound holds (Bertsekas, Projected Newton Methods, 1982); the loss is strictly
    convex, so there is one answer.
    """

    def loss(factors: Floats) -> float:
        return float(counts @ np.logaddexp(0.0, -inputs @ factors) + strength @ (factors - start) ** 2 / 2)

    factors, value = start, loss(start)
    for _ in range(STEPS):
        wrong = expit(-inputs @ factors)
        slope = strength * (factors - start) - inputs.T @ (counts * wrong)
        free = ~((factors <= least) & (slope > 0) | (factors >= greatest) & (slope < 0))
        curve = (inputs[:, free].T * (counts * wrong * (1 - wrong))) @ inputs[:, free]
        step = np.zeros_like(factors)
        step[free] = np.linalg.solve(curve + np.diag(strength[free]), slope[free])
        for size in 0.5 ** np.arange(20):
            nearer = np.clip(factors - size * step, least, greatest)
            if (less := loss(nearer)) < value - CLOSE:
                factors, value = nearer, less
                break
        else:
            return factors
    return factors
