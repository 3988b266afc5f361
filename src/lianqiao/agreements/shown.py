"""A version as one reader sees it: the one place that hides the names of people, for pages, files and API alike."""

from typing import Any

from lianqiao.agreements.fields import ORIGINS, OWN, PERSONAL, SIDES, Field, field, shown_fields, value
from lianqiao.agreements.library import asks_of
from lianqiao.agreements.models import Agreement, AgreementVersion
from lianqiao.agreements.queries import ONLOOKERS
from lianqiao.agreements.text import Reading, names_in, read
from lianqiao.core.actor import Actor

# untranslated: names of fields that hold a person
PEOPLE = frozenset({"导师", "学员"})


def fields_for(version: AgreementVersion, actor: Actor) -> dict[str, Field]:
    # The number comes when the text is sealed already, and is none of it.
    fields = version.fields | {OWN["number"]: field(version.agreement.number, "agreement")}
    if actor.role not in ONLOOKERS:
        return fields
    people = {side for side in SIDES if version.fields.get(side, {}).get("origin") == "typed"}
    return shown_fields(fields, PERSONAL | PEOPLE | people)


def reading_for(version: AgreementVersion, actor: Actor) -> Reading:
    return read(version.clauses, fields_for(version, actor))


def sees_files(actor: Actor) -> bool:
    """A file holds every name in it."""
    return actor.role not in ONLOOKERS


def fields_with_origin(agreement: Agreement, version: AgreementVersion, actor: Actor) -> list[dict[str, Any]]:
    """What stands in the text, in its order, then what this kind asks for and stands nowhere yet."""
    fields = fields_for(version, actor)
    names = names_in(version.clauses)
    parties = [name for name in fields if name.startswith(SIDES)]
    wanted = dict.fromkeys([*parties, *names, *asks_of(agreement.kind)])
    return [
        {
            "name": name,
            "value": value(fields, name),
            "origin": ORIGINS[fields.get(name, {}).get("origin", "")],
            "organisation": organisation_in(fields.get(name, {})),
        }
        for name in wanted
        if value(fields, name) or name in names
    ]


def organisation_in(shown: Field) -> int | None:
    return shown.get("id") if shown.get("origin") == "organisation" else None
