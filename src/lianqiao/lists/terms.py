"""Who may read which field of an entry, and the terms by which it is found.

`entry` is an `Entry`, whose model stands above. Both stand in one module because a field that is not shown must not be found either: each term is marked with the
widest audience that reads a field in which it occurs, and a search asks for the marks that its reader may have.

A run of hanzi is kept as its pairs of neighbours and its last character, so that any word inside it is found however a
dictionary would cut the text; letters and digits are kept whole. The title is also kept by its sound, from each of its
characters on. Both databases index these terms as they stand (`lists/index.py`), so they cannot answer differently.
"""

import re
from functools import lru_cache
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from lianqiao.core.text import normalise, syllables


class Audience(TextChoices):
    PUBLIC = "public", _("公开")
    CHAIN = "chain", _("本链")
    OFFICE = "office", _("仅管理处")


WIDEST_FIRST = list(Audience)
MARKS = {Audience.PUBLIC: "a", Audience.CHAIN: "b", Audience.OFFICE: "c"}
CONTACT = ("contact_name", "contact_phone", "contact_email")
# Where nothing was said. The entry's own audience is the widest that any of its fields can have.
USUAL = dict.fromkeys(CONTACT, Audience.OFFICE) | dict.fromkeys(
    ("money", "conditions", "cooperation", "attachments"), Audience.CHAIN
)
# Kind, place on the chain and dates sort and filter every list, so whoever sees the entry sees them.
HIDEABLE = (
    "description", "capacity", "calendar", "partners_wanted", "place", "money", "people", "conditions",
    "cooperation", "attachments", *CONTACT,
)  # fmt: skip
# Of whom the office collected it, and from what, is nobody else's business.
OFFICE_ONLY = ("source", "source_note", "source_sentence", "organisation_name")
SEARCHED = (
    "title", "description", "place", "conditions", "cooperation", "source_note", "organisation_name", *CONTACT,
)  # fmt: skip
CODES = ("industries", "majors", "occupations")

HANZI = "\u3400-\u4db5\u4e00-\u9fcc"
RUNS = re.compile(f"[{HANZI}]+|[^\\W{HANZI}_]+")
# SQLite's index knows the letters of Unicode 6.1; what came later is written with letters that it knows.
UNKNOWN = re.compile(f"[^0-9a-z{HANZI}]")
LONGEST = 24


def audience_of(entry: Any, field: str) -> Audience:
    """The widest audience that reads this field."""
    if field in OFFICE_ONLY:
        return Audience.OFFICE
    said = entry.visibility.get(field) or USUAL.get(field) or Audience.PUBLIC
    # Whom to call is told on the chain at most, whatever was said.
    most = Audience.CHAIN if field in CONTACT else Audience.PUBLIC
    return max(Audience(said), Audience(entry.audience), most, key=WIDEST_FIRST.index)


@lru_cache(maxsize=256)
def marks_of(audience: str, visibility: frozenset[tuple[str, str]]) -> dict[str, str]:
    """For each field its mark, those that most may read first: their letters are in that order."""
    entry = SimpleNamespace(audience=audience, visibility=dict(visibility))
    marks = {field: MARKS[audience_of(entry, field)] for field in SEARCHED + CODES}
    return dict(sorted(marks.items(), key=lambda field: field[1]))


def terms_of(entry: Any) -> str:
    """Every term once, with its mark, in a fixed order."""
    texts: dict[str, list[str]] = {}
    marks = marks_of(entry.audience, frozenset(entry.visibility.items()))
    for field, mark in marks.items():
        if value := getattr(entry, field):
            texts.setdefault(mark, []).append(" ".join(value) if isinstance(value, list) else value)
    found: set[str] = set()
    terms: list[str] = []
    for mark, said in texts.items():
        # A sign between the fields, so that no word is made of the end of one and the beginning of the next.
        normal = normalise("|".join(said))
        fresh = set(terms_in(normal))
        if entry.title and mark == marks["title"] and said[0] == entry.title:
            # As long as it holds no such sign itself, what comes before the first one is the title.
            whole = normal.count("|") == len(said) - 1
            fresh |= sounds_of(normal.partition("|")[0] if whole else normalise(entry.title))
        terms += [mark + term for term in fresh - found]
        found |= fresh
    return " ".join(sorted(terms))


def terms_in(text: str) -> list[str]:
    """`text` is normalised."""
    terms: list[str] = []
    for run in RUNS.findall(text):
        if is_hanzi(run):
            terms += map("".join, pairwise(run))
            terms.append(run[-1])
        else:
            terms.append(plain(run))
    return terms


def is_hanzi(run: str) -> bool:
    return "\u3400" <= run[0] <= "\u9fcc"


def plain(run: str) -> str:
    if run.isascii():
        return run[:LONGEST]
    return UNKNOWN.sub(lambda found: f"{ord(found[0]):x}", run)[:LONGEST]


def sounds_of(title: str) -> set[str]:
    """How the title sounds from each of its characters on: whoever types `mqsg` means one of these beginnings."""
    runs = (run for run in RUNS.findall(title) if is_hanzi(run))
    return {sound for run in runs for sound in sounds_of_run(run)}


@lru_cache(maxsize=8192)  # titles of one list are made of the same phrases
def sounds_of_run(run: str) -> frozenset[str]:
    said = syllables(run)
    rests = [said[at : at + LONGEST] for at in range(len(said) - 1)]
    whole = {plain("".join(rest)) for rest in rests}
    return frozenset(whole | {plain("".join(sound[0] for sound in rest)) for rest in rests})
