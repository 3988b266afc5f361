"""The text of a version as it reads: fields put in, clauses numbered, and its digest."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from lianqiao.agreements.fields import BLANK, LISTS, OF_PARTY, OWN, SIDES, Field, sides_of, value

FIELD = re.compile(r"\{\{\s*([^\W\d]\w*)\s*\}\}")
# untranslated: numerals, as a Chinese document numbers its clauses
DIGITS = ("", "一", "二", "三", "四", "五", "六", "七", "八", "九")
# untranslated: as above
TEN = "十"


@dataclass(frozen=True)
class ClauseRead:
    """A clause without a title has no number: it is what stands before the first."""

    key: str
    number: str
    title: str
    paragraphs: list[str]
    obligation: dict[str, Any]


@dataclass(frozen=True)
class PartyRead:
    side: str
    name: str
    facts: dict[str, str]


@dataclass(frozen=True)
class Reading:
    title: str
    parties: list[PartyRead]
    clauses: list[ClauseRead]


def read(clauses: Iterable[dict[str, Any]], fields: dict[str, Field]) -> Reading:
    return Reading(value(fields, OWN["title"]), parties_in(fields), list(read_clauses(clauses, fields)))


def read_clauses(clauses: Iterable[dict[str, Any]], fields: dict[str, Field]) -> Iterable[ClauseRead]:
    count = 0
    for clause in clauses:
        count += bool(clause["title"])
        yield ClauseRead(
            clause["key"],
            numeral(count) if clause["title"] else "",
            filled(clause["title"], fields),
            [line.strip() for line in filled(clause["text"], fields).splitlines() if line.strip()],
            clause.get("obligation") or {},
        )


def parties_in(fields: dict[str, Field]) -> list[PartyRead]:
    return [
        PartyRead(
            SIDES[side - 1],
            value(fields, SIDES[side - 1]),
            {what: value(fields, SIDES[side - 1] + name) for what, name in OF_PARTY.items()},
        )
        for side in sides_of(fields)
    ]


def filled(text: str, fields: dict[str, Field]) -> str:
    return FIELD.sub(lambda match: value(fields, match[1]) or BLANK, text)


def names_in(clauses: Iterable[dict[str, Any]]) -> list[str]:
    """The fields that stand in the clauses, in their order."""
    return list(dict.fromkeys(FIELD.findall("\n".join(f"{c['title']}\n{c['text']}" for c in clauses))))


def blanks_in(clauses: Iterable[dict[str, Any]], fields: dict[str, Field]) -> list[str]:
    """Those of which nothing is known; the number comes later and is no lack."""
    return [name for name in names_in(clauses) if not value(fields, name) and name != OWN["number"]]


def canonical(clauses: list[dict[str, Any]], fields: dict[str, Field]) -> str:
    """What the parties agree on, line by line. The number is none of it: it is given when they have agreed."""
    reading = read(clauses, fields)
    lines = [reading.title]
    for party in reading.parties:
        lines += [f"{party.side}:{party.name}", *(f"{what}:{said}" for what, said in party.facts.items())]
    lines += [f"{name}:{value(fields, OWN[name])}" for name in ("starts_on", "ends_on", "dimensions")]
    for clause in reading.clauses:
        lines += [f"#{clause.key}:{clause.title}", *clause.paragraphs]
        if owed := clause.obligation:
            lines.append("|".join(str(owed[name]) for name in ("what", "times", "every", "by")))
    return "\n".join(lines)


def digest(clauses: list[dict[str, Any]], fields: dict[str, Field]) -> str:
    return hashlib.sha256(canonical(clauses, fields).encode()).hexdigest()


def values_for_word(clauses: list[dict[str, Any]], fields: dict[str, Field]) -> dict[str, Any]:
    """What a template is filled with: the fields, and the lists of `fields.LISTS`."""
    reading = read(clauses, fields)
    clause_list, party_list = LISTS
    number, title, paragraphs = LISTS[clause_list]
    side, name, *_rest = LISTS[party_list]
    listed = {
        clause_list: [
            {number: each.number, title: each.title, paragraphs: each.paragraphs} for each in reading.clauses
        ],
        party_list: [
            {side: each.side, name: each.name} | {OF_PARTY[what]: said for what, said in each.facts.items()}
            for each in reading.parties
        ],
    }
    return {name: value(fields, name) or BLANK for name in fields} | listed


def numeral(number: int) -> str:
    """一 to 九十九."""
    tens, ones = divmod(number, 10)
    return f"{DIGITS[tens] if tens > 1 else ''}{TEN if tens else ''}{DIGITS[ones]}"
