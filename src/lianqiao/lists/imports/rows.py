"""A line of a workbook as what an entry says: fields by name, and what is wrong with it."""

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from sys import intern
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from lianqiao.core.text import validate_text
from lianqiao.lists.imports import wording
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
# untranslated: what the cells of real sheets say
URGENCY = {
    "high": "高 紧急 急 特急 十分紧急 非常紧急 加急 很急 是 急需 迫切",
    "normal": "中 一般 正常 普通 较急 不太急",
    "low": "低 不急 不紧急 否 长期",
}
URGENCIES = {word: urgency for urgency, words in URGENCY.items() for word in words.split()}
# untranslated: as above
SOURCES = {"座谈": "roundtable", "座谈会": "roundtable", "走访": "visit", "上门走访": "visit", "线上": "form"}
PEOPLE, YUAN = "人", "元"  # untranslated: the units that the reader tells
LIMITS = {
    name: getattr(Entry._meta.get_field(name), "max_length", 0)
    for name in (
        "title", "description", "place", "conditions", "cooperation", "contact_name", "contact_phone",
        "source_note", "source_sentence", "organisation_name",
    )
}  # fmt: skip
MOST_MONEY = Decimal(10) ** 12
MOST_COUNT = {"capacity": 2**31 - 1, "people": 2**31 - 1, "partners_wanted": 2**15 - 1}
PLAIN = re.compile(
    r"[\u0020-\u007e\u3000-\u3002\u300a-\u3011\u4e00-\u9fa5\uff01-\uff5e\n“”‘’·—…×℃％‰①-⑩Ⅰ-Ⅻ]*"
)
SHORT = 24
PLACES = ("province", "city", "district", "address")


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
    """`fields` are those of an entry; `content`, `said` and `noted` become its texts (`wording`)."""

    kind: str
    sheet: str
    row: int
    stood: dict[str, str]
    fields: dict[str, Any] = field(default_factory=dict)
    content: str = ""
    said: dict[str, str] = field(default_factory=dict)
    noted: dict[str, str] = field(default_factory=dict)
    name: str = ""
    above: str = ""
    must: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    problems: list[Problem] = field(default_factory=list)
    entry_id: int | None = None
    version: int | None = None
    outcome: str = "new"

    @property
    def is_refused(self) -> bool:
        return any(problem.refusing for problem in self.problems)


def row_of(line: list[Any], cells: dict[str, str], places: "Places") -> Row:
    """`cells` gives the letter of each key's column, `places` the categories and segments of the chain."""
    kind, sheet, number, values, stood, others = line
    # As it stood, where that is not the value.
    row = Row(kind, sheet, number, {key: text for key, text in values.items() if key not in stood} | stood)
    text = values.get
    fields = row.fields
    row.name = text("enterprise" if kind == "need" else "provider", "")
    row.above = text("organisation", "")
    if not row.name:
        row.name, row.above = row.above, ""
    content, summary = text("content", ""), text("summary", "")
    row.content = content or summary
    # A text as it was cleaned; of dates and lists, the words that stood there.
    clean = {**row.stood, **{key: value for key, value in values.items() if value.__class__ is str}}
    row.said = {key: clean[key] for key in wording.PUBLIC if clean.get(key)}
    if not content or not summary:
        row.said.pop("summary", None)
    row.noted = {key: clean[key] for key in wording.OFFICE if clean.get(key)} | others
    fields["title"] = text("name", "") or wording.title_of(row.content or row.said.get("majors", ""))
    fields["category_id"] = places.category(row, text("category", ""))
    fields["segment_id"] = places.segment(row, text("segment", ""))
    fields["place"] = wording.one_line(" ".join(text(key, "") for key in PLACES if text(key)))
    for name, key in TEXTS.items():
        fields[name] = text(key, "")
    for name in ("contact_name", "contact_phone"):
        fields[name] = wording.one_line(fields[name])
    fields["contact_email"] = text("email", "").split("; ")[0]
    for name in ("capacity", "partners_wanted"):
        fields[name] = values.get(name)
    take_days(fields, values)
    take_offer(fields, values)
    take_words(row, values)
    row.name, row.above = wording.one_line(row.name), wording.one_line(row.above)
    check(row, cells)
    return row


NOTHING: dict[str, str] = {}


def slim(row: Row) -> None:
    """A hundred thousand rows are kept at once: of each only what an entry is made of."""
    row.stood = row.said = row.noted = NOTHING
    row.content = ""
    row.name, row.above, row.sheet = intern(row.name), intern(row.above), intern(row.sheet)
    row.fields = {
        name: intern(value) if value.__class__ is str and len(value) < SHORT else value
        for name, value in row.fields.items()
        if value is not None and value != ""
    }


TEXTS = {
    "conditions": "conditions",
    "cooperation": "cooperation",
    "contact_name": "contact",
    "contact_phone": "phone",
}


class Places:
    """The categories and segments of a chain by what people call them."""

    def __init__(self, categories: dict[tuple[str, str], int], segments: dict[str, int]) -> None:
        self.categories, self.segments = categories, segments

    def category(self, row: Row, name: str) -> int | None:
        found = self.categories.get((row.kind, name))
        self.note(row, "category", name, found)
        return found

    def segment(self, row: Row, name: str) -> int | None:
        found = self.segments.get(name)
        self.note(row, "segment", name, found)
        return found

    def note(self, row: Row, key: str, name: str, found: int | None) -> None:
        if name and not found:
            row.problems.append(Problem("", key, f"no such {key}", name))


def take_days(fields: dict[str, Any], values: dict[str, Any]) -> None:
    """A span ends on its last day; one without an end says nothing of it."""
    fields["starts_on"] = day(values.get("valid_from"), 0)
    fields["ends_on"] = day(values.get("valid_until"), 1)
    fields["due_on"] = day(values.get("due"), 1)
    when = values.get("when")
    if isinstance(when, dict) and not fields["starts_on"]:
        begins = day(when, 0)
        ends = fields["ends_on"]
        fields["starts_on"] = begins if begins and (not ends or begins <= ends) else None


def day(value: Any, end: int) -> date | None:
    if not isinstance(value, dict):
        return None
    days = value["period"]
    said = days[end] or (days[0] if end and not days[end] and days[0] == days[1] else None)
    return date.fromisoformat(said) if said else None


def take_offer(fields: dict[str, Any], values: dict[str, Any]) -> None:
    fields["money"] = fields["people"] = None
    for low, high, unit in values.get("offered", ()):
        figure = high or low
        if figure is None:
            continue
        name = "people" if unit == PEOPLE else "money"
        fields[name] = int(Decimal(figure)) if name == "people" else Decimal(figure).quantize(Decimal("0.01"))
    if fields["people"] is None and isinstance(values.get("headcount"), int):
        fields["people"] = values["headcount"]


def take_words(row: Row, values: dict[str, Any]) -> None:
    urgency = values.get("urgency", "")
    row.fields["urgency"] = URGENCIES.get(urgency, "normal")
    if urgency and urgency not in URGENCIES:
        row.problems.append(Problem("", "urgency", "no such urgency", urgency))
    source = row.noted.get("source", "")
    row.fields["source"] = SOURCES.get(source, Entry.Source.WORKBOOK)
    if source in SOURCES:
        del row.noted["source"]
    row.must, row.never = (tuple(values.get(key, ())) for key in ("must", "never"))


def write_texts(row: Row) -> None:
    row.fields["description"] = wording.composed(row.content, wording.labelled(row.said, wording.PUBLIC))
    row.fields["source_sentence"] = wording.composed("", wording.labelled(row.noted, wording.OFFICE))


KEY_OF = {
    "title": "name", "description": "content", "contact_name": "contact", "contact_phone": "phone",
    "contact_email": "email", "starts_on": "valid_from", "ends_on": "valid_until", "money": "offered",
    "people": "offered", "source_sentence": "note", "place": "address",
}  # fmt: skip


def check(row: Row, cells: dict[str, str]) -> None:
    """What the model refuses of one row, told by cell."""
    write_texts(row)
    fields, wrong = row.fields, []
    for name, limit in LIMITS.items():
        value = fields.get(name, "")
        if len(value) > limit:
            wrong.append((name, "too long", value))
        elif value and not PLAIN.fullmatch(value) and not is_text(value):
            wrong.append((name, "bad text", value))
    fields["title"] = wording.one_line(fields["title"])
    for name, most in MOST_COUNT.items():
        if (fields.get(name) or 0) > most:
            wrong.append((name, "too large", str(fields[name])))
    if fields["partners_wanted"] == 0:
        fields["partners_wanted"] = None
    if fields["money"] is not None and fields["money"] >= MOST_MONEY:
        wrong.append(("money", "too large", str(fields["money"])))
    if fields["starts_on"] and fields["ends_on"] and fields["starts_on"] > fields["ends_on"]:
        wrong.append(("ends_on", "reversed", fields["ends_on"].isoformat()))
    if fields["contact_email"] and not is_email(fields["contact_email"]):
        wrong.append(("contact_email", "bad email", fields["contact_email"]))
    for name, code, value in wrong:
        key = KEY_OF.get(name, name)
        row.problems.append(Problem("", key, code, value[:60]))
    for problem in row.problems:
        if not problem.cell and problem.key in cells:
            problem.cell = f"{cells[problem.key]}{row.row}"


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
