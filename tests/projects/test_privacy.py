"""Marked values in every field that is between the sides, and every page and export as everybody else."""

import io
import zipfile

import pytest
from django.urls import reverse
from django.utils import timezone

from lianqiao.core.actor import PUBLIC, Role
from lianqiao.notices.models import Notice
from lianqiao.projects.actions.claims import give_up
from lianqiao.projects.actions.moves import decline_asking, deliver, send_back
from lianqiao.projects.actions.outcomes import dispute_outcome
from lianqiao.projects.models import Project
from tests import factories as make
from tests.projects.rows import fresh

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_tells]


@pytest.fixture
def planted(scene):
    """What is private of one project, each word once; whose it is stands in its name."""
    now = timezone.now()
    project = scene.working(sponsor=scene.firm.organisation)
    project.claims.update(plan="密-承接计划")
    waiting = scene.claimed(project, scene.other, "密-候补计划")
    left = scene.claimed(project, scene.second, "密-退出计划")
    give_up(left, by=scene.second.actor, now=now, reason="密-退出原因")
    scene.note(project, "密-工作记录")
    scene.evidence(project, title="密-佐证名", code="密-编号")
    milestone = scene.milestone(project, -1, title="密-节点")
    outcome = scene.outcome(project, description="密-成果说明")
    dispute_outcome(outcome, by=scene.firm.actor, reason="密-异议")
    deliver(fresh(project), by=scene.college.actor, now=now)
    send_back(fresh(project), by=scene.firm.actor, reason="密-退回原因")
    asked = scene.open(asked=scene.school, asked_unit=scene.second.unit, title="密-待答复的项目")
    declined = scene.open(asked=scene.school, asked_unit=scene.second.unit, title="密-被谢绝的项目")
    decline_asking(declined, by=scene.second.actor, reason="密-谢绝原因")
    return {
        "project": project,
        "waiting": waiting,
        "milestone": milestone,
        "outcome": outcome,
        "asked": asked,
        "declined": declined,
    }


def crawl(client, planted) -> str:
    """All that this person is shown of projects, in pages, exports and archives."""
    urls = [
        reverse(name)
        for name in (
            "home",
            "project_list",
            "outcome_list",
            "evidence_missing",
            "project_kind_list",
            "notice_list",
            "project_add",
        )
    ]
    urls += [f"{reverse(name)}?export=xlsx" for name in ("project_list", "outcome_list", "evidence_missing")]
    urls += [f"{reverse('project_list')}?tab=mine", f"{reverse('project_list')}?q=密"]
    for row in Project.objects.all():
        urls += [
            reverse(name, args=[row.pk])
            for name in (
                "project_detail",
                "project_claim",
                "project_edit",
                "evidence_pack",
                "milestone_add",
                "evidence_add",
            )
        ]
    for name, model in (
        ("milestone_edit", "milestones"),
        ("outcome_edit", "outcomes"),
        ("evidence_open", "evidence"),
        ("claim_give_up", "claims"),
    ):
        urls += [
            reverse(name, args=[pk]) for pk in getattr(planted["project"], model).values_list("pk", flat=True)
        ]
    return "\n".join(text_of(client.get(url)) for url in urls)


def text_of(answer) -> str:
    if answer.status_code != 200:
        return ""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content[:2] != b"PK":
        return content.decode(errors="replace") + answer.headers.get("Content-Disposition", "")
    archive = zipfile.ZipFile(io.BytesIO(content))
    inner = [archive.read(name) for name in archive.namelist()]
    texts = [text_of_sheet(part) if part[:2] == b"PK" else part.decode(errors="replace") for part in inner]
    return "\n".join([*archive.namelist(), *texts])


def text_of_sheet(content: bytes) -> str:
    archive = zipfile.ZipFile(io.BytesIO(content))
    return "\n".join(archive.read(name).decode(errors="replace") for name in archive.namelist())


WORDS = {
    "承接计划", "候补计划", "退出计划", "退出原因", "工作记录", "佐证名", "编号", "节点", "成果说明", "异议",
    "退回原因", "待答复的项目", "被谢绝的项目", "谢绝原因",
}  # fmt: skip
BETWEEN = {"工作记录", "佐证名", "编号", "节点", "成果说明", "异议", "退回原因"}
MAY_READ = {
    "office": WORDS,
    "auditor": WORDS,
    "firm": BETWEEN | {"承接计划", "待答复的项目", "被谢绝的项目"},
    "college": BETWEEN | {"承接计划"},
    # The school as a whole stands for both of its colleges.
    "coordinator": BETWEEN | {"承接计划", "退出计划", "退出原因", "待答复的项目", "被谢绝的项目"},
    # Its own words, and the notice of what it was asked to do.
    "second": {"退出计划", "退出原因", "待答复的项目", "被谢绝的项目"},
    "other": {"候补计划"},
    "stranger": set(),
    # How the chain goes on, without what the sides say to each other.
    "leader": {"节点", "待答复的项目"},
    "liaison": {"节点", "待答复的项目"},
    "mentor": set(),
    "student": set(),
    "administrator": set(),
    "nobody": set(),
}


@pytest.mark.parametrize("who", list(MAY_READ))
def test_private_words_of_projects_reach_those_they_are_meant_for(scene, planted, login, who):
    held = {
        "office": scene.staff, "firm": scene.firm.position, "college": scene.college.position,
        "second": scene.second.position, "other": scene.other.position, "stranger": scene.stranger.position,
        "coordinator": scene.coordinator,
    }  # fmt: skip
    roles = {
        "auditor": Role.AUDITOR, "leader": Role.LEADER, "liaison": Role.LIAISON, "mentor": Role.MENTOR,
        "student": Role.STUDENT, "administrator": Role.SYSTEM_ADMIN, "nobody": PUBLIC,
    }  # fmt: skip
    position = held.get(who) or (None if who == "nobody" else make.position(roles[who], scene.chain))

    text = crawl(login(position), planted)

    assert {word for word in WORDS if f"密-{word}" in text} == MAY_READ[who]


def test_notices_carry_no_plan_and_no_reason_for_declining(planted):
    told = "\n".join(str(notice.facts) for notice in Notice.objects.all())

    assert not [
        word
        for word in ("承接计划", "候补计划", "退出计划", "退出原因", "谢绝原因", "工作记录")
        if word in told
    ]
