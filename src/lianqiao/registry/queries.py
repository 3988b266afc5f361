"""What of the registry exists for a person. Pages, API, exports, search and counts all start here."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import override

from lianqiao.accounts.models import Person
from lianqiao.core.actor import COMMAND, OFFICE, Actor, Role
from lianqiao.core.bulk import batched
from lianqiao.core.text import normalise
from lianqiao.registry.models import (
    Accession,
    Chain,
    ChainPartyOrganisation,
    Edition,
    Membership,
    Merge,
    Organisation,
    PartyBranch,
    Position,
    ReferenceItem,
    Segment,
    SegmentLink,
    Unit,
)

SEES_ALL = (Role.AUDITOR, COMMAND)
AT_ONCE = 500
# These look at the chain as a whole; the others see its live members.
OVERSEES = OFFICE | {Role.LEADER, Role.LIAISON}


def positions_held(person: Person, today: date) -> list[Position]:
    rows = held_on(Position.objects.filter(person=person), today)
    return list(rows.select_related("organisation", "unit", "chain").order_by("id"))


def held_on(rows: QuerySet[Position], day: date) -> QuerySet[Position]:
    return rows.filter(starts_on__lte=day).filter(Q(ends_on=None) | Q(ends_on__gte=day))


def still_acts(actor: Actor, today: date) -> bool:
    """Is the position that an actor was made from still held, by a person who may still log in?"""
    if actor.role == COMMAND:
        return True
    held = Position.objects.filter(pk__in=[actor.position_id], person__state=Person.State.ACTIVE)
    return held_on(held, today).exists()


def actor_in(position: Position, person: Person, **request: Any) -> Actor:
    with override(settings.LANGUAGE_CODE):
        label = str(position)
    return Actor(
        role=position.role,
        person_id=person.pk,
        name=person.name,
        position_id=position.pk,
        position_label=label,
        organisation_id=position.organisation_id,
        unit_id=position.unit_id,
        chains=frozenset(chains_of(position)),
        person=person,
        **request,
    )


def chains_of(position: Position) -> list[int]:
    """The chains a position reaches: its own, else those its role implies."""
    if position.role == Role.SYSTEM_ADMIN:
        return []
    if position.chain_id:
        return [position.chain_id]
    chains = Chain.objects.values_list("pk", flat=True)
    if position.role in (Role.AUDITOR, Role.LEADER):
        return list(chains)
    if position.role in OFFICE:
        return list(chains.filter(office=position.organisation_id))
    today = timezone.localdate()
    return list(
        chains.filter(
            Q(pk__in=live_memberships(today).filter(organisation=position.organisation_id).values("chain"))
            | Q(
                pk__in=live_accessions(today)
                .filter(organisation=position.organisation_id)
                .values("party_organisation__chain")
            )
        )
    )


def live_memberships(today: date) -> QuerySet[Membership]:
    return Membership.objects.filter(starts_on__lte=today).filter(Q(ends_on=None) | Q(ends_on__gte=today))


def live_accessions(today: date) -> QuerySet[Accession]:
    return Accession.objects.filter(joined_on__lte=today).filter(Q(left_on=None) | Q(left_on__gte=today))


def chains_for(actor: Actor) -> QuerySet[Chain]:
    chains = Chain.objects.select_related("office")
    return chains if actor.role in SEES_ALL else chains.filter(pk__in=actor.chains)


def segments_for(actor: Actor) -> QuerySet[Segment]:
    return Segment.objects.filter(chain__in=chains_for(actor)).select_related("chain")


def segment_links_for(actor: Actor) -> QuerySet[SegmentLink]:
    return SegmentLink.objects.filter(upstream__chain__in=chains_for(actor))


def organisations_for(actor: Actor) -> QuerySet[Organisation]:
    everything = Organisation.objects.select_related("merged_into").prefetch_related("names")
    if actor.role in SEES_ALL:
        return everything
    if actor.role == Role.SYSTEM_ADMIN:
        # Accounts need the offices they belong to; nothing else of the content.
        return everything.filter(kind=Organisation.Kind.OFFICE)
    if actor.role in OVERSEES:
        on_chain = Membership.objects.filter(chain__in=actor.chains)
        joined = Accession.objects.filter(party_organisation__chain__in=actor.chains)
    else:
        today = timezone.localdate()
        on_chain = live_memberships(today).filter(chain__in=actor.chains)
        joined = live_accessions(today).filter(party_organisation__chain__in=actor.chains)
    reached = (
        Q(pk__in=on_chain.values("organisation"))
        | Q(pk__in=joined.values("organisation"))
        | Q(pk__in=Chain.objects.filter(pk__in=actor.chains).values("office"))
    )
    if actor.organisation_id:
        reached |= Q(pk=actor.organisation_id)
        if actor.role in OFFICE:
            reached |= Q(registered_by=actor.organisation_id)
            # A merged organisation is reached through the one that was kept.
            reached |= Q(merged_into__registered_by=actor.organisation_id)
    if actor.role in OVERSEES:
        reached |= Q(merged_into__in=on_chain.values("organisation"))
    return everything.filter(reached)


def listed_organisations(actor: Actor) -> QuerySet[Organisation]:
    """Those a list shows: without what was merged away."""
    return organisations_for(actor).exclude(state=Organisation.State.MERGED)


def with_segments(rows: QuerySet[Organisation], actor: Actor) -> QuerySet[Organisation]:
    """Fetch along what the actor sees of live memberships and their segments: two more queries, however many rows."""
    live = memberships_for(actor).filter(pk__in=live_memberships(timezone.localdate()))
    return rows.prefetch_related(Prefetch("memberships", queryset=live, to_attr="live"))


def units_for(actor: Actor) -> QuerySet[Unit]:
    return Unit.objects.filter(organisation__in=organisations_for(actor)).select_related("organisation")


def memberships_for(actor: Actor) -> QuerySet[Membership]:
    rows = Membership.objects.select_related("chain", "organisation", "unit").prefetch_related("segments")
    if actor.role in SEES_ALL:
        return rows
    rows = rows.filter(chain__in=actor.chains)
    if actor.role in OVERSEES:
        return rows
    return rows.filter(
        Q(pk__in=live_memberships(timezone.localdate())) | Q(organisation=actor.organisation_id)
    )


def branches_for(actor: Actor) -> QuerySet[PartyBranch]:
    """Party records: those who oversee the chain see its members', an organisation sees its own."""
    rows = PartyBranch.objects.select_related("organisation", "unit", "instructor")
    if actor.role in SEES_ALL:
        return rows
    if actor.role in OVERSEES:
        return rows.filter(organisation__in=organisations_for(actor))
    if actor.role in (Role.ENTERPRISE_CONTACT, Role.SCHOOL_COORDINATOR):
        return rows.filter(organisation=actor.organisation_id)
    if actor.role == Role.COLLEGE_CONTACT:
        return rows.filter(organisation=actor.organisation_id, unit=actor.unit_id)
    return rows.none()


def party_organisations_for(actor: Actor) -> QuerySet[ChainPartyOrganisation]:
    return ChainPartyOrganisation.objects.filter(chain__in=chains_for(actor)).select_related("chain")


def accessions_for(actor: Actor) -> QuerySet[Accession]:
    rows = Accession.objects.select_related("organisation", "party_organisation__chain")
    rows = rows.filter(party_organisation__in=party_organisations_for(actor))
    if actor.role in OVERSEES or actor.role in SEES_ALL:
        return rows
    return rows.filter(Q(left_on=None) | Q(organisation=actor.organisation_id))


def whole_positions() -> QuerySet[Position]:
    """With all that a page shows of them, for ids that were found among those of a person."""
    return Position.objects.select_related("person", "organisation", "unit", "chain")


def positions_for(actor: Actor) -> QuerySet[Position]:
    rows = whole_positions()
    if actor.role in (*SEES_ALL, Role.SYSTEM_ADMIN):
        return rows
    if actor.role in OFFICE:
        return rows.filter(Q(chain__in=actor.chains) | Q(organisation__in=organisations_for(actor)))
    if actor.role == Role.SCHOOL_COORDINATOR:
        return rows.filter(organisation=actor.organisation_id)
    return rows.filter(person=actor.person_id)


def positions_ending(actor: Actor, first: date, last: date, most: int) -> list[Position]:
    """The soonest, out of those that end within these days: a few by the day, of which the actor's are then looked for,
    and not everybody's on the chains first."""
    ending = Position.objects.filter(ends_on__range=(first, last)).order_by("ends_on", "pk")
    found: list[Position] = []
    for some in batched(ending.values_list("pk", flat=True), AT_ONCE):
        found += positions_for(actor).filter(pk__in=some).order_by("ends_on", "pk")[: most - len(found)]
        if len(found) == most:
            break
    return found


def people_for(actor: Actor) -> QuerySet[Person]:
    """Persons met through positions; system administrators see every account."""
    people = Person.objects.order_by("name", "id")
    if actor.role in (*SEES_ALL, Role.SYSTEM_ADMIN):
        return people
    return people.filter(Q(pk__in=positions_for(actor).values("person")) | Q(pk=actor.person_id))


def administrators(today: date) -> QuerySet[Person]:
    """Who looks after the installation: for what it has to tell them by itself."""
    return position_holders(Q(role=Role.SYSTEM_ADMIN), today)


def position_holders(held: Q, today: date) -> QuerySet[Person]:
    """Who holds such a position today and can log in: for what the product has to tell them by itself."""
    rows = held_on(Position.objects.filter(held), today)
    return Person.objects.filter(pk__in=rows.values("person"), state=Person.State.ACTIVE)


def instructors_for(actor: Actor) -> QuerySet[Person]:
    """Whoever is a liaison today on the chains that one oversees; nobody's list for the organisations themselves."""
    if actor.role not in OVERSEES and actor.role not in SEES_ALL:
        return Person.objects.none()
    liaisons = held_on(Position.objects.filter(role=Role.LIAISON), timezone.localdate())
    liaisons = liaisons.filter(chain__in=chains_for(actor))
    return Person.objects.filter(pk__in=liaisons.values("person")).order_by("name")


def merges_for(actor: Actor) -> QuerySet[Merge]:
    seen = organisations_for(actor)
    return Merge.objects.filter(kept__in=seen, gone__in=seen).select_related("gone", "kept")


def editions_for(actor: Actor) -> QuerySet[Edition]:
    """National tables are nobody's secret: whoever may ask sees all of them."""
    return Edition.objects.all() if actor.is_signed_in or actor.role == COMMAND else Edition.objects.none()


def reference_for(actor: Actor, kind: str) -> QuerySet[ReferenceItem]:
    known = actor.is_signed_in or actor.role == COMMAND
    return ReferenceItem.objects.filter(kind=kind) if known else ReferenceItem.objects.none()


def containing(rows: QuerySet, text: str, field: str = "search_text") -> QuerySet:
    """Rows whose names, pinyin, initials or codes contain every word of what was typed."""
    for word in filter(None, map(normalise, text.split())):
        rows = rows.filter(**{f"{field}__contains": word})
    return rows


def names_of(kind: str, codes: list[str]) -> dict[str, str]:
    """Names of reference codes; a code that is not known is missing from the answer."""
    return dict(ReferenceItem.objects.filter(kind=kind, code__in=codes).values_list("code", "name"))


def workday_end(actor: Actor) -> date | None:
    """The last day the working calendar knows of; a deadline after it would be a guess."""
    last = (
        reference_for(actor, Edition.Kind.WORKDAYS).order_by("-code").values_list("code", flat=True).first()
    )
    return date.fromisoformat(last) if last else None
