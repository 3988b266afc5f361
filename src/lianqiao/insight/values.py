"""What is known of a figure at one time."""

from dataclasses import asdict, dataclass
from typing import Any

FEW = 5
# What is counted in these is people: whoever is one of a few could be recognised.
# untranslated: names of units
OF_PEOPLE = ("人", "名", "人次", "位")


@dataclass(frozen=True)
class Part:
    """One line of a breakdown. `group` says by what; `name` where the code has no words of its own."""

    group: str
    code: str
    value: float | None
    of: float | None = None
    name: str = ""
    unit: str = ""

    @property
    def is_few(self) -> bool:
        return self.unit in OF_PEOPLE and self.value is not None and 0 < self.value < FEW


@dataclass(frozen=True)
class Measured:
    """`value` is None where there was nothing to count; `of` is the denominator, `rows` how many records it is from."""

    value: float | None
    of: float | None = None
    rows: int = 0
    parts: tuple[Part, ...] = ()

    def facts(self) -> dict[str, Any]:
        return {
            "value": self.value,
            "of": self.of,
            "rows": self.rows,
            "parts": [asdict(part) for part in self.parts],
        }

    @classmethod
    def from_facts(cls, facts: dict[str, Any]) -> "Measured":
        parts = tuple(Part(**part) for part in facts["parts"])
        return cls(facts["value"], facts["of"], facts["rows"], parts)


NOTHING = Measured(None)


def share(part: int, whole: int) -> float | None:
    """Per cent, to one place, never 100 for less than all nor 0 for more than none."""
    if not whole:
        return None
    told = round(part * 100 / whole, 1)
    if part < whole and told == 100:
        return 99.9
    return 0.1 if part and told == 0 else told


def mean(total: float, count: int) -> float | None:
    return round(total / count, 2) if count else None


def median(amounts: list[int]) -> float | None:
    if not amounts:
        return None
    ordered = sorted(amounts)
    middle = len(ordered) // 2
    return float(ordered[middle]) if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
