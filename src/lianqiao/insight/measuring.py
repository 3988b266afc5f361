"""From records to a number. What is asked stands beside the rows for figures of pairs, which are no rows themselves."""

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from lianqiao.insight.queries.asked import Asked
from lianqiao.insight.queries.rows import Rows, times_given
from lianqiao.insight.values import NOTHING, Measured, Part, mean, median, share
from lianqiao.registry.workdays import calendar_days, is_workday

Measure = Callable[[Rows, Asked], Measured]


def count(rows: Rows, asked: Asked) -> Measured:
    total = sum(each.order_by().count() for each in rows)
    return Measured(float(total), None, total)


def count_by(field: str, group: str) -> Measure:
    """Also where nothing is: none is a number."""

    def counted(rows: Rows, asked: Asked) -> Measured:
        found = groups(rows[0], field)
        total = sum(found.values())
        parts = tuple(Part(group, str(code), float(n)) for code, n in found.items())
        return Measured(float(total), None, total, parts)

    return counted


def groups(rows: QuerySet[Any], field: str) -> dict[str, int]:
    return dict(rows.order_by().values_list(field).annotate(n=Count("pk")).order_by("-n", field))


def shared(rows: Rows, asked: Asked) -> Measured:
    # Not named like the annotation that it asks: Django would leave that one out of the query.
    found = rows[0].order_by().aggregate(of=Count("pk"), hit=Count("pk", filter=Q(counted=True)))
    return Measured(share(found["hit"], found["of"]), float(found["of"]), found["of"])


def shared_by(*fields: str) -> Measure:
    """With the share of each group beside it."""

    def measured(rows: Rows, asked: Asked) -> Measured:
        whole = shared(rows, asked)
        parts = []
        for field in fields:
            found = (
                rows[0]
                .order_by()
                .values_list(field)
                .annotate(of=Count("pk"), n=Count("pk", filter=Q(counted=True)))
            )
            parts += [Part(field, str(code), float(n), float(of)) for code, of, n in found.order_by(field)]
        return Measured(whole.value, whole.of, whole.rows, tuple(parts))

    return measured


def median_workdays(rows: Rows, asked: Asked) -> Measured:
    spans = spans_of(rows)
    if not spans:
        return NOTHING
    workdays = Workdays(min(since for since, _ in spans), max(to for _, to in spans))
    return Measured(median([workdays.between(*span) for span in spans]), float(len(spans)), len(spans))


def median_days(rows: Rows, asked: Asked) -> Measured:
    spans = spans_of(rows)
    return Measured(median([(to - since).days for since, to in spans]), float(len(spans)), len(spans))


def spans_of(rows: Rows) -> list[tuple[date, date]]:
    return [(day_of(since), day_of(to)) for since, to in rows[0].order_by().values_list("since", "to")]


def day_of(moment: date) -> date:
    return timezone.localdate(moment) if isinstance(moment, datetime) else moment


class Workdays:
    """As `registry.workdays.workdays_between`, for thousands of spans with one look at the calendar."""

    def __init__(self, first: date, last: date) -> None:
        calendar = calendar_days(first, last)
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        self.first, self.upto = first, list(accumulate(is_workday(day, calendar) for day in days))

    def between(self, since: date, to: date) -> int:
        return self.upto[(to - self.first).days] - self.upto[(since - self.first).days]


def mean_amount(rows: Rows, asked: Asked) -> Measured:
    found = rows[0].order_by().aggregate(of=Count("pk"), total=Sum("amount"))
    spread = groups(rows[0], "amount")
    parts = tuple(Part("partners", str(code), float(n)) for code, n in sorted(spread.items()))
    return Measured(mean(found["total"] or 0, found["of"]), float(found["of"]), found["of"], parts)


def mean_given(rows: Rows, asked: Asked) -> Measured:
    of = rows[0].order_by().count()
    return Measured(mean(times_given(rows[0]), of), float(of), of)


def by_places(rows: Rows, asked: Asked) -> Measured:
    organisations, units = (each.order_by().count() for each in rows)
    parts = (Part("place", "organisation", float(organisations)), Part("place", "unit", float(units)))
    return Measured(float(organisations + units), None, organisations + units, parts)


def dimensions_of_pairs(rows: Rows, asked: Asked) -> Measured:
    """Those of the pairs in force now, and how much more that is than on the day before the period."""
    now, before = asked.pairs(), asked.pairs(asked.day_before)
    value, earlier = (mean(sum(map(len, pairs.values())), len(pairs)) for pairs in (now, before))
    grown = sum(len(dims) > len(before.get(pair, ())) for pair, dims in now.items())
    spread = Counter(name for dims in now.values() for name in dims)
    parts = [Part("dimension", name, float(n)) for name, n in sorted(spread.items())]
    parts.append(Part("pairs", "grown", float(grown)))
    if value is not None and earlier is not None:
        parts.append(Part("pairs", "growth", round(value - earlier, 2)))
    total = sum(each.order_by().count() for each in rows)
    return Measured(value, float(len(now)), total, tuple(parts))


def outcomes_by_kind(rows: Rows, asked: Asked) -> Measured:
    """How many, and of each kind how much, in its own unit."""
    amounts: defaultdict[Any, float] = defaultdict(float)
    dimensions: Counter[str] = Counter()
    found = list(rows[0].select_related("kind", "project").order_by("kind__position", "kind", "pk"))
    for outcome in found:
        amounts[outcome.kind] += float(outcome.amount)
        named = [outcome.kind.dimension] if outcome.kind.dimension else outcome.project.dimensions
        dimensions.update(named)
    parts = [
        Part("outcome_kind", str(kind.pk), amount, None, kind.label, kind.unit)
        for kind, amount in amounts.items()
    ]
    parts += [Part("dimension", name, float(n)) for name, n in sorted(dimensions.items())]
    return Measured(float(len(found)), None, len(found), tuple(parts))
