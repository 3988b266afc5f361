"""Over which days a figure is counted: a month, a quarter, a year, or any two days."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

ONE = timedelta(days=1)


class Every(models.TextChoices):
    MONTH = "month", gettext_lazy("月")
    QUARTER = "quarter", gettext_lazy("季度")
    YEAR = "year", gettext_lazy("年")
    ANY = "any", gettext_lazy("起止日期")


MONTHS: dict[str, int] = {Every.MONTH: 1, Every.QUARTER: 3, Every.YEAR: 12}


@dataclass(frozen=True)
class Period:
    """Both days are part of it."""

    every: str
    first: date
    last: date

    @property
    def starts_at(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.first, time.min))

    def ends_before(self, until: date) -> datetime:
        return timezone.make_aware(datetime.combine(min(self.last, until) + ONE, time.min))

    @property
    def before(self) -> "Period":
        """The one of the same length that ends the day before."""
        last = self.first - ONE
        if self.every in MONTHS:
            return period_of(self.every, last)
        return Period(self.every, last - (self.last - self.first), last)

    @property
    def label(self) -> str:
        facts: dict[str, Any] = {"year": self.first.year, "month": self.first.month}
        if self.every == Every.MONTH:
            return _("%(year)s 年 %(month)s 月") % facts
        if self.every == Every.QUARTER:
            return _("%(year)s 年第 %(quarter)s 季度") % (facts | {"quarter": (self.first.month + 2) // 3})
        if self.every == Every.YEAR:
            return _("%(year)s 年") % facts
        return f"{self.first:%Y-%m-%d} – {self.last:%Y-%m-%d}"

    @property
    def query(self) -> dict[str, str]:
        """What an address carries of it."""
        if self.every in MONTHS:
            return {"every": self.every, "day": self.first.isoformat()}
        return {"every": self.every, "first": self.first.isoformat(), "last": self.last.isoformat()}


def period_of(every: str, day: date) -> Period:
    """The month, quarter or year in which the day lies. Raises KeyError for anything else."""
    months = MONTHS[every]
    begun = (day.month - 1) // months * months + 1
    first = day.replace(month=begun, day=1)
    return Period(every, first, months_after(first, months) - ONE)


def months_after(first: date, count: int) -> date:
    months = first.year * 12 + first.month - 1 + count
    return date(months // 12, months % 12 + 1, 1)


def periods_up_to(period: Period, count: int) -> list[Period]:
    """So many of them, the given one last."""
    found = [period]
    while len(found) < count:
        found.append(found[-1].before)
    return found[::-1]
