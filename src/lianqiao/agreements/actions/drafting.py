"""How an agreement begins: from a pairing, from matches, from the one it renews, or from nothing."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lianqiao.agreements.composing import as_written, dimensions_in, filled_fields
from lianqiao.agreements.defaults import defaults_of
from lianqiao.agreements.library import library
from lianqiao.agreements.models import Agreement, AgreementKind, AgreementParty, AgreementVersion
from lianqiao.agreements.parties import said_by
from lianqiao.agreements.queries import (
    matches_of,
    own_clauses,
    party_organisation_of,
    said_earlier,
    template_in_use,
)
from lianqiao.agreements.text import digest, filled
from lianqiao.core.actor import Actor
from lianqiao.core.refusals import Refused
from lianqiao.core.writing import creation, locked
from lianqiao.matching.models import Match, Pairing
from lianqiao.registry.models import Chain

LONGEST_TITLE = 120
Kind = AgreementKind


class NotConfirmed(Refused):
    code = "not_confirmed"
    sentence = _("“%(pairing)s”还没有确认结对，不能起草协议。")


class NotTogether(Refused):
    code = "not_together"
    sentence = _("一份协议只能写同一条产业链上同样两方已经达成的对接。")


def draft_from_pairing(
    pairing: Pairing, kind: str, *, by: Actor, now: datetime, student: str = "", **terms: Any
) -> Agreement:
    """With what the two sides accepted in their matches. Raises NotConfirmed, NotPermitted, ValidationError."""
    if pairing.state != Pairing.State.CONFIRMED:
        raise NotConfirmed(pairing=pairing)
    parties = [
        AgreementParty(position=1, organisation=pairing.giver, unit=pairing.unit),
        AgreementParty(position=2, organisation=pairing.enterprise),
        *third_party(pairing.chain, kind, student),
    ]
    facts = {"chain": pairing.chain, "kind": kind, "pairing": pairing} | terms
    return draft(parties, matches_of(pairing), by=by, now=now, **facts)


def draft_from_matches(
    matches: Iterable[Match], kind: str, *, by: Actor, now: datetime, student: str = "", **terms: Any
) -> Agreement:
    """Raises NotTogether, NotPermitted, ValidationError."""
    rows = list(matches)
    sides = {(row.chain_id, row.giver_id, row.unit_id, row.enterprise_id) for row in rows}
    if len(sides) != 1 or any(row.state != Match.State.ACCEPTED for row in rows):
        raise NotTogether
    first = rows[0]
    parties = [
        AgreementParty(position=1, organisation=first.giver, unit=first.unit),
        AgreementParty(position=2, organisation=first.enterprise),
        *third_party(first.chain, kind, student),
    ]
    return draft(parties, rows, by=by, now=now, chain=first.chain, kind=kind, pairing=first.pairing, **terms)


def draft(
    parties: list[AgreementParty], matches: list[Match], *, by: Actor, now: datetime, **facts: Any
) -> Agreement:
    """Blank where there are no matches. Raises NotPermitted, ValidationError."""
    row = Agreement(**facts)
    row.dimensions = row.dimensions or dimensions_in(matches)
    row.template = row.template or template_in_use(row.chain_id, row.kind)
    return begin(row, parties, matches, beginning_of(row, parties), {}, by=by, now=now)


def begin(
    row: Agreement,
    parties: list[AgreementParty],
    matches: list[Match],
    clauses: list[dict[str, Any]],
    typed: dict[str, str],
    *,
    by: Actor,
    now: datetime,
    note: str = "",
) -> Agreement:
    if len(parties) < 2:
        raise ValidationError(_("一份协议至少有两方。"))
    remember(parties)
    row.title = row.title or usual_title(row, parties, matches)
    with transaction.atomic(), creation(row, by=by, permission="agreements.draft_agreement") as agreement:
        # Whoever lets one of them fall through waits, and is then refused.
        if any(locked(match).state != Match.State.ACCEPTED for match in sorted(matches, key=lambda m: m.pk)):
            raise NotTogether
        for party in parties:
            party.agreement = agreement
            party.full_clean()
            party.save()
        agreement.matches.set(matches)
        fields = filled_fields(agreement, parties, matches, typed)
        AgreementVersion.objects.create(
            agreement=agreement, number=1, clauses=clauses, fields=fields, sha256=digest(clauses, fields),
            made_at=now, by_label=said_by(by), note=note,
        )  # fmt: skip
    return row


def third_party(chain: Chain, kind: str, student: str) -> list[AgreementParty]:
    if kind == Kind.PARTY_BUILDING and (organisation := party_organisation_of(chain)):
        return [AgreementParty(position=3, party_organisation=organisation)]
    if kind == Kind.INTERNSHIP:
        if not student.strip():
            raise ValidationError({"student": _("实习协议由学生本人签字，请填写学生姓名。")})
        return [AgreementParty(position=3, person_name=student.strip())]
    return []


def remember(parties: list[AgreementParty]) -> None:
    for party in parties:
        if not party.represented_by and (earlier := said_earlier(party)):
            party.represented_by, party.liaison = earlier.represented_by, party.liaison or earlier.liaison


def usual_title(row: Agreement, parties: list[AgreementParty], matches: list[Match]) -> str:
    title = filled(defaults_of(row.kind)["title"], filled_fields(row, parties, matches, {}))
    return title if len(title) <= LONGEST_TITLE else str(row.get_kind_display())


def beginning_of(row: Agreement, parties: list[AgreementParty]) -> list[dict[str, Any]]:
    clauses = library(row.kind, own_clauses(row.chain_id, row.kind))
    return [as_written(clause, parties) for clause in clauses if clause.standard]
