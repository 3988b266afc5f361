"""What waits for somebody in the projects, for the home page: facts with a link; the sentences are made there."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Q
from django.urls import reverse

from lianqiao.core.actor import OFFICE, Actor
from lianqiao.lists.queries import of_relation
from lianqiao.projects.models import Milestone, Outcome, Project
from lianqiao.projects.queries import (
    REMIND_BEFORE,
    SIDES,
    held,
    milestones_for,
    outcomes_for,
    place_of,
    projects_for,
    projects_to_claim,
    sponsored,
    unclaimed,
    without_evidence,
)

State = Project.State
NAMED = 5
# code, address, how many, name, due
Waits = tuple[str, str, int, str, date | None]


def waits_for(actor: Actor, today: date) -> Iterator[Waits]:
    if actor.role in OFFICE:
        yield from office_waits(actor, today)
    if actor.role in SIDES:
        yield from side_waits(actor, today)


def office_waits(actor: Actor, today: date) -> Iterator[Waits]:
    if count := projects_for(actor).filter(state=State.DRAFT).count():
        yield "project_drafts", f"{reverse('project_list')}?state=draft", count, "", None
    for row in unclaimed(actor, today).order_by("claim_by")[:NAMED]:
        yield "project_unclaimed", address(row), 1, row.title, row.claim_by


def side_waits(actor: Actor, today: date) -> Iterator[Waits]:
    rows = projects_for(actor)
    for row in rows.filter(place_of(actor, "asked", "asked_unit"), state=State.OPEN)[:NAMED]:
        yield "project_asked", address(row), 1, row.title, row.claim_by
    for row in rows.filter(sponsored(actor), state=State.DELIVERED).order_by("delivered_at")[:NAMED]:
        yield "project_to_accept", address(row), 1, row.title, None
    mine = of_relation("project", held(actor)) | of_relation("project", sponsored(actor))
    due = milestones_for(actor).filter(
        own_milestones(actor), state=Milestone.State.OPEN, due_on__lte=today + REMIND_BEFORE,
        project__state=State.WORKING,
    )  # fmt: skip
    for milestone in due.order_by("due_on")[:NAMED]:
        url = f"{address(milestone.project)}#milestones"
        yield "milestone_due", url, 1, f"{milestone.project.title} · {milestone.title}", milestone.due_on
    said = outcomes_for(actor).filter(mine, state=Outcome.State.REPORTED)
    unsaid = said.filter(of_relation("project", held(actor)), holder_confirmed_at=None) | said.filter(
        of_relation("project", sponsored(actor)), sponsor_confirmed_at=None
    )
    for outcome in unsaid.order_by("pk")[:NAMED]:
        url = f"{address(outcome.project)}#outcomes"
        yield "outcome_to_confirm", url, 1, f"{outcome.project.title} · {outcome.kind.label}", None
    milestones, outcomes = without_evidence(actor, today)
    if count := milestones.count() + outcomes.count():
        yield "evidence_missing", reverse("evidence_missing"), count, "", None
    if count := projects_to_claim(actor, today).filter(asked=None).count():
        yield "projects_open", f"{reverse('project_list')}?tab=open", count, "", None


def own_milestones(actor: Actor) -> Q:
    """Of projects that one holds, but for those that the other side sees to; and those that one sees to oneself."""
    done_by_holder = Q(owner=None) & of_relation("project", held(actor))
    return done_by_holder | Q(owner=actor.organisation_id) & of_relation("project", sponsored(actor))


def address(project: Project) -> str:
    return reverse("project_detail", args=[project.pk])
