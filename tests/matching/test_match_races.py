"""Many hands at once: one outcome, no place given away twice, nobody gets an error of the machine."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lianqiao.core.actor import Role
from lianqiao.core.audit import verify
from lianqiao.core.refusals import Refused
from lianqiao.matching.actions.answering import make_match_link
from lianqiao.matching.actions.matches import accept, decline, invite, rescope, withdraw
from lianqiao.matching.actions.pairings import confirm_pairing
from lianqiao.matching.models import Answer, Match, Pairing, Side
from tests import factories as make
from tests.matching.sides import sides

pytestmark = pytest.mark.django_db(transaction=True)
HANDS = 16


@pytest.fixture
def here():
    return sides()


def at_once(acts):
    """What each of these came to: "done", or the code of its refusal."""
    start = Barrier(len(acts))

    def run(act):
        start.wait()
        try:
            act()
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(acts)) as threads:
        return Counter(threads.map(run, acts))


def now():
    return {"now": timezone.now()}


def test_double_answer_is_taken_once(here):
    match = make.match(here.need, here.offer, need_said="accept")
    college = here.actor("college")

    came = at_once([lambda: accept(match, by=college, **now())] * HANDS)

    match.refresh_from_db()
    assert came == {"done": 1, "state_moved": HANDS - 1}
    assert (match.state, Answer.objects.count(), Pairing.objects.count()) == ("accepted", 1, 1)
    assert verify().is_whole


def test_answers_of_all_kinds_and_withdrawals_at_once_leave_one_outcome(here):
    match = make.match(here.need, here.offer, need_said="accept")
    college, office, firm = here.actor("college"), here.actor("office"), here.actor("firm")
    acts = [
        lambda: accept(match, by=college, **now()),
        lambda: decline(match, by=college, reason="time", **now()),
        lambda: withdraw(match, by=office, **now()),
        lambda: withdraw(match, by=firm, **now()),
    ] * (HANDS // 4)

    came = at_once(acts)

    match.refresh_from_db()
    assert came == {"done": 1, "state_moved": HANDS - 1}
    assert match.state in ("accepted", "declined", "withdrawn")
    assert Answer.objects.count() == (match.state != "withdrawn")
    here.need.refresh_from_db()
    assert (here.need.state == "matching") == (match.state == "accepted")


def test_last_place_of_an_offer_is_accepted_once(here):
    matches = [
        make.match(make.entry("need", here.chain), here.offer, need_said="accept") for _ in range(HANDS)
    ]
    here.offer.capacity = 1
    here.offer.save()
    college = here.actor("college")

    came = at_once([lambda match=match: accept(match, by=college, **now()) for match in matches])

    assert came == {"done": 1, "places_taken": HANDS - 1}
    assert Counter(Match.objects.values_list("state", flat=True)) == {"accepted": 1, "offered": HANDS - 1}


def test_last_place_of_an_offer_is_promised_once(here):
    here.offer.capacity = 1
    here.offer.save()
    needs = [make.entry("need", here.chain) for _ in range(HANDS)]
    office = here.actor("office")

    came = at_once([lambda need=need: invite(need, here.offer, by=office, **now()) for need in needs])

    assert came == {"done": 1, "places_taken": HANDS - 1}
    assert Match.objects.count() == 1


def test_matches_of_one_pair_accepted_at_once_propose_one_pairing(here):
    needs = [make.entry("need", here.chain, organisation=here.firm) for _ in range(HANDS)]
    matches = [make.match(need, here.offer, need_said="accept") for need in needs]
    college = here.actor("college")

    came = at_once([lambda match=match: accept(match, by=college, **now()) for match in matches])

    assert came == {"done": HANDS}
    assert set(Match.objects.values_list("pairing", flat=True)) == {Pairing.objects.get().pk}


def test_both_sides_answer_at_once(here):
    firm, college = here.actor("firm"), here.actor("college")
    for _ in range(4):
        need = make.entry("need", here.chain, organisation=here.firm)
        match = make.match(need, here.offer)
        at_once(
            [
                lambda match=match: accept(match, by=firm, **now()),
                lambda match=match: rescope(match, by=college, scope="只要两天", **now()),
            ]
        )
        match.refresh_from_db()
        said = (match.state, match.need_said, match.offer_said)
        assert said in [("accepted", "accept", "accept"), ("offered", "", "rescope")]


def test_pairing_confirmed_by_many_at_once_begins_once(here):
    row = make.pairing(here.chain, giver=here.school, unit=here.unit, enterprise=here.firm)
    actors = [here.actor(who) for who in ("firm", "college", "school", "office")] * 4

    came = at_once([lambda by=by: confirm_pairing(row, by=by, **now()) for by in actors])

    row.refresh_from_db()
    assert (came["done"], row.state) == (3, "confirmed")


def test_one_link_pressed_by_many_answers_once(here):
    match = make.match(here.need, here.offer, offer_said="accept")
    _row, token = make_match_link(
        match, Side.NEED, days=3, ask="王静", by=make.actor(Role.OFFICE_STAFF, here.chain), **now()
    )
    url = reverse("match_open", args=[token])
    bodies = [{"answer": "accept"}, {"answer": "decline", "reason": "time"}] * 5
    statuses = []

    at_once([lambda body=body: statuses.append(Client().post(url, body).status_code) for body in bodies])

    match.refresh_from_db()
    assert set(statuses) <= {200, 302, 410, 429}
    assert (match.state in ("accepted", "declined"), Answer.objects.count()) == (True, 1)
