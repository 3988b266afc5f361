"""The two sides of a plan as coordinates: givers left, enterprises right, a line for each two that meet.

The template makes SVG of them.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

MOST = 60  # dots on both sides together that a person can still follow
ROW, TOP, WIDTH, LEFT = 30, 16, 720, 250
THINNEST, THICKEST = 1.5, 9.0
LONGEST = 17  # characters of a label beside its dot


@dataclass(frozen=True)
class Meeting:
    """How many matches bring these two together."""

    giver: str
    enterprise: int
    count: int


@dataclass(frozen=True)
class Dot:
    key: str
    label: str
    y: int
    count: int

    @property
    def short(self) -> str:
        return self.label if len(self.label) <= LONGEST else f"{self.label[: LONGEST - 1]}…"


@dataclass(frozen=True)
class Line:
    giver: Dot
    enterprise: Dot
    count: int
    width: float

    @property
    def path(self) -> str:
        left, right = LEFT, WIDTH - LEFT
        half = (left + right) // 2
        return f"M{left} {self.giver.y}C{half} {self.giver.y} {half} {self.enterprise.y} {right} {self.enterprise.y}"


@dataclass(frozen=True)
class Picture:
    height: int
    givers: list[Dot]
    enterprises: list[Dot]
    lines: list[Line]
    width: int = WIDTH
    left: int = LEFT
    right: int = WIDTH - LEFT


def is_readable(meetings: Collection[Meeting]) -> bool:
    return len({one.giver for one in meetings}) + len({one.enterprise for one in meetings}) <= MOST


def drawn(meetings: Collection[Meeting], givers: dict[str, str], enterprises: dict[int, str]) -> Picture:
    """The busiest giver on top; each enterprise as near as can be to the middle of those it meets."""
    by_giver: defaultdict[str, int] = defaultdict(int)
    by_enterprise: defaultdict[int, int] = defaultdict(int)
    for one in meetings:
        by_giver[one.giver] += one.count
        by_enterprise[one.enterprise] += one.count
    order = sorted(by_giver, key=lambda key: (-by_giver[key], givers[key], key))
    place = {key: number for number, key in enumerate(order)}
    middle: defaultdict[int, float] = defaultdict(float)
    for one in meetings:
        middle[one.enterprise] += place[one.giver] * one.count / by_enterprise[one.enterprise]
    right = sorted(by_enterprise, key=lambda pk: (middle[pk], enterprises[pk], pk))
    rows = max(len(order), len(right))
    left_dots = column([(key, givers[key], by_giver[key]) for key in order], rows)
    right_dots = column([(str(pk), enterprises[pk], by_enterprise[pk]) for pk in right], rows)
    most = max((one.count for one in meetings), default=1)
    known_left = {dot.key: dot for dot in left_dots}
    known_right = {dot.key: dot for dot in right_dots}
    lines = [
        Line(
            known_left[one.giver],
            known_right[str(one.enterprise)],
            one.count,
            round(THINNEST + (THICKEST - THINNEST) * (one.count - 1) / max(most - 1, 1), 1),
        )
        for one in meetings
    ]
    return Picture(TOP * 2 + rows * ROW, left_dots, right_dots, lines)


def column(said: list[tuple[str, str, int]], rows: int) -> list[Dot]:
    """Spread over the height of the longer side."""
    step = rows * ROW / max(len(said), 1)
    return [
        Dot(key, label, round(TOP + step * (number + 0.5)), count)
        for number, (key, label, count) in enumerate(said)
    ]
