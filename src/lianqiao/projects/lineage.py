"""Where a project or its outcome comes from, back to the sentence in which it was said."""

from dataclasses import dataclass

from django.urls import reverse

from lianqiao.agreements.queries import agreements_for
from lianqiao.core.actor import Actor
from lianqiao.lists.capture.queries import captured_in
from lianqiao.lists.models import CapturedEntry, Entry
from lianqiao.lists.queries import entries_for
from lianqiao.lists.shown import shown
from lianqiao.matching.queries.matches import matches_for
from lianqiao.matching.queries.pairings import pairings_for
from lianqiao.projects.models import Outcome, Project
from lianqiao.projects.places import side_of
from lianqiao.projects.queries import SEES_ALL


@dataclass(frozen=True)
class Part:
    """`code` names the kind of thing; `label` is empty where the reader may not know which one it is, and `url` where
    the reader may not open it. `note` is what was said, word for word."""

    code: str
    label: str = ""
    url: str = ""
    note: str = ""


def lineage_of(row: Project | Outcome, actor: Actor) -> list[Part]:
    """From the source to `row`, which is one that the actor reaches. The same number of queries for everybody."""
    project = row.project if isinstance(row, Outcome) else row
    knows = (project.chain_id in actor.chains and bool(side_of(actor, project))) or actor.role in SEES_ALL
    parts = [
        *need_parts(project, actor, knows),
        *match_parts(project, actor, knows),
        *agreement_parts(project, actor, knows),
        Part("project", project.title, reverse("project_detail", args=[project.pk])),
    ]
    if isinstance(row, Outcome):
        url = f"{reverse('project_detail', args=[project.pk])}#outcome-{row.pk}"
        parts.append(Part("outcome", row.kind.label, url))
    return parts


def need_parts(project: Project, actor: Actor, knows: bool) -> list[Part]:
    if not project.need_id:
        return []
    entry = entries_for(actor).filter(pk=project.need_id).first()
    captured = captured_in(project.need_id, actor).first()
    if entry is None:
        return [Part("need", project.need.title if knows and project.need else "")]
    return [
        *source_parts(entry, captured, actor),
        Part("need", entry.title, reverse("entry_detail", args=[entry.pk])),
    ]


def source_parts(entry: Entry, captured: CapturedEntry | None, actor: Actor) -> list[Part]:
    """Where it was said: the text that somebody captured, or the note of whoever wrote it down."""
    seen = shown(entry, actor)
    if captured is not None:
        url = f"{reverse('capture_text', args=[captured.capture_id])}?line={captured.line}#said"
        return [Part("source", captured.capture.name, url, seen.source_sentence)]
    if seen.source_note or seen.source_sentence:
        return [Part("source", seen.source_note or seen.get_source_display(), "", seen.source_sentence)]
    return []


def match_parts(project: Project, actor: Actor, knows: bool) -> list[Part]:
    if not project.match_id:
        return []
    match = matches_for(actor).filter(pk=project.match_id).first()
    if match is None:
        return [Part("match")]
    parts = [Part("match", str(match.offer), reverse("match_detail", args=[match.pk]))]
    return [*parts, *pairing_parts(match.pairing_id, actor)]


def pairing_parts(pairing_id: int | None, actor: Actor) -> list[Part]:
    pairing = pairings_for(actor).filter(pk=pairing_id).first() if pairing_id else None
    return [Part("pairing", str(pairing), reverse("pairing_detail", args=[pairing.pk]))] if pairing else []


def agreement_parts(project: Project, actor: Actor, knows: bool) -> list[Part]:
    if not project.agreement_id:
        return []
    agreement = agreements_for(actor).filter(pk=project.agreement_id).first()
    if agreement is None:
        return [Part("agreement")]
    parts = [Part("agreement", agreement.title, reverse("agreement_detail", args=[agreement.pk]))]
    # The match tells of the pairing already, where there is one.
    return parts if project.match_id else [*pairing_parts(agreement.pairing_id, actor), *parts]
