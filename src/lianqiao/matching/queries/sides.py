"""Who stands for the sides of matches."""

from collections import defaultdict
from collections.abc import Collection, Iterator

from django.utils import timezone

from lianqiao.accounts.models import Person
from lianqiao.core.actor import Role
from lianqiao.registry.models import Position
from lianqiao.registry.queries import held_on

Place = tuple[int, int | None]  # an organisation, or one of its units


def contacts_of(places: Collection[Place]) -> Iterator[tuple[Place, Person]]:
    """Each person once for each place: of a unit its own contacts and those of the school as a whole."""
    units: defaultdict[int, list[Place]] = defaultdict(list)
    for place in places:
        units[place[0]].append(place)
    rows = Position.objects.filter(organisation__in=list(units), person__state=Person.State.ACTIVE)
    held = held_on(rows, timezone.localdate())
    told = set()
    for position in held.select_related("person").order_by("pk"):
        for place in places_of(position, units[position.organisation_id or 0]):
            if (place, position.person_id) not in told:
                told.add((place, position.person_id))
                yield place, position.person


def places_of(position: Position, places: Collection[Place]) -> Iterator[Place]:
    if position.role in (Role.ENTERPRISE_CONTACT, Role.SCHOOL_COORDINATOR):
        yield from places
    elif position.role == Role.COLLEGE_CONTACT:
        yield from (place for place in places if place[1] == position.unit_id)
