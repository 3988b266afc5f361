"""What a round answers, as data: codes, ids and numbers; sentences are made where they are shown."""

from dataclasses import dataclass

from lianqiao_engine.assign.plan import Status
from lianqiao_engine.explain import Reason

from .musts import Refused


@dataclass(frozen=True)
class Match:
    """A need and an offer that are put together; the reasons add up to the score."""

    need: str
    offer: str
    score: float
    reasons: tuple[Reason, ...]
    fixed: bool = False


@dataclass(frozen=True)
class Missed:
    """A need without a partner.

    `why`: "silent" (it says nothing that could be compared) · "nothing fits" (no offer reaches the threshold; `best` is
    the nearest) · "barred" (the nearest would fit, and `bars` forbid it) · "taken" (others make more of its candidates).
    """

    need: str
    why: str
    best: str = ""
    score: float = 0.0
    bars: tuple[str, ...] = ()


@dataclass(frozen=True)
class Change:
    """The smallest change that would bring a pair into the plan; kinds as in assign.change.Change."""

    kind: str
    of: str
    by: float


@dataclass(frozen=True)
class Alternative:
    """A candidate that was not chosen.

    `stood_in_the_way` is a kind of assign.why.Block. `held_by`: the needs that have the place. `cost`: how much less
    the plan would be worth with this pair in it; exact when it was solved for, else at least so much; exact and None
    when no plan can have the pair. `change`: None when no single change does it, or none was looked for.
    """

    need: str
    offer: str
    score: float
    stood_in_the_way: str
    held_by: tuple[str, ...] = ()
    cost: float | None = None
    exact: bool = False
    change: Change | None = None


@dataclass(frozen=True)
class Load:
    """How much of a unit or an offer is used. `capacity` is None where there is no limit."""

    name: str
    used: int
    capacity: int | None
    least: int = 0


@dataclass(frozen=True)
class Pairing:
    """A unit and an enterprise with all that brings them together."""

    unit: str
    enterprise: str
    score: float
    matches: int


@dataclass(frozen=True)
class Price:
    """What a rule costs: how much more the plan would be worth without it."""

    rule: str
    cost: float


@dataclass(frozen=True)
class Limit:
    """A limit that would have to give way so that all rules can hold; kinds as in assign.Slack."""

    kind: str
    of: tuple[str, ...]
    by: int


@dataclass(frozen=True)
class Duals:
    """The prices that prove the bound (see assign.plan.Prices), in the order of the entries."""

    offer: tuple[float, ...]
    unit: tuple[float, ...]
    enterprise: tuple[float, ...]
    level: tuple[float, ...]


@dataclass(frozen=True)
class Result:
    """A plan with its proof. Under the same rules no plan whatever is worth more than `bound`.

    `worst` is the least sum of one need among those that have a candidate. Bounds are None when time ran out before
    one was known. `units_owed` says whether every unit that is owed a need has
    one. `limits` is empty when all rules hold; else they name the smallest relaxation, and the plan was made
    without floors and minima.
    """

    matches: tuple[Match, ...]
    missed: tuple[Missed, ...]
    alternatives: tuple[Alternative, ...]
    pairings: tuple[Pairing, ...]
    units: tuple[Load, ...]
    offers: tuple[Load, ...]
    prices: tuple[Price, ...]
    limits: tuple[Limit, ...]
    refused: tuple[Refused, ...]
    sum: float
    worst: float
    bound: float | None
    worst_bound: float | None
    status: Status
    duals: Duals | None
    units_owed: bool = False

    @property
    def gap(self) -> float | None:
        """How far the sum can be from the best, as a share of the best."""
        return None if self.bound is None else max(self.bound - self.sum, 0.0) / max(self.bound, 1e-12)
