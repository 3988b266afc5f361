"""The columns that lists have: their keys, how their cells are read, and the names that heads give them."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lianqiao_engine.text.normalise import normalise

from .model import KINDS, Kind

# key, type (see columns.READERS), kinds that have it (r, s, n), names, the usual one first
FIELDS = Path(__file__).with_name("fields.tsv")
NOT_OURS = "-"
BRACKETS = re.compile(r"\([^()]*\)?|<[^<>]*>")
NOT_LETTERS = re.compile(r"[\W_]+")
NUMBERED = re.compile(r"^(?:\d{1,2}[.,)]|\(?[一二三四五六七八九十]+[,.)])(?=\D)")


@dataclass(frozen=True, slots=True)
class Field:
    key: str
    type: str
    kinds: tuple[Kind, ...]
    names: tuple[str, ...]


@cache
def not_ours() -> frozenset[str]:
    """Heads that sheets often have and that are no field, though they resemble one: 成立时间, 联系人职务."""
    lines = (line.split("\t") for line in FIELDS.read_text(encoding="utf-8").splitlines())
    return frozenset(name for key, _, _, names in lines if key == NOT_OURS for name in names.split())


@cache
def fields() -> dict[str, Field]:
    """The fields by key."""
    found = {}
    for line in FIELDS.read_text(encoding="utf-8").splitlines()[1:]:
        key, how, kinds, names = line.split("\t")
        if key == NOT_OURS:
            continue
        of = tuple(kind for kind in KINDS if kind[0] in kinds)
        found[key] = Field(key, how, of, tuple(names.split()))
    return found


@cache
def names_of(kind: Kind) -> dict[str, tuple[str, float]]:
    """For each name that a head of this kind of list may have, comparable: the key, and how surely it means that."""
    found: dict[str, tuple[str, float]] = {}
    for field in fields().values():
        if kind in field.kinds:
            for number, name in enumerate(field.names):
                found.setdefault(comparable(name)[0], (field.key, 0.95 if number else 1.0))
    return found


@cache
def all_names() -> frozenset[str]:
    return frozenset(name for kind in KINDS for name in names_of(kind))


def comparable(head: str) -> tuple[str, ...]:
    """Return the forms of a head to look up, the fullest first: with what its brackets say, and without."""
    text = NUMBERED.sub("", normalise(head).lstrip("*※★☆▲ "))
    forms = (NOT_LETTERS.sub("", text), NOT_LETTERS.sub("", BRACKETS.sub("", text)))
    return tuple(dict.fromkeys(form for form in forms if form)) or ("",)
