"""Rows around an agreement, and an agreement at each step of its way."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from lianqiao.agreements.actions.drafting import draft_from_pairing
from lianqiao.agreements.actions.editing import settle_terms
from lianqiao.agreements.actions.moves import send
from lianqiao.agreements.actions.reviewing import agree, approve
from lianqiao.agreements.actions.signing import note_signature
from lianqiao.agreements.models import Agreement, AgreementParty
from lianqiao.agreements.parties import needs_approval
from lianqiao.agreements.queries import last_version, parties_of
from lianqiao.core.actor import Actor, at_the_terminal
from lianqiao.matching.models import Match, Pairing
from lianqiao.registry.models import ChainPartyOrganisation
from tests import factories as make

SYSTEM = at_the_terminal("test")
STARTS, ENDS = date(2026, 12, 1), date(2028, 11, 30)


def party_organisation(chain: Any, name: str = "建筑产业链党委") -> ChainPartyOrganisation:
    return ChainPartyOrganisation.objects.create(chain=chain, name=name)


def pairing(chain: Any, school: Any, unit: Any, enterprise: Any, **fields: Any) -> Pairing:
    now = timezone.now()
    facts = {
        "state": "confirmed", "giver_confirmed_at": now, "enterprise_confirmed_at": now,
        "office_confirmed_at": now, "starts_on": make.today(),
    } | fields  # fmt: skip
    return Pairing.objects.create(chain=chain, giver=school, unit=unit, enterprise=enterprise, **facts)


def match(of: Pairing, scope: str = "", **fields: Any) -> Match:
    need = make.entry(
        "need", of.chain, organisation=of.enterprise, title="急需装配式施工技术", dimensions=["research"]
    )
    offer = make.entry(
        "resource",
        of.chain,
        organisation=of.giver,
        unit=of.unit,
        title="装配式实训中心",
        dimensions=["training"],
    )
    return Match.objects.create(
        chain=of.chain, origin="by_hand", need=need, offer=offer, enterprise=of.enterprise, giver=of.giver,
        unit=of.unit, pairing=of, scope=scope, state="accepted", need_said="accept", offer_said="accept", **fields,
    )  # fmt: skip


def drafted(of: Pairing, kind: str = "party_building", by: Actor = SYSTEM, **terms: Any) -> Agreement:
    facts = {"starts_on": STARTS, "ends_on": ENDS} | terms
    return draft_from_pairing(of, kind, by=by, now=timezone.now(), **facts)


def fill(row: Agreement, by: Actor = SYSTEM, **typed: str) -> Agreement:
    return settle_terms(
        row, by=by, title=row.title, starts_on=row.starts_on, ends_on=row.ends_on, dimensions=row.dimensions,
        typed=typed, people={},
    )  # fmt: skip


def sent(of: Pairing, kind: str = "party_building", by: Actor = SYSTEM, **terms: Any) -> Agreement:
    return send(drafted(of, kind, by, **terms), by=by, now=timezone.now())


def final(of: Pairing, kind: str = "party_building", by: Actor = SYSTEM, **terms: Any) -> Agreement:
    row = sent(of, kind, by, **terms)
    agree_all(row)
    row.refresh_from_db()
    return row


def agree_all(row: Agreement) -> None:
    number = last_version(row).number
    for party in parties_of(row):
        agree(party, by=SYSTEM, now=timezone.now(), version=number)
        if needs_approval(party):
            approve(party, by=SYSTEM, now=timezone.now(), version=number)


def signed(of: Pairing, kind: str = "party_building", by: Actor = SYSTEM, **terms: Any) -> Agreement:
    row = final(of, kind, by, **terms)
    for party in parties_of(row):
        sign(party)
    row.refresh_from_db()
    return row


def sign(party: AgreementParty, signed_on: date | None = None, by: Actor = SYSTEM) -> Agreement:
    day = signed_on or make.today() - timedelta(days=1)
    return note_signature(party, by=by, now=timezone.now(), signed_on=day, signer="张三")
