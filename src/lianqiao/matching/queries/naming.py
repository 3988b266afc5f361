"""What the ids of the engine are called, for who may read the round."""

from collections.abc import Callable, Iterator
from typing import Any

from lianqiao.lists.models import Entry
from lianqiao.registry.models import Organisation, Unit


def names_in(facts: Any) -> Callable[[str], str]:
    """A function that names every id that occurs in these facts: "5" an entry, "u5" a unit, "o5" an organisation."""
    keys = set(ids_in(facts))
    entries = Entry.objects.in_bulk([int(key) for key in keys if key.isdigit()])
    units = Unit.objects.select_related("organisation").in_bulk(
        [int(key[1:]) for key in keys if key[0] == "u"]
    )
    organisations = Organisation.objects.in_bulk([int(key[1:]) for key in keys if key[0] == "o"])
    known = {
        **{str(pk): row.label for pk, row in entries.items()},
        **{f"u{pk}": f"{row.organisation.label} {row.label}" for pk, row in units.items()},
        **{f"o{pk}": row.label for pk, row in organisations.items()},
    }
    return lambda key: known.get(key, key)


def ids_in(facts: Any) -> Iterator[str]:
    if isinstance(facts, str):
        if facts.isdigit() or (facts[:1] in ("u", "o") and facts[1:].isdigit()):
            yield facts
    elif isinstance(facts, dict):
        for value in facts.values():
            yield from ids_in(value)
    elif isinstance(facts, list | tuple | set):
        for value in facts:
            yield from ids_in(value)
