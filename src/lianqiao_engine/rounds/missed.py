"""Why a need has no partner."""

from collections.abc import Iterable, Iterator

import numpy as np

from .bars import bars
from .candidates import Candidates
from .result import Missed


def missed(found: Candidates, chosen: Iterable[tuple[int, int]]) -> Iterator[Missed]:
    served = {need for need, _ in chosen}
    has_candidates = found.problem.served
    for at, need in enumerate(found.needs):
        if at in served:
            continue
        if has_candidates[at]:
            best = int(found.problem.starts[at] + np.argmax(_scores(found, at)))
            offer = int(found.problem.offer[best])
            yield Missed(need.id, "taken", found.offers[offer].id, float(found.problem.score[best]))
        else:
            yield _without_candidates(found, at)


def _scores(found: Candidates, at: int) -> np.ndarray:
    begin, end = found.problem.starts[at : at + 2]
    return found.problem.score[begin:end]


def _without_candidates(found: Candidates, at: int) -> Missed:
    need = found.needs[at]
    scores = (found.vectors[[at]] @ found.space.offers.T).toarray()[0]
    best = int(scores.argmax())
    if scores[best] <= 0:
        return Missed(need.id, "nothing fits" if any(need.record.texts.values()) else "silent")
    forbidden = bars(need, found.offers[best], found.rules)
    fits = scores[best] >= found.rules.threshold
    return Missed(
        need.id,
        "barred" if fits and forbidden else "nothing fits",
        found.offers[best].id,
        float(scores[best]),
        forbidden if fits else (),
    )
