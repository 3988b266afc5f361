"""A project from its draft to its acceptance by the other side."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from lianqiao.agreements.actions.moves import end_early
from lianqiao.core.actor import Role
from lianqiao.core.refusals import NotPermitted, StateMoved
from lianqiao.lists.models import Entry
from lianqiao.notices.models import Notice
from lianqiao.projects.actions.moves import (
    ClaimByPassed,
    HasClaims,
    accept_work,
    deliver,
    publish_project,
    resume_project,
    send_back,
    stop_project,
    take_back_delivery,
    unpublish,
)
from lianqiao.projects.actions.projects import (
    DraftedAlready,
    NoSuchClause,
    NotAccepted,
    NotInForce,
    draft_from_agreement,
    draft_from_match,
    draft_project,
    edit_project,
    follow_up,
)
from lianqiao.projects.models import Project
from tests import factories as make
from tests.agreements import rows as agreed
from tests.projects.rows import SYSTEM, fresh

pytestmark = pytest.mark.django_db


def match_of(scene, **fields):
    need = make.entry(
        "need", scene.chain, organisation=scene.firm.organisation, title="急需装配式施工技术",
        description="三个月内会做样板", dimensions=["research"], starts_on=date(2026, 12, 1), due_on=date(2027, 3, 1),
    )  # fmt: skip
    offer = make.entry(
        "resource", scene.chain, organisation=scene.school, unit=scene.college.unit, dimensions=["training"]
    )
    return make.match(need, offer, **{"state": "accepted", "scope": "先做两栋样板"} | fields)


def accept(project, who):
    return accept_work(project, by=who.actor, now=timezone.now())


def test_draft_from_match_knows_everything_that_was_said(scene):
    match = match_of(scene)

    row = draft_from_match(match, by=scene.firm.actor)

    assert (row.title, row.description, row.dimensions) == (
        "急需装配式施工技术",
        "先做两栋样板",
        ["research", "training"],
    )
    assert (row.sponsor, row.asked, row.asked_unit) == (
        scene.firm.organisation,
        scene.school,
        scene.college.unit,
    )
    assert (row.starts_on, row.ends_on) == (date(2026, 12, 1), date(2027, 3, 1))
    assert (row.need, row.match, row.state) == (match.need, match, "draft")
    assert row.kind.name in ("技术攻关", "人才培养", "课题研究", "实习基地", "社会服务")


def test_draft_from_match_leaves_out_what_only_the_office_reads(scene):
    match = match_of(scene, scope="")
    Entry.objects.filter(pk=match.need_id).update(visibility={"description": "office"})

    assert draft_from_match(match, by=scene.office).description == ""


def test_draft_from_match_by_either_side_but_by_nobody_else(scene):
    for who in (scene.second, scene.other, scene.stranger):
        with pytest.raises(NotPermitted):
            draft_from_match(match_of(scene), by=who.actor)
    for who in (scene.firm, scene.college):
        assert draft_from_match(match_of(scene), by=who.actor).state == "draft"


def test_draft_from_match_twice_is_one_draft(scene):
    match = match_of(scene)
    draft_from_match(match, by=scene.firm.actor)

    with pytest.raises(DraftedAlready):
        draft_from_match(match, by=scene.college.actor)
    assert Project.objects.count() == 1


def test_draft_from_match_that_was_not_accepted_is_refused(scene):
    with pytest.raises(NotAccepted):
        draft_from_match(match_of(scene, state="offered"), by=scene.office)


@pytest.fixture
def agreement(scene):
    agreed.party_organisation(scene.chain)
    pair = agreed.pairing(scene.chain, scene.school, scene.college.unit, scene.firm.organisation)
    agreed.match(pair, scope="共建实训点")
    make.branch(scene.firm.organisation)
    return agreed.signed(pair)


def test_draft_from_agreement_takes_over_the_clause(scene, agreement):
    clause = next(c for c in agreement.versions.first().clauses if c.get("obligation"))

    row = draft_from_agreement(agreement, clause["key"], by=scene.office)

    assert (row.title, row.agreement) == (clause["obligation"]["what"], agreement)
    assert (row.starts_on, row.ends_on) == (agreement.starts_on, agreement.ends_on)
    assert row.description
    assert "{{" not in row.description
    assert {row.sponsor, row.asked} == {scene.firm.organisation, scene.school}
    assert row.match is not None
    assert row.need == row.match.need


def test_draft_from_agreement_of_no_such_clause_or_no_more_in_force_is_refused(scene, agreement):
    with pytest.raises(NoSuchClause):
        draft_from_agreement(agreement, "nothing", by=scene.office)
    end_early(agreement, by=SYSTEM, ended_on=make.today() + timedelta(days=400), reason="搬迁")
    with pytest.raises(NotInForce):
        draft_from_agreement(agreement, "goal", by=scene.office)


def test_draft_project_by_the_sponsor_is_told_to_the_office_which_publishes_it(scene):
    row = draft_project(
        by=scene.firm.actor, chain=scene.chain, title="改造老楼", sponsor=scene.firm.organisation
    )

    told = Notice.objects.get(template="project_proposed")
    assert told.person == scene.staff.person
    with pytest.raises(NotPermitted):
        publish_project(row, by=scene.firm.actor, now=timezone.now())
    assert publish_project(row, by=scene.office, now=timezone.now()).state == "open"


def test_draft_project_for_somebody_else_is_refused(scene):
    for who in (scene.other, scene.college, scene.stranger):
        with pytest.raises(NotPermitted):
            draft_project(by=who.actor, chain=scene.chain, title="替别人", sponsor=scene.firm.organisation)


def test_draft_projects_count_up_on_their_chain(scene):
    assert [scene.draft().number for _ in range(3)] == [1, 2, 3]


def test_publish_project_with_its_last_day_over_is_refused(scene):
    row = scene.draft(claim_by=make.yesterday())

    with pytest.raises(ClaimByPassed):
        publish_project(row, by=scene.office, now=timezone.now())


def test_unpublish_is_for_what_nobody_wants_yet(scene):
    row = unpublish(scene.open(), by=scene.office)
    assert (row.state, row.published_at) == ("draft", None)

    with pytest.raises(StateMoved):
        unpublish(scene.working(), by=scene.office)
    waited_for = scene.open()
    waited_for.claims.create(
        organisation=scene.other.organisation, state="waiting", claimed_at=timezone.now(), by_label=""
    )
    with pytest.raises(HasClaims):
        unpublish(waited_for, by=scene.office)


def test_accept_work_is_for_the_other_side_alone(scene):
    project = scene.delivered()

    for who in (scene.college, scene.second, scene.other, scene.stranger):
        with pytest.raises(NotPermitted):
            accept(project, who)
    # Somebody of the enterprise can log in: the office does not speak for it.
    with pytest.raises(NotPermitted):
        accept_work(project, by=scene.office, now=timezone.now())

    row = accept(project, scene.firm)
    assert (row.state, row.accepted_at is not None) == ("accepted", True)


def test_accept_work_for_an_enterprise_without_account_is_noted_by_the_office(scene):
    silent = make.member(scene.chain)
    project = scene.delivered(sponsor=silent)

    assert accept_work(project, by=scene.office, now=timezone.now()).state == "accepted"


def test_deliver_is_for_the_holder(scene):
    project = scene.working()

    for who in (scene.firm, scene.second, scene.other):
        with pytest.raises(NotPermitted):
            deliver(project, by=who.actor, now=timezone.now())
    assert deliver(project, by=scene.college.actor, now=timezone.now()).state == "delivered"
    assert take_back_delivery(fresh(project), by=scene.college.actor).delivered_at is None


def test_send_back_says_what_is_missing(scene):
    project = scene.delivered()

    with pytest.raises(ValidationError):
        send_back(project, by=scene.firm.actor, reason="")
    row = send_back(project, by=scene.firm.actor, reason="缺验收报告")

    assert (row.state, row.sent_back_reason, row.delivered_at) == ("working", "缺验收报告", None)
    told = Notice.objects.filter(template="project_sent_back", person=scene.college.position.person)
    assert told.get().facts["reason"] == "缺验收报告"


def test_need_is_fulfilled_when_the_last_of_its_projects_is_accepted(scene):
    match = match_of(scene)
    first, second, dropped = (scene.delivered(need=match.need, title=f"第{n}期") for n in range(3))
    stop_project(dropped, by=scene.office, reason="并入第一期")

    accept(first, scene.firm)
    assert Entry.objects.get(pk=match.need_id).state == "published"
    accept(second, scene.firm)

    need = Entry.objects.get(pk=match.need_id)
    assert need.state == "fulfilled"


def test_acceptance_leaves_a_need_that_was_withdrawn_as_it_is(scene):
    need = make.entry("need", scene.chain, organisation=scene.firm.organisation, state="withdrawn")

    accept(scene.delivered(need=need), scene.firm)

    assert Entry.objects.get(pk=need.pk).state == "withdrawn"


@pytest.mark.parametrize("step", ["draft", "open", "working", "delivered"])
def test_stopped_project_comes_back_as_it_was(scene, step):
    project = getattr(scene, step)()
    with pytest.raises(ValidationError):
        stop_project(project, by=scene.office, reason="")

    stopped = stop_project(project, by=scene.office, reason="资金没到")
    assert (stopped.state, stopped.stopped_reason) == ("stopped", "资金没到")
    back = resume_project(stopped, by=scene.office)

    assert (back.state, back.stopped_reason) == (step, "")


def test_stop_project_by_the_holder_is_refused(scene):
    with pytest.raises(NotPermitted):
        stop_project(scene.working(), by=scene.college.actor, reason="做不了")


def test_follow_up_begins_where_the_other_ended(scene):
    match = match_of(scene)
    project = scene.accepted(need=match.need, match=match, dimensions=["research"])

    row = follow_up(project, by=scene.college.actor)

    assert (row.follows, row.sponsor, row.asked, row.asked_unit) == (
        project, scene.firm.organisation, scene.school, scene.college.unit,
    )  # fmt: skip
    assert (row.need, row.match, row.dimensions, row.state) == (match.need, match, ["research"], "draft")


def test_follow_up_of_what_is_not_over_or_not_ones_own_is_refused(scene):
    with pytest.raises(StateMoved):
        follow_up(scene.working(), by=scene.college.actor)
    with pytest.raises(NotPermitted):
        follow_up(scene.accepted(), by=scene.other.actor)


def test_edit_project_by_the_sponsor_ends_when_somebody_works_on_it(scene):
    row = edit_project(scene.open(), by=scene.firm.actor, title="新名称")
    assert row.title == "新名称"

    project = scene.working()
    with pytest.raises(NotPermitted):
        edit_project(project, by=scene.firm.actor, title="改要求")
    assert edit_project(project, by=scene.office, title="更正错字").title == "更正错字"


def test_edit_project_asks_nobody_else_once_it_is_published(scene):
    project = scene.open(asked=scene.school, asked_unit=scene.college.unit)

    row = edit_project(project, by=scene.office, asked=scene.other.organisation, asked_unit=None)

    assert (row.asked, row.asked_unit) == (scene.school, scene.college.unit)


@pytest.mark.parametrize("role", [Role.LEADER, Role.LIAISON, Role.AUDITOR, Role.MENTOR, Role.STUDENT])
def test_project_is_nobody_elses_to_move(scene, role):
    actor = make.actor(role, scene.chain)

    for step in (
        lambda: draft_project(by=actor, chain=scene.chain, title="不该有", sponsor=scene.firm.organisation),
        lambda: publish_project(scene.draft(), by=actor, now=timezone.now()),
        lambda: deliver(scene.working(), by=actor, now=timezone.now()),
        lambda: accept_work(scene.delivered(), by=actor, now=timezone.now()),
        lambda: stop_project(scene.open(), by=actor, reason="不该有"),
    ):
        with pytest.raises(NotPermitted):
            step()
