"""Rows for tests, made plainly: each factory gives a valid row and takes what the test is about."""

from datetime import date, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from lianqiao.accounts.models import Person
from lianqiao.core.actor import Actor, Role
from lianqiao.lists.models import Category, Entry
from lianqiao.matching.actions.rounds import begin_round, run_round
from lianqiao.matching.models import Match, Pairing, Round
from lianqiao.matching.policy import RoundRules
from lianqiao.registry.models import Chain, Membership, Organisation, PartyBranch, Position, Segment, Unit
from lianqiao.registry.queries import actor_in

number = count(1)
PASSWORD = "correct-horse-42"
LONG_AGO = date(2020, 1, 1)
# Roles that stand in an organisation of their own, not in the chain's office.
CONTACTS = {
    Role.ENTERPRISE_CONTACT: "enterprise",
    Role.SCHOOL_COORDINATOR: "school",
    Role.COLLEGE_CONTACT: "school",
}


def today() -> date:
    return timezone.localdate()


def yesterday() -> date:
    return today() - timedelta(days=1)


def organisation(name: str = "", **fields: Any) -> Organisation:
    n = next(number)
    row = Organisation(name=name or f"云川第{n}建设工程有限公司", **fields)
    row.full_clean()
    row.save()
    return row


def office(**fields: Any) -> Organisation:
    return organisation(f"云川第{next(number)}管理处", kind="office", **fields)


def chain(**fields: Any) -> Chain:
    fields.setdefault("name", f"第{next(number)}产业链")
    if "office" not in fields:
        fields["office"] = office()
    return Chain.objects.create(**fields)


def segment(on: Chain, name: str = "", **fields: Any) -> Segment:
    n = next(number)
    return Segment.objects.create(
        chain=on, name=name or f"第{n}环节", code=fields.pop("code", f"s{n}"), **fields
    )


def membership(on: Chain, who: Organisation, *segments: Segment, **fields: Any) -> Membership:
    row = Membership.objects.create(chain=on, organisation=who, **{"starts_on": LONG_AGO} | fields)
    row.segments.set(segments)
    return row


def member(on: Chain, name: str = "", *segments: Segment, **fields: Any) -> Organisation:
    """An organisation with a live membership."""
    row = organisation(name, **fields)
    membership(on, row, *segments)
    return row


def unit(of: Organisation, name: str = "", **fields: Any) -> Unit:
    return Unit.objects.create(organisation=of, name=name or f"第{next(number)}学院", **fields)


def branch(of: Organisation, **fields: Any) -> PartyBranch:
    fields.setdefault("name", f"{of.name}党支部")
    return PartyBranch.objects.create(organisation=of, **fields)


def person(name: str = "", **fields: Any) -> Person:
    n = next(number)
    fields = {"username": f"person{n}", "state": Person.State.ACTIVE} | fields
    row = Person(name=name or f"人员{n}", **fields)
    row.set_password(PASSWORD)
    row.save()
    return row


def position(role: str, on: Chain | None = None, who: Person | None = None, **fields: Any) -> Position:
    """Somebody in a role on a chain; contacts get an organisation that is a member of it."""
    on = on or chain()
    if "organisation" not in fields and role in CONTACTS:
        fields["organisation"] = member(on, kind=CONTACTS[role])
    if role == Role.COLLEGE_CONTACT and "unit" not in fields:
        fields["unit"] = unit(fields["organisation"])
    if role not in CONTACTS and role not in (Role.SYSTEM_ADMIN, Role.AUDITOR):
        fields.setdefault("chain", on)
        fields.setdefault("organisation", on.office)
    return Position.objects.create(person=who or person(), role=role, **{"starts_on": LONG_AGO} | fields)


def actor_of(held: Position) -> Actor:
    return actor_in(held, held.person)


def actor(role: str, on: Chain | None = None, **fields: Any) -> Actor:
    return actor_of(position(role, on, **fields))


def category(on: Chain, kind: str = "need", name: str = "", **fields: Any) -> Category:
    return Category.objects.create(chain=on, kind=kind, name=name or f"第{next(number)}类", **fields)


def entry(kind: str = "need", on: Chain | None = None, **fields: Any) -> Entry:
    """A published entry of a member of the chain; `state` and the rest can be said."""
    n, now = next(number), timezone.now()
    on = on or (fields["organisation"].memberships.first().chain if "organisation" in fields else chain())
    facts = {
        "chain": on,
        "kind": kind,
        "title": f"第{n}条",
        "state": "published",
        "organisation": fields.get("organisation") or member(on),
    } | fields
    if facts["state"] != "draft":
        facts = {"number": n, "submitted_at": now} | facts
    if facts["state"] in ("published", "matching", "fulfilled", "expired"):
        facts = {
            "published_at": now,
            "answered_at": now,
            "fresh_until": today() + timedelta(days=90),
        } | facts
    if facts["state"] == "returned":
        facts = {"returned_reason": "请写明数量", "answered_at": now} | facts
    row = Entry(**facts)
    row.full_clean()
    row.save()
    return row


def held_round(on: Chain | None = None, by: Actor | None = None, **rules: Any) -> Round:
    """A round that was run on the lists of the chain as they are, ready to be published."""
    on = on or chain()
    by = by or actor(Role.OFFICE_ADMIN, on)
    row = begin_round(by=by, chain=on, title=f"第{next(number)}轮", rules=RoundRules(**rules))
    run_round(row, by=by)
    row.refresh_from_db()
    return row


def match(
    need: Entry | None = None, offer: Entry | None = None, on: Chain | None = None, **fields: Any
) -> Match:
    """Both are asked; `state` and what was said can be said."""
    on = on or (need or offer).chain if need or offer else on or chain()
    need, offer = need or entry("need", on), offer or entry("resource", on)
    now = timezone.now()
    facts = {
        "chain": on, "origin": "suggestion", "need": need, "offer": offer, "enterprise": need.organisation,
        "giver": offer.organisation, "unit": offer.unit, "state": "offered", "offered_at": now,
        "answer_by": today() + timedelta(days=14),
    } | fields  # fmt: skip
    if facts["state"] == "accepted":
        facts |= {"need_said": "accept", "offer_said": "accept", "settled_at": now}
    row = Match(**facts)
    row.full_clean()
    row.save()
    return row


def pairing(on: Chain | None = None, **fields: Any) -> Pairing:
    on = on or chain()
    school = fields.pop("giver", None) or member(on, kind="school")
    facts = {
        "chain": on,
        "giver": school,
        "enterprise": fields.pop("enterprise", None) or member(on),
    } | fields
    if facts.get("state") == "confirmed":
        now = timezone.now()
        facts |= {"giver_confirmed_at": now, "enterprise_confirmed_at": now, "office_confirmed_at": now}
        facts.setdefault("starts_on", today())
    row = Pairing(**facts)
    row.full_clean()
    row.save()
    return row
