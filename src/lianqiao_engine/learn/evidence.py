"""Answers as numbers: for each two answers of one need, what sets the one taken apart from the one left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from lianqiao_engine.score import Record, Space, Weights
from lianqiao_engine.score.fields import joined

from .rounds import GOOD, Answer, Round, counts_for

Floats = NDArray[np.float64]
OFFICIALLY = "officially"
FACET = "facets."


@dataclass(frozen=True, eq=False)
class Evidence:
    """Pairs of answers of one need in one round: the first was accepted or renewed, the second declined or failed."""

    groups: tuple[str, ...]
    ahead: Floats  # (pairs, groups) by how much the addends of the first exceed those of the second
    below: Floats  # (pairs,) by how much lower, in log2 of the rank, the first was shown
    counts: Floats  # (pairs,) weight, 1 on average
    need: NDArray[np.int64]  # (pairs,) the number of the need, one in all rounds; the unit of all statistics
    round: NDArray[np.int64]  # (pairs,) the number of the round

    @property
    def needs(self) -> int:
        return len(np.unique(self.need))


def groups_of(weights: Weights) -> tuple[str, ...]:
    """Return the groups of addends that have a multiplier of their own: views, everyday words, facets."""
    views = [name for name, weight in weights.views.items() if weight]
    facets = [f"{FACET}{name}" for name, weight in weights.facets.items() if weight]
    return (*views, *([OFFICIALLY] if weights.officially else []), *facets)


@dataclass(frozen=True, eq=False)
class Shown:
    """The answered offers of one need in one round."""

    round: int
    need: str
    addends: Floats  # (answers, groups)
    ranks: tuple[int, ...]
    good: tuple[bool, ...]  # accepted or renewed


def collect(rounds: Sequence[Round], weights: Weights) -> list[Shown]:
    """Return what was answered in `rounds`, with the addends of `weights`."""
    groups = groups_of(weights)
    shown = []
    for number, one in enumerate(rounds):
        space = Space(one.offers, one.needs, weights)
        place = {offer.id: at for at, offer in enumerate(one.offers)}
        answers: dict[str, list[Answer]] = {}
        for answer in one.answers:
            answers.setdefault(answer.need, []).append(answer)
        # Only who took one and left another has something to compare.
        told = [need for need in one.needs if len({a.outcome in GOOD for a in answers.get(need.id, ())}) == 2]
        vectors = space.vectors(told)
        for row, need in enumerate(told):
            given = answers[need.id]
            parts = addends(space, vectors[[row]], need, [place[answer.offer] for answer in given], groups)
            good = tuple(answer.outcome in GOOD for answer in given)
            shown.append(Shown(number, need.id, parts, tuple(answer.rank for answer in given), good))
    return shown


def paired(groups: Sequence[str], shown: Sequence[Shown], seen: Mapping[int, float]) -> Evidence:
    """Set what was taken beside what was left, need by need; `seen` gives the propensities by rank."""
    cells = [
        (number, a, b)
        for number, one in enumerate(shown)
        for a, b in product(range(len(one.good)), repeat=2)
        if one.good[a] and not one.good[b]
    ]
    need = {name: at for at, name in enumerate(dict.fromkeys(one.need for one in shown))}
    exposed = [counts_for(one.ranks, seen) for one in shown]
    counts = np.array([exposed[at][a] * exposed[at][b] for at, a, b in cells])
    return Evidence(
        tuple(groups),
        np.array([shown[at].addends[a] - shown[at].addends[b] for at, a, b in cells]).reshape(
            -1, len(groups)
        ),
        np.array([np.log2(shown[at].ranks[a] / shown[at].ranks[b]) for at, a, b in cells]),
        counts / counts.mean() if len(counts) else counts,
        np.array([need[shown[at].need] for at, *_ in cells], np.int64),
        np.array([shown[at].round for at, *_ in cells], np.int64),
    )


def addends(
    space: Space, vector: csr_array, need: Record, places: Sequence[int], groups: Sequence[str]
) -> Floats:
    """(places, groups) what each group adds to the score of `need`, whose vector is (1, terms), and the offers at
    `places`; rows sum to it."""
    text = joined(need)
    of_term = [groups.index(_group(space.labels[int(column)], text, groups)) for column in vector.indices]
    by_group = csr_array((vector.data, (vector.indices, of_term)), (vector.shape[1], len(groups)))
    return (space.offers[list(places)] @ by_group).toarray()


def _group(label: tuple[str, str], text: str, groups: Sequence[str]) -> str:
    view, term = label
    if view == "facets":
        return FACET + term.split(":", 1)[0]
    # As in `explain`: what does not stand in the need itself is what it was understood as.
    understood = view != "trades" and term not in text and OFFICIALLY in groups
    return OFFICIALLY if understood else view
