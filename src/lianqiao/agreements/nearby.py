"""What agreements have to say on the pages of pairings, matches and organisations."""

from typing import Any

from django.urls import reverse

from lianqiao.agreements.queries import agreements_for
from lianqiao.core.permissions import may
from lianqiao.core.request import Request
from lianqiao.matching.models import Match, Pairing
from lianqiao.registry.models import Organisation

SHOWN = 10


def of_pairing(request: Request, row: Pairing) -> dict[str, Any] | None:
    """The agreements of this pair, and for the office the way to the next."""
    found = list(agreements_for(request.actor).filter(pairing=row)[:SHOWN])
    confirmed = row.state == Pairing.State.CONFIRMED and row.chain_id in request.actor.chains
    draft = ""
    if confirmed and may(request.actor, "agreements.draft_agreement"):
        draft = f"{reverse('agreement_add')}?pairing={row.pk}"
    return {"agreements": found, "draft": draft} if found or draft else None


def of_match(request: Request, row: Match) -> dict[str, Any] | None:
    found = list(agreements_for(request.actor).filter(matches=row)[:SHOWN])
    accepted = row.state == Match.State.ACCEPTED and row.chain_id in request.actor.chains
    draft = ""
    if accepted and may(request.actor, "agreements.draft_agreement"):
        draft = f"{reverse('agreement_from_matches')}?match={row.pk}"
    return {"agreements": found, "draft": draft} if found or draft else None


def of_organisation(request: Request, row: Organisation) -> dict[str, Any] | None:
    found = list(agreements_for(request.actor).filter(parties__organisation=row).distinct()[:SHOWN])
    return {"agreements": found, "draft": ""} if found else None
