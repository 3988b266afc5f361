"""Loads the demo into an empty database, through the same actions that the pages use, in one transaction."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from argon2 import PasswordHasher
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lianqiao.accounts.models import Person
from lianqiao.accounts.queries import accounts_for
from lianqiao.core.actor import OFFICE, Actor, Role
from lianqiao.core.audit import record
from lianqiao.core.refusals import Refused
from lianqiao.core.writing import creation
from lianqiao.lists.models import Entry
from lianqiao.portal.demo.accounts import LOADED, loading_of_demo
from lianqiao.portal.demo.codes import invented_credit_code
from lianqiao.portal.demo.content import PASSWORD, content
from lianqiao.portal.demo.lists import load_lists
from lianqiao.portal.demo.story import load_story
from lianqiao.registry.actions.chains import (
    add_chain,
    add_membership,
    add_segment,
    found_party_organisation,
    join_party_organisation,
    leave_party_organisation,
    link_segments,
)
from lianqiao.registry.actions.organisations import add_organisation
from lianqiao.registry.actions.parts import add_branch, add_unit
from lianqiao.registry.actions.positions import grant_position
from lianqiao.registry.actions.reference import add_local_items
from lianqiao.registry.models import Chain, Edition, Organisation, PartyBranch, Segment, Unit
from lianqiao.registry.queries import chains_for, organisations_for
from lianqiao.registry.tables import Row

SINCE = date(2023, 5, 10)
BRANCH_KINDS = {"party_committee": PartyBranch.Kind.COMMITTEE}
MASS_ORGANISATIONS = {"trade_union": PartyBranch.MassOrganisation.UNION}
# These look at a chain as a whole, so their position names it; the others reach it through their organisation.
OF_THE_CHAIN = OFFICE | {Role.LEADER, Role.LIAISON}


class NotEmpty(Refused):
    code = "not_empty"
    sentence = _(
        "数据库里已有其他内容（%(organisations)s 个单位、%(people)s 个人员），演示数据只能载入空的数据库。"
    )


@dataclass
class Demo:
    """What was loaded so far, by the keys that the files use."""

    by: Actor
    today: date
    organisations: dict[str, Organisation] = field(default_factory=dict)
    units: dict[tuple[str, str], Unit] = field(default_factory=dict)
    segments: dict[str, Segment] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    entries: dict[str, Entry] = field(default_factory=dict)
    chain: Chain | None = None

    def day(self, days: int | None) -> date | None:
        return None if days is None else self.today + timedelta(days=days)


def load_demo(*, by: Actor, today: date) -> None:
    """Raises NotEmpty."""
    with transaction.atomic():
        people, organisations = accounts_for(by).count(), organisations_for(by).count()
        if people or organisations or chains_for(by).exists():
            raise NotEmpty(people=people, organisations=organisations)
        demo = Demo(by, today)
        load_regions(demo)
        load_organisations(demo)
        chain = load_chain(demo)
        load_memberships(demo)
        load_people(demo)
        load_branches(demo)
        load_positions(demo)
        load_lists(demo, chain)
        load_story(demo, chain)
        record(
            by,
            LOADED,
            demo.chain,
            after={"organisations": len(demo.organisations), "people": len(demo.people)},
        )


def is_loaded() -> bool:
    return loading_of_demo() is not None


def load_regions(demo: Demo) -> None:
    rows = [Row(r["code"], r["name"], r["parent"], r["level"]) for r in content("chain")["regions"]]
    add_local_items(Edition.Kind.REGION, rows, valid_from=SINCE, by=demo.by)


def load_organisations(demo: Demo) -> None:
    names = ("name", "name_en", "kind", "classification", "size", "industries", "region", "business")
    for facts in content("organisations")["organisations"]:
        key = facts["key"]
        has_code = facts["invented"] and not facts.get("without_credit_code")
        demo.organisations[key] = add_organisation(
            by=demo.by,
            credit_code=invented_credit_code(facts["kind"], key) if has_code else None,
            short_names=facts["short_names"],
            former_names=facts["former_names"],
            **{name: facts[name] for name in names},
        )
        kind = Unit.Kind.COLLEGE if facts["kind"] == "school" else Unit.Kind.DEPARTMENT
        for unit in facts.get("units", []):
            demo.units[key, unit["key"]] = add_unit(
                organisation=demo.organisations[key],
                name=unit["name"],
                name_en=unit["name_en"],
                kind=kind,
                majors=unit["majors"],
                by=demo.by,
            )


def load_chain(demo: Demo) -> Chain:
    facts = content("chain")
    chain = facts["chain"]
    names = ("name", "name_en", "region", "description")
    office = demo.organisations[chain["office"]]
    demo.chain = add_chain(office_id=office.pk, by=demo.by, **{name: chain[name] for name in names})
    for segment in facts["segments"]:
        demo.segments[segment["code"]] = add_segment(chain=demo.chain, by=demo.by, **segment)
    for link in facts["links"]:
        link_segments(demo.segments[link["upstream"]], demo.segments[link["downstream"]], by=demo.by)
    party = chain["party_organisation"]
    party_organisation = found_party_organisation(
        chain=demo.chain, name=party["name"], name_en=party["name_en"], by=demo.by
    )
    for joining in party["accessions"]:
        organisation = demo.organisations[joining["organisation"]]
        joined = join_party_organisation(
            party_organisation, organisation, joined_on=joining["from"], by=demo.by
        )
        if "to" in joining:
            leave_party_organisation(joined, left_on=joining["to"], by=demo.by)
    return demo.chain


def load_memberships(demo: Demo) -> None:
    for facts in content("organisations")["organisations"]:
        for membership in facts["memberships"]:
            add_membership(
                chain=demo.chain,
                organisation=demo.organisations[facts["key"]],
                segments=[demo.segments[code] for code in membership["segments"]],
                starts_on=membership["from"],
                ends_on=membership.get("to"),
                by=demo.by,
            )


def load_people(demo: Demo) -> None:
    password = hashed(PASSWORD)
    for facts in content("people")["people"]:
        person = Person(username=facts["username"], name=facts["name"], phone=facts["phone"])
        person.state, person.password = Person.State.ACTIVE, password
        validate_password(PASSWORD, person)
        with creation(person, by=demo.by, permission="accounts.invite_person") as added:
            demo.people[added.username] = added


def hashed(password: str) -> str:
    """One hash for all: twenty would take a second, and the password is printed at the start anyway."""
    return "argon2" + PasswordHasher().hash(password, salt=b"lianqiao-demo-salt")


def load_branches(demo: Demo) -> None:
    for facts in content("organisations")["organisations"]:
        if "branch" in facts:
            organisation = demo.organisations[facts["key"]]
            add_branch(organisation=organisation, by=demo.by, **branch_fields(demo, facts["branch"]))


def branch_fields(demo: Demo, facts: dict[str, Any]) -> dict[str, Any]:
    kind = BRANCH_KINDS.get(facts["kind"], facts["kind"])
    name = facts.get("name", "")
    return {
        "kind": kind,
        "name": name,
        "joint_name": name if kind == PartyBranch.Kind.JOINT_BRANCH else "",
        "number": facts.get("registration_number", ""),
        "superior": facts.get("affiliation", ""),
        "secretary": facts.get("secretary", ""),
        "members_here": facts.get("members_full"),
        "probationary": facts.get("members_probationary"),
        "developing": facts.get("development_targets"),
        "activists": facts.get("activists"),
        "applicants": facts.get("applicants"),
        "mass_organisations": [MASS_ORGANISATIONS.get(n, n) for n in facts.get("mass_organisations", [])],
        "why_none": facts.get("none_reason", ""),
        "planned_on": demo.day(facts.get("planned_days")),
        "instructor": demo.people[facts["liaison"]] if "liaison" in facts else None,
    }


def load_positions(demo: Demo) -> None:
    for facts in content("people")["people"]:
        for position in facts["positions"]:
            role, key = Role(position["role"]), position["organisation"]
            grant_position(
                person=demo.people[facts["username"]],
                role=role,
                organisation=demo.organisations[key],
                unit=demo.units[key, position["unit"]] if "unit" in position else None,
                chain=demo.chain if role in OF_THE_CHAIN else None,
                starts_on=demo.day(position["from_days"]),
                ends_on=demo.day(position.get("to_days")),
                by=demo.by,
            )
