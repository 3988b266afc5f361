"""Each figure in a small world that was counted by hand, in which the likely wrong formula gives another number."""

from datetime import date, timedelta

import pytest

from lianqiao.insight.period import period_of
from lianqiao.insight.values import Part
from lianqiao.registry.coverage import coverage_for
from lianqiao.registry.models import ChainPartyOrganisation
from tests import factories as make
from tests.insight import rows
from tests.insight.rows import QUARTER, TODAY, ago, at, measured

pytestmark = pytest.mark.django_db
NEXT_MONTH = TODAY + timedelta(days=30)


def told(found):
    return found.value, found.of, found.rows


def named(found, group):
    return {part.code: part.value for part in found.parts if part.group == group}


def test_needs_are_those_submitted_in_the_period_without_drafts_and_merged(here, firm):
    rows.need(here, TODAY)
    rows.need(here, ago(3), state="withdrawn")
    rows.need(here, ago(3), state="submitted")
    kept = rows.need(here, ago(200))
    rows.need(here, state="merged", merged_into=kept)
    rows.need(here, state="draft")
    make.entry("resource", here)

    found = measured("needs", here)

    assert told(found) == (3, None, 3)
    assert named(found, "state") == {"published": 1, "submitted": 1, "withdrawn": 1}


def test_first_answer_is_the_median_of_working_days_of_needs_answered_in_the_period(here):
    # Friday to Monday is one working day; the mean of 1, 1 and 9 would be 3.7, the median in days 3.
    friday, monday = date(2026, 11, 13), date(2026, 11, 16)
    rows.need(here, friday, answered_at=at(monday))
    rows.need(here, friday, answered_at=at(monday, 17))
    rows.need(here, friday, answered_at=at(TODAY))
    rows.need(here, ago(1), state="submitted")
    rows.need(here, ago(200), answered_at=at(ago(190)))

    assert told(measured("first_answer", here)) == (1, 3, 3)


def test_signing_time_counts_from_submission_to_the_first_agreement(here, school, firm):
    quick, slow, renewed = (rows.need(here, ago(n), organisation=firm) for n in (10, 40, 400))
    gives = [rows.match(one, rows.offer(here, organisation=school)) for one in (quick, slow, renewed)]
    rows.agreement(here, school, firm, day=ago(4), matches=[gives[0]])
    rows.agreement(here, school, firm, day=ago(10), matches=[gives[1]])
    # The second agreement of a need says nothing of how long the first took.
    rows.agreement(here, school, firm, day=ago(380), matches=[gives[2]])
    rows.agreement(here, school, firm, day=ago(2), matches=[gives[2], gives[0]])
    rows.agreement(
        here, school, firm, day=ago(1), matches=[gives[2]], state="draft", number=None, signed_on=None
    )

    assert told(measured("signing_time", here)) == (18, 2, 2)


def test_matched_needs_both_sides_and_keeps_withdrawn_needs_in_the_denominator(here, firm):
    one, two, three, _four = (rows.need(here, ago(n)) for n in (5, 6, 7, 8))
    rows.need(here, ago(9), state="withdrawn")
    given = rows.offer(here)
    rows.match(one, given)
    rows.match(two, given, state="offered", offer_said="", settled_at=None)
    rows.match(three, given, state="declined", offer_said="decline")
    rows.match(one, rows.offer(here))
    rows.match(rows.need(here, ago(300)), given)

    assert told(measured("matched", here)) == (20, 5, 5)


def test_feasible_takes_the_newest_published_round_of_each_need(here):
    served, taken, barred, silent, again = (rows.need(here) for _ in range(5))
    first, second = rows.held(here, ago(20)), rows.held(here, ago(5))
    for need, why in (
        (served, ""),
        (taken, "taken"),
        (barred, "barred"),
        (silent, "silent"),
        (again, "nothing fits"),
    ):
        rows.left(first, need, why)
    rows.left(second, again, "")
    rows.left(rows.held(here, state="ready", published_at=None), barred, "")
    rows.left(rows.held(here, ago(200)), silent, "")

    assert told(measured("feasible", here)) == (60, 5, 5)


def test_agreements_in_force_have_begun_and_not_ended(here, school, firm):
    rows.agreement(here, school, firm, day=ago(300), kind="party_building")
    rows.agreement(here, school, firm, day=ago(10), starts_on=NEXT_MONTH, ends_on=NEXT_MONTH)
    rows.agreement(here, school, firm, day=ago(300), ends_on=ago(1))
    rows.agreement(here, school, firm, day=ago(300), state="ended", ended_on=ago(5), ended_reason="终止")
    rows.agreement(here, school, firm, day=ago(300), state="final", signed_on=None)

    found = measured("agreements", here)
    earlier = measured("agreements", here, QUARTER.before)

    assert (told(found), named(found, "kind")) == ((1, None, 1), {"party_building": 1})
    # On the last day of the quarter before, the one that ended early and the one that ran out were in force.
    assert earlier.value == 3


def test_obligations_count_what_is_due_and_what_was_done_early_without_what_was_waived(here, school, firm):
    held = rows.agreement(here, school, firm, day=ago(300))
    rows.due(held, ago(10), "done")
    rows.due(held, ago(9))
    rows.due(held, ago(8), "disputed")
    rows.due(held, ago(7), "waived")
    rows.due(held, date(2026, 12, 20))
    rows.due(held, date(2026, 12, 21), "done", done_on=ago(1))
    rows.due(held, ago(200), "done")

    assert told(measured("obligations", here)) == (50, 4, 4)
    assert told(measured("overdue", here)) == (2, None, 2)


def test_projects_by_state_leave_out_drafts(here, school, firm):
    rows.project(here, firm, school)
    rows.project(here, firm, school, state="accepted", accepted_at=at(TODAY), day=ago(200))
    rows.project(here, firm)
    rows.project(here, firm, state="draft", published_at=None)

    found = measured("projects", here)

    assert (told(found), named(found, "project_state")) == (
        (3, None, 3),
        {"accepted": 1, "open": 1, "working": 1},
    )


def test_late_projects_are_past_their_day_and_not_delivered(here, school, firm):
    rows.project(here, firm, school, ends_on=ago(1))
    rows.project(here, firm, school, ends_on=TODAY)
    rows.project(here, firm, school, ends_on=ago(1), state="delivered")

    assert measured("late", here).value == 1


def test_outcomes_count_only_what_both_confirmed_and_add_up_by_kind(here, school, firm):
    people, papers = rows.outcome_kind(here, dimension="training"), rows.outcome_kind(here, "论文", "篇")
    done = rows.project(here, firm, school, dimensions=["research", "teaching"])
    rows.outcome(done, people, 30)
    rows.outcome(done, people, 12)
    rows.outcome(done, papers, 2)
    rows.outcome(done, people, 500, state="reported", sponsor_confirmed_at=None)
    rows.outcome(done, people, 700, state="disputed", disputed_reason="人数不对")
    rows.outcome(done, papers, 9, day=ago(200))

    found = measured("outcomes", here)

    assert told(found) == (3, None, 3)
    assert [(part.name, part.value, part.unit) for part in found.parts if part.group == "outcome_kind"] == [
        ("培训人数", 42, "人"),
        ("论文", 2, "篇"),
    ]
    assert named(found, "dimension") == {"training": 2, "research": 1, "teaching": 1}


def test_few_people_are_not_shown():
    of = [("人", 3), ("人", 5), ("篇", 3), ("人", 0)]

    assert [Part("outcome_kind", "1", float(n), None, "", unit).is_few for unit, n in of] == [
        True,
        False,
        False,
        False,
    ]


def test_continued_looks_at_the_first_accepted_project_of_each_pair(here, school, firm, peer):
    third = make.member(here)
    accepted = {"state": "accepted", "accepted_at": at(ago(20))}
    rows.project(here, firm, school, ago(60), **accepted)
    rows.project(here, school, firm, ago(5))  # the other way round is the same pair
    rows.project(here, peer, school, ago(60), **accepted)
    rows.project(here, peer, school, ago(30))  # begun before the first was accepted
    rows.project(here, third, school, ago(60), **accepted)
    rows.agreement(here, third, school, day=ago(3))
    # Its first was accepted long ago: the second accepted one is not the first.
    fourth = make.member(here)
    rows.project(here, fourth, school, ago(400), state="accepted", accepted_at=at(ago(300)))
    rows.project(here, fourth, school, ago(60), **accepted)

    assert told(measured("continued", here)) == (66.7, 3, 3)


def test_coverage_is_of_live_members_by_size_and_ownership(here, school, college, firm, peer):
    small = make.member(here, size="small", classification="non_public")
    large = make.member(here, size="large", classification="state_owned")
    make.member(here, size="small", classification="non_public")
    left = make.organisation(size="small")
    make.membership(here, left, ends_on=ago(10))
    rows.pairing(here, school, college, small)
    rows.project(here, large, school)
    rows.pairing(here, school, None, left)
    rows.pairing(here, school, None, firm, ago(90), state="ended", ends_on=ago(60))
    party = ChainPartyOrganisation.objects.create(chain=here, name="建筑产业链党委")
    rows.agreement(here, party, peer)  # with the office alone

    found = measured("coverage", here)

    assert told(found) == (40, 5, 5)
    assert {(p.group, p.code): (p.value, p.of) for p in found.parts} == {
        ("size", ""): (0, 2),
        ("size", "large"): (1, 1),
        ("size", "small"): (1, 2),
        ("classification", ""): (0, 2),
        ("classification", "non_public"): (1, 2),
        ("classification", "state_owned"): (1, 1),
    }


def test_party_coverages_agree_with_those_of_the_registry(here, firm, peer, staff):
    make.branch(firm)
    make.branch(peer, kind="none", name="", why_none="党员不足", planned_on=TODAY, instructor=make.person())
    make.member(here)
    make.branch(make.member(here), kind="none", name="", why_none="党员不足", planned_on=TODAY)

    organised, reached = measured("party_organised", here), measured("party_reached", here)
    known = coverage_for(make.actor_of(staff), here.pk)

    assert (organised.value, reached.value) == (25, 50)
    assert (known.organised, known.reached, known.enterprises) == (1, 2, organised.rows)


def test_plus_one_counts_places_that_met_somebody_for_the_first_time(here, school, college, firm, peer):
    other = make.unit(school, "装饰学院")
    met = rows.need(here, organisation=firm)
    rows.match(met, rows.offer(here, organisation=school, unit=college), ago(5))
    # It had one long before: a second one is no first.
    rows.pairing(here, school, other, peer, ago(300))
    rows.project(here, peer, firm, ago(3))
    party = ChainPartyOrganisation.objects.create(chain=here, name="建筑产业链党委")
    rows.agreement(here, party, make.member(here))
    rows.match(rows.need(here), rows.offer(here), state="offered", offer_said="", settled_at=None)

    found = measured("plus_one", here)

    assert told(found) == (2, None, 2)
    assert named(found, "place") == {"organisation": 1, "unit": 1}


def test_times_three_counts_kinds_of_partners_with_a_live_cooperation(here, school, college, firm, peer):
    party = ChainPartyOrganisation.objects.create(chain=here, name="建筑产业链党委")
    rows.agreement(here, party, school, firm)
    rows.pairing(here, school, college, firm)  # a school already
    rows.project(here, firm, peer)
    rows.pairing(here, school, college, make.member(here), ago(90), state="ended", ends_on=ago(60))
    rows.match(rows.need(here), rows.offer(here, organisation=school))

    found = measured("times_three", here)

    # The firm with office, school and peer; the peer with the firm alone; nobody else has a live one.
    assert told(found) == (2, 2, 2)
    assert named(found, "partners") == {"1": 1, "3": 1}


def test_shared_counts_enterprises_an_offer_goes_to_not_matches(here, firm, peer, school):
    wide = rows.offer(here, ago(5), organisation=school)
    rows.offer(here, ago(5), organisation=school)
    rows.offer(here, ago(5), state="withdrawn")
    rows.match(rows.need(here, organisation=firm), wide)
    rows.match(rows.need(here, organisation=firm), wide)
    rows.match(rows.need(here, organisation=peer), wide)

    assert told(measured("shared", here)) == (1, 2, 2)


def test_dimensions_are_those_of_each_pair_and_grow(here, school, college, firm, peer):
    rows.agreement(here, college, firm, day=ago(300), dimensions=["teaching"])
    rows.project(here, firm, school, ago(10), holder_unit=college, dimensions=["teaching", "research"])
    rows.agreement(here, college, peer, day=ago(200), dimensions=["training"])
    rows.pairing(here, school, college, make.member(here))

    found = measured("dimensions", here)

    # Two pairs: teaching and research, and training; a pairing alone has no dimension and is not among them.
    assert told(found) == (1.5, 2, 3)
    assert named(found, "dimension") == {"teaching": 1, "research": 1, "training": 1}
    assert named(found, "pairs") == {"grown": 1, "growth": 0.5}


def test_stopped_project_is_no_cooperation_any_more(here, school, firm, peer):
    today = make.today()
    rows.project(here, firm, school, today - timedelta(days=30))
    rows.project(here, peer, school, today - timedelta(days=30), state="stopped", stopped_reason="停工")

    assert measured("times_three", here, period_of("year", today), today).rows == 1


def test_projects_of_a_college_are_those_it_holds_and_those_done_for_it(here, school, college, firm, peer):
    rows.project(here, firm, school, holder_unit=college)
    rows.project(here, school, peer, sponsor_unit=college)
    rows.project(here, firm, school)

    assert measured("projects", here, of="college", organisation=school.pk, unit=college.pk).value == 2
    assert measured("projects", here, of="college", organisation=school.pk).value == 3


def test_waiting_needs_are_open_for_more_than_thirty_days_without_a_match(here, school):
    rows.need(here, ago(40))
    rows.need(here, ago(20))
    rows.need(here, ago(40), state="fulfilled")
    rows.match(rows.need(here, ago(40), state="matching"), rows.offer(here))

    assert told(measured("waiting", here)) == (1, None, 1)


@pytest.mark.parametrize("code", ["first_answer", "signing_time", "matched", "feasible", "obligations", "continued", "coverage", "times_three", "shared", "dimensions", "party_organised"])  # fmt: skip
def test_figure_of_nothing_is_none_and_not_zero(here, code):
    assert told(measured(code, here))[0] is None


def test_another_chain_is_never_counted(here, school, firm):
    there = make.chain()
    make.membership(there, firm)
    need = rows.need(there, ago(40), organisation=firm)
    gives = rows.match(need, rows.offer(there, organisation=school))
    held = rows.agreement(there, school, firm, matches=[gives], dimensions=["teaching"])
    rows.due(held, ago(1))
    done = rows.project(there, firm, school, ends_on=ago(1))
    rows.outcome(done, rows.outcome_kind(there), 9)
    rows.left(rows.held(there), need)

    from lianqiao.insight.catalogue import FIGURES

    counted = {f.code: measured(f.code, here).value for f in FIGURES}

    # The firm is a member here too, with nothing done here; everything else is of the other chain.
    assert {code: value for code, value in counted.items() if value} == {}
