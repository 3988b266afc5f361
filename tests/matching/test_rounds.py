"""A round from its beginning to its end."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from lianqiao.core.actor import Role
from lianqiao.core.models import AuditEntry
from lianqiao.core.refusals import NotPermitted, StateMoved
from lianqiao.lists.actions.moves import withdraw
from lianqiao.matching.actions.rounds import (
    NothingToMatch,
    NotInPreparation,
    begin_again,
    begin_round,
    check_round,
    close_round,
    discard_round,
    edit_round,
    preview_round,
    publish_round,
    restore_round,
    run_round,
)
from lianqiao.matching.engine import unpacked
from lianqiao.matching.models import Match, Round, RoundNeed
from lianqiao.matching.policy import RoundRules, RoundScope
from lianqiao.matching.queries.promises import PromisesBroken
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
