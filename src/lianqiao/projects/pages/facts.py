"""What the page of one project shows, each reader what is theirs to see."""

from collections import defaultdict
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from lianqiao.agreements.models import Agreement
from lianqiao.agreements.text import filled
from lianqiao.core.actor import OFFICE, Actor
from lianqiao.core.around import around
from lianqiao.core.history import history_of
from lianqiao.core.permissions import may
from lianqiao.core.request import Request
from lianqiao.lists.models import Dimension
from lianqiao.projects.actions import outcomes, work
from lianqiao.projects.actions.moves import lifecycle
from lianqiao.projects.forms.work import NoteForm
from lianqiao.projects.lineage import lineage_of
from lianqiao.projects.models import Claim, Evidence, Milestone, Outcome, Project
from lianqiao.projects.overdue import workdays_late
from lianqiao.projects.packing import amount_told
from lianqiao.projects.places import is_asked, side_of
from lianqiao.projects.queries import (
    AT_WORK,
    LIVE_CLAIMS,
    SEES_ALL,
    claims_for,
    evidence_for,
    followed_by,
    milestones_for,
    notes_for,
    outcomes_for,
    projects_for,
    signed_version,
)

State = Project.State
# Moves that need no question; the others have a page of their own.
PRESSES = (
    "publish_project",
    "unpublish",
    "open_to_all",
    "deliver",
    "take_back_delivery",
    "accept_work",
    "resume_project",
)
ASKS = ("decline_asking", "send_back", "stop_project")


def detail_facts(request: Request, project: Project) -> dict[str, Any]:
    actor = request.actor
    confided = is_confided(actor, project)
    followed = confided or projects_for(actor).filter(followed_by(actor), pk=project.pk).exists()
    milestones = [row for row in milestones_for(actor).filter(project=project) if row.state != "dropped"]
    evidence = list(evidence_for(actor).filter(project=project))
    claims = list(claims_for(actor).filter(project=project))
    moves = {move.name: move for move in lifecycle.available(project, actor)}
    at_work = project.state in AT_WORK
    late = workdays_late(milestones, timezone.localdate())
    return {
        "project": project,
        "confided": confided,
        "followed": followed,
        "lineage": lineage_of(project, actor),
        "follows": projects_for(actor).filter(pk=project.follows_id).first() if project.follows_id else None,
        "followed_by": list(projects_for(actor).filter(follows=project)),
        "dimensions": [Dimension(name).label for name in project.dimensions],
        "milestones": milestone_facts(milestones, late, evidence, actor),
        "line": line_of(milestones, late),
        "unfinished": sum(row.state == "open" for row in milestones),
        "claims": [claim_facts(row, actor) for row in claims],
        "has_own_claim": any(
            row.state in LIVE_CLAIMS and may(actor, "projects.give_up", row) for row in claims
        ),
        "notes": [
            {"row": row, "may_remove": may(actor, "projects.remove_note", row)}
            for row in notes_for(actor).filter(project=project)[:50]
        ],
        "note_form": NoteForm() if at_work and may(actor, "projects.note_work", project) else None,
        "evidence": evidence,
        "outcomes": [
            outcome_facts(row, evidence, actor) for row in outcomes_for(actor).filter(project=project)
        ],
        "moves": moves,
        "presses": [moves[name] for name in PRESSES if name in moves],
        "asks": [moves[name] for name in ASKS if name in moves],
        "is_asked": project.state == State.OPEN and is_asked(actor, project),
        "may_claim": may_claim(project, claims, actor),
        "may_edit": may(actor, "projects.edit_project", project),
        "may_follow": project.state in ("accepted", "stopped") and may(actor, "projects.follow_up", project),
        "may_plan": may(actor, "projects.add_milestone", project),
        "may_evidence": project.holder_id is not None and may(actor, "projects.add_evidence", project),
        "may_report": project.holder_id is not None and may(actor, "projects.report_outcome", project),
        "shows_reason": actor.role in OFFICE or actor.role in SEES_ALL,
        "history": history_of(project, actor),
        "around": around("project_detail", request, project),
    }


def is_confided(actor: Actor, project: Project) -> bool:
    """The same as `queries.confided_to`, of one row that is at hand."""
    if actor.role in SEES_ALL:
        return True
    if actor.role in OFFICE:
        return project.chain_id in actor.chains
    return side_of(actor, project) != ""


def may_claim(project: Project, claims: list[Claim], actor: Actor) -> bool:
    if project.state not in (State.OPEN, State.WORKING) or not may(actor, "projects.claim", project):
        return False
    if project.claim_by and project.claim_by < timezone.localdate():
        return False
    # One's own that is held or waits is told of instead; the office notes those of many.
    own = [row for row in claims if row.state in LIVE_CLAIMS]
    return actor.role in OFFICE or (not own and side_of(actor, project) == "")


def milestone_facts(
    rows: list[Milestone], late: dict[int, int], evidence: list[Evidence], actor: Actor
) -> list[dict[str, Any]]:
    files = defaultdict(list)
    for file in evidence:
        files[file.milestone_id].append(file)
    return [
        {
            "row": row,
            "late": late.get(row.pk, 0),
            "files": files[row.pk],
            "moves": {move.name for move in work.milestones.available(row, actor)},
            "may_edit": row.state == "open" and may(actor, "projects.edit_milestone", row),
        }
        for row in rows
    ]


def line_of(rows: list[Milestone], late: dict[int, int]) -> list[dict[str, Any]]:
    """The milestones on one line, from the first day to the last."""
    current = next((row.pk for row in rows if row.state == "open"), None)
    items = []
    for row in rows:
        is_late = row.pk in late
        state = (
            "done"
            if row.state == "done"
            else "stuck"
            if is_late
            else "current"
            if row.pk == current
            else "todo"
        )
        note = f"{row.done_on or row.due_on:%Y-%m-%d}"
        if is_late:
            note = _("%(day)s，逾期 %(count)s 个工作日") % {"day": note, "count": late[row.pk]}
        items.append({"label": row.title, "state": state, "note": note, "href": f"#milestone-{row.pk}"})
    return items


def claim_facts(row: Claim, actor: Actor) -> dict[str, Any]:
    return {
        "row": row,
        "place": f"{row.organisation.label} {row.unit.label}" if row.unit else row.organisation.label,
        "may_leave": row.state in LIVE_CLAIMS and may(actor, "projects.give_up", row),
    }


def outcome_facts(row: Outcome, evidence: list[Evidence], actor: Actor) -> dict[str, Any]:
    return {
        "row": row,
        "amount": amount_told(row.amount),
        "unit": row.kind.unit_label,
        "files": [file for file in evidence if file.outcome_id == row.pk],
        "moves": {move.name for move in outcomes.lifecycle.available(row, actor)},
        "may_edit": row.state in ("reported", "disputed") and may(actor, "projects.edit_outcome", row),
    }


def clauses_of(agreement: Agreement) -> list[dict[str, str]]:
    version = signed_version(agreement)
    return [
        {
            "key": clause["key"],
            "title": filled(clause["title"], version.fields),
            "what": (clause.get("obligation") or {}).get("what", ""),
            "text": filled(clause["text"], version.fields),
        }
        for clause in version.clauses
        if clause["title"]
    ]


def back_to(project_id: int, part: str = "") -> str:
    return reverse("project_detail", args=[project_id]) + (f"#{part}" if part else "")
