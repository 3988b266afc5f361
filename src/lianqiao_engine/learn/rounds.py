"""What was shown and what became of it: rounds, their lists and the answers."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from lianqiao_engine.score import Record

Outcome = Literal["accepted", "declined", "renewed", "failed"]
GOOD = ("accepted", "renewed")
LEAST_SEEN = 0.1  # no answer counts more than ten times for having been shown far below


@dataclass(frozen=True)
class Answer:
    """What became of an offer that was shown for a need, at `rank` from 1; `reason` is a code of the office.

    Raises ValueError for a rank below 1 and an unknown outcome.
    """

    need: str
    offer: str
    rank: int
    outcome: Outcome
    reason: str = ""

    def __post_init__(self) -> None:
        if self.rank < 1:
            raise ValueError(f"rank must be at least 1, not {self.rank}")
        if self.outcome not in get_args(Outcome):
            raise ValueError(f"no outcome is called {self.outcome}")


@dataclass(frozen=True)
class Round:
    """The lists as they were in one round, and the answers of that round.

    Raises ValueError for an answer about a need or an offer that is not in the lists, and for a pair answered twice.
    """

    id: str
    needs: tuple[Record, ...]
    offers: tuple[Record, ...]
    answers: tuple[Answer, ...]

    def __post_init__(self) -> None:
        needs, offers = {need.id for need in self.needs}, {offer.id for offer in self.offers}
        seen = set()
        for answer in self.answers:
            if answer.need not in needs or answer.offer not in offers:
                raise ValueError(f"round {self.id} has no pair {answer.need}, {answer.offer}")
            if (answer.need, answer.offer) in seen:
                raise ValueError(f"round {self.id} answers {answer.need}, {answer.offer} twice")
            seen.add((answer.need, answer.offer))


def seen_by_rank(rounds: Iterable[Round]) -> dict[int, float]:
    """Estimate how likely an offer shown at each rank was looked at, relative to the first.

    Where every need is shown equally many offers, the answers at a rank tell how often it was looked at. What is seen
    less further down never rises again.
    """
    answered = Counter(answer.rank for one in rounds for answer in one.answers)
    seen: dict[int, float] = {}
    least = float(max(answered.values(), default=1))
    for rank in range(1, max(answered, default=0) + 1):
        least = min(least, answered[rank]) if answered[rank] else least
        seen[rank] = least / max(answered.values())
    return seen


def counts_for(ranks: Sequence[int], seen: Mapping[int, float]) -> list[float]:
    """Inverse propensities, clipped: what is seldom seen at its rank counts more when it is answered.

    After Joachims, Swaminathan and Schnabel, Unbiased Learning-to-Rank with Biased Feedback (WSDM 2017). Raises
    ValueError for a rank without a propensity, or one outside 0..1.
    """
    for rank in set(ranks):
        if not 0 < seen.get(rank, 0.0) <= 1:
            raise ValueError(f"rank {rank} needs a propensity above 0 and at most 1, not {seen.get(rank)}")
    return [1 / max(LEAST_SEEN, seen[rank]) for rank in ranks]
