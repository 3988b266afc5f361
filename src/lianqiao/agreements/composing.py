"""What fills the fields of an agreement, looked up where it stands, so that nothing is typed a second time."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from lianqiao.agreements.fields import OWN, SIDES, Field, field, of_party
from lianqiao.agreements.library import LibraryClause
from lianqiao.agreements.models import Agreement, AgreementParty
from lianqiao.agreements.queries import branch_of
from lianqiao.lists.models import Dimension
from lianqiao.matching.models import Match
from lianqiao.registry.models import Organisation

# untranslated: how a Chinese document counts its parties
COUNTED = {2: "双方", 3: "三方", 4: "四方"}
# untranslated: and how it writes a day, a term and a list
SAID: dict[str, str] = {
    "day": "{0.year}年{0.month}月{0.day}日",
    "from_day": "自{0}起至{1}止", "from_signing": "自签订之日起至{0}止", "pause": "、", "end": "；",
    "item": "（{0}）{1}",
}  # fmt: skip


def filled_fields(
    agreement: Agreement, parties: list[AgreementParty], matches: Iterable[Match], typed: dict[str, str]
) -> dict[str, Field]:
    """All that is known now; what a person typed stays."""
    chain = agreement.chain
    scope = scope_of(matches)
    found = {
        "title": field(agreement.title, "agreement"),
        "number": field(agreement.number, "agreement"),
        "chain": field(chain.name, "chain", chain.pk),
        "office": field(chain.office.name, "organisation", chain.office_id),
        "starts_on": field(written_day(agreement.starts_on), "agreement"),
        "ends_on": field(written_day(agreement.ends_on), "agreement"),
        "term": field(term_of(agreement), "agreement"),
        "dimensions": field(dimensions_of(agreement), "agreement"),
        "scope": field(scope, "match"),
        "copies": field(len(parties) * 2, "counted"),
        "all": field(COUNTED.get(len(parties), ""), "counted"),
    }
    fields = {OWN[name]: value for name, value in found.items()}
    for party in parties:
        fields |= fields_of_party(party)
    return fields | {name: field(text, "typed") for name, text in typed.items() if text}


def fields_of_party(party: AgreementParty) -> dict[str, Field]:
    side, organisation = party.position, party.organisation
    name, origin, pk = name_of(party)
    found = {SIDES[side - 1]: field(name, origin, pk)}
    for what in ("code", "address", "business"):
        text = getattr(organisation, {"code": "credit_code"}.get(what, what)) if organisation else ""
        found[of_party(side, what)] = field(text, "organisation", party.organisation_id)
    branch = branch_of(party)
    found[of_party(side, "branch")] = field(
        branch.name if branch else "", "branch", branch.pk if branch else None
    )
    found[of_party(side, "head")] = field(party.represented_by, "typed")
    found[of_party(side, "liaison")] = field(party.liaison, "typed")
    return found


def name_of(party: AgreementParty) -> tuple[str, str, int | None]:
    """As it stands in a document, in full and in Chinese whoever reads."""
    if party.organisation:
        unit = party.unit.name if party.unit else ""
        return f"{party.organisation.name}{unit}", "organisation", party.organisation_id
    if party.party_organisation:
        return party.party_organisation.name, "party_organisation", party.party_organisation_id
    return party.person_name, "typed", None


def scope_of(matches: Iterable[Match]) -> str:
    """What the two sides settled; where they changed nothing, need and offer by their names."""
    items = [
        match.scope.strip() or f"{match.need.title}{SAID['end']}{match.offer.title}" for match in matches
    ]
    if len(items) == 1:
        return items[0]
    return "\n".join(SAID["item"].format(number, item) for number, item in enumerate(items, start=1))


def dimensions_of(agreement: Agreement) -> str:
    labels = dict(Dimension.choices)
    return SAID["pause"].join(str(labels[name]) for name in agreement.dimensions)


def term_of(agreement: Agreement) -> str:
    if not agreement.ends_on:
        return ""
    last = written_day(agreement.ends_on)
    if not agreement.starts_on:
        return SAID["from_signing"].format(last)
    return SAID["from_day"].format(written_day(agreement.starts_on), last)


def written_day(day: date | None) -> str:
    return SAID["day"].format(day) if day else ""


def position_of(word: str | int, parties: list[AgreementParty]) -> int:
    """Which side a clause means by "enterprise", "school", "party_organisation" or "person"; 0 for all together."""
    if isinstance(word, int):
        return word if 0 <= word <= len(parties) else 0
    kinds = {"enterprise": Organisation.Kind.ENTERPRISE, "school": Organisation.Kind.SCHOOL}
    for party in parties:
        if word in kinds and party.organisation and party.organisation.kind == kinds[word]:
            return party.position
        if word == "party_organisation" and party.party_organisation_id:
            return party.position
        if word == "person" and party.person_name:
            return party.position
    return 0


def as_written(clause: LibraryClause, parties: list[AgreementParty]) -> dict[str, Any]:
    """A clause of the library as it stands in a version."""
    owed = dict(clause.obligation)
    if owed:
        owed["by"] = position_of(owed.get("by", "all"), parties)
    return {"key": clause.key, "title": clause.title, "text": clause.text, "obligation": owed}


def dimensions_in(matches: Iterable[Match]) -> list[str]:
    named = {name for match in matches for entry in (match.need, match.offer) for name in entry.dimensions}
    return [name for name in Dimension.values if name in named]
