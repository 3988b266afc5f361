"""What a new edition of a reference table would change."""

from dataclasses import dataclass, field

from lianqiao.core.actor import at_the_terminal
from lianqiao.registry.models import Edition, ReferenceItem
from lianqiao.registry.queries import reference_for
from lianqiao.registry.tables import Row

Kind = Edition.Kind
# An edition is compared with the whole table, whoever loads it.
EVERYTHING = at_the_terminal("import-reference")


@dataclass(frozen=True)
class Change:
    """One code whose name or place becomes another."""

    item: ReferenceItem
    row: Row

    @property
    def is_renamed(self) -> bool:
        return self.item.name != self.row.name


@dataclass(frozen=True)
class Difference:
    added: list[Row] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    ended: list[ReferenceItem] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.ended)


def difference(kind: str, rows: list[Row]) -> Difference:
    """What loading these rows would do. Codes that an office added itself (`local`) never end by it."""
    known = {item.code: item for item in reference_for(EVERYTHING, kind)}
    wanted = {row.code: named_as_known(row, known) for row in rows}
    years = {code[:4] for code in wanted} if kind == Kind.WORKDAYS else set()
    ended = [
        item
        for code, item in known.items()
        if code not in wanted and item.valid_to is None and not item.facts.get("local")
        # A calendar is published year by year: a file says nothing of the years that it does not hold.
        and (not years or code[:4] in years)
    ]  # fmt: skip
    changed = [
        Change(known[code], row)
        for code, row in wanted.items()
        if code in known and differs(known[code], row)
    ]
    return Difference([row for code, row in wanted.items() if code not in known], changed, ended)


def named_as_known(row: Row, known: dict[str, ReferenceItem]) -> Row:
    """Some published tables give only the codes of the groups above; we keep the names we know."""
    if row.name or row.facts:
        return row
    name = known[row.code].name if row.code in known else row.code
    return Row(row.code, name, row.parent, row.level, row.facts)


def differs(item: ReferenceItem, row: Row) -> bool:
    now = (item.name, item.parent, item.level, {**item.facts, "local": None}, item.valid_to)
    return now != (row.name, row.parent, row.level, {**row.facts, "local": None}, None)
