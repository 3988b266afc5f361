"""What the lists say of each segment: open needs, those without a partner, what is offered, trades nobody stands for."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from lianqiao.insight.queries.demand import industries_asked, open_by_segment
from lianqiao.insight.values import Measured, Part

CODE = "segments"
SHOWN = 5


@dataclass(frozen=True)
class Demand:
    """By segment (None: not placed); `outside` by industry division, each with some of its needs."""

    needs: Counter[int | None] = field(default_factory=Counter)
    unmatched: Counter[int | None] = field(default_factory=Counter)
    supply: Counter[int | None] = field(default_factory=Counter)
    outside: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[int]] = field(default_factory=dict)

    def measured(self) -> Measured:
        """As the clock notes it."""
        parts = [
            Part(group, str(code or ""), float(n))
            for group, counted in (
                ("needs", self.needs),
                ("unmatched", self.unmatched),
                ("supply", self.supply),
            )
            for code, n in counted.items()
        ]
        parts += [Part("outside", code, float(n)) for code, n in self.outside.items()]
        parts += [Part("example", code, float(pk)) for code, pks in self.examples.items() for pk in pks]
        return Measured(float(sum(self.needs.values())), None, sum(self.needs.values()), tuple(parts))

    @classmethod
    def from_parts(cls, parts: Iterable[Part]) -> "Demand":
        found = cls()
        for part in parts:
            number = int(part.value or 0)
            if part.group == "example":
                found.examples.setdefault(part.code, []).append(number)
            elif part.group == "outside":
                found.outside[part.code] = number
            else:
                getattr(found, part.group)[int(part.code) if part.code else None] = number
        return found


def demand_of(chain_id: int, inside: set[str]) -> Demand:
    """`inside` are the industry divisions that the chain's segments name."""
    needs, unmatched, supply = (Counter(counted) for counted in open_by_segment(chain_id))
    outside: Counter[str] = Counter()
    examples: defaultdict[str, list[int]] = defaultdict(list)
    for pk, industries in industries_asked(chain_id):
        divisions = {division(code) for code in industries} - {""}
        if divisions and not divisions & inside:
            for code in sorted(divisions):
                outside[code] += 1
                if len(examples[code]) < SHOWN:
                    examples[code].append(pk)
    return Demand(needs, unmatched, supply, outside, dict(examples))


def division(code: str) -> str:
    """The first two digits of an industry's code; a whole section (a letter) says too little."""
    return code[:2] if code[:2].isdigit() else ""
