"""One change to a problem, as data and as the problem that it makes."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from .problem import Problem


@dataclass(frozen=True)
class Change:
    """Kinds: capacity, unit_capacity, enterprise_capacity, wants (`by` more) · score (of the pair, `by` more) ·
    banned, candidate (the ban is lifted, the pair becomes a candidate; `by` is its score)."""

    kind: str
    index: int | tuple[int, int]
    by: float


def applied(problem: Problem, change: Change) -> Problem:
    """The problem after the change."""
    if isinstance(change.index, int):
        limit = getattr(problem, change.kind).copy()
        limit[change.index] += int(change.by)
        return replace(problem, **{change.kind: limit})
    if change.kind == "score":
        score = problem.score.copy()
        score[problem.at([change.index])] += change.by
        return replace(problem, score=score)
    kept = problem.banned[(problem.banned != change.index).any(axis=1)]
    return replace(
        problem,
        need=np.append(problem.need, change.index[0]),
        offer=np.append(problem.offer, change.index[1]),
        score=np.append(problem.score, change.by),
        banned=kept,
    )


def with_pair(problem: Problem, pair: tuple[int, int]) -> Problem:
    """The problem in which the pair must be."""
    return replace(problem, fixed=_and(problem.fixed, pair))


def without_pair(problem: Problem, pair: tuple[int, int]) -> Problem:
    """The problem in which the pair must not be."""
    return replace(problem, banned=_and(problem.banned, pair))


def _and(pairs: NDArray[np.int32], pair: tuple[int, int]) -> NDArray[np.int32]:
    return np.concatenate([pairs, np.array([pair], np.int32)])
