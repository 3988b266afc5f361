"""What of a need and an offer does not meet, as data; the sentences are made in `matching.sentences`."""

import re
from typing import Any

from lianqiao.lists.models import Entry
from lianqiao.lists.terms import Audience, audience_of

# untranslated: what a number of people is followed by
OF_PEOPLE = "(?:多|余)?(?:人|名|座|个?工位|个?学位|个?名额)"
# How many digits of a region's code must be the same.
NEAR = {Entry.Reach.DISTRICT: 6, Entry.Reach.CITY: 4, Entry.Reach.PROVINCE: 2}


def differences_of(need: Entry, offer: Entry) -> list[dict[str, Any]]:
    """Only what both sides may read is told."""
    found: list[dict[str, Any]] = []
    have = offer.capacity
    if (
        need.people
        and have is not None
        and need.people > have
        and counts_people(offer)
        and open_both(need, "people", offer, "capacity")
    ):
        found.append({"code": "capacity", "need": need.people, "offer": have})
    if need.due_on and offer.ends_on and offer.ends_on < need.due_on:
        found.append({"code": "ends", "need": need.due_on.isoformat(), "offer": offer.ends_on.isoformat()})
    if need.due_on and offer.starts_on and offer.starts_on > need.due_on:
        found.append(
            {"code": "starts", "need": need.due_on.isoformat(), "offer": offer.starts_on.isoformat()}
        )
    if is_too_far(need, offer):
        found.append({"code": "reach", "offer": offer.reach})
    if (
        need.money
        and offer.money is not None
        and offer.money < need.money
        and open_both(need, "money", offer, "money")
    ):
        found.append({"code": "money", "need": f"{need.money:.2f}", "offer": f"{offer.money:.2f}"})
    return found


def counts_people(offer: Entry) -> bool:
    """Whether its capacity is one of people: a plain number may as well count times, and then nothing differs."""
    words = f"{offer.title} {offer.description} {offer.conditions}"
    return bool(re.search(rf"(?<!\d){offer.capacity}\s*{OF_PEOPLE}", words))


def open_both(need: Entry, asked: str, offer: Entry, given: str) -> bool:
    said = ((need, asked), (offer, given))
    return all(audience_of(entry, field) != Audience.OFFICE for entry, field in said)


def is_too_far(need: Entry, offer: Entry) -> bool:
    digits = NEAR.get(Entry.Reach(offer.reach)) if offer.reach else None
    regions = [entry.organisation.region for entry in (need, offer) if entry.organisation]
    if not digits or len(regions) < 2 or not all(regions):
        return False
    return regions[0][:digits] != regions[1][:digits]
