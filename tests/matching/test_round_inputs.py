"""What of the lists, the wishes and the rules goes into a round."""

from datetime import timedelta

import pytest
from django.utils import timezone

from lianqiao.core.actor import Role
from lianqiao.core.models import Job
from lianqiao.lists.actions.moves import withdraw
from lianqiao.lists.models import Wish as SidesWish
from lianqiao.matching.actions.rounds import (
    NothingToMatch,
    add_wish,
    begin_round,
    drop_wish,
    publish_round,
    run_round,
)
from lianqiao.matching.models import Match, RoundNeed
from lianqiao.matching.policy import RoundRules, RoundScope, Wish
from tests import factories as make
from tests.matching.lists import lists

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite_tells]


@pytest.fixture
def here():
    return lists()


def week(days: int) -> str:
    year, number, _ = (make.today() + timedelta(days=days)).isocalendar()
    return f"{year}-W{number:02}"


@pytest.fixture
def office(here):
    return make.actor(Role.OFFICE_ADMIN, here.chain)


@pytest.mark.parametrize(
    ("scope", "served"),
    [
        (lambda here: {"enterprises": (here.needs["甲"].organisation_id,)}, {"甲": "造价"}),
        (lambda here: {"kinds": ("service",)}, None),
        (lambda here: {"givers": (here.school.pk,)}, {"甲": "造价", "乙": "装饰", "丙": "施工"}),
    ],
)
def test_scope_says_who_takes_part(here, office, scope, served):
    row = begin_round(by=office, chain=here.chain, title="一轮", scope=RoundScope(**scope(here)))
    if served is None:
        with pytest.raises(NothingToMatch):
            run_round(row, by=office)
        return
    run_round(row, by=office)

    assert here.pairs(row) == served


def test_what_only_the_office_may_read_takes_no_part(here, office):
    make.entry("need", here.chain, title="工程造价", audience="office")

    row = make.held_round(here.chain, office)

    assert row.summary["needs"] == 3


def test_private_words_are_no_reason(here, office):
    entry = here.needs["甲"]
    entry.title, entry.description = "请一位老师", "工程造价、招投标绝密"
    entry.visibility = {"description": "office"}
    entry.save()

    row = make.held_round(here.chain, office)

    assert "绝密" not in str(list(Match.objects.values_list("reasons"))) + str(row.summary)


def test_wish_of_a_side_bars_the_pair(here, office):
    SidesWish.objects.create(entry=here.needs["甲"], organisation=here.school, kind="never")

    row = make.held_round(here.chain, office)

    assert "甲" not in here.pairs(row)
    left = RoundNeed.objects.get(round=row, need=here.needs["甲"])
    assert (left.why, left.bars) == ("barred", ["never of the need"])


def test_wishes_of_the_office_hold(here, office):
    row = begin_round(by=office, chain=here.chain, title="一轮")
    must = Wish("must", "去年约定", need=here.needs["甲"].pk, unit=here.offers["施工"].unit_id)
    never = Wish("never", "有纠纷", enterprise=here.needs["乙"].organisation_id, organisation=here.school.pk)
    row = add_wish(add_wish(row, by=office, wish=must), by=office, wish=never)
    run_round(row, by=office)

    assert here.pairs(row) == {"甲": "施工"} | {k: v for k, v in here.pairs(row).items() if k == "丙"}


def test_drop_wish_takes_out_the_one_that_was_seen(here, office):
    row = begin_round(by=office, chain=here.chain, title="一轮")
    wishes = [Wish("never", reason, enterprise=1, organisation=2) for reason in ("一", "二")]
    for wish in wishes:
        row = add_wish(row, by=office, wish=wish)

    row = drop_wish(row, by=office, place=0, seen=row.version)

    assert RoundRules.of(row.rules).wishes == (wishes[1],)


def test_published_capacity_is_not_promised_by_the_next_round(here, office):
    publish_round(make.held_round(here.chain, office), by=office, now=timezone.now())
    make.entry("need", here.chain, title="工程造价培训", description="招投标和工程计价课程")

    row = make.held_round(here.chain, office)

    # Those who have a partner want no other, and what is promised cannot be had again.
    assert (row.state, row.summary) == ("draft", {})
    assert Job.objects.latest("pk").result["code"] == "nothing_to_match"


def test_round_follows_on_who_worked_together(here, office):
    first = publish_round(make.held_round(here.chain, office), by=office, now=timezone.now())
    Match.objects.filter(round=first, need=here.needs["甲"]).update(
        state="accepted", need_said="accept", offer_said="accept"
    )
    Match.objects.filter(round=first).exclude(need=here.needs["甲"]).update(state="declined")
    more = make.entry(
        "need",
        here.chain,
        title="工程计价咨询",
        description="工程造价",
        organisation=here.needs["甲"].organisation,
    )
    here.offers["造价"].capacity = 2
    here.offers["造价"].save()

    row = make.held_round(here.chain, office, continuity="strong")

    match = row.matches.get(need=more)
    assert match.offer == here.offers["造价"]
    assert "earlier" in {reason["about"] for reason in match.reasons}
    # What was declined once is not proposed again.
    assert not row.matches.filter(need=here.needs["乙"], offer=here.offers["装饰"]).exists()


def test_floor_of_small_enterprises_holds_for_them(here, office):
    big, small = here.needs["甲"], make.entry("need", here.chain, title="招投标", description="")
    small.organisation.size = "small"
    small.organisation.save()
    for name in ("乙", "丙"):
        withdraw(here.needs[name], by=office)
    for name in ("装饰", "施工"):
        withdraw(here.offers[name], by=office)

    row = make.held_round(here.chain, office, objective="best", floor="small", units_owed=False)

    assert set(row.matches.values_list("need", flat=True)) == {small.pk}
    assert not row.matches.filter(need=big).exists()


def test_capacity_of_weeks_counts_what_is_left_of_them(here, office):
    offer = here.offers["造价"]
    offer.capacity, offer.calendar = None, {week(-14): 5, week(7): 1}
    offer.save()
    for _ in range(2):
        make.entry("need", here.chain, title="工程造价培训", description="招投标和工程计价课程")

    row = make.held_round(here.chain, office)

    assert row.matches.filter(offer=offer).count() == 1
