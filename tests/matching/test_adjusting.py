"""A plan changed by hand, and back."""

import pytest
from django.utils import timezone

from lianqiao.core.actor import Role
from lianqiao.core.audit import verify
from lianqiao.core.models import AuditEntry
from lianqiao.core.refusals import NotPermitted
from lianqiao.lists.models import Wish as SidesWish
from lianqiao.matching.actions.adjusting import (
    ChangedAfterwards,
    NotAdjustable,
    NothingChanges,
    NotInRound,
    SideSaidNever,
    adjust_round,
    consequences_of,
    undo_adjustment,
)
from lianqiao.matching.actions.rounds import publish_round
from tests import factories as make
from tests.matching.lists import lists

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def here():
    return lists()


@pytest.fixture
def office(here):
    return make.actor(Role.OFFICE_ADMIN, here.chain)


@pytest.fixture
def ready(here, office):
    return make.held_round(here.chain, office)


def now():
    return {"now": timezone.now()}


def test_consequences_name_who_loses_and_nothing_is_done(here, office, ready):
    found = consequences_of(ready, here.needs["甲"], here.offers["造价"], here.offers["装饰"], by=office)

    # Whoever loses the place gets what comes free, where that fits at all.
    assert (str(here.needs["甲"].pk), str(here.offers["装饰"].pk)) in found.come
    assert found.sum_after < found.sum_before
    assert found.bound == pytest.approx(found.sum_before)
    assert here.pairs(ready) == {"甲": "造价", "乙": "装饰", "丙": "施工"}


def test_adjust_round_keeps_what_was_done_and_what_it_cost(here, office, ready):
    made = adjust_round(
        ready, by=office, need=here.needs["甲"], taken=here.offers["造价"], reason="企业暂缓", **now()
    )

    assert here.pairs(ready) == {"乙": "装饰", "丙": "施工"}
    assert (made.taken, made.given, made.reason) == (here.offers["造价"], None, "企业暂缓")
    assert made.consequences["gone"] == [[str(here.needs["甲"].pk), str(here.offers["造价"].pk)]]
    ready.refresh_from_db()
    assert (ready.summary["matched"], ready.summary["unserved"]) == (2, 1)
    assert ready.summary["gap"] > 0
    assert AuditEntry.objects.filter(action="matching.adjust_round").count() == 1
    assert verify().is_whole


def test_adjust_round_gives_a_need_its_reasons_too(here, office, ready):
    adjust_round(ready, by=office, need=here.needs["甲"], taken=here.offers["造价"], **now())
    adjust_round(ready, by=office, need=here.needs["甲"], given=here.offers["造价"], **now())

    match = ready.matches.get(need=here.needs["甲"])
    assert match.reasons
    assert match.score == pytest.approx(ready.record and match.score)
    assert (match.state, match.rank, match.unit) == ("planned", 1, here.offers["造价"].unit)


def test_undo_adjustment_gives_the_plan_back(here, office, ready):
    before = list(ready.matches.order_by("need").values("need", "offer", "score", "reasons"))
    made = adjust_round(
        ready, by=office, need=here.needs["甲"], taken=here.offers["造价"], given=here.offers["装饰"], **now()
    )

    undo_adjustment(made, by=office, **now())

    assert list(ready.matches.order_by("need").values("need", "offer", "score", "reasons")) == before
    made.refresh_from_db()
    assert made.state == "undone"


def test_undo_adjustment_twice_is_refused(here, office, ready):
    made = adjust_round(ready, by=office, need=here.needs["甲"], taken=here.offers["造价"], **now())
    undo_adjustment(made, by=office, **now())

    with pytest.raises(ChangedAfterwards):
        undo_adjustment(made, by=office, **now())


def test_undo_adjustment_whose_place_went_to_somebody_else_is_refused(here, office, ready):
    first = adjust_round(ready, by=office, need=here.needs["甲"], taken=here.offers["造价"], **now())
    second = adjust_round(
        ready, by=office, need=here.needs["乙"], taken=here.offers["装饰"], given=here.offers["造价"], **now()
    )

    with pytest.raises(ChangedAfterwards):
        undo_adjustment(first, by=office, **now())
    undo_adjustment(second, by=office, **now())
    undo_adjustment(first, by=office, **now())

    assert here.pairs(ready) == {"甲": "造价", "乙": "装饰", "丙": "施工"}


def test_adjust_round_to_whom_a_side_will_not_have_is_refused(here, office):
    SidesWish.objects.create(
        entry=here.offers["装饰"], organisation=here.needs["甲"].organisation, kind="never"
    )
    row = make.held_round(here.chain, office)

    with pytest.raises(SideSaidNever):
        adjust_round(row, by=office, need=here.needs["甲"], given=here.offers["装饰"], **now())


def test_adjust_round_with_who_took_no_part_is_refused(here, office, ready):
    late = make.entry("resource", here.chain)

    with pytest.raises(NotInRound):
        adjust_round(ready, by=office, need=here.needs["甲"], given=late, **now())


def test_adjust_round_to_what_it_is_already_is_refused(here, office, ready):
    with pytest.raises(NothingChanges):
        adjust_round(ready, by=office, need=here.needs["甲"], given=here.offers["造价"], **now())


def test_adjust_round_after_it_was_published_is_refused(here, office, ready):
    publish_round(ready, by=office, **now())

    with pytest.raises(NotAdjustable):
        adjust_round(ready, by=office, need=here.needs["甲"], taken=here.offers["造价"], **now())


@pytest.mark.parametrize("role", [Role.LEADER, Role.AUDITOR, Role.ENTERPRISE_CONTACT])
def test_adjust_round_is_for_the_office_alone(here, ready, role):
    with pytest.raises(NotPermitted):
        adjust_round(
            ready, by=make.actor(role, here.chain), need=here.needs["甲"], taken=here.offers["造价"], **now()
        )
