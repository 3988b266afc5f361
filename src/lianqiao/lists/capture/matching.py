"""Which organisations of the register a text means."""

from typing import Any

from lianqiao.core.actor import Actor
from lianqiao.lists.imports.names import How, Meant, Register
from lianqiao.registry.models import Organisation
from lianqiao.registry.queries import listed_organisations

# Nearly the same name may be another firm: that is for a person to say.
SURE = 0.999
# These act through the firm or the chain that they belong to, and are in the register elsewhere.
PARTY = ("party_branch", "chain_party")
Kind = Organisation.Kind
# As the engine calls them.
KINDS = {
    Kind.ENTERPRISE: "enterprise",
    Kind.SCHOOL: "school",
    Kind.OFFICE: "office",
    Kind.ASSOCIATION: "association",
}


def known_names(actor: Actor) -> list[tuple[str, str, str]]:
    """(name, id, kind) of every name that the register knows, for the engine."""
    return [
        (name, str(row.pk), KINDS[Kind(row.kind)])
        for row in listed_organisations(actor)
        for name in (row.name, *row.other_names())
        if name.strip()
    ]


def matched(organisations: list[dict[str, Any]], actor: Actor) -> list[dict[str, Any]]:
    """What the text names, each with `how` it is matched, and with whom."""
    register = Register(actor)
    return [one | told(match_of(one, register)) for one in organisations if one["kind"] not in PARTY]


def match_of(one: dict[str, Any], register: Register) -> Meant:
    match = register.match((one["name"], one["of"]))
    if match.how == How.CERTAIN or not one["code"]:
        return match if match.likely or match.organisation else of_its_school(one, register) or match
    known = int(one["code"])
    if one["certainty"] >= SURE:
        return Meant(How.CERTAIN, known)
    return Meant(How.LIKELY, likely=list(dict.fromkeys([known, *match.likely])))


def of_its_school(one: dict[str, Any], register: Register) -> Meant | None:
    """A college that the register does not have can still be said to be its school's."""
    above = register.certain(one["of"]) if one["of"] else None
    return Meant(How.LIKELY, likely=[above.organisation]) if above and above.organisation else None


def told(match: Meant) -> dict[str, Any]:
    return {
        "how": str(match.how),
        "organisation": match.organisation,
        "unit": match.unit,
        "likely": match.likely,
    }
