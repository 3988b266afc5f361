"""Who may read which field of an entry, and the terms by which it is found.

`entry` is an `Entry`, whose model stands above. Both stand in one module because a field that is not shown must not be found either: each term is marked with the
widest audience that reads a field in which it occurs, and a search asks for the marks that its reader may have.

A run of hanzi is kept as its pairs of neighbours and its last character, so that any word inside it is found however a
dictionary would cut the text; letters and digits are kept whole. The title is also kept by its sound, from each of its
characters on. Both databases index these terms as they stand (`lists/index.py`), so they cannot answer differently.
"""

import re
from functools import lru_cache
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from lianqiao.core.text import initials, normalise, pinyin


class Audience(TextChoices):
    PUBLIC = "public", _("公开")
    CHAIN = "chain", _("本链")
    OFFICE = "office", _("仅管理处")


WIDEST_FIRST = list(Audience)
MARKS = {Audience.PUBLIC: "a", Audience.CHAIN: "b", Audience.OFFICE: "c"}
CONTACT = ("contact_name", "contact_phone", "contact_email")
# Where nothing was said. The entry's own audience is the widest that any of its fields can have.
USUAL = dict.fromkeys(CONTACT, Audience.OFFICE) | {"money": Audience.CHAIN}
# Kind, place on the chain and dates sort and filter every list, so whoever sees the entry sees them.
HIDEABLE = (
    "description", "capacity", "calendar", "partners_wanted", "place", "money", "people", "conditions",
    "cooperation", *CONTACT,
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
LONGEST_SOUND = 30


def audience_of(entry: Any, field: str) -> Audience:
    """The widest audience that reads this field."""
    if field in OFFICE_ONLY:
        return Audience.OFFICE
    said = entry.visibility.get(field) or USUAL.get(field) or Audience.PUBLIC
    return max(Audience(said), Audience(entry.audience), key=WIDEST_FIRST.index)


def terms_of(entry: Any) -> str:
    """Every term once, with its mark, in a fixed order."""
    found: dict[str, str] = {}
    marks = {field: MARKS[audience_of(entry, field)] for field in SEARCHED + CODES}
    # The letters of the marks are in the order of their audiences.
    for field in sorted(marks, key=marks.__getitem__):
        value = getattr(entry, field)
        text = " ".join(map(str, value)) if isinstance(value, list) else str(value)
        for term in terms_in(text):
            found.setdefault(term, marks[field])
    for term in sounds_of(entry.title):
        found.setdefault(term, marks["title"])
    return " ".join(sorted(mark + term for term, mark in found.items()))


def terms_in(text: str) -> list[str]:
    terms: list[str] = []
    for run in RUNS.findall(normalise(text)):
        terms += [*pairs(run), run[-1]] if is_hanzi(run) else [plain(run)]
    return terms


def pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)]


def is_hanzi(run: str) -> bool:
    return re.match(f"[{HANZI}]", run) is not None


def plain(run: str) -> str:
    return UNKNOWN.sub(lambda found: f"{ord(found[0]):x}", run)[:LONGEST]


def sounds_of(title: str) -> set[str]:
    """How the title sounds from each of its characters on: whoever types `mqsg` means one of these beginnings."""
    runs = (run for run in RUNS.findall(normalise(title)) if is_hanzi(run))
    return {sound for run in runs for sound in sounds_of_run(run)}


@lru_cache(maxsize=8192)  # titles of one list are made of the same phrases
def sounds_of_run(run: str) -> frozenset[str]:
    starts = [run[at : at + LONGEST_SOUND] for at in range(len(run) - 1)]
    sounds = {plain(sound(start)) for start in starts for sound in (pinyin, initials)}
    return frozenset(sound for sound in sounds if len(sound) > 1)
