"""Weights learned from answers: proposed with their evidence, approved, refused, taken back; or what is missing."""

import pytest
from django.urls import reverse
from django.utils import timezone

from lianqiao.core.actor import Role
from lianqiao.core.models import Job
from lianqiao.core.refusals import NotPermitted, StateMoved
from lianqiao.matching.actions.learning import (
    LessonRunning,
    OutOfDate,
    approve_weighting,
    ask_to_learn,
    go_back,
    propose_weighting,
    refuse_weighting,
)
from lianqiao.matching.actions.rounds import publish_round
from lianqiao.matching.engine import weights_of
from lianqiao.matching.lessons import Given
from lianqiao.matching.models import Match, Weighting
from lianqiao.matching.policy import RoundRules
from lianqiao.matching.queries.learning import answers_of, rounds_taught
from lianqiao.matching.queries.rounds import weighting_in_force
from tests import factories as make
from tests.matching.lists import lists

pytestmark = pytest.mark.django_db(transaction=True)
TRADES = ("工程造价", "室内设计", "幕墙深化", "钢筋施工", "建筑测量", "暖通安装")


@pytest.fixture
def chain():
    return make.chain()


@pytest.fixture
def office(chain):
    return make.position(Role.OFFICE_ADMIN, chain)


def answered(chain, needs=70):
    """Every need takes who is of its own segment and leaves who merely says the same words."""
    segments = [make.segment(chain, f"环节{number}") for number in range(6)]
    schools = [make.member(chain, kind="school") for _ in range(6)]
    near = [
        make.entry(
            "resource",
            chain,
            title=f"{trade}课程",
            description=trade,
            organisation=school,
            segment=segment,
        )
        for school, segment, trade in zip(schools, segments, TRADES, strict=True)
    ]
    words = [
        make.entry(
            "resource", chain, title=f"{trade}课程培训", description=f"{trade}培训", organisation=schools[0]
        )
        for trade in TRADES
    ]
    for number in range(needs):
        at = number % 6
        need = make.entry(
            "need", chain, title=f"{TRADES[at]}培训", description="需要培训", segment=segments[at]
        )
        now = timezone.now()
        make.match(need, near[at], state="accepted", rank=1 + number % 2, settled_at=now)
        make.match(
            need, words[at], state="declined", rank=2 - number % 2, offer_said="decline", settled_at=now
        )


def weighting(chain, **facts):
    plain = {
        "weights": {"officially": 0.5},
        "before": {"officially": 0.3},
        "proposed_at": timezone.now(),
        "evidence": {"answers": 140},
    }
    return Weighting.objects.create(chain=chain, **plain | facts)


def test_propose_weighting_from_clear_answers_says_what_the_last_rounds_would_have_been(chain, office):
    answered(chain)

    lesson, row = propose_weighting(chain, by=make.actor_of(office), now=timezone.now())

    assert (lesson.reason, lesson.answers, row.state) == ("", 140, "proposed")
    multipliers = row.evidence["multipliers"]
    assert multipliers["facets.segment"] > 1 > multipliers["characters"]
    assert row.weights["facets"]["segment"] > row.before["facets"]["segment"]
    assert row.evidence["chance"] <= 0.002
    [replay] = row.evidence["replay"]
    assert (replay["down"], replay["up"] + replay["same"]) == (0, 70)
    assert weights_of(row.weights, RoundRules()).facets["segment"] > 0.03


def test_propose_weighting_without_certainty_says_what_is_missing(chain, office):
    answered(chain, needs=12)

    lesson, row = propose_weighting(chain, by=make.actor_of(office), now=timezone.now())

    assert (lesson.reason, lesson.missing, lesson.answers, row) == ("too few", 48, 24, None)
    assert Weighting.objects.count() == 0


def test_answers_of_rounds_are_learned_with_the_lists_of_their_round(office):
    here = lists(office.chain)
    by = make.actor_of(office)
    held = make.held_round(here.chain, by)
    publish_round(held, by=by, now=timezone.now())
    one = Match.objects.filter(round=held).first()
    Match.objects.filter(pk=one.pk).update(state="declined", need_said="decline", settled_at=timezone.now())
    other = make.match(here.needs["甲"], make.entry("service", here.chain), state="accepted")
    again = make.match(
        make.entry("need", here.chain, organisation=other.enterprise), other.offer, state="accepted"
    )

    rounds = rounds_taught(here.chain.pk, timezone.now())

    assert [(row.id, len(row.needs), len(row.answers)) for row in rounds] == [(held.title, 3, 1), ("", 2, 2)]
    given = answers_of(here.chain.pk)
    assert given[str(one.need_id), str(one.offer_id)].outcome == "declined"
    assert given[str(again.need_id), str(again.offer_id)] == Given(
        str(again.need_id), str(again.offer_id), 1, "renewed"
    )


def test_weighting_in_force_is_replaced_and_brought_back_to_the_bit(chain, office):
    by = make.actor_of(office)
    first = approve_weighting(weighting(chain), by=by)
    second = weighting(chain, weights={"officially": 0.7}, before=first.weights)
    approve_weighting(second, by=by)
    assert weighting_in_force(chain.pk) == second

    go_back(second, by=by)

    assert weighting_in_force(chain.pk) == first
    assert sorted(Weighting.objects.values_list("state", flat=True)) == ["in_force", "undone"]
    go_back(first, by=by)
    assert weighting_in_force(chain.pk) is None


def test_approve_of_what_was_proposed_before_another_came_in_force_is_refused(chain, office):
    by = make.actor_of(office)
    old = weighting(chain)
    approve_weighting(weighting(chain), by=by)

    with pytest.raises(OutOfDate):
        approve_weighting(old, by=by)
    refuse_weighting(old, by=by)
    with pytest.raises(StateMoved):
        approve_weighting(old, by=by)


@pytest.mark.parametrize("role", [Role.ENTERPRISE_CONTACT, Role.LEADER, Role.AUDITOR, Role.LIAISON])
def test_weighting_is_the_offices_to_decide(chain, role):
    by = make.actor(role, chain)
    with pytest.raises(NotPermitted):
        ask_to_learn(chain, by=by)
    with pytest.raises(NotPermitted):
        approve_weighting(weighting(chain), by=by)


def test_learning_page_tells_what_came_out(login, chain, office):
    answered(chain, needs=3)
    client = login(office)

    client.post(reverse("learning_propose", args=[chain.pk]))

    assert Job.objects.get().result | {"needs": 0} == {
        "answers": 6, "why": "too few", "missing": 57, "weighting": None, "needs": 0,
    }  # fmt: skip
    page = client.get(reverse("learning")).text
    assert "还缺 57 条需求的答复" in page
    assert client.post(reverse("learning_propose", args=[make.chain().pk])).status_code == 404


def test_ask_to_learn_twice_at_a_time_is_refused(chain, office):
    Job.objects.create(kind="matching.learn", state="running", facts={"chain": chain.pk})

    with pytest.raises(LessonRunning):
        ask_to_learn(chain, by=make.actor_of(office))


def test_weighting_detail_shows_the_evidence_with_buttons(login, chain, office):
    need, offer = make.entry("need", chain), make.entry("resource", chain)
    replay = {
        "round": "第一轮",
        "lost": [],
        "won": [[str(need.pk), str(offer.pk)]],
        "changed": 1,
        "up": 2,
        "down": 0,
        "same": 3,
    }
    row = weighting(
        chain,
        evidence={
            "multipliers": {"words": 1.25},
            "better": 0.8,
            "needs": 70,
            "answers": 140,
            "chance": 0.0002,
            "replay": [replay],
        },
    )
    client, url = login(office), reverse("weighting_detail", args=[row.pk])

    page = client.get(url).text
    assert [words for words in ("1.25", "80%", "第一轮", f"{need} → {offer}") if words not in page] == []
    client.post(reverse("weighting_approve", args=[row.pk]))
    assert "停用，恢复原来的" in client.get(url).text
    client.post(reverse("weighting_undo", args=[row.pk]))
    row.refresh_from_db()
    assert row.state == "undone"
    other = weighting(chain)
    client.post(reverse("weighting_refuse", args=[other.pk]))
    assert Weighting.objects.get(pk=other.pk).state == "refused"
    assert login(make.position(Role.OFFICE_STAFF)).get(url).status_code == 404
