"""What the clock notes of figures, day by day and once back."""

from datetime import timedelta

import pytest
from django.urls import reverse

from lianqiao.core.actor import Role, at_the_terminal
from lianqiao.core.models import AuditEntry
from lianqiao.core.refusals import NotPermitted
from lianqiao.insight import standing
from lianqiao.insight.actions.noting import note_figures
from lianqiao.insight.models import FigureValue
from lianqiao.insight.queries.reading import is_noted
from lianqiao.insight.standing import Board
from lianqiao.insight.tasks import note_the_day
from tests import factories as make
from tests.insight import rows
from tests.insight.rows import QUARTER, TODAY, ago, asked, at

pytestmark = pytest.mark.django_db
CLOCK = at_the_terminal("clock")


def noted(chain, code, every="month"):
    found = FigureValue.objects.filter(chain=chain, code=code, every=every).order_by("day")
    return {row.day: row.value for row in found}


def test_note_figures_writes_today_and_counts_back_what_records_tell(here):
    for days in (0, 40, 41):
        rows.need(here, ago(days))

    count = note_figures(here, by=CLOCK, now=at(TODAY))
    months = noted(here, "needs")

    assert FigureValue.objects.filter(chain=here).count() == count
    assert (months[TODAY], months[TODAY.replace(month=10, day=31)], len(months)) == (1, 2, 25)
    # No record tells who had an instructor on an earlier day.
    assert list(noted(here, "party_reached")) == [TODAY]
    assert AuditEntry.objects.filter(action="insight.note_figures").count() == 1


def test_note_figures_again_writes_the_day_anew_and_nothing_twice(here):
    note_figures(here, by=CLOCK, now=at(TODAY))
    rows.need(here, TODAY)
    note_figures(here, by=CLOCK, now=at(TODAY, 23))

    assert noted(here, "needs")[TODAY] == 1
    assert FigureValue.objects.filter(chain=here, code="needs", every="month", day=TODAY).count() == 1


def test_is_noted_asks_for_a_last_word_in_the_evening(here):
    states = [is_noted(here, at(TODAY, 8))]
    note_figures(here, by=CLOCK, now=at(TODAY, 8))
    states += [is_noted(here, at(TODAY, 12)), is_noted(here, at(TODAY, 23))]
    note_figures(here, by=CLOCK, now=at(TODAY, 23))
    states += [is_noted(here, at(TODAY, 23)), is_noted(here, at(TODAY + timedelta(days=1), 1))]

    assert states == [False, True, False, True, False]


def test_note_the_day_notes_each_chain_once(here):
    other = make.chain()

    note_the_day.call_local()
    note_the_day.call_local()

    assert AuditEntry.objects.filter(action="insight.note_figures").count() >= 2
    assert set(FigureValue.objects.values_list("chain", flat=True)) == {here.pk, other.pk}


def test_note_figures_by_a_person_is_refused(here):
    with pytest.raises(NotPermitted):
        note_figures(here, by=make.actor(Role.OFFICE_ADMIN, here), now=at(TODAY))


def test_board_of_a_large_chain_reads_what_was_noted(here, monkeypatch):
    rows.need(here, TODAY)
    note_figures(here, by=CLOCK, now=at(TODAY))
    rows.need(here, TODAY)
    live = Board(asked(here), ["needs"]).standings()[0]
    monkeypatch.setattr(standing, "LIVE_MOST", 1)
    stored = Board(asked(here), ["needs"]).standings()[0]

    assert (live.measured.value, live.noted_at) == (2, None)
    assert (stored.measured.value, stored.noted_at) == (1, at(TODAY))
    assert [part.code for part in stored.measured.parts] == ["published"]


def test_board_keeps_what_was_noted_of_a_period_that_cannot_be_counted_again(here, firm):
    make.branch(firm)
    before = QUARTER.before
    note_figures(here, by=CLOCK, now=at(before.last, 23))
    make.member(here)

    was = Board(asked(here, before), ["party_organised"]).standings()[0]
    now = Board(asked(here), ["party_organised"]).standings()[0]

    assert (was.measured.value, now.measured.value, now.before) == (100, 50, 100)


def test_curve_has_a_gap_where_nothing_was_noted(login, leader, here, firm):
    make.branch(firm)
    answer = login(leader).get(f"{reverse('figure_detail', args=['party_organised'])}?chain={here.pk}")

    assert [value for _, value, _ in answer.context["points"]] == [None] * 11 + [100]
