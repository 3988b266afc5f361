"""Of whom a figure tells: a whole chain, a segment of it, one enterprise, one school or college."""

from dataclasses import dataclass
from typing import Literal

Of = Literal["chain", "segment", "enterprise", "college"]


@dataclass(frozen=True)
class Scope:
    """`organisation` and `unit` are the enterprise, or the school and its college."""

    chain: int
    of: Of = "chain"
    segment: int | None = None
    organisation: int | None = None
    unit: int | None = None

    @property
    def query(self) -> dict[str, str]:
        """What an address carries of it."""
        said = {
            "chain": self.chain,
            "segment": self.segment,
            "organisation": self.organisation,
            "unit": self.unit,
        }
        return {name: str(value) for name, value in said.items() if value is not None}

    @property
    def is_place(self) -> bool:
        return self.organisation is not None
