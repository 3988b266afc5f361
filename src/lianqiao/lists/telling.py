"""Whom an event of an entry is told."""

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from lianqiao.accounts.models import Person
from lianqiao.core.actor import OFFICE, Actor, Role
from lianqiao.lists.models import Entry
from lianqiao.notices.sending import send
from lianqiao.registry.models import Chain
from lianqiao.registry.queries import position_holders


def tell_office(entry: Entry, template: str) -> None:
    """Whoever has not read the last such notice yet is not told again: the queue shows them all."""
    for person in people_of_office(entry.chain):
        if not person.notices.filter(template=template, read_at=None).exists():
            send(person, template, url=reverse("review_queue"))


def tell_askers(entry: Entry, template: str, *, by: Actor, **facts: Any) -> None:
    """Those who stand for the entry's place, but for whoever does it."""
    url = reverse("entry_detail", args=[entry.pk])
    for person in askers_of(entry).exclude(pk__in=[by.person_id]):
        send(person, template, url=url, title=entry.title, **facts)


def tell_keepers(entry: Entry, template: str, *, by: Actor, **facts: Any) -> None:
    """The same, and the office where nobody stands for that place: else what it noted down would end unnoticed."""
    if askers_of(entry).exists():
        tell_askers(entry, template, by=by, **facts)
        return
    url = reverse("entry_detail", args=[entry.pk])
    for person in people_of_office(entry.chain):
        send(person, template, url=url, title=entry.title, **facts)


def people_of_office(chain: Chain) -> QuerySet[Person]:
    held = Q(role__in=OFFICE) & (Q(chain=chain) | Q(chain=None, organisation=chain.office_id))
    return position_holders(held, timezone.localdate())


def askers_of(entry: Entry) -> QuerySet[Person]:
    """The contacts of the unit where one was named, else of the organisation."""
    contacts = Q(
        role__in=[Role.ENTERPRISE_CONTACT, Role.SCHOOL_COORDINATOR], organisation=entry.organisation_id
    )
    if entry.unit_id:
        contacts = Q(role=Role.COLLEGE_CONTACT, unit=entry.unit_id)
    return position_holders(contacts, timezone.localdate())
