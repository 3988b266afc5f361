"""A figure is what its own source rows say, over any world that hypothesis makes."""

from datetime import timedelta
from statistics import mean, median

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lianqiao.core.actor import at_the_terminal
from lianqiao.insight.catalogue import BY_CODE, FIGURES, Kind
from lianqiao.insight.measuring import day_of
from lianqiao.insight.pages.columns import columns_of
from lianqiao.insight.period import period_of
from lianqiao.insight.queries.reading import readable
from lianqiao.insight.values import share
from tests import factories as make
from tests.insight import rows
from tests.insight.rows import TODAY, ago, asked, at

pytestmark = pytest.mark.django_db(transaction=False)
DAYS = st.integers(0, 120)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["need", "match", "agreement", "promise", "project", "outcome", "round"]),
        DAYS,
        st.integers(0, 2),
    ),
    max_size=14,
)


def build(steps):
    chain = make.chain()
    school = make.member(chain, kind="school")
    firms = [make.member(chain, size=size) for size in ("small", "large", "")]
    kind = rows.outcome_kind(chain)
    needs, agreements, projects = [], [], []
    for what, days, which in steps:
        day, firm = ago(days), firms[which]
        if what == "need":
            needs.append(
                rows.need(
                    chain, day, organisation=firm, answered_at=at(min(day + timedelta(which), TODAY), 15)
                )
            )
        elif what == "match" and needs:
            need = needs[which % len(needs)]
            rows.match(
                need,
                rows.offer(chain, ago(120), organisation=school),
                min(TODAY, day_of(need.published_at) + timedelta(1)),
            )
        elif what == "agreement":
            matches = list(needs[which % len(needs)].matches_as_need.all()) if needs else []
            dims = ["teaching", "research"][:which]
            agreements.append(rows.agreement(chain, school, firm, day=day, matches=matches, dimensions=dims))
        elif what == "promise" and agreements:
            rows.due(agreements[-1], day, ["due", "done", "waived"][which])
        elif what == "project":
            over = (
                {"state": "accepted", "accepted_at": at(min(day + timedelta(5), TODAY), 16)} if which else {}
            )
            projects.append(rows.project(chain, firm, school, day, dimensions=["training"], **over))
        elif what == "outcome" and projects:
            rows.outcome(projects[-1], kind, which + 1, day)
        elif what == "round" and needs:
            rows.left(rows.held(chain, day), needs[which % len(needs)], ["", "taken", "silent"][which])
    return chain


def recomputed(figure, found, from_rows):
    """The number once more, from the rows as they are listed, in plain Python."""
    if figure.kind == Kind.SHARE:
        return share(sum(row.counted for row in from_rows), len(from_rows))
    if figure.code == "signing_time":
        return median((row.to - day_of(row.since)).days for row in from_rows) if from_rows else None
    if figure.code in ("times_three", "shared"):
        return round(mean(row.amount or 0 for row in from_rows), 2) if from_rows else None
    if figure.kind == Kind.COUNT:
        return len(from_rows)
    return found.value


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS, every=st.sampled_from(["month", "quarter", "year"]))
def test_figure_recomputed_from_its_source_rows_is_the_figure(db, steps, every):
    chain = build(steps)
    by = at_the_terminal("test")
    of = asked(chain, period_of(every, TODAY))

    for figure in FIGURES:
        found, sources = figure.measured(of), figure.rows(of)
        listed = [row for source in sources for row in readable(source, by)]

        assert found.rows == len(listed), figure.code
        assert recomputed(figure, found, listed) == found.value, figure.code
        for source in sources:
            columns = columns_of(source)
            assert all(
                column.value(row) is not Ellipsis for row in readable(source, by) for column in columns
            )


@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
def test_months_of_a_quarter_add_up_to_the_quarter(db, steps):
    chain = build(steps)
    quarter = period_of("quarter", TODAY)
    months = [period_of("month", quarter.first.replace(month=month)) for month in (10, 11, 12)]

    for code in ("needs", "outcomes", "plus_one"):
        figure = BY_CODE[code]
        parts = [figure.measured(asked(chain, month)).value for month in months]
        assert sum(parts) == figure.measured(asked(chain, quarter)).value, code
