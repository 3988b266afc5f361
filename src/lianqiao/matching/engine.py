"""Matching's door to the engine: entries and rules in, plans, reasons and verdicts out, as plain values."""

import hashlib
import zlib
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from functools import cache
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import Any

import lianqiao_engine
from lianqiao.core.text import normalise
from lianqiao.lists.models import Entry, Kind
from lianqiao.lists.terms import Audience, audience_of
from lianqiao.matching.policy import Floor, Level, RoundRules, WishKind
from lianqiao.matching.queries.rounds import Around, giver_key, industries_of, majors_of
from lianqiao_engine.assign import Progress as Solving
from lianqiao_engine.rounds import Need, Offer, Period, Record, Result, Rules, hold
from lianqiao_engine.rounds.adjusting import Adjusted, Basis, adjust, asked_why, change_between
from lianqiao_engine.rounds.lists import suits_of
from lianqiao_engine.rounds.stored import Stored, round_as_json, round_from_json
from lianqiao_engine.rounds.verify import verify
from lianqiao_engine.score import Weights
from lianqiao_engine.values import UNLIMITED

__all__ = ["UNLIMITED", "Adjusted", "Around", "Basis", "Need", "Offer", "Result", "Stored"]

TIMES = {Level.NONE: 0.0, Level.USUAL: 1.0, Level.STRONG: 3.0}
SLIGHT, MOST_REASONS = 0.04, 8  # of the score; what is less than that is told as the rest
QUICK = 1500  # needs up to which a preview is solved as the round will be
CENTRAL = 4  # digits of a region's code that name the city
Pair = tuple[int, int]


@cache
def engine_version() -> str:
    """The release and what its code and tables hold: two installations with the same give the same plan."""
    root = Path(lianqiao_engine.__file__).parent
    digest = hashlib.sha256()
    for file in sorted(root.rglob("*")):
        if file.suffix in (".py", ".tsv", ".txt"):
            digest.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes())
    return f"{version('lianqiao')}+{digest.hexdigest()[:12]}"


# What goes in.


def need_of(entry: Entry, around: Around | None = None, rules: RoundRules | None = None) -> Need:
    around, rules = around or Around(), rules or RoundRules()
    facets = facets_of(entry, around.called) | {
        "suits": suits_of(entry.category.name) if entry.category else ()
    }
    asked = wishes_about(entry, rules)
    wants = entry.partners_wanted or rules.wants
    return Need(
        Record(str(entry.pk), {"enterprise": place_of(entry), **texts_of(entry)}, facets),
        f"o{entry.organisation_id}",
        wants=max(wants - around.live[entry.pk], 0),
        period=Period(None, entry.due_on),
        must=names(around.must, entry) | asked[WishKind.MUST],
        never=names(around.never, entry) | ids(around.dismissed, entry) | asked[WishKind.NEVER],
        met=ids(around.met, entry),
        earlier=around.earlier.get(entry.organisation_id or 0, {}),
    )


def offer_of(
    entry: Entry, around: Around | None = None, rules: RoundRules | None = None, *, today: date
) -> Offer:
    around, rules = around or Around(), rules or RoundRules()
    texts: dict[str, str | tuple[str, ...]] = {**texts_of(entry), "unit": place_of(entry)}
    if majors := tuple(around.called[code] for code in majors_of(entry) if code in around.called):
        texts["majors"] = majors
    suits = (entry.category.name,) if entry.category else ()
    return Offer(
        Record(str(entry.pk), texts, facets_of(entry, around.called) | {"suits": suits}),
        unit=giver_key(entry.organisation_id, entry.unit_id),
        organisation=f"o{entry.organisation_id}",
        capacity=max(capacity_of(entry, rules, today) - around.live[entry.pk], 0),
        unit_owed=1 if entry.kind == Kind.RESOURCE else 0,
        period=period_of(entry),
        must=names(around.must, entry),
        never=names(around.never, entry) | ids(around.dismissed, entry),
    )


def names(said: Mapping[int, Collection[int]], entry: Entry) -> frozenset[str]:
    return frozenset(f"o{pk}" for pk in said.get(entry.pk, ()))


def ids(said: Mapping[int, Collection[int]], entry: Entry) -> frozenset[str]:
    return frozenset(map(str, said.get(entry.pk, ())))


def place_of(entry: Entry) -> str:
    return " ".join(row.name for row in (entry.organisation, entry.unit) if row)


def texts_of(entry: Entry) -> dict[str, str]:
    """What everybody of the chain may read: reasons quote it to the other side."""
    texts = {"name": entry.title}
    said = [
        getattr(entry, field)
        for field in ("description", "cooperation")
        if getattr(entry, field) and audience_of(entry, field) != Audience.OFFICE
    ]
    if said:
        texts["content"] = "\n".join(said)
    if entry.segment:
        texts["segment"] = entry.segment.name
    if entry.kind == Kind.NEED and entry.organisation and entry.organisation.business:
        texts["business"] = entry.organisation.business
    return texts


def facets_of(entry: Entry, called: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """By name, as reasons tell them; `called` knows what codes are called."""
    organisation = entry.organisation
    industries = dict.fromkeys(called.get(code, code) for code in industries_of(entry))
    found = {
        "segment": (normalise(entry.segment.name),) if entry.segment else (),
        "district": (called.get(organisation.region, organisation.region),)
        if organisation and organisation.region
        else (),
        "industry": tuple(industries),
    }
    return {name: values for name, values in found.items() if values}


def wishes_about(entry: Entry, rules: RoundRules) -> dict[str, frozenset[str]]:
    """What the office decided about this need, or about all needs of its enterprise."""
    found: dict[str, set[str]] = {kind: set() for kind in WishKind.values}
    for wish in rules.wishes:
        if wish.need == entry.pk or (wish.enterprise and wish.enterprise == entry.organisation_id):
            found[wish.kind].add(f"u{wish.unit}" if wish.unit else f"o{wish.organisation}")
    return {kind: frozenset(said) for kind, said in found.items()}


def capacity_of(entry: Entry, rules: RoundRules, today: date) -> int:
    """How often it can be had from today on: by its weeks where it has any, else as it says, else as the rules say.

    A service is for all who ask, unless it says how often.
    """
    usual = UNLIMITED if entry.kind == Kind.SERVICE else rules.capacity
    said = usual if entry.capacity is None else entry.capacity
    if not entry.calendar:
        return said
    left = sum(count for week, count in entry.calendar.items() if monday(week) + timedelta(days=6) >= today)
    return left if entry.capacity is None else min(left, said)


def period_of(entry: Entry) -> Period:
    weeks = sorted(monday(week) for week, count in entry.calendar.items() if count)
    first = entry.starts_on or (weeks[0] if weeks else None)
    last = entry.ends_on or (weeks[-1] + timedelta(days=6) if weeks else None)
    return Period(None if first and last and first > last else first, last)


def monday(week: str) -> date:
    year, number = int(week[:4]), int(week[6:])
    # A year has 52 or 53 weeks; a week 53 that its year has not is the first of the next.
    return date.fromisocalendar(year, 1, 1) + timedelta(weeks=number - 1)


def weights_of(said: Mapping[str, Any] | None, rules: RoundRules) -> Weights:
    """Those in force on the chain, with what the round says of place and continuity."""
    weights = Weights(**said) if said else Weights()
    facets = dict(weights.facets)
    for name, level in (("district", rules.district), ("earlier", rules.continuity)):
        facets[name] = facets.get(name, 0.0) * TIMES[Level(level)]
    return replace(weights, facets=facets)


def rules_of(rules: RoundRules, said: Mapping[str, Any] | None = None, small: Iterable[int] = ()) -> Rules:
    """`said` are the weights in force, `small` the micro and small enterprises."""
    floors = {f"o{pk}": 1 for pk in sorted(small)} if rules.floor == Floor.SMALL else {}
    return Rules(
        objective="fair" if rules.objective == "fair" else "best",
        seed=rules.seed,
        weights=weights_of(said, rules),
        wants=rules.wants,
        capacity=rules.capacity,
        unit_capacity=dict(rules.unit_capacity),
        units_owed=rules.units_owed,
        floor=1 if rules.floor == Floor.ALL else 0,
        floors=floors,
        rest_after=rules.rest_after,
    )


@dataclass(frozen=True)
class Inputs:
    needs: tuple[Need, ...]
    offers: tuple[Offer, ...]
    rules: Rules
    titles: Mapping[str, str]


def inputs_of(
    needs: Iterable[Entry],
    offers: Iterable[Entry],
    around: Around,
    rules: RoundRules,
    engine_rules: Rules,
    *,
    today: date,
) -> Inputs:
    """A need that has all the partners it wants, and an offer that is promised as often as it can be, stay out."""
    asked = [(entry, need_of(entry, around, rules)) for entry in needs]
    given = [(entry, offer_of(entry, around, rules, today=today)) for entry in offers]
    asked = [(entry, need) for entry, need in asked if need.wants]
    given = [(entry, offer) for entry, offer in given if offer.capacity]
    return Inputs(
        tuple(need for _, need in asked),
        tuple(offer for _, offer in given),
        engine_rules,
        {str(entry.pk): entry.title for entry, _ in (*asked, *given)},
    )


# What comes out.


def hold_round(
    inputs: Inputs,
    ranked: Callable[[int, int], None] | None = None,
    progress: Callable[[Solving], None] | None = None,
) -> Stored:
    """Raises ValueError where a side is empty."""
    result = hold(inputs.needs, inputs.offers, inputs.rules, ranked=ranked, progress=progress)
    return Stored(inputs.needs, inputs.offers, inputs.rules, result, inputs.titles)


def quickly(inputs: Inputs) -> Inputs:
    """For a preview of long lists: within one per cent of the best, by prices."""
    if len(inputs.needs) <= QUICK:
        return inputs
    return replace(inputs, rules=replace(inputs.rules, objective="fast"))


def reasons_of(reasons: Iterable[Any], score: float) -> list[dict[str, Any]]:
    """The weighty ones, each with what it adds; what is left out is the rest of the score."""
    worth = [asdict(reason) for reason in reasons if reason.amount >= SLIGHT * score]
    return worth[:MOST_REASONS]


def packed(stored: Stored) -> tuple[bytes, str]:
    """The record of a round, compressed, and the fingerprint of what was compressed."""
    content = round_as_json(stored)
    return zlib.compress(content, 6), hashlib.sha256(content).hexdigest()


class BadRecord(Exception):
    """What was kept is not what was written."""


def unpacked(content: bytes, sha256: str) -> Stored:
    """Raises BadRecord."""
    try:
        plain = zlib.decompress(content)
    except zlib.error as error:
        raise BadRecord from error
    if hashlib.sha256(plain).hexdigest() != sha256:
        raise BadRecord
    return round_from_json(plain)


BASES: OrderedDict[str, Basis] = OrderedDict()
LOCK = Lock()
MOST_BASES = 3


def basis_of(content: bytes, sha256: str) -> Basis:
    """A round with its candidates found again, for questions about it; the last few are kept. Raises BadRecord."""
    with LOCK:
        if sha256 in BASES:
            BASES.move_to_end(sha256)
            return BASES[sha256]
    basis = Basis.of(unpacked(content, sha256))
    with LOCK:
        BASES[sha256] = basis
        while len(BASES) > MOST_BASES:
            BASES.popitem(last=False)
    return basis


def as_pairs(pairs: Iterable[Pair]) -> list[tuple[str, str]]:
    return [(str(need), str(offer)) for need, offer in pairs]


def adjusted(
    basis: Basis, pairs: Iterable[Pair], need: int, taken: int | None, given: int | None
) -> Adjusted:
    """The plan `pairs` after one change by hand, and what it does. Raises KeyError for who takes no part."""
    return adjust(
        basis, as_pairs(pairs), str(need), *(one if one is None else str(one) for one in (taken, given))
    )


def recounted(basis: Basis, before: Iterable[Pair], after: Iterable[Pair]) -> Adjusted:
    """What lies between two plans of the same round."""
    return change_between(basis, as_pairs(before), as_pairs(after))


def why_not(basis: Basis, pairs: Iterable[Pair], need: int, offer: int) -> dict[str, Any]:
    """Raises KeyError for who takes no part."""
    return asdict(asked_why(basis, as_pairs(pairs), str(need), str(offer)))


@dataclass(frozen=True)
class Check:
    """A round held again from its record. `same`: the very same bytes came out."""

    same: bool
    faults: tuple[dict[str, Any], ...]
    gap: float | None
    version: str
    differs: Mapping[str, Any]


def replayed(content: bytes, sha256: str, progress: Callable[[Solving], None] | None = None) -> Check:
    """Raises BadRecord."""
    stored = unpacked(content, sha256)
    verdict = verify(stored)
    again = replace(stored, result=hold(stored.needs, stored.offers, stored.rules, progress=progress))
    same = hashlib.sha256(round_as_json(again)).hexdigest() == sha256
    faults = tuple(asdict(fault) for fault in verdict.faults)
    differs = {} if same else difference(stored.result, again.result)
    return Check(same, faults, verdict.gap, engine_version(), differs)


def difference(one: Result, other: Result) -> dict[str, Any]:
    pairs = [{(match.need, match.offer) for match in result.matches} for result in (one, other)]
    return {
        "sum": [one.sum, other.sum],
        "bound": [one.bound, other.bound],
        "gone": len(pairs[0] - pairs[1]),
        "new": len(pairs[1] - pairs[0]),
    }
