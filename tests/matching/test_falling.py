"""An accepted match that comes to nothing after all: what it held is free, and who learns what of it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from lianqiao.agreements.actions.drafting import NotTogether, draft_from_matches
from lianqiao.core.refusals import NotPermitted, StateMoved
from lianqiao.lists.shown import shown_alone
from lianqiao.matching.actions.falling import GoesOn, fall_through
from lianqiao.matching.actions.matches import accept, invite
from lianqiao.matching.models import Answer, Match, Pairing
from lianqiao.matching.queries.learning import answers_of
from lianqiao.notices.models import Notice
from lianqiao.projects.actions.moves import stop_project
from lianqiao.projects.actions.projects import draft_from_match
from tests import factories as make
from tests.matching.sides import sides

pytestmark = pytest.mark.django_db


def made(here) -> Match:
    row = invite(here.need, here.offer, by=here.actor("firm"), now=timezone.now())
    return accept(row, by=here.actor("college"), now=timezone.now())


@pytest.fixture
def here():
    return sides(capacity=1)


@pytest.fixture
def row(here):
    return made(here)


def fallen(row, by, **facts):
    return fall_through(row, by=by, now=timezone.now(), **{"reason": "cost", "note": "费用太高"} | facts)


def outcome_of(match):
    return answers_of(match.chain_id)[str(match.need_id), str(match.offer_id)].outcome


@pytest.mark.parametrize("who", ["firm", "college", "school", "office"])
def test_fall_through_frees_need_place_and_pairing(here, row, who):
    fallen(row, here.actor(who))

    for one in (row, here.need):
        one.refresh_from_db()
    assert (row.state, here.need.state) == ("failed", "published")
    assert Pairing.objects.get().state == "declined"
    # The one place of the offer can be given again, to the same need too.
    assert made(here).state == "accepted"


@pytest.mark.parametrize(
    "who", ["other_firm", "other_college", "other_office", "leader", "liaison", "auditor"]
)
def test_fall_through_is_refused_to_others(here, row, who):
    with pytest.raises(NotPermitted):
        fallen(row, here.actor(who))


def test_fall_through_before_both_said_yes_is_refused(here):
    offered = invite(here.need, here.offer, by=here.actor("firm"), now=timezone.now())

    with pytest.raises(StateMoved):
        fallen(offered, here.actor("firm"))


def test_fall_through_of_a_pairing_with_another_match_leaves_it(here, row):
    other = make.entry("need", here.chain, organisation=here.firm)
    make.match(other, make.entry("resource", here.chain, organisation=here.school, unit=here.unit),
               state="accepted", need_said="accept", offer_said="accept", pairing=row.pairing)  # fmt: skip

    fallen(row, here.actor("firm"))

    assert Pairing.objects.get().state == "proposed"


def test_fall_through_is_refused_where_an_agreement_came_of_it(here, row):
    draft = draft_from_matches([row], "school_enterprise", by=here.actor("office"), now=timezone.now())

    with pytest.raises(GoesOn) as refused:
        fallen(row, here.actor("firm"))

    assert draft.title in str(refused.value.sentence % refused.value.facts)


def test_fall_through_is_refused_where_a_project_came_of_it_until_that_is_stopped(here, row):
    project = draft_from_match(row, by=here.actor("office"))
    with pytest.raises(GoesOn):
        fallen(row, here.actor("firm"))

    stop_project(project, by=here.actor("office"), reason="谈不拢")

    assert outcome_of(row) == "failed"
    assert fallen(row, here.actor("firm")).state == "failed"
    assert outcome_of(row) == "failed"


def test_a_fallen_match_makes_no_agreement(here, row):
    fallen(row, here.actor("firm"))
    row.state = "accepted"  # as a page read it before

    with pytest.raises(NotTogether):
        draft_from_matches([row], "school_enterprise", by=here.actor("office"), now=timezone.now())


def test_fall_through_tells_both_and_why_to_the_own_side_and_the_office(here, row, login):
    Notice.objects.all().delete()
    fallen(row, here.actor("firm"))

    told = {notice.person_id: notice.template for notice in Notice.objects.all()}
    assert told[here.held["college"].person_id] == "match_failed"
    assert here.held["firm"].person_id not in told
    seen = {
        name: login(here.held[name]).get(reverse("match_detail", args=[row.pk])).text
        for name in ("firm", "office", "college", "leader")
    }
    assert all("未谈成" in page for page in seen.values())
    assert {name for name, page in seen.items() if "费用太高" in page} == {"firm", "office"}
    # Who came together no more does not read the other's contact.
    assert shown_alone(here.need, here.actor("college")).contact_phone != here.need.contact_phone


def test_fall_through_by_the_office_is_its_own_word(here, row):
    fallen(row, here.actor("office"), is_shared=True)

    answer = Answer.objects.latest("pk")
    assert (answer.side, answer.said, answer.side_label) == ("", "failed", "管理处")


def test_fall_through_page(here, row, login):
    client, url = login(here.held["firm"]), reverse("match_fall_through", args=[row.pk])
    assert url in client.get(reverse("match_detail", args=[row.pk])).text
    assert client.post(url, {"reason": ""}).status_code == 200

    client.post(url, {"reason": "time", "note": ""})

    row.refresh_from_db()
    assert row.state == "failed"
    assert login(here.held["other_firm"]).get(url).status_code == 404
