"""What an office settles for the projects of its chain."""

import pytest
from django.urls import reverse

from lianqiao.core.actor import Role
from lianqiao.core.refusals import NotPermitted
from lianqiao.projects.actions.kinds import (
    USUAL_OUTCOME_KINDS,
    USUAL_PROJECT_KINDS,
    begin_kinds,
    settle_claim_limit,
)
from lianqiao.projects.models import ClaimLimit, OutcomeKind, ProjectKind
from tests import factories as make
from tests.projects.pressing import undone
from tests.projects.rows import fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return make.chain()


@pytest.fixture
def clerk(login, here):
    return login(make.position(Role.OFFICE_STAFF, here))


def test_project_kinds_begin_gives_the_usual_ones_once(clerk, here):
    url = reverse("project_kinds_begin", args=[here.pk])
    assert "加入常用类别" in clerk.get(reverse("project_kind_list")).content.decode()

    codes = [clerk.post(url).status_code for _ in range(2)]

    assert codes == [302, 302]
    assert list(here.project_kinds.values_list("name", flat=True)) == [row[0] for row in USUAL_PROJECT_KINDS]
    told = list(here.outcome_kinds.values_list("name", "unit"))
    assert told == [(row[0], row[2]) for row in USUAL_OUTCOME_KINDS]
    assert "加入常用类别" not in clerk.get(reverse("project_kind_list")).content.decode()
    assert clerk.post(reverse("project_kinds_begin", args=[make.chain().pk])).status_code == 404


def test_begin_kinds_by_somebody_else_is_refused(here):
    for role in (Role.ENTERPRISE_CONTACT, Role.LEADER, Role.AUDITOR):
        with pytest.raises(NotPermitted):
            begin_kinds(here, by=make.actor(role, here))
    with pytest.raises(NotPermitted):
        begin_kinds(here, by=make.actor(Role.OFFICE_ADMIN))
    assert not ProjectKind.objects.exists()


@pytest.mark.parametrize("noun", ["project_kind", "outcome_kind"])
def test_project_kind_and_outcome_kind_are_added_edited_and_retired(clerk, here, login, noun):
    model = {"project_kind": ProjectKind, "outcome_kind": OutcomeKind}[noun]
    facts = {"chain": here.pk, "name": "工法", "position": 3, "unit": "项", "is_whole": "on"}
    names = {"project_kind": ("project_kind_add", "project_kind_edit", "project_kind_move"),
             "outcome_kind": ("outcome_kind_add", "outcome_kind_edit", "outcome_kind_move")}[noun]  # fmt: skip
    add, edit, move = names
    clerk.post(reverse(add), facts)
    row = model.objects.get()
    again = clerk.post(reverse(add), facts)
    assert "name" in again.context["form"].errors

    answer = clerk.post(reverse(edit, args=[row.pk]), facts | {"name": "省级工法", "seen": row.version})
    assert fresh(row).name == "省级工法"
    undone(clerk, answer)
    assert fresh(row).name == "工法"
    answer = clerk.post(reverse(move, args=[row.pk, "retire"]))
    assert fresh(row).state == "retired"
    undone(clerk, answer)
    assert fresh(row).state == "active"
    assert clerk.post(reverse(move, args=[row.pk, "burn"])).status_code == 404
    stranger = login(make.position(Role.OFFICE_STAFF))
    assert stranger.get(reverse(edit, args=[row.pk])).status_code == 404


def test_claim_limit_settle_changes_the_one_that_is_there_and_claim_limit_drop_is_undone(clerk, here):
    school = make.member(here, kind="school")
    unit = make.unit(school)
    url, facts = reverse("claim_limit_settle"), {"chain": here.pk, "organisation": school.pk, "unit": unit.pk}

    for most in (2, 3):
        clerk.post(url, facts | {"most": most})
    wrong = clerk.post(url, facts | {"most": 1, "organisation": make.member(here).pk})

    row = ClaimLimit.objects.get()
    assert (row.most, "unit" in wrong.context["form"].errors) == (3, True)
    answer = clerk.post(reverse("claim_limit_drop", args=[row.pk]))
    assert not ClaimLimit.objects.exists()
    undone(clerk, answer)
    assert ClaimLimit.objects.get().most == 3


def test_settle_claim_limit_by_the_claimer_is_refused(scene):
    with pytest.raises(NotPermitted):
        settle_claim_limit(scene.chain, scene.school, None, by=make.actor_of(scene.coordinator), most=99)
