"""Figures as a page shows them: now, before, and how they went; counted now, or as the clock noted them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from lianqiao.insight.catalogue import BY_CODE, Figure
from lianqiao.insight.models import FigureValue
from lianqiao.insight.period import MONTHS, Period, periods_up_to
from lianqiao.insight.queries.asked import Asked
from lianqiao.insight.queries.reading import entries_counted, values_noted
from lianqiao.insight.values import Measured

SHOWN = 12  # periods of a curve
# Beyond so many entries a chain's heavy figures are read from what the clock noted.
LIVE_MOST = 20_000


@dataclass(frozen=True)
class Point:
    period: Period
    value: float | None
    of: float | None = None


@dataclass(frozen=True)
class Standing:
    """`noted_at` says when the clock noted it; None: counted just now."""

    figure: Figure
    asked: Asked
    measured: Measured
    before: float | None = None
    points: list[Point] = field(default_factory=list)
    noted_at: datetime | None = None

    @property
    def number(self) -> str:
        return told(self.measured.value)

    @property
    def before_number(self) -> str:
        return told(self.before)

    @property
    def of_number(self) -> str:
        return told(self.measured.of)

    @property
    def change(self) -> float | None:
        if self.measured.value is None or self.before is None:
            return None
        return round(self.measured.value - self.before, 2)

    @property
    def change_number(self) -> str:
        return f"{self.change:+g}" if self.change else ""

    @property
    def is_better(self) -> bool | None:
        """None where it stayed, or where more and less are neither."""
        if not self.change or not self.figure.better:
            return None
        return (self.change > 0) == (self.figure.better == "more")

    @property
    def gain(self) -> float:
        """By how much of what it was it has improved."""
        return abs(self.change or 0) / max(abs(self.before or 0), 1.0) if self.is_better else 0.0

    @property
    def query(self) -> str:
        return urlencode(self.asked.scope.query | self.asked.period.query)

    @property
    def url(self) -> str:
        return f"{reverse('figure_detail', args=[self.figure.code])}?{self.query}"

    @property
    def rows_url(self) -> str:
        return f"{reverse('figure_rows', args=[self.figure.code])}?{self.query}"

    @property
    def parts(self) -> list[tuple[Any, list[Any]]]:
        return [
            (group, [part for part in self.measured.parts if part.group == group])
            for group in dict.fromkeys(part.group for part in self.measured.parts)
        ]


def told(value: float | None) -> str:
    if value is None:
        return "—"
    return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}".rstrip("0")


class Board:
    """Several figures of one scope and period: what was noted is read once, what is counted shares what it reads."""

    def __init__(self, asked: Asked, codes: Iterable[str]) -> None:
        self.asked = asked
        self.figures = [BY_CODE[code] for code in codes if asked.scope.of in BY_CODE[code].of]
        self.is_large = (
            asked.scope.of == "chain" and entries_counted(asked.scope.chain, LIVE_MOST) > LIVE_MOST
        )
        self.noted = self.all_noted()

    def all_noted(self) -> dict[tuple[str, date], FigureValue]:
        """(figure, first day of the period) -> the last value noted in it."""
        period, scope = self.asked.period, self.asked.scope
        if scope.of != "chain" or period.every not in MONTHS:
            return {}
        firsts = [each.first for each in periods_up_to(period, SHOWN)]
        rows = values_noted(scope, [figure.code for figure in self.figures], period.every)
        found = {}
        for row in rows.filter(day__range=(firsts[0], period.last)).defer("parts"):
            found[row.code, max(first for first in firsts if first <= row.day)] = row
        return found

    def standing(self, figure: Figure) -> Standing:
        measured, noted_at = self.now(figure)
        before = self.value_in(figure, self.asked.period.before)
        return Standing(figure, self.asked, measured, before, self.noted_points(figure, measured), noted_at)

    def standings(self) -> list[Standing]:
        return [self.standing(figure) for figure in self.figures]

    def now(self, figure: Figure) -> tuple[Measured, datetime | None]:
        row = self.noted.get((figure.code, self.asked.period.first))
        is_over = self.asked.until < self.asked.today
        # A period that is over and cannot be counted again stays what it was noted as.
        if row and ((figure.heavy and self.is_large) or (is_over and not figure.back)):
            row.refresh_from_db(fields=["parts"])
            return Measured.from_facts(vars(row)), row.noted_at
        return figure.measured(self.asked), None

    def value_in(self, figure: Figure, period: Period) -> float | None:
        if row := self.noted.get((figure.code, period.first)):
            return row.value
        if not figure.back or (figure.heavy and self.is_large):
            return None
        return figure.measured(self.asked.over(period)).value

    def noted_points(self, figure: Figure, measured: Measured) -> list[Point]:
        """The curve as far as it was noted; the running period ends it."""
        if not self.noted:
            return []
        periods = periods_up_to(self.asked.period, SHOWN)
        rows = [(period, self.noted.get((figure.code, period.first))) for period in periods[:-1]]
        points = [Point(period, row.value if row else None, row.of if row else None) for period, row in rows]
        return [*points, Point(periods[-1], measured.value, measured.of)]

    def curve(self, figure: Figure, measured: Measured) -> list[Point]:
        """The same, with what was not noted counted now, where records allow."""
        if self.asked.period.every not in MONTHS:
            return []
        points = []
        for period in periods_up_to(self.asked.period, SHOWN)[:-1]:
            row = self.noted.get((figure.code, period.first))
            value = row.value if row else self.value_in(figure, period)
            points.append(Point(period, value, row.of if row else None))
        return [*points, Point(self.asked.period, measured.value, measured.of)]


def spark(points: list[Point], width: int = 96, height: int = 24) -> str:
    """The path of a small curve; a gap where there was nothing to count."""
    values = [point.value for point in points if point.value is not None]
    if len(values) < 2:
        return ""
    low, high = min(values), max(values)
    step, pad = width / (len(points) - 1), 2
    path, pen = [], "M"
    for n, point in enumerate(points):
        if point.value is None:
            pen = "M"
            continue
        y = height / 2 if high == low else pad + (height - 2 * pad) * (1 - (point.value - low) / (high - low))
        path.append(f"{pen}{n * step:.1f} {y:.1f}")
        pen = "L"
    return "".join(path)
