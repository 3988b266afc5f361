"""Whom an event of an agreement is told."""

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from lianqiao.accounts.models import Person
from lianqiao.agreements.models import Agreement, AgreementParty
from lianqiao.agreements.queries import parties_of
from lianqiao.core.actor import OFFICE, Actor, Role
from lianqiao.notices.sending import send
from lianqiao.registry.queries import position_holders


def tell_parties(
    agreement: Agreement,
    template: str,
    *,
    by: Actor,
    parties: list[AgreementParty] | None = None,
    **facts: Any,
) -> None:
    """Those who stand for the parties, but for whoever does it."""
    held = Q()
    for party in parties_of(agreement) if parties is None else parties:
        held |= contacts_of(party, agreement)
    if held:
        tell(position_holders(held, timezone.localdate()), agreement, template, by=by, **facts)


def tell_office(agreement: Agreement, template: str, *, by: Actor, **facts: Any) -> None:
    tell(position_holders(office_of(agreement), timezone.localdate()), agreement, template, by=by, **facts)


def tell(people: QuerySet[Person], agreement: Agreement, template: str, *, by: Actor, **facts: Any) -> None:
    url = reverse("agreement_detail", args=[agreement.pk])
    for person in people.exclude(pk__in=[by.person_id]).distinct():
        send(person, template, url=url, title=agreement.title, **facts)


def contacts_of(party: AgreementParty, agreement: Agreement) -> Q:
    """A college's agreement is told to its school too, which approves it."""
    if party.organisation_id is None:
        return office_of(agreement)
    held = Q(role__in=[Role.ENTERPRISE_CONTACT, Role.SCHOOL_COORDINATOR], organisation=party.organisation_id)
    if party.unit_id:
        held |= Q(role=Role.COLLEGE_CONTACT, unit=party.unit_id)
    return held


def office_of(agreement: Agreement) -> Q:
    chain = agreement.chain
    return Q(role__in=OFFICE) & (Q(chain=chain) | Q(chain=None, organisation=chain.office_id))
