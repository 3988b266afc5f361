"""The rules of a round: what an office decides before it begins."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lianqiao_engine.assign import Objective
from lianqiao_engine.score import Weights

from .entries import Need, Offer


@dataclass(frozen=True)
class Rules:
    """Defaults for what the lists leave open, and what holds for all. Raises ValueError for impossible numbers."""

    objective: Objective = "fair"
    seed: int = 0
    time_limit: float | None = None  # seconds
    weights: Weights = field(default_factory=Weights)
    wants: int = 1  # partners a need may have
    capacity: int = 1  # times an offer may be used that says nothing of it
    unit_capacity: Mapping[str, int] = field(
        default_factory=dict
    )  # needs a unit serves at most; others any number
    unit_least: Mapping[str, int] = field(default_factory=dict)
    units_owed: bool = True  # whether units that are owed a need (Offer.unit_owed) get one, where all can
    floor: int = 1  # partners owed to each enterprise that has a candidate
    floors: Mapping[str, int] = field(default_factory=dict)  # the same for some enterprises by name
    shortlist: int = 50  # candidates of each need; the certificate holds over the others too
    threshold: float = 0.04  # below this share of the need nobody is a candidate
    rest_after: int = 3  # rounds in a row after which a unit and an enterprise pause

    def __post_init__(self) -> None:
        for name, least in (("wants", 1), ("capacity", 0), ("floor", 0), ("shortlist", 1), ("rest_after", 1)):
            if getattr(self, name) < least:
                raise ValueError(f"{name} must be at least {least}, not {getattr(self, name)}")
        for name, floor in self.floors.items():
            if floor < 0:
                raise ValueError(f"the floor of {name} must be at least 0, not {floor}")
        if not 0 <= self.threshold < 1:
            raise ValueError(f"threshold must be from 0 to below 1, not {self.threshold}")

    def capacity_of(self, offer: Offer) -> int:
        return self.capacity if offer.capacity is None else offer.capacity

    def floor_of(self, enterprise: str) -> int:
        return self.floors.get(enterprise, self.floor)

    def wants_of(self, need: Need) -> int:
        return max(need.wants or self.wants, need.owed)
