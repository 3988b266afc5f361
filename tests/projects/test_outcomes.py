"""What a project brought counts when both sides say so."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from lianqiao.core.refusals import NotPermitted, StateMoved
from lianqiao.notices.models import Notice
from lianqiao.projects.actions.outcomes import (
    CountedAlready,
    confirm_outcome,
    dispute_outcome,
    edit_outcome,
    report_outcome,
    restore_outcome,
    withdraw_outcome,
)
from lianqiao.projects.models import Outcome
from lianqiao.projects.packing import amount_told
from lianqiao.projects.queries import counted_outcomes
from tests import factories as make
from tests.projects.rows import fresh

pytestmark = pytest.mark.django_db


def confirm(row, who):
    return confirm_outcome(row, by=who.actor, now=timezone.now())


@pytest.mark.parametrize(("first", "second"), [("college", "firm"), ("firm", "college")])
def test_outcome_counts_once_the_other_side_confirmed_it(scene, first, second):
    reporter, other = getattr(scene, first), getattr(scene, second)
    row = scene.outcome(scene.working(), reporter)

    assert (row.state, list(counted_outcomes(scene.office))) == ("reported", [])
    with pytest.raises(NotPermitted):
        confirm(row, reporter)
    row = confirm(row, other)

    assert (row.state, list(counted_outcomes(scene.office))) == ("confirmed", [row])
    assert None not in (row.sponsor_confirmed_at, row.holder_confirmed_at)
    told = set(Notice.objects.filter(template="outcome_reported").values_list("person", flat=True))
    wanted = {scene.firm.position.person_id} if other is scene.firm else {
        scene.college.position.person_id, scene.coordinator.person_id,
    }  # fmt: skip
    assert told == wanted


def test_outcome_is_neither_reported_nor_confirmed_by_the_office_or_a_stranger(scene):
    project = scene.working()
    row = scene.outcome(project)

    for who in (scene.second, scene.other, scene.stranger):
        with pytest.raises(NotPermitted):
            confirm(row, who)
        with pytest.raises(NotPermitted):
            scene.outcome(project, who)
    for step in (
        lambda: confirm_outcome(row, by=scene.office, now=timezone.now()),
        lambda: dispute_outcome(row, by=scene.office, reason="不对"),
        lambda: withdraw_outcome(row, by=scene.office),
        lambda: report_outcome(
            project, by=scene.office, now=timezone.now(), kind=scene.kind(), amount=Decimal(1),
            achieved_on=make.today(),
        ),
    ):  # fmt: skip
        with pytest.raises(NotPermitted):
            step()
    assert Outcome.objects.get().state == "reported"


def test_report_outcome_before_anybody_works_is_refused(scene):
    with pytest.raises(StateMoved):
        scene.outcome(scene.open(), scene.firm)


@pytest.mark.parametrize(
    ("kind", "amount", "good"),
    [
        ("培训人数", "30", True),
        ("培训人数", "30.5", False),
        ("到账经费", "12000.50", True),
        ("到账经费", "-1", False),
    ],
)
def test_report_outcome_takes_an_amount_in_the_unit_of_its_kind(scene, kind, amount, good):
    project = scene.working()
    if not good:
        with pytest.raises(ValidationError) as refused:
            scene.outcome(project, amount=amount, kind=scene.kind(kind))
        assert "amount" in refused.value.message_dict
        return

    assert scene.outcome(project, amount=amount, kind=scene.kind(kind)).amount == Decimal(amount)


def test_report_outcome_of_tomorrow_or_in_a_kind_of_another_chain_is_refused(scene):
    project = scene.working()
    with pytest.raises(ValidationError):
        scene.outcome(project, achieved_on=make.today() + timedelta(days=1))
    other = type(scene)()

    with pytest.raises(ValidationError):
        scene.outcome(project, kind=other.kind())


def test_disputed_outcome_does_not_count_until_it_is_said_anew(scene):
    row = confirm(scene.outcome(scene.working()), scene.firm)

    row = dispute_outcome(row, by=scene.firm.actor, reason="只到了二十八人")
    assert (row.state, row.sponsor_confirmed_at, list(counted_outcomes(scene.office))) == (
        "disputed",
        None,
        [],
    )
    row = edit_outcome(row, by=scene.college.actor, now=timezone.now(), amount=Decimal(28))
    assert (row.state, row.disputed_reason, row.amount) == ("reported", "", Decimal(28))

    assert confirm(row, scene.firm).state == "confirmed"


def test_dispute_without_a_reason_is_refused(scene):
    row = scene.outcome(scene.working())

    with pytest.raises(ValidationError):
        dispute_outcome(row, by=scene.firm.actor, reason=" ")


def test_dispute_of_what_one_reported_oneself_is_refused(scene):
    row = scene.outcome(scene.working())

    with pytest.raises(NotPermitted):
        dispute_outcome(row, by=scene.college.actor, reason="写错了")


def test_edit_outcome_of_what_both_confirmed_is_refused(scene):
    row = confirm(scene.outcome(scene.working()), scene.firm)

    with pytest.raises(CountedAlready):
        edit_outcome(row, by=scene.college.actor, now=timezone.now(), amount=Decimal(99))
    assert fresh(row).amount == Decimal(30)


def test_withdraw_outcome_is_for_who_reported_it_and_can_be_undone(scene):
    row = scene.outcome(scene.working())

    with pytest.raises(NotPermitted):
        withdraw_outcome(row, by=scene.firm.actor)
    row = withdraw_outcome(row, by=scene.college.actor)
    assert row.state == "withdrawn"
    assert restore_outcome(row, by=scene.college.actor).state == "reported"


@pytest.mark.parametrize(
    ("amount", "told"), [("30.00", "30"), ("12000.50", "12000.5"), ("100.00", "100"), ("0.25", "0.25")]
)
def test_amount_is_told_without_noughts_that_nobody_typed(amount, told):
    assert amount_told(Decimal(amount)) == told
