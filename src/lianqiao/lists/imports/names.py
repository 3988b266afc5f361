"""Which organisation of the register a name in a workbook means."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from lianqiao.core.actor import Actor
from lianqiao.core.text import normalise
from lianqiao.lists.models import ImportName
from lianqiao.registry.duplicates import likely_for
from lianqiao.registry.queries import listed_organisations, units_for

# To compare a name with the whole register takes a moment; more unknown names than these nobody would go through.
MOST_COMPARED = 300
Named = tuple[str, str]
How = ImportName.How


@dataclass(frozen=True)
class Meant:
    how: str
    organisation: int | None = None
    unit: int | None = None
    likely: list[int] = field(default_factory=list)


class Register:
    """Every name that means exactly one place of those that this actor sees."""

    def __init__(self, actor: Actor) -> None:
        self.actor, self.compared = actor, 0
        self.places: dict[str, set[tuple[int, int | None]]] = {}
        names: dict[int, str] = {}
        for row in listed_organisations(actor):
            names[row.pk] = row.name
            for name in (row.name, *row.other_names()):
                self.add(name, row.pk, None)
        for unit in units_for(actor):
            self.add(unit.name, unit.organisation_id, unit.pk)
            if school := names.get(unit.organisation_id):
                self.add(f"{school} {unit.name}", unit.organisation_id, unit.pk)

    def add(self, name: str, organisation: int, unit: int | None) -> None:
        self.places.setdefault(normalise(name), set()).add((organisation, unit))

    def match(self, named: Named) -> Meant:
        name, above = named
        if above:
            both = self.certain(f"{above} {name}")
            if both is None and (alone := self.certain(name)) and alone.organisation:
                higher = self.certain(above)
                both = alone if higher is None or higher.organisation == alone.organisation else None
            if both:
                return both
        if found := self.certain(name) if not above else None:
            return found
        return self.guessed(name)

    def certain(self, name: str) -> Meant | None:
        places = self.places.get(normalise(name), set())
        whole = {place for place in places if place[1] is None} or places
        if len(whole) != 1:
            return None
        organisation, unit = next(iter(whole))
        return Meant(How.CERTAIN, organisation, unit)

    def guessed(self, name: str) -> Meant:
        self.compared += 1
        if self.compared > MOST_COMPARED:
            return Meant(How.UNKNOWN)
        likely = [one.organisation.pk for one in likely_for(name, self.actor)]
        return Meant(How.LIKELY, likely=likely) if likely else Meant(How.UNKNOWN)


def matches(counted: "Counter[Named]", chosen: dict[Named, Meant], actor: Actor) -> dict[Named, Meant]:
    register = Register(actor)
    most_first = (named for named, _ in counted.most_common())
    return {named: chosen.get(named) or register.match(named) for named in most_first if named[0]}


def chosen_before(names: Iterable[ImportName]) -> dict[Named, Meant]:
    return {
        (row.name, row.above): Meant(row.how, row.organisation_id, row.unit_id, row.likely)
        for row in names
        if row.how in (How.CHOSEN, How.ADDED)
    }
