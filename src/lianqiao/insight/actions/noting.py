"""The clock notes the figures of each chain day by day, and once what they were before it began."""

from collections.abc import Iterator
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from lianqiao.core.actor import Actor
from lianqiao.core.audit import record
from lianqiao.core.permissions import require
from lianqiao.insight.analysis import inside_of
from lianqiao.insight.catalogue import FIGURES, figures_of
from lianqiao.insight.demand import CODE, demand_of
from lianqiao.insight.models import FigureValue
from lianqiao.insight.period import MONTHS, Every, Period, period_of, periods_up_to
from lianqiao.insight.queries.asked import Asked
from lianqiao.insight.queries.ties import World
from lianqiao.insight.scope import Scope
from lianqiao.insight.values import Measured
from lianqiao.registry.models import Chain, Segment

BACK = {Every.MONTH: 24, Every.QUARTER: 12, Every.YEAR: 4}


def note_figures(chain: Chain, *, by: Actor, now: datetime) -> int:
    """Today's values, and those of periods that are over and were never noted. How many were written."""
    require(by, "insight.note_figures", chain)
    today = timezone.localdate(now)
    rows = [*values_today(chain, today), *values_missing(chain, today)]
    with transaction.atomic():
        FigureValue.objects.bulk_create(
            [
                FigureValue(
                    chain=chain,
                    code=code,
                    every=period.every,
                    day=min(period.last, today),
                    noted_at=now,
                    **found.facts(),
                )
                for code, period, found in rows
            ],
            update_conflicts=True,
            unique_fields=["chain", "every", "code", "day"],
            update_fields=["value", "of", "rows", "parts", "noted_at"],
        )
        record(by, "insight.note_figures", chain, after={"day": today, "values": len(rows)})
    return len(rows)


def values_today(chain: Chain, today: date) -> Iterator[tuple[str, Period, Measured]]:
    world = World(chain.pk)
    for every in MONTHS:
        asked = Asked(Scope(chain.pk), period_of(every, today), today, world)
        yield from ((figure.code, asked.period, figure.measured(asked)) for figure in FIGURES)
    inside = inside_of(Segment.objects.filter(chain=chain))
    yield CODE, period_of(Every.MONTH, today), demand_of(chain.pk, inside).measured()


def values_missing(chain: Chain, today: date) -> Iterator[tuple[str, Period, Measured]]:
    """Counted back where records tell it; the rest is not made up."""
    known = set(FigureValue.objects.filter(chain=chain).values_list("code", "every", "day"))
    world = World(chain.pk)
    for every, count in BACK.items():
        for period in periods_up_to(period_of(every, today), count + 1)[:-1]:
            asked = Asked(Scope(chain.pk), period, today, world)
            for figure in figures_of("chain"):
                if figure.back and (figure.code, every, period.last) not in known:
                    yield figure.code, period, figure.measured(asked)
