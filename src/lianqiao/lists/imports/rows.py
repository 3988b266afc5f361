"""A row of a workbook as what an entry says: fields by name, and what is wrong with it."""

import re
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from lianqiao.core.text import validate_text
from lianqiao.lists.models import Entry

CELL = re.compile(r"([A-Z]*)(\d*)")
# What the reader could not make out for certain: the row waits until somebody has looked.
REFUSING = frozenset(
    [
        "no content",
        "row kind unknown",
        "no such day",
        "ambiguous",
        "reversed",
        "negative",
        "not whole",
        "several values",
        "other unit",
        "digits lost",
        "damaged text",
        "too long",
        "too large",
        "bad email",
        "bad text",
        "wish unknown",
        "not permitted",
        "changed since",
        "not there",
        "organisation unknown",
        "cannot change",
    ]
)
PEOPLE = "人"  # untranslated: a unit that the reader tells
LIMITS = {
    name: getattr(Entry._meta.get_field(name), "max_length", 0)
    for name in (
        "title", "description", "place", "conditions", "cooperation", "contact_name", "contact_phone",
        "source_note", "source_sentence", "organisation_name",
    )
}  # fmt: skip
NOTHING: dict[str, str] = {}


@dataclass(slots=True)
class Problem:
    cell: str
    key: str
    code: str
    value: str = ""

    @property
    def refusing(self) -> bool:
        return self.code in REFUSING


@dataclass(slots=True)
class Row:
    """`fields` are those of an entry; `content`, `said` and `noted` become its texts (`wording`).

    What stood in the cells, and the texts apart, are kept only of a row that came from an entry.
    """

    kind: str
    sheet: str
    row: int
    fields: dict[str, Any]
    name: str = ""
    above: str = ""
    must: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    stood: dict[str, str] = field(default_factory=lambda: NOTHING)
    content: str = ""
    said: dict[str, str] = field(default_factory=lambda: NOTHING)
    noted: dict[str, str] = field(default_factory=lambda: NOTHING)
    problems: list[Problem] = field(default_factory=list)
    entry_id: int | None = None
    version: int | None = None
    outcome: str = "new"

    @property
    def is_refused(self) -> bool:
        return any(problem.refusing for problem in self.problems)


def is_text(value: str) -> bool:
    try:
        validate_text(value)
    except ValidationError:
        return False
    return True


def is_email(value: str) -> bool:
    try:
        validate_email(value)
    except ValidationError:
        return False
    return len(value) <= 254
