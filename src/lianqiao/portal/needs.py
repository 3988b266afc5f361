"""What an enterprise asked for, each need with the way it has come: from the lists, the matches, the papers, the work."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.urls import reverse

from lianqiao.agreements.models import Agreement
from lianqiao.agreements.queries import agreements_for
from lianqiao.core.actor import Actor, Role
from lianqiao.lists.coach import SHOWN, counterparts_of
from lianqiao.lists.models import Entry, Kind
from lianqiao.lists.queries import entries_for, own_entries
from lianqiao.matching.models import Match
from lianqiao.matching.queries.matches import listed_matches
from lianqiao.projects.models import Project
from lianqiao.projects.queries import projects_for

MOST = 5
State = Entry.State
# Drafts are among what waits for their writer; what was taken back goes nowhere.
ON_THEIR_WAY = (
    State.SUBMITTED,
    State.RETURNED,
    State.PUBLISHED,
    State.MATCHING,
    State.EXPIRED,
    State.FULFILLED,
)
SIGNED = (Agreement.State.SIGNED, Agreement.State.EXPIRED, Agreement.State.ENDED)
WORKING = (Project.State.WORKING, Project.State.DELIVERED, Project.State.ACCEPTED)


@dataclass(frozen=True)
class Step:
    """`code` names the words, `count` fills them; `state` as <c-steps> knows it."""

    code: str
    state: str = "todo"
    count: int = 0
    href: str = ""


@dataclass(frozen=True)
class Asked:
    entry: Entry
    steps: list[Step]


@dataclass(frozen=True)
class Behind:
    """What the apps above the lists have of one need."""

    matches: list[Match]
    agreements: list[Agreement]
    projects: list[Project]


def needs_of(actor: Actor) -> list[Asked] | None:
    """The newest needs of the own enterprise; None for whoever asks for nothing."""
    if actor.role != Role.ENTERPRISE_CONTACT:
        return None
    rows = entries_for(actor).filter(own_entries(actor), kind=Kind.NEED, state__in=ON_THEIR_WAY)
    needs = list(rows.order_by("-submitted_at", "-pk")[:MOST])
    known = behind(needs, actor)
    return [Asked(need, list(steps_of(need, known[need.pk], actor))) for need in needs]


def behind(needs: Iterable[Entry], actor: Actor) -> dict[int, Behind]:
    found: defaultdict[int, Behind] = defaultdict(lambda: Behind([], [], []))
    matches = {match.pk: match for match in listed_matches(actor).filter(need__in=needs).order_by("pk")}
    for match in matches.values():
        found[match.need_id].matches.append(match)
    papers = agreements_for(actor).filter(matches__in=matches)
    by_id = papers.in_bulk()
    for agreement_id, match_id in papers.values_list("pk", "matches"):
        found[matches[match_id].need_id].agreements.append(by_id[agreement_id])
    work = projects_for(actor).filter(Q(need__in=needs) | Q(match__in=matches)).select_related("match")
    for project in work.order_by("pk"):
        asked = project.match.need_id if project.match else project.need_id
        found[project.need_id or asked or 0].projects.append(project)
    return found


def steps_of(need: Entry, known: Behind, actor: Actor) -> Iterator[Step]:
    signed = next((paper for paper in known.agreements if paper.state in SIGNED), None)
    work = next((project for project in reversed(known.projects) if project.state in WORKING), None)
    is_done = need.state == State.FULFILLED or bool(work and work.state == Project.State.ACCEPTED)
    is_agreed = bool(signed or work or is_done) or any(m.state == Match.State.ACCEPTED for m in known.matches)
    yield Step("submitted", "done")
    if need.state == State.RETURNED:
        yield Step("returned", "stuck", href=reverse("entry_edit", args=[need.pk]))
        return
    if need.state == State.SUBMITTED:
        yield from (Step("in_review", "current"), Step("match"), Step("sign"), Step("work"), Step("finish"))
        return
    yield Step("published", "done")
    if need.state == State.EXPIRED:
        yield Step("expired", "stuck", href=reverse("entry_detail", args=[need.pk]))
        return
    yield Step("matched", "done") if is_agreed else looking(need, known, actor)
    # Work may be agreed upon without a paper.
    if not (work or is_done) or signed:
        href = reverse("agreement_detail", args=[signed.pk]) if signed else ""
        yield (
            Step("signed", "done", href=href) if signed else Step("sign", "current" if is_agreed else "todo")
        )
    at_work = reverse("project_detail", args=[work.pk]) if work else ""
    if work or not is_done:
        state = "done" if is_done else "current" if work else "todo"
        yield Step("working" if work else "work", state, href=at_work)
    yield Step("done", "done") if is_done else Step("finish")


def looking(need: Entry, known: Behind, actor: Actor) -> Step:
    """Nobody has agreed yet: whose turn it is, or how many could help."""
    offered = [match for match in known.matches if match.state == Match.State.OFFERED]
    if mine := [match for match in offered if not match.need_said]:
        url = reverse("match_detail", args=[mine[0].pk])
        return Step("answer_wanted", "current", len(mine), url)
    if offered:
        return Step("answer_awaited", "current", href=reverse("match_detail", args=[offered[0].pk]))
    near: list[Any] = counterparts_of(need, actor) or []
    able = len({each.entry.organisation_id for each in near})
    code = "many_able" if len(near) == SHOWN else "able" if able else "looking"
    return Step(code, "current", able, reverse("entry_detail", args=[need.pk]))
