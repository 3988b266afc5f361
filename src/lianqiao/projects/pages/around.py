"""What projects have to say on the pages of entries, matches, agreements and organisations."""

from typing import Any

from lianqiao.agreements.models import Agreement
from lianqiao.core.actor import COMMAND, OFFICE
from lianqiao.core.request import Request
from lianqiao.lists.models import Entry
from lianqiao.matching.models import Match
from lianqiao.projects.queries import (
    SIDES,
    agreements_to_draft,
    matches_to_draft,
    projects_about,
    projects_of,
)
from lianqiao.registry.models import Organisation

TEMPLATE = "projects/around.html"
SHOWN = 20


def of_entry(request: Request, entry: Entry) -> dict[str, Any] | None:
    rows = list(projects_about(request.actor, need=entry)[:SHOWN])
    return {"projects": rows} if rows else None


def of_match(request: Request, match: Match) -> dict[str, Any] | None:
    rows = list(projects_about(request.actor, match=match)[:SHOWN])
    may_begin = (
        match.state == Match.State.ACCEPTED
        and takes_part(request)
        and matches_to_draft(request.actor).filter(pk=match.pk).exists()
    )
    return {"projects": rows, "match": match if may_begin else None} if rows or may_begin else None


def of_agreement(request: Request, agreement: Agreement) -> dict[str, Any] | None:
    rows = list(projects_about(request.actor, agreement=agreement)[:SHOWN])
    may_begin = (
        agreement.state == Agreement.State.SIGNED
        and takes_part(request)
        and agreements_to_draft(request.actor).filter(pk=agreement.pk).exists()
    )
    return {"projects": rows, "agreement": agreement if may_begin else None} if rows or may_begin else None


def of_organisation(request: Request, organisation: Organisation) -> dict[str, Any] | None:
    rows = list(projects_of(request.actor, organisation)[:SHOWN])
    return {"projects": rows} if rows else None


def takes_part(request: Request) -> bool:
    return request.actor.role in OFFICE or request.actor.role in (*SIDES, COMMAND)


AROUND = [
    ("entry_detail", of_entry),
    ("match_detail", of_match),
    ("agreement_detail", of_agreement),
    ("organisation_detail", of_organisation),
]
