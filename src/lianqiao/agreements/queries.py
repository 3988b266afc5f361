"""What of the agreements exists for a person. Pages, API, exports, search and counts all start here."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from lianqiao.agreements.models import (
    Agreement,
    AgreementParty,
    AgreementTemplate,
    AgreementVersion,
    Clause,
    Numbering,
    Obligation,
    ObligationDate,
    Remark,
    Scan,
    Signature,
)
from lianqiao.agreements.parties import approves_for, speaks_for
from lianqiao.core.actor import COMMAND, OFFICE, Actor, Role
from lianqiao.core.text import normalise
from lianqiao.matching.models import Match, Pairing
from lianqiao.registry.models import Chain, ChainPartyOrganisation, PartyBranch

State = Agreement.State
SEES_ALL = (Role.AUDITOR, COMMAND)
SIDES = (Role.ENTERPRISE_CONTACT, Role.SCHOOL_COORDINATOR, Role.COLLEGE_CONTACT)
# Who looks at what was agreed, and not at how it came about.
ONLOOKERS = (Role.LEADER, Role.LIAISON)
OPEN = (State.DRAFT, State.REVIEW, State.FINAL)
AGREED = (State.FINAL, State.SIGNED, State.EXPIRED, State.ENDED)
IN_FORCE = (State.SIGNED,)
Dates = ObligationDate.State
REMIND_BEFORE = timedelta(days=14)


def agreements_for(actor: Actor) -> QuerySet[Agreement]:
    rows = Agreement.objects.select_related("chain", "pairing", "template", "renews")
    if actor.role in SEES_ALL:
        return rows
    here = rows.filter(chain__in=actor.chains)
    if actor.role in OFFICE:
        return here
    if actor.role in ONLOOKERS:
        return here.filter(state__in=AGREED)
    if actor.role in SIDES and actor.organisation_id:
        # What nobody has sent to them yet is the office's own paper.
        sealed = AgreementVersion.objects.filter(agreement=OuterRef("pk"), sealed_at__isnull=False)
        own = AgreementParty.objects.filter(own_parties(actor), agreement=OuterRef("pk"))
        return rows.filter(Exists(own), Exists(sealed))
    return rows.none()


def own_parties(actor: Actor) -> Q:
    """The parties that the actor's own place is: a school's coordinator stands for its colleges too."""
    if actor.role == Role.COLLEGE_CONTACT:
        return Q(organisation=actor.organisation_id, unit=actor.unit_id)
    return Q(organisation=actor.organisation_id)


def listed_agreements(actor: Actor) -> QuerySet[Agreement]:
    """With all that a line of the register shows, however many lines: the parties, the fulfilment."""
    rows = agreements_for(actor).prefetch_related(
        "parties__organisation", "parties__unit", "parties__party_organisation"
    )
    counted = Count("obligations__dates", filter=~Q(obligations__dates__state=Dates.WAIVED), distinct=True)
    done = Count("obligations__dates", filter=Q(obligations__dates__state=Dates.DONE), distinct=True)
    # Grouping forgets the order of the model.
    return rows.annotate(times_owed=counted, times_done=done).order_by("-pk")


def naming(rows: QuerySet[Agreement], word: str) -> QuerySet[Agreement]:
    """Those whose name, number or parties contain the word."""
    named = Q(organisation__search_text__contains=normalise(word)) | Q(unit__name__icontains=word)
    parties = AgreementParty.objects.filter(named, agreement=OuterRef("pk"))
    return rows.filter(Q(title__icontains=word) | Q(number__icontains=word) | Exists(parties))


def parties_of(agreement: Agreement) -> list[AgreementParty]:
    rows = AgreementParty.objects.filter(agreement=agreement)
    return list(rows.select_related("organisation", "unit", "party_organisation__chain"))


def versions_for(actor: Actor) -> QuerySet[AgreementVersion]:
    """The office sees what it is writing; the others what was sent to them; who looks on, what came out of it."""
    rows = AgreementVersion.objects.filter(agreement__in=agreements_for(actor)).select_related("agreement")
    if sees_drafts(actor):
        return rows
    sent = rows.exclude(sealed_at=None)
    if actor.role not in ONLOOKERS:
        return sent
    later = AgreementVersion.objects.filter(agreement=OuterRef("agreement"), number__gt=OuterRef("number"))
    return sent.filter(~Exists(later))


def sees_drafts(actor: Actor) -> bool:
    return actor.role in OFFICE or actor.role in SEES_ALL


def newest_version(agreement: Agreement, actor: Actor) -> AgreementVersion | None:
    return versions_for(actor).filter(agreement=agreement).first()


def last_version(agreement: Agreement) -> AgreementVersion:
    """For actions, which have asked already who acts."""
    return AgreementVersion.objects.filter(agreement=agreement).latest("number")


def remarks_for(actor: Actor) -> QuerySet[Remark]:
    """What the parties say to each other; who only looks on is not told."""
    rows = Remark.objects.select_related(
        "revision__agreement", "party__organisation", "party__unit", "party__party_organisation"
    )
    if actor.role in ONLOOKERS:
        return rows.none()
    return rows.filter(revision__in=versions_for(actor))


def signatures_for(actor: Actor) -> QuerySet[Signature]:
    rows = Signature.objects.filter(revision__in=versions_for(actor))
    if actor.role in ONLOOKERS:
        rows = rows.filter(voided_at=None)
    return rows.select_related(
        "revision__agreement", "party__organisation", "party__unit", "party__party_organisation"
    )


def scans_for(actor: Actor) -> QuerySet[Scan]:
    if actor.role in ONLOOKERS:
        return Scan.objects.none()
    return Scan.objects.filter(revision__in=versions_for(actor)).select_related("revision__agreement")


def live_signatures(version: AgreementVersion) -> QuerySet[Signature]:
    return Signature.objects.filter(revision=version, voided_at=None)


def obligations_for(actor: Actor) -> QuerySet[Obligation]:
    rows = Obligation.objects.filter(agreement__in=agreements_for(actor))
    return rows.select_related(
        "owed_by__organisation", "owed_by__unit", "owed_by__party_organisation"
    ).prefetch_related("dates")


def obligation_dates_for(actor: Actor) -> QuerySet[ObligationDate]:
    return ObligationDate.objects.filter(obligation__agreement__in=agreements_for(actor)).select_related(
        "obligation__agreement__chain", "obligation__owed_by", "done_by"
    )


def owed_by(actor: Actor) -> QuerySet[ObligationDate]:
    """What the actor's own place has to do still: what it owes alone, and what all parties owe together."""
    rows = obligation_dates_for(actor).filter(
        state__in=[Dates.DUE, Dates.DISPUTED], obligation__agreement__state=State.SIGNED
    )
    if actor.role in OFFICE:
        mine = AgreementParty.objects.filter(party_organisation__chain__in=actor.chains)
    else:
        mine = AgreementParty.objects.filter(own_parties(actor))
    together = Q(obligation__owed_by=None, obligation__agreement__parties__in=mine)
    return rows.filter(Q(obligation__owed_by__in=mine) | together).distinct().order_by("due_on", "pk")


def fulfilment(agreement: Agreement, today: date) -> tuple[int, int, int]:
    """(done, due until today or done before, all that was promised); what was waived counts nowhere."""
    rows = ObligationDate.objects.filter(obligation__agreement=agreement).exclude(state=Dates.WAIVED)
    done = Q(state=Dates.DONE)
    found = rows.aggregate(
        done=Count("pk", filter=done), due=Count("pk", filter=done | Q(due_on__lte=today)), every=Count("pk")
    )
    return found["done"], found["due"], found["every"]


MOST_WAITING = 100


def agreements_waiting(actor: Actor) -> list[tuple[Agreement, str]]:
    """What this place has to do next, as (agreement, code), the oldest first."""
    found = []
    rows = agreements_for(actor).filter(state__in=[State.REVIEW, State.FINAL]).order_by("pk")[:MOST_WAITING]
    sealed = {
        row.agreement_id: row
        for row in AgreementVersion.objects.filter(agreement__in=[r.pk for r in rows]).order_by("number")
    }
    signed = set(
        Signature.objects.filter(revision__in=[v.pk for v in sealed.values()], voided_at=None).values_list(
            "party", flat=True
        )
    )
    parties = AgreementParty.objects.filter(agreement__in=[r.pk for r in rows]).select_related("organisation")
    for agreement in rows:
        for party in (p for p in parties if p.agreement_id == agreement.pk):
            if code := waiting_code(actor, agreement, party, sealed[agreement.pk].number, signed):
                found.append((agreement, code))
                break
    return found


def waiting_code(
    actor: Actor, agreement: Agreement, party: AgreementParty, version: int, signed: set[int]
) -> str:
    if agreement.state == State.FINAL:
        may_note = actor.role in OFFICE or speaks_for(actor, party, agreement.chain_id)
        return "agreement_to_sign" if may_note and party.pk not in signed else ""
    if speaks_for(actor, party, agreement.chain_id) and party.agreed_version != version:
        # A coordinator looks at what the college has agreed to.
        return "agreement_to_answer" if actor.role != Role.SCHOOL_COORDINATOR or not party.unit_id else ""
    waits = (
        approves_for(actor, party) and party.agreed_version == version and party.approved_version != version
    )
    return "agreement_to_approve" if waits else ""


# What drafts are made of.


def templates_for(actor: Actor) -> QuerySet[AgreementTemplate]:
    rows = AgreementTemplate.objects.select_related("chain")
    if actor.role in SEES_ALL:
        return rows
    return rows.filter(chain__in=actor.chains) if actor.role in OFFICE else rows.none()


def template_in_use(chain_id: int, kind: str) -> AgreementTemplate | None:
    rows = AgreementTemplate.objects.filter(chain=chain_id, kind=kind, state=AgreementTemplate.State.ACTIVE)
    return rows.order_by("-pk").first()


def clauses_for(actor: Actor) -> QuerySet[Clause]:
    rows = Clause.objects.select_related("chain")
    if actor.role in SEES_ALL:
        return rows
    return rows.filter(chain__in=actor.chains) if actor.role in OFFICE else rows.none()


def own_clauses(chain_id: int, kind: str) -> list[Clause]:
    return list(Clause.objects.filter(chain=chain_id, kind=kind))


def numbering_of(chain_id: int) -> Numbering | None:
    return Numbering.objects.filter(chain=chain_id).first()


def numberings_for(actor: Actor) -> QuerySet[Numbering]:
    return Numbering.objects.filter(chain__in=actor.chains)


def next_serial(chain_id: int, year: int) -> int:
    """For whoever holds the chain's lock."""
    found = Agreement.objects.filter(chain=chain_id, year=year).aggregate(last=Max("serial"))["last"]
    return (found or 0) + 1


def pairings_to_draft(actor: Actor) -> QuerySet[Pairing]:
    """Confirmed ones of the chains whose office this is."""
    rows = Pairing.objects.filter(state=Pairing.State.CONFIRMED).select_related(
        "chain", "giver", "unit", "enterprise"
    )
    if actor.role == COMMAND:
        return rows
    return rows.filter(chain__in=actor.chains) if actor.role in OFFICE else rows.none()


def matches_to_draft(actor: Actor) -> QuerySet[Match]:
    rows = Match.objects.filter(state=Match.State.ACCEPTED).select_related(
        "chain", "need", "offer", "enterprise", "giver", "unit"
    )
    if actor.role == COMMAND:
        return rows
    return rows.filter(chain__in=actor.chains) if actor.role in OFFICE else rows.none()


def born_of(match: Match) -> Agreement | None:
    """For `matching.actions.falling`."""
    return Agreement.objects.filter(matches=match).exclude(state=State.ABANDONED).first()


def matches_of(pairing: Pairing) -> list[Match]:
    """What the two sides accepted: by the pairing where the match names it, else by who they are."""
    same = Q(enterprise=pairing.enterprise_id, giver=pairing.giver_id, unit=pairing.unit_id)
    rows = Match.objects.filter(chain=pairing.chain_id, state=Match.State.ACCEPTED)
    return list(rows.filter(Q(pairing=pairing) | same).select_related("need", "offer").order_by("pk"))


def party_organisation_of(chain: Chain) -> ChainPartyOrganisation | None:
    return ChainPartyOrganisation.objects.filter(chain=chain).first()


def branch_of(party: AgreementParty) -> PartyBranch | None:
    rows = PartyBranch.objects.filter(organisation=party.organisation_id).exclude(kind=PartyBranch.Kind.NONE)
    return rows.filter(unit=party.unit_id).first() if party.organisation_id else None


def said_earlier(party: AgreementParty) -> AgreementParty | None:
    """The same place in its newest other agreement: who represented it there."""
    if not party.organisation_id and not party.party_organisation_id:
        return None
    rows = AgreementParty.objects.filter(
        organisation=party.organisation_id, unit=party.unit_id, party_organisation=party.party_organisation_id
    ).exclude(represented_by="")
    return rows.exclude(pk=party.pk).order_by("-pk").first()


# For the clock.


def agreements_over(today: date) -> QuerySet[Agreement]:
    return Agreement.objects.filter(state=State.SIGNED, ends_on__lt=today).order_by("pk")


def agreements_ending(today: date, days: int) -> QuerySet[Agreement]:
    """That end within so many days, and whose parties were not told so yet."""
    rows = Agreement.objects.filter(state=State.SIGNED, ends_on__range=(today, today + timedelta(days=days)))
    return rows.filter(Q(warned_days=None) | Q(warned_days__gt=days)).select_related("chain").order_by("pk")


def dates_to_remind(today: date) -> QuerySet[ObligationDate]:
    rows = ObligationDate.objects.filter(
        state=Dates.DUE, reminded_at=None, due_on__lte=today + REMIND_BEFORE,
        obligation__agreement__state=State.SIGNED,
    )  # fmt: skip
    return rows.select_related("obligation__agreement__chain", "obligation__owed_by").order_by("due_on", "pk")


def dates_of(agreement: Agreement, states: Iterable[Any]) -> QuerySet[ObligationDate]:
    return ObligationDate.objects.filter(obligation__agreement=agreement, state__in=list(states))


def obligations_of(agreement: Agreement) -> list[Obligation]:
    rows = Obligation.objects.filter(agreement=agreement)
    return list(rows.select_related("owed_by").prefetch_related("dates"))
