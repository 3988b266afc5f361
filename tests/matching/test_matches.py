"""A match from the invitation to its outcome, and who learns what of it."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from lianqiao.core.actor import Role
from lianqiao.core.refusals import NotPermitted, StateMoved
from lianqiao.lists.models import Wish
from lianqiao.lists.shown import shown_alone
from lianqiao.matching.actions.dismissing import dismiss
from lianqiao.matching.actions.matches import (
    AlreadyAnswered,
    CannotInvite,
    NotInTheLists,
    PartnersFound,
    PlacesTaken,
    Unwanted,
    accept,
    decline,
    invite,
    rescope,
    withdraw,
)
from lianqiao.matching.models import Answer, Dismissal, Match, Pairing
from lianqiao.matching.queries.matches import answers_for, matches_for, waiting_for_answer
from lianqiao.matching.shown import MatchShown
from lianqiao.notices.models import Notice
from tests import factories as make
from tests.matching.sides import sides

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return sides()


def now():
    return {"now": timezone.now()}


def told(here, *names):
    """The templates of what each of these people was told."""
    return [
        [notice.template for notice in Notice.objects.filter(person=here.held[name].person).order_by("pk")]
        for name in names
    ]


def test_invite_by_the_need_says_yes_with_it_and_asks_the_other_side(here):
    row = invite(here.need, here.offer, by=here.actor("firm"), **now())

    assert (row.state, row.need_said, row.offer_said, row.origin) == ("offered", "accept", "", "suggestion")
    assert (row.enterprise, row.giver, row.unit) == (here.firm, here.school, here.unit)
    assert row.answer_by > make.today()
    assert [(answer.side, answer.said) for answer in row.answers.all()] == [("need", "accept")]
    assert told(here, "firm", "college", "school", "other_college") == [
        [], ["match_offered"], ["match_offered"], [],
    ]  # fmt: skip
    assert list(waiting_for_answer(here.actor("college"))) == [row]
    assert not waiting_for_answer(here.actor("firm")).exists()


def test_invite_by_the_offer_works_the_other_way_round(here):
    row = invite(here.need, here.offer, by=here.actor("college"), **now())

    assert (row.need_said, row.offer_said) == ("", "accept")
    assert told(here, "firm", "college") == [["match_offered"], []]


def test_invite_by_the_office_asks_both(here):
    row = invite(here.need, here.offer, by=here.actor("office"), by_hand=True, **now())

    assert (row.need_said, row.offer_said, row.origin) == ("", "", "by_hand")
    assert told(here, "firm", "college") == [["match_offered"], ["match_offered"]]


def test_invite_where_nobody_has_an_account_is_told_to_the_office(here):
    here.held["firm"].person.state = "disabled"
    here.held["firm"].person.save()

    invite(here.need, here.offer, by=here.actor("college"), **now())

    assert told(here, "office") == [["match_unheard"]]


@pytest.mark.parametrize(
    "who", ["leader", "liaison", "auditor", "other_firm", "other_college", "other_office", "student"]
)
def test_invite_by_somebody_else_is_refused(here, who):
    with pytest.raises(NotPermitted):
        invite(here.need, here.offer, by=here.actor(who), **now())


def test_both_accept_and_it_comes_about(here):
    row = make.match(here.need, here.offer)
    accept(row, by=here.actor("college"), **now())
    assert told(here, "firm") == [["match_accepted_by_one"]]

    row = accept(row, by=here.actor("firm"), **now())

    here.need.refresh_from_db()
    assert (row.state, row.need_said, row.offer_said, here.need.state) == (
        "accepted",
        "accept",
        "accept",
        "matching",
    )
    pairing = Pairing.objects.get()
    assert row.pairing == pairing
    assert (pairing.giver, pairing.unit, pairing.enterprise, pairing.state) == (
        here.school, here.unit, here.firm, "proposed",
    )  # fmt: skip
    assert told(here, "college")[0][-1] == "match_made"


def test_second_match_of_a_pair_proposes_no_second_pairing(here):
    again = make.entry("need", here.chain, organisation=here.firm)
    for need in (here.need, again):
        row = make.match(need, here.offer, need_said="accept")
        accept(row, by=here.actor("college"), **now())

    assert [match.pairing for match in Match.objects.all()] == [Pairing.objects.get()] * 2


def test_match_of_two_enterprises_proposes_no_pairing(here):
    service = make.entry("service", here.chain)
    giver = make.actor(Role.ENTERPRISE_CONTACT, here.chain, organisation=service.organisation)
    row = accept(make.match(here.need, service, need_said="accept"), by=giver, **now())

    assert (row.state, row.pairing, Pairing.objects.count()) == ("accepted", None, 0)


def test_contacts_are_open_to_both_sides_once_both_accepted_and_to_nobody_else(here):
    row = make.match(here.need, here.offer, need_said="accept")
    firm, college, others = (
        here.actor("firm"),
        here.actor("college"),
        ("other_firm", "other_college", "leader", "liaison"),
    )
    before = [shown_alone(here.offer, firm).contact_phone, shown_alone(here.need, college).contact_phone]

    accept(row, by=college, **now())

    here.need.refresh_from_db()
    after = [shown_alone(here.offer, firm).contact_phone, shown_alone(here.need, college).contact_phone]
    assert (before, after) == (["139****5678", "138****1234"], ["13900005678", "13800001234"])
    assert {shown_alone(here.need, here.actor(who)).contact_phone for who in others} == {"138****1234"}
    assert MatchShown(Match.objects.get(), firm).offer.contact_name == "王老师"


def test_accept_twice_is_refused(here):
    row = make.match(here.need, here.offer)
    accept(row, by=here.actor("college"), **now())

    with pytest.raises(AlreadyAnswered):
        accept(row, by=here.actor("school"), **now())


@pytest.mark.parametrize("who", ["office", "leader", "liaison", "auditor", "other_firm", "other_college"])
def test_nobody_answers_for_a_side(here, who):
    row = make.match(here.need, here.offer)
    for answer in (accept, lambda row, **facts: decline(row, reason="time", **facts)):
        with pytest.raises(NotPermitted):
            answer(row, by=here.actor(who), **now())


def test_decline_frees_the_place_and_keeps_the_reason_with_its_side(here):
    here.offer.capacity = 1
    here.offer.save()
    row = make.match(here.need, here.offer, offer_said="accept")

    decline(row, by=here.actor("firm"), reason="cost", note="太贵了", **now())

    row.refresh_from_db()
    assert (row.state, row.need_said) == ("declined", "decline")
    assert told(here, "college") == [["match_over"]]
    seen = {who: [a.note for a in answers_for(here.actor(who)) if a.said == "decline"] for who in here.held}
    assert {who for who, notes in seen.items() if notes} == {"firm", "office", "auditor"}
    invite(make.entry("need", here.chain), here.offer, by=here.actor("office"), **now())


def test_decline_note_is_read_by_the_other_side_where_it_is_meant_for_it(here):
    row = make.match(here.need, here.offer)

    decline(row, by=here.actor("firm"), reason="time", note="明年再说", is_shared=True, **now())

    assert [answer.note for answer in answers_for(here.actor("college"))] == ["明年再说"]


def test_how_it_ended_is_told_to_no_other_side(here):
    row = make.match(here.need, here.offer, offer_said="accept")
    decline(row, by=here.actor("firm"), reason="time", **now())
    row.refresh_from_db()

    seen = {who: MatchShown(row, here.actor(who)) for who in ("firm", "college", "liaison", "office")}

    assert {who: (shown.state, str(shown.need_said)) for who, shown in seen.items()} == {
        "firm": ("over", "decline"),
        "college": ("over", ""),
        "liaison": ("over", ""),
        "office": ("declined", "decline"),
    }


def test_decline_without_a_reason_is_refused(here):
    row = make.match(here.need, here.offer)

    with pytest.raises(ValidationError):
        decline(row, by=here.actor("firm"), reason="", **now())
    assert Answer.objects.count() == 0


def test_rescope_asks_the_other_side_anew(here):
    row = make.match(here.need, here.offer, offer_said="accept", answer_by=make.today())

    row = rescope(row, by=here.actor("firm"), scope="先做两天，六个人", **now())
    assert (row.state, row.need_said, row.offer_said, row.scope) == (
        "offered",
        "rescope",
        "",
        "先做两天，六个人",
    )
    assert row.answer_by > make.today()
    row = rescope(row, by=here.actor("college"), scope="三天，六个人", **now())
    assert (row.need_said, row.offer_said) == ("", "rescope")

    row = accept(row, by=here.actor("firm"), **now())
    assert (row.state, row.need_said, row.offer_said, row.scope) == (
        "accepted",
        "accept",
        "accept",
        "三天，六个人",
    )


def test_withdraw_by_whoever_said_yes_or_the_office(here):
    row = make.match(here.need, here.offer, need_said="accept")
    with pytest.raises(NotPermitted):
        withdraw(row, by=here.actor("college"), **now())

    withdraw(row, by=here.actor("firm"), **now())
    other = invite(here.need, here.offer, by=here.actor("office"), **now())
    withdraw(other, by=here.actor("office"), **now())

    assert [match.state for match in Match.objects.all()] == ["withdrawn", "withdrawn"]
    assert told(here, "firm", "college")[1] == ["match_over", "match_offered", "match_over"]


def test_answer_to_a_match_just_withdrawn_is_told_so(here):
    row = make.match(here.need, here.offer, need_said="accept")
    withdraw(row, by=here.actor("office"), **now())

    with pytest.raises(StateMoved, match="已撤回"):
        accept(row, by=here.actor("college"), **now())


def test_capacity_counts_what_is_offered_and_accepted(here):
    here.offer.capacity = 2
    here.offer.save()
    for state in ("offered", "accepted", "declined", "lapsed"):
        make.match(make.entry("need", here.chain), here.offer, state=state)

    with pytest.raises(PlacesTaken) as refused:
        invite(here.need, here.offer, by=here.actor("firm"), **now())
    assert refused.value.facts["most"] == 2


def test_accept_of_a_place_that_was_given_away_is_refused(here):
    row = make.match(here.need, here.offer, need_said="accept")
    make.match(make.entry("need", here.chain), here.offer, state="accepted")
    here.offer.capacity = 1
    here.offer.save()

    with pytest.raises(PlacesTaken):
        accept(row, by=here.actor("college"), **now())
    row.refresh_from_db()
    assert (row.state, row.offer_said, Answer.objects.count()) == ("offered", "", 0)


def test_need_with_all_its_partners_takes_no_more(here):
    here.need.partners_wanted = 1
    here.need.save()
    make.match(here.need, make.entry("resource", here.chain), state="accepted")

    with pytest.raises(PartnersFound):
        invite(here.need, here.offer, by=here.actor("firm"), **now())


def test_what_one_side_wants_on_no_account_is_told_to_the_office_alone(here):
    Wish.objects.create(entry=here.need, organisation=here.school, kind="never")

    with pytest.raises(CannotInvite) as refused:
        invite(here.need, here.offer, by=here.actor("college"), **now())
    with pytest.raises(Unwanted):
        invite(here.need, here.offer, by=here.actor("office"), **now())

    withdrawn = make.entry("need", here.chain, state="withdrawn")
    with pytest.raises(CannotInvite) as other:
        invite(withdrawn, here.offer, by=here.actor("college"), **now())
    sentence = str(refused.value).replace(here.need.title, "")
    assert sentence == str(other.value).replace(withdrawn.title, "")


def test_dismissed_for_good_is_not_brought_together_by_the_other_side_until_it_invites_itself(here):
    dismiss(here.need, here.offer, by=here.actor("firm"), reason="place", for_good=True, **now())

    with pytest.raises(CannotInvite):
        invite(here.need, here.offer, by=here.actor("college"), **now())
    assert Dismissal.objects.count() == 1


@pytest.mark.parametrize("facts", [{"state": "withdrawn"}, {"audience": "office"}])
def test_invite_of_what_is_not_in_the_lists_is_refused(here, facts):
    for name, value in facts.items():
        setattr(here.need, name, value)
    here.need.save()

    with pytest.raises(NotInTheLists):
        invite(here.need, here.offer, by=here.actor("office"), **now())


def test_invite_twice_is_refused_by_the_database(here):
    make.match(here.need, here.offer)

    with pytest.raises(ValidationError, match="这两条已经在对接"):
        invite(here.need, here.offer, by=here.actor("office"), **now())


def test_matches_are_seen_by_their_sides_and_those_who_look_over_the_chain(here):
    row = make.match(here.need, here.offer)
    make.match()

    seen = {who for who in here.held if row in matches_for(here.actor(who))}

    assert seen == {"firm", "college", "school", "office", "leader", "liaison", "auditor"}
    assert {who for who in here.held if matches_for(here.actor(who)).count() > 1} == {"auditor"}


@pytest.mark.django_db(transaction=True)
def test_planned_matches_are_the_offices_own(here):
    office = here.actor("office")
    run = make.held_round(here.chain, make.actor(Role.OFFICE_ADMIN, here.chain))
    planned = Match.objects.filter(round=run)
    assert planned.exists()

    assert {who for who in here.held if matches_for(here.actor(who)).exists()} == {"office", "auditor"}
    assert matches_for(office).count() == planned.count()
