"""A ranking with a model's share in the score, and whether that share helps."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lianqiao_engine.evaluate import by_id, ranking
from lianqiao_engine.explain import Reason
from lianqiao_engine.learn.certainty import CHANCE, chance
from lianqiao_engine.retrieve import Top
from lianqiao_engine.score import Record
from lianqiao_engine.score.fields import joined

from .model import ModelTrouble, Reranker

LEAST_NEEDS = 60  # needs with answers; with fewer nobody can tell whether a model helps


@dataclass(frozen=True, eq=False)
class Reranked:
    """A ranking, and what the model added to each score: `best.score` is the score without it plus `amounts`.

    When the model could not be asked, `trouble` says why, `best` is the ranking as it came, and nothing is added.
    """

    best: Top
    amounts: NDArray[np.float64]  # (pairs,)
    name: str = ""
    trouble: ModelTrouble | None = None

    def reason(self, pair: int) -> Reason | None:
        """Return the model's part in the score of the pair at this place; None where it has none."""
        amount = float(self.amounts[pair])
        return Reason("model", self.name, (), (), amount) if amount else None


def rerank(
    best: Top,
    needs: Sequence[Record],
    offers: Sequence[Record],
    reranker: Reranker,
    *,
    weight: float = 0.0,
    first: int = 20,
) -> Reranked:
    """Add `weight` times the nearness by the model to the scores of each need's `first` offers, and order them anew.

    Nearness below 0 counts as 0, so no offer falls behind those that the model was not asked about. One need that
    the model does not answer leaves all as they were: scores with and without its share must not meet in one plan.
    With weight 0 the model is not asked. Raises ValueError for a weight that is negative or no number, and for `first`
    below 1.
    """
    if not (np.isfinite(weight) and weight >= 0):
        raise ValueError(f"weight must be a number of at least 0, not {weight}")
    if first < 1:
        raise ValueError(f"first must be at least 1, not {first}")
    amounts = np.zeros(len(best.need))
    if weight == 0:
        return Reranked(best, amounts)
    place = np.arange(len(best.need)) - np.searchsorted(best.need, best.need)
    asked = np.flatnonzero(place < first)
    try:
        for need in np.unique(best.need[asked]):
            pairs = asked[best.need[asked] == need]
            texts = [joined(offers[offer]) for offer in best.offer[pairs]]
            amounts[pairs] = weight * np.maximum(reranker.scores(joined(needs[need]), texts), 0.0)
    except ModelTrouble as trouble:
        return Reranked(best, np.zeros(len(best.need)), reranker.name, trouble)
    score = best.score + amounts
    order = np.lexsort((place, -score, best.need))
    return Reranked(Top(best.need[order], best.offer[order], score[order]), amounts[order], reranker.name)


@dataclass(frozen=True)
class Verdict:
    """Whether a change of the ranking helps: the mean gain in nDCG over `needs`, and how often chance gives as much."""

    needs: int
    gain: float
    chance: float

    @property
    def helps(self) -> bool:
        return self.needs >= LEAST_NEEDS and self.gain > 0 and self.chance <= CHANCE


def compare(
    before: Top,
    after: Top,
    needs: Sequence[Record],
    offers: Sequence[Record],
    answers: Mapping[str, Collection[str]],
    *,
    k: int = 20,
    seed: int = 0,
) -> Verdict:
    """Measure two rankings by the office's own `answers` (need -> offers that were taken), to switch a model on or not.

    Answers to what was shown in the order of `before` favour `before`, so a model that helps a little may be missed;
    one that does not help is not switched on. Compare one weight: who tries many finds one that helps by chance.
    """
    old, new = (ranking(by_id(best, needs, offers), answers, k) for best in (before, after))
    gains = new.ndcg - old.ndcg
    return Verdict(len(gains), float(gains.mean()) if len(gains) else 0.0, chance(gains, seed))
