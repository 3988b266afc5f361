"""Rows from match to result, made plainly and at the dates that a test is about."""

from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from lianqiao.agreements.models import Agreement, AgreementParty, Obligation, ObligationDate
from lianqiao.insight.catalogue import BY_CODE
from lianqiao.insight.period import period_of
from lianqiao.insight.queries.asked import Asked
from lianqiao.insight.scope import Scope
from lianqiao.insight.values import Measured
from lianqiao.matching.models import Match, Pairing, Round, RoundNeed
from lianqiao.projects.models import Outcome, OutcomeKind, Project
from tests import factories as make

number = count(1)
# A Thursday, with the whole quarter's weeks around it.
TODAY = date(2026, 11, 26)
QUARTER = period_of("quarter", TODAY)


def at(day: date, hour: int = 10) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def asked(chain: Any, period: Any = QUARTER, today: date = TODAY, **scope: Any) -> Asked:
    return Asked(Scope(chain.pk, **scope), period, today)


def measured(code: str, chain: Any, period: Any = QUARTER, today: date = TODAY, **scope: Any) -> Measured:
    return BY_CODE[code].measured(asked(chain, period, today, **scope))


def need(chain: Any, day: date = TODAY, **fields: Any) -> Any:
    """Submitted and published on that day."""
    times = {"submitted_at": at(day, 9)}
    if fields.get("state", "published") not in ("draft", "submitted"):
        times |= {"published_at": at(day), "answered_at": at(day)}
    return make.entry("need", chain, **times | fields)


def offer(chain: Any, day: date = TODAY, **fields: Any) -> Any:
    return make.entry("resource", chain, **{"submitted_at": at(day), "published_at": at(day)} | fields)


def match(of: Any, given: Any, day: date = TODAY, **fields: Any) -> Match:
    facts = {
        "state": "accepted", "need_said": "accept", "offer_said": "accept", "offered_at": at(day), "settled_at": at(day),
        "origin": "by_hand", "enterprise": of.organisation, "giver": given.organisation, "unit": given.unit,
    } | fields  # fmt: skip
    return Match.objects.create(chain=of.chain, need=of, offer=given, **facts)


def pairing(chain: Any, school: Any, unit: Any, enterprise: Any, day: date = TODAY, **fields: Any) -> Pairing:
    facts = {
        "state": "confirmed", "giver_confirmed_at": at(day), "enterprise_confirmed_at": at(day),
        "office_confirmed_at": at(day), "starts_on": day,
    } | fields  # fmt: skip
    return Pairing.objects.create(chain=chain, giver=school, unit=unit, enterprise=enterprise, **facts)


def agreement(chain: Any, *parties: Any, day: date = TODAY, **fields: Any) -> Agreement:
    """Parties are organisations, units, or the chain's Party organisation."""
    facts = {
        "kind": "school_enterprise", "title": "校企共建协议", "state": "signed", "signed_on": day, "starts_on": day,
        "ends_on": day + timedelta(days=730), "number": f"协〔2026〕{next(number)} 号",
    } | fields  # fmt: skip
    matches = facts.pop("matches", [])
    row = Agreement.objects.create(chain=chain, **facts)
    row.matches.set(matches)
    for position, party in enumerate(parties, start=1):
        named = {
            "Organisation": lambda one: {"organisation": one},
            "Unit": lambda one: {"organisation": one.organisation, "unit": one},
            "ChainPartyOrganisation": lambda one: {"party_organisation": one},
        }[type(party).__name__](party)
        AgreementParty.objects.create(agreement=row, position=position, **named)
    return row


def due(of: Agreement, day: date, state: str = "due", **fields: Any) -> ObligationDate:
    obligation = Obligation.objects.create(agreement=of, what="开展一次联合活动")
    fields = {"done_on": day} | fields if state == "done" else fields
    return ObligationDate.objects.create(obligation=obligation, due_on=day, state=state, **fields)


def project(chain: Any, sponsor: Any, holder: Any = None, day: date = TODAY, **fields: Any) -> Project:
    """Claimed on that day, where it has a holder."""
    facts = {
        "number": next(number), "title": f"第{next(number)}个项目", "state": "working" if holder else "open",
        "published_at": at(day), "claimed_at": at(day) if holder else None, "holder": holder, "sponsor": sponsor,
    } | fields  # fmt: skip
    return Project.objects.create(chain=chain, **facts)


def outcome_kind(chain: Any, name: str = "培训人数", unit: str = "人", **fields: Any) -> OutcomeKind:
    return OutcomeKind.objects.create(chain=chain, name=name, unit=unit, **fields)


def outcome(of: Project, kind: OutcomeKind, amount: float, day: date = TODAY, **fields: Any) -> Outcome:
    facts = {"state": "confirmed", "sponsor_confirmed_at": at(day), "holder_confirmed_at": at(day)} | fields
    return Outcome.objects.create(project=of, kind=kind, amount=amount, achieved_on=day, **facts)


def held(chain: Any, day: date = TODAY, **fields: Any) -> Round:
    facts = {"state": "published", "published_at": at(day), "title": "一轮", "number": next(number)} | fields
    return Round.objects.create(chain=chain, **facts)


def left(of: Round, need: Any, why: str = "") -> RoundNeed:
    return RoundNeed.objects.create(round=of, need=need, why=why)
