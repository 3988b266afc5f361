"""Who does a project: exactly one, the others in their order."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from lianqiao.core.models import AuditEntry
from lianqiao.core.permissions import may
from lianqiao.core.refusals import NotPermitted, StateMoved
from lianqiao.notices.models import Notice
from lianqiao.projects.actions.claims import (
    ClaimingOver,
    NoRoom,
    NotAsked,
    NotOnChain,
    QueueMoved,
    claim,
    give_up,
    queue_again,
)
from lianqiao.projects.actions.kinds import settle_claim_limit
from lianqiao.projects.actions.moves import decline_asking, open_to_all, stop_project
from lianqiao.projects.models import Claim, Project
from lianqiao.projects.queries import USUAL_LIMIT
from tests.projects.rows import SYSTEM, fresh

pytestmark = pytest.mark.django_db


def give(scene, row, who, reason="人手不够"):
    return give_up(row, by=who.actor, now=timezone.now(), reason=reason)


def states(project):
    return list(Claim.objects.filter(project=project).values_list("state", flat=True))


def test_claim_by_the_first_gives_it_and_the_others_wait_in_their_order(scene):
    project = scene.open()

    first, second = scene.claimed(project, scene.college, "两位老师带队"), scene.claimed(project, scene.other)

    row = fresh(project)
    assert (row.state, row.holder, row.holder_unit) == ("working", scene.school, scene.college.unit)
    assert (first.state, fresh(second).state) == ("held", "waiting")
    told = set(Notice.objects.filter(template="project_claimed").values_list("person", flat=True))
    assert told == {scene.firm.position.person_id, scene.staff.person_id}
    assert AuditEntry.objects.filter(action="projects.claim", subject_type="projects.project").count() == 1


def test_claim_by_the_same_place_again_is_refused(scene):
    project = scene.working()

    with pytest.raises(ValidationError):
        scene.claimed(project, scene.college)
    assert states(project) == ["held"]


def test_claim_for_another_place_is_refused(scene):
    project = scene.open()

    for who, place in (
        (scene.other, scene.college),
        (scene.second, scene.college),
        (scene.firm, scene.other),
    ):
        with pytest.raises(NotPermitted):
            claim(project, by=who.actor, now=timezone.now(), **place.named)
    assert states(project) == []


def test_claim_by_the_sponsor_or_a_stranger_is_refused(scene):
    project = scene.open()

    with pytest.raises(NotPermitted):
        scene.claimed(project, scene.firm)
    with pytest.raises((NotPermitted, NotOnChain)):
        scene.claimed(project, scene.stranger)
    with pytest.raises(NotOnChain):
        claim(project, by=scene.office, now=timezone.now(), **scene.stranger.named)
    with pytest.raises(ValidationError):
        claim(project, by=scene.office, now=timezone.now(), **scene.firm.named)


def test_claim_after_the_last_day_is_refused(scene):
    project = scene.open()
    Project.objects.filter(pk=project.pk).update(claim_by=timezone.localdate() - timedelta(days=1))

    with pytest.raises(ClaimingOver):
        scene.claimed(project, scene.college)


def test_claim_beyond_the_limit_is_refused_by_name(scene):
    settle_claim_limit(scene.chain, scene.school, scene.college.unit, by=scene.office, most=1)
    scene.working()

    with pytest.raises(NoRoom) as refused:
        scene.claimed(scene.open(), scene.college)

    assert refused.value.facts["most"] == 1
    assert scene.college.unit.name in refused.value.facts["place"]


def test_claim_without_a_settled_limit_has_the_usual_one(scene):
    for _ in range(USUAL_LIMIT):
        scene.working()

    with pytest.raises(NoRoom):
        scene.claimed(scene.open(), scene.college)
    assert scene.claimed(scene.open(), scene.second).state == "held"


def test_limit_of_the_school_as_a_whole_counts_all_its_colleges(scene):
    settle_claim_limit(scene.chain, scene.school, None, by=scene.office, most=1)
    scene.working()

    with pytest.raises(NoRoom):
        scene.claimed(scene.open(), scene.second)


def test_give_up_hands_over_to_the_next_that_has_room(scene):
    settle_claim_limit(scene.chain, scene.school, scene.second.unit, by=scene.office, most=0)
    project = scene.working()
    held = Claim.objects.get()
    full, free = scene.claimed(project, scene.second), scene.claimed(project, scene.other)

    left = give(scene, held, scene.college)

    row = fresh(project)
    assert (row.state, row.holder, row.holder_unit) == ("working", scene.other.organisation, None)
    assert (left.state, fresh(full).state, fresh(free).state) == ("handed_over", "waiting", "held")
    yours = Notice.objects.filter(template="project_yours", person=scene.other.position.person_id)
    assert yours.count() == 1


def test_give_up_without_anybody_waiting_opens_it_again(scene):
    project = scene.working()

    give(scene, Claim.objects.get(), scene.college)

    row = fresh(project)
    assert (row.state, row.holder, row.claimed_at) == ("open", None, None)
    assert states(project) == ["withdrawn"]


def test_give_up_without_a_reason_is_refused(scene):
    scene.working()

    with pytest.raises(ValidationError):
        give(scene, Claim.objects.get(), scene.college, " ")
    assert Claim.objects.get().state == "held"


def test_give_up_by_another_side_is_refused(scene):
    project = scene.working()

    for who in (scene.firm, scene.second, scene.other):
        with pytest.raises(NotPermitted):
            give(scene, Claim.objects.get(), who)
    assert fresh(project).state == "working"


def test_give_up_of_what_was_delivered_is_refused(scene):
    scene.delivered()

    with pytest.raises(StateMoved):
        give(scene, Claim.objects.get(), scene.college)


def test_who_left_the_queue_may_come_back_to_the_same_place(scene):
    project = scene.working()
    first, second = scene.claimed(project, scene.second), scene.claimed(project, scene.other)
    give(scene, first, scene.second, "")

    queue_again(fresh(first), by=scene.second.actor)
    give(scene, Claim.objects.get(state="held"), scene.college)

    assert (fresh(first).state, fresh(second).state) == ("held", "waiting")
    with pytest.raises(QueueMoved):
        queue_again(fresh(first), by=scene.second.actor)


def test_new_claim_lets_those_before_it_pass_when_they_have_room_again(scene):
    settle_claim_limit(scene.chain, scene.school, scene.second.unit, by=scene.office, most=0)
    project = scene.working()
    waits = scene.claimed(project, scene.second)
    give(scene, Claim.objects.get(state="held"), scene.college)
    assert fresh(project).state == "open"
    settle_claim_limit(scene.chain, scene.school, scene.second.unit, by=scene.office, most=1)

    late = scene.claimed(project, scene.other)

    assert (fresh(waits).state, fresh(late).state) == ("held", "waiting")


def test_claim_of_what_somebody_else_is_asked_to_do_is_refused_until_it_is_open_to_all(scene):
    project = scene.open(asked=scene.school, asked_unit=scene.college.unit)

    with pytest.raises(NotAsked):
        claim(project, by=SYSTEM, now=timezone.now(), **scene.other.named)
    assert not may(scene.other.actor, "projects.claim", fresh(project))
    open_to_all(fresh(project), by=scene.firm.actor)

    assert scene.claimed(project, scene.other).state == "held"


def test_asked_place_takes_it_by_claiming(scene):
    project = scene.open(asked=scene.school, asked_unit=scene.college.unit)

    assert scene.claimed(project, scene.college).state == "held"


def test_asked_place_that_declines_sends_it_back_to_the_office_with_the_reason(scene):
    project = scene.open(asked=scene.school, asked_unit=scene.college.unit)

    decline_asking(project, by=scene.college.actor, reason="今年排满")

    row = fresh(project)
    assert (row.state, row.asked, row.declined_reason) == ("draft", None, "今年排满")
    told = Notice.objects.filter(template="project_declined")
    assert {notice.person_id for notice in told} == {scene.firm.position.person_id, scene.staff.person_id}
    assert all("今年排满" not in str(notice.facts) for notice in told)


def test_asked_place_that_gives_up_later_leaves_a_draft_which_nobody_else_sees(scene):
    project = scene.working(asked=scene.school, asked_unit=scene.college.unit)

    give(scene, Claim.objects.get(), scene.college)

    assert (fresh(project).state, fresh(project).asked) == ("draft", None)


def test_claim_of_what_was_stopped_is_refused(scene):
    project = stop_project(scene.open(), by=scene.firm.actor, reason="不做了")

    with pytest.raises(StateMoved):
        scene.claimed(project, scene.college)
