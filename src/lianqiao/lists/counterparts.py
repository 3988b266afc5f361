"""Who could be the one, and why: what both say, and what both have in common, as values; templates make the sentences.

Every reason comes from fields that the reader may read of both.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from lianqiao.core.actor import Actor
from lianqiao.lists.coach import counterparts_of, record_of
from lianqiao.lists.engine import Reason as Said
from lianqiao.lists.engine import why
from lianqiao.lists.models import Dimension, Entry, Kind
from lianqiao.lists.shown import Shown, shown
from lianqiao.registry.models import Edition
from lianqiao.registry.queries import names_of

MOST_PHRASES = 3
LEAST = 0.05  # of the score: what adds less explains nothing
SHORTEST = 2  # one character says too little to a reader
CODES = {
    "industries": Edition.Kind.INDUSTRY,
    "majors": Edition.Kind.MAJOR,
    "occupations": Edition.Kind.OCCUPATION,
}


@dataclass(frozen=True)
class Reason:
    """`code` names the sentence; `mine` is what this entry says, `theirs` what the counterpart says or has."""

    code: str
    mine: tuple[Any, ...] = ()
    theirs: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Counterpart:
    entry: Entry
    score: float
    reasons: tuple[Reason, ...]


def counterparts_with_reasons(entry: Entry, actor: Actor) -> list[Counterpart] | None:
    """None while they are being prepared."""
    found = counterparts_of(entry, actor)
    if found is None:
        return None
    key = ("counterparts", entry.kind, entry.chain_id)
    said = why(key, record_of(entry), [str(near.entry.pk) for near in found]) if found else {}
    mine, today = shown(entry, actor), timezone.localdate()
    pairs = [(near, shown(near.entry, actor)) for near in found]
    names = names_in_common(mine, [theirs for _near, theirs in pairs])
    return [
        Counterpart(
            near.entry,
            near.score,
            (
                *said_by_both(said.get(str(near.entry.pk), ())),
                *had_by_both(mine, theirs, names),
                *fitting(mine, theirs, today),
            ),
        )
        for near, theirs in pairs
    ]


def said_by_both(said: tuple[Said, ...]) -> Iterator[Reason]:
    """Of what the score is made of what a reader recognises in both texts; a shared figure is mostly chance."""
    least = LEAST * sum(each.amount for each in said)
    telling = [each for each in said if each.amount >= least]
    words = [each.about for each in telling if each.kind == "words" and is_phrase(each.about)]
    if words:
        yield Reason("words", tuple(words[:MOST_PHRASES]))
    for each in [each for each in telling if each.kind == "officially"][:1]:
        yield Reason("officially", each.in_need, each.in_offer)
    trades = [each for each in telling if each.kind == "trade" and each.in_need and each.in_offer]
    for each in trades[:1]:
        if each.in_need != each.in_offer:
            yield Reason("trade", each.in_need[:MOST_PHRASES], each.in_offer[:MOST_PHRASES])


def is_phrase(words: str) -> bool:
    return len(words) >= SHORTEST and not any(sign.isdigit() for sign in words)


def names_in_common(mine: Shown, others: list[Shown]) -> dict[str, dict[str, str]]:
    """Names of the codes that this entry shares with any of the others."""
    names = {}
    for name, kind in CODES.items():
        theirs = {code for other in others for code in getattr(other, name)}
        shared = [code for code in getattr(mine, name) if code in theirs]
        names[name] = names_of(kind, shared) if shared else {}
    return names


def had_by_both(mine: Shown, theirs: Shown, names: dict[str, dict[str, str]]) -> Iterator[Reason]:
    for name in CODES:
        shared = [code for code in getattr(mine, name) if code in getattr(theirs, name)]
        if shared:
            yield Reason(name, tuple(names[name].get(code, code) for code in shared[:MOST_PHRASES]))
    if mine.segment_id and mine.segment_id == theirs.segment_id:
        yield Reason("segment", (mine.segment.label,))
    if shared := [Dimension(name).label for name in mine.dimensions if name in theirs.dimensions]:
        yield Reason("dimensions", tuple(shared))
    if mine.organisation and theirs.organisation:
        region = mine.organisation.region
        if region and region == theirs.organisation.region:
            yield Reason("district")
    if theirs.reach == Entry.Reach.ANYWHERE:
        yield Reason("anywhere")


def fitting(mine: Shown, theirs: Shown, today: date) -> Iterator[Reason]:
    """How much the other side has or wants, and whether it is there in time."""
    need, offer = (mine, theirs) if mine.kind == Kind.NEED else (theirs, mine)
    if mine.kind == Kind.NEED:
        weeks = [count for week, count in (theirs.calendar or {}).items() if week >= week_of(today) and count]
        if weeks:
            yield Reason("weeks", theirs=(len(weeks), sum(weeks)))
        elif theirs.capacity:
            yield Reason("capacity", theirs=(theirs.capacity,))
    else:
        if theirs.partners_wanted:
            yield Reason("partners_wanted", theirs=(theirs.partners_wanted,))
        if theirs.people:
            yield Reason("people", theirs=(theirs.people,))
    said_when = offer.starts_on or offer.ends_on
    if need.due_on and said_when and is_there(offer, max(today, offer.starts_on or today), need.due_on):
        yield Reason("in_time", theirs=(need.due_on,))


def is_there(offer: Shown, first: date, last: date) -> bool:
    return first <= last and (offer.ends_on is None or offer.ends_on >= first)


def week_of(day: date) -> str:
    year, week, _weekday = day.isocalendar()
    return f"{year}-W{week:02}"
