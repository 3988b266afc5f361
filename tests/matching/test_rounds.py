"""A round from its beginning to its end."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from lianqiao.core.actor import Role
from lianqiao.core.models import AuditEntry, Job
from lianqiao.core.refusals import NotPermitted, StateMoved
from lianqiao.lists.actions.moves import withdraw
from lianqiao.lists.models import Wish as SidesWish
from lianqiao.matching.actions.promises import PromisesBroken
from lianqiao.matching.actions.rounds import (
    NothingToMatch,
    NotInPreparation,
    add_wish,
    begin_again,
    begin_round,
    check_round,
    close_round,
    discard_round,
    drop_wish,
    edit_round,
    preview_round,
    publish_round,
    restore_round,
    run_round,
)
from lianqiao.matching.engine import unpacked
from lianqiao.matching.models import Match, Round, RoundNeed
from lianqiao.matching.policy import RoundRules, RoundScope, Wish
from lianqiao.matching.queries.rounds import record_of
from lianqiao.notices.models import Notice
from tests import factories as make
from tests.matching.lists import lists

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def here():
    return lists()


def week(days: int) -> str:
    year, number, _ = (make.today() + timedelta(days=days)).isocalendar()
    return f"{year}-W{number:02}"


@pytest.fixture
def office(here):
    return make.actor(Role.OFFICE_ADMIN, here.chain)


def test_run_round_plans_who_is_of_one_trade(here, office):
    row = make.held_round(here.chain, office)

    assert row.state == "ready"
    assert here.pairs(row) == {"甲": "造价", "乙": "装饰", "丙": "施工"}
    assert {match.state for match in row.matches.all()} == {"planned"}
    assert (row.summary["matched"], row.summary["unserved"], row.summary["status"]) == (3, 0, "optimal")
    one = row.matches.get(need=here.needs["甲"])
    assert (one.enterprise, one.giver, one.unit) == (
        here.needs["甲"].organisation,
        here.school,
        here.offers["造价"].unit,
    )
    assert one.reasons[0]["amount"] > 0
    assert RoundNeed.objects.filter(round=row, why="").count() == 3


def test_run_round_keeps_all_that_went_in_and_came_out(here, office):
    row = make.held_round(here.chain, office)

    kept = record_of(row)
    stored = unpacked(bytes(kept.content), kept.sha256)
    assert {need.id for need in stored.needs} == {str(entry.pk) for entry in here.needs.values()}
    assert len(stored.result.matches) == 3
    assert stored.rules.objective == "fair"


def test_begin_round_counts_the_rounds_of_its_chain(here, office):
    numbers = [begin_round(by=office, chain=here.chain, title="一轮").number for _ in range(2)]

    assert numbers == [1, 2]
    assert (
        begin_round(by=make.actor(Role.OFFICE_ADMIN, other := make.chain()), chain=other, title="首轮").number
        == 1
    )


@pytest.mark.parametrize("role", [Role.LEADER, Role.AUDITOR, Role.ENTERPRISE_CONTACT, Role.LIAISON])
def test_begin_round_is_for_the_office_alone(here, role):
    with pytest.raises(NotPermitted):
        begin_round(by=make.actor(role, here.chain), chain=here.chain, title="一轮")


def test_run_round_of_another_chain_is_refused(here, office):
    row = begin_round(by=office, chain=here.chain, title="一轮")

    with pytest.raises(NotPermitted):
        run_round(row, by=make.actor(Role.OFFICE_ADMIN))


def test_run_round_without_needs_is_refused(office, here):
    row = begin_round(
        by=office, chain=here.chain, title="一轮", scope=RoundScope(enterprises=(here.school.pk,))
    )

    with pytest.raises(NothingToMatch):
        run_round(row, by=office)


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


def test_edit_round_after_it_was_run_is_refused(here, office):
    row = make.held_round(here.chain, office)

    with pytest.raises(NotInPreparation):
        edit_round(row, by=office, rules=RoundRules(objective="best"))


def test_preview_round_stores_a_summary_and_nothing_else(here, office):
    row = begin_round(by=office, chain=here.chain, title="一轮")

    preview_round(row, by=office)

    row.refresh_from_db()
    assert (row.state, row.summary["preview"]["matched"]) == ("draft", 3)
    assert {price["rule"] for price in row.summary["preview"]["prices"]} >= {"fair"}
    assert not Match.objects.exists()


def test_preview_is_forgotten_when_the_rules_change(here, office):
    row = begin_round(by=office, chain=here.chain, title="一轮")
    preview_round(row, by=office)

    row = edit_round(row, by=office, rules=RoundRules(objective="best"))

    assert row.summary == {}


def test_publish_round_offers_every_match_and_tells_both_sides(here, office):
    firm = make.position(Role.ENTERPRISE_CONTACT, here.chain, organisation=here.needs["甲"].organisation)
    college = make.position(
        Role.COLLEGE_CONTACT, here.chain, organisation=here.school, unit=here.offers["造价"].unit
    )
    coordinator = make.position(Role.SCHOOL_COORDINATOR, here.chain, organisation=here.school)
    row = make.held_round(here.chain, office)

    row = publish_round(row, by=office, now=timezone.now())

    assert row.state == "published"
    matches = list(row.matches.all())
    assert {(match.state, match.need_said, match.version) for match in matches} == {("offered", "", 1)}
    assert all(match.answer_by > make.today() and match.offered_at for match in matches)
    told = {
        notice.person_id: notice.facts["count"]
        for notice in Notice.objects.filter(template="round_published")
    }
    assert told == {firm.person_id: "1", college.person_id: "1", coordinator.person_id: "3"}
    each = AuditEntry.objects.filter(action="matching.publish_round", subject_type="matching.match")
    assert each.count() == 3


def test_round_before_it_is_published_tells_nobody(here, office):
    make.position(Role.ENTERPRISE_CONTACT, here.chain, organisation=here.needs["甲"].organisation)

    make.held_round(here.chain, office)

    assert not Notice.objects.exists()


@pytest.mark.parametrize("what", ["need", "offer", "capacity", "promised"])
def test_publish_round_over_changed_lists_is_refused_by_name(here, office, what):
    row = make.held_round(here.chain, office)
    need, offer = here.needs["甲"], here.offers["造价"]
    if what in ("need", "offer"):
        withdraw({"need": need, "offer": offer}[what], by=office)
    elif what == "capacity":
        offer.capacity = 0
        offer.save()
    else:
        other = make.entry("need", here.chain)
        Match.objects.create(
            chain=here.chain, origin="suggestion", need=other, offer=offer, enterprise=other.organisation,
            giver=offer.organisation, unit=offer.unit, state="offered",
        )  # fmt: skip

    with pytest.raises(PromisesBroken) as refused:
        publish_round(row, by=office, now=timezone.now())

    title = need.title if what == "need" else offer.title
    assert refused.value.facts == {"count": 1, "named": f"“{title}”"}
    row.refresh_from_db()
    assert (row.state, set(row.matches.values_list("state", flat=True))) == ("ready", {"planned"})


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


def test_check_round_gives_the_same_to_the_bit(here, office):
    row = make.held_round(here.chain, office)
    # A year later the lists say something else.
    withdraw(here.needs["甲"], by=office)

    check_round(row, by=office)

    row.refresh_from_db()
    told = row.summary["check"]
    assert (told["same"], told["faults"], told["differs"]) == (True, [], {})


def test_begin_again_takes_scope_and_rules_along(here, office):
    row = make.held_round(here.chain, office, objective="best")

    again = begin_again(row, by=office, title="再一轮")

    assert (again.number, again.scope, again.rules, again.state) == (2, row.scope, row.rules, "draft")


def test_close_round_and_discard_round_have_their_states(here, office):
    row = publish_round(make.held_round(here.chain, office), by=office, now=timezone.now())

    with pytest.raises(StateMoved):
        discard_round(row, by=office)
    assert close_round(row, by=office, now=timezone.now()).state == "closed"


def test_restore_round_gives_a_discarded_one_back_as_it_was(here, office):
    ready = discard_round(make.held_round(here.chain, office), by=office)
    draft = discard_round(begin_round(by=office, chain=here.chain, title="一轮"), by=office)

    assert restore_round(ready, by=office).state == "ready"
    assert restore_round(draft, by=office).state == "draft"


def test_title_is_asked_for(here, office):
    with pytest.raises(ValidationError):
        begin_round(by=office, chain=here.chain, title="")
    assert not Round.objects.exists()
