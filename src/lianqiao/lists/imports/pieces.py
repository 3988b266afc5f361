"""Lines of a workbook as rows of entries: column by column, since most cells of a column say the same."""

import operator
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from django.utils import timezone

from lianqiao.lists.imports import wording
from lianqiao.lists.imports.places import CODED, Places
from lianqiao.lists.imports.rows import LIMITS, PEOPLE, Problem, Row, is_email, is_text
from lianqiao.lists.models import Entry

# untranslated: what the cells of real sheets say
URGENCY = {
    "high": "高 紧急 急 特急 十分紧急 非常紧急 加急 很急 是 急需 迫切",
    "normal": "中 一般 正常 普通 较急 不太急",
    "low": "低 不急 不紧急 否 长期",
}
URGENCIES = {word: urgency for urgency, words in URGENCY.items() for word in words.split()}
# untranslated: as above
SOURCES = {"座谈": "roundtable", "座谈会": "roundtable", "走访": "visit", "上门走访": "visit", "线上": "form"}
MOST_MONEY = Decimal(10) ** 12
MOST_COUNT = {"capacity": 2**31 - 1, "people": 2**31 - 1, "partners_wanted": 2**15 - 1}
PLAIN = re.compile(
    r"[\u0020-\u007e\u3000-\u3002\u300a-\u3011\u4e00-\u9fa5\uff01-\uff5e\n“”‘’·—…×℃％‰①-⑩Ⅰ-Ⅻ]*"
)
ADDRESS = ("province", "city", "district", "address")
TEXTS = {"conditions": "conditions", "cooperation": "cooperation"}
IN_ONE_LINE = {"contact_name": "contact", "contact_phone": "phone"}
DAYS = {"starts_on": ("valid_from", 0), "ends_on": ("valid_until", 1), "due_on": ("due", 1)}
AHEAD = ("ends_on", "due_on")
KEY_OF = {
    "title": "name", "description": "content", "contact_name": "contact", "contact_phone": "phone",
    "contact_email": "email", "starts_on": "valid_from", "ends_on": "valid_until", "money": "offered",
    "people": "offered", "source_sentence": "note", "place": "address",
}  # fmt: skip
# What is not said stands so in `Row.fields` of a whole row.
BLANK: dict[str, Any] = {
    "title": "", "description": "", "source_sentence": "", "place": "", "contact_email": "", "category_id": None,
    "segment_id": None, "capacity": None, "partners_wanted": None, "money": None, "people": None,
    "urgency": "normal", "source": Entry.Source.WORKBOOK.value,
} | dict.fromkeys((*TEXTS, *IN_ONE_LINE), "") | dict.fromkeys(DAYS) | {name: [] for name, _ in CODED.values()}  # fmt: skip
# untranslated: whoever writes so wishes for nobody in particular
ANYBODY = frozenset(["不限", "均可", "都可", "都可以", "任意", "皆可", "无要求", "暂无"])
Column = list[Any]


def rows_of_piece(told: dict[str, Any], cells: dict[str, str], places: Places, whole: bool) -> Iterator[Row]:
    """`told` as the reader tells it, `cells` gives the letter of each key's column. A whole row keeps what stood there."""
    piece = Piece(told, cells, places)
    piece.take_texts()
    piece.take_places()
    piece.take_days()
    piece.take_offers()
    piece.take_words()
    piece.check()
    return piece.made(whole)


class Piece:
    def __init__(self, told: dict[str, Any], cells: dict[str, str], places: Places) -> None:
        self.kind, self.sheet, self.rows = told["kind"], told["sheet"], told["rows"]
        self.values, self.cells, self.places = told["values"], cells, places
        self.stood = self.values | told["stood"]
        self.keys = mapped(self.stood["entry"], blank_if_none) if "entry" in self.stood else None
        # The reasons for which a row was given back are none of what it says.
        others = {head: column for head, column in told["others"].items() if head != wording.REASON_HEAD}
        self.others = {head: mapped(column, str) for head, column in others.items()}
        self.fields: dict[str, Column] = {}
        self.problems: dict[int, list[Problem]] = {}

    def column(self, key: str, convert: Callable[[Any], Any]) -> Column | None:
        return mapped(self.values[key], convert) if key in self.values else None

    def text(self, key: str) -> Column:
        """Of a column that is not there as of a cell that says nothing: ''."""
        return self.column(key, blank_if_none) or [""] * len(self.rows)

    def clean(self, key: str) -> Column:
        """A text as it was cleaned; of dates and lists, the words that stood there."""
        stood = mapped(self.stood[key], blank_if_none)
        read = self.column(key, lambda value: value if value.__class__ is str else "")
        return [one or other for one, other in zip(read, stood, strict=True)] if read else stood

    def wrong(self, place: int, key: str, code: str, value: str) -> None:
        letter = self.cells.get(key, "")
        cell = f"{letter}{self.rows[place]}" if letter else ""
        self.problems.setdefault(place, []).append(Problem(cell, key, code, value[:60]))

    def wrong_where(self, key: str, code: str, said: Iterable[tuple[Any, Any]]) -> None:
        """`said` pairs what stood with what it means: where it means nothing, it is wrong."""
        for place, (text, means) in enumerate(said):
            if text and not means:
                self.wrong(place, key, code, text)

    def take_texts(self) -> None:
        self.name = self.one_lines("enterprise" if self.kind == "need" else "provider")
        self.above = self.one_lines("organisation")
        if "organisation" in self.values:
            both = [
                (name, above) if name else (above, "")
                for name, above in zip(self.name, self.above, strict=True)
            ]
            self.name, self.above = [name for name, _ in both], [above for _, above in both]
        self.said = {key: self.clean(key) for key in wording.PUBLIC if key in self.stood}
        self.noted = {key: self.clean(key) for key in wording.OFFICE if key in self.stood}
        content, summary = self.text("content"), self.text("summary")
        self.content = [one or other for one, other in zip(content, summary, strict=True)]
        if "summary" in self.said:
            pairs = zip(self.said["summary"], content, summary, strict=True)
            self.said["summary"] = [text if one and other else "" for text, one, other in pairs]
        names, majors = self.text("name"), self.said.get("majors", [""] * len(self.rows))
        self.fields["title"] = [
            wording.one_line(name) if name else wording.title_of(content or major)
            for name, content, major in zip(names, self.content, majors, strict=True)
        ]
        for name, key in TEXTS.items():
            self.fields[name] = self.text(key)
        for name, key in IN_ONE_LINE.items():
            self.fields[name] = self.one_lines(key)
        self.fields["contact_email"] = [text.split("; ")[0] for text in self.text("email")]
        parts = [self.text(key) for key in ADDRESS if key in self.values]
        if parts:
            self.fields["place"] = [
                wording.one_line(" ".join(filter(None, some))) for some in zip(*parts, strict=True)
            ]

    def one_lines(self, key: str) -> Column:
        read = self.column(key, lambda value: wording.one_line(value) if value else "")
        return read or [""] * len(self.rows)

    def take_places(self) -> None:
        """Categories and segments of the chain, codes of the reference tables."""
        for key, find in (("category", self.places.category), ("segment", self.places.segment)):
            if found := self.column(key, partial(find, self.kind)):
                self.fields[f"{key}_id"] = found
                self.wrong_where(key, f"no such {key}", zip(self.text(key), found, strict=True))
        for key, (name, table) in CODED.items():
            if key not in self.values:
                continue
            found = self.column(key, partial(self.places.codes, table)) or []
            self.fields[name] = [codes for codes, _ in found]
            for place, (_, unknown) in enumerate(found):
                for text in unknown:
                    self.wrong(place, key, f"no such {key}", text)

    def take_days(self) -> None:
        """A span ends on its last day; one without an end says nothing of it."""
        for name, (key, end) in DAYS.items():
            if days := self.column(key, partial(day, end=end)):
                self.fields[name] = days
        if "when" not in self.values:
            return
        none = [None] * len(self.rows)
        begins = self.column("when", lambda value: day(value, 0)) or none
        pairs = zip(self.fields.get("starts_on", none), self.fields.get("ends_on", none), begins, strict=True)
        self.fields["starts_on"] = [
            starts or (begin if begin and (not ends or begin <= ends) else None)
            for starts, ends, begin in pairs
        ]

    def take_offers(self) -> None:
        for name in ("capacity", "partners_wanted"):
            if count := self.column(name, lambda value: value):
                self.fields[name] = count
        none = [(None, None)] * len(self.rows)
        offers = self.column("offered", offer) or none
        if "offered" in self.values:
            for place, ranged in enumerate(self.column("offered", is_range) or ()):
                if ranged:
                    self.wrong(place, "offered", "range", self.clean("offered")[place])
            self.fields["money"] = [money for money, _ in offers]
            self.fields["people"] = [people for _, people in offers]
        if heads := self.column("headcount", lambda value: value if isinstance(value, int) else None):
            self.fields["people"] = [
                head if people is None else people for (_, people), head in zip(offers, heads, strict=True)
            ]

    def take_words(self) -> None:
        if urgencies := self.column("urgency", lambda word: URGENCIES.get(word or "")):
            self.wrong_where("urgency", "no such urgency", zip(self.text("urgency"), urgencies, strict=True))
            self.fields["urgency"] = [urgency or "normal" for urgency in urgencies]
        if "source" in self.noted:
            sources = [SOURCES.get(text) for text in self.noted["source"]]
            self.fields["source"] = [source or BLANK["source"] for source in sources]
            pairs = zip(self.noted["source"], sources, strict=True)
            self.noted["source"] = ["" if source else text for text, source in pairs]
        self.must, self.never = (self.column(key, tuple_of) for key in ("must", "never"))
        self.fields["description"] = composed(self.content, self.said, wording.PUBLIC)
        noted = self.others | self.noted
        self.fields["source_sentence"] = composed([""] * len(self.rows), noted, wording.OFFICE)

    def check(self) -> None:
        """What the model refuses of one row, told by cell."""
        for name, limit in LIMITS.items():
            texts = self.fields.get(name, ())
            if max(map(len, texts), default=0) <= limit and PLAIN.fullmatch("\n".join(texts)):
                continue
            for place, text in enumerate(texts):
                if len(text) > limit:
                    self.wrong(place, KEY_OF.get(name, name), "too long", text)
                elif text and not PLAIN.fullmatch(text) and not is_text(text):
                    self.wrong(place, KEY_OF.get(name, name), "bad text", text)
        for name, most in MOST_COUNT.items():
            self.refuse_large(name, partial(operator.lt, most))
        self.refuse_large("money", lambda money: money >= MOST_MONEY)
        if wanted := self.fields.get("partners_wanted"):
            self.fields["partners_wanted"] = [count or None for count in wanted]
        starts, ends = self.fields.get("starts_on", ()), self.fields.get("ends_on", ())
        for place, (start, end) in enumerate(zip(starts, ends, strict=False)):
            if start and end and start > end:
                self.wrong(place, "valid_until", "reversed", end.isoformat())
        self.remark_past(timezone.localdate())
        for place, email in enumerate(self.fields["contact_email"]):
            if email and not is_email(email):
                self.wrong(place, "email", "bad email", email)

    def remark_past(self, today: date) -> None:
        """Of an entry that is exported and comes back, the day has simply passed."""
        for name in AHEAD:
            days = self.fields.get(name, ())
            if min(filter(None, days), default=today) >= today:
                continue
            for place, said in enumerate(days):
                if said and said < today and not self.is_known(place):
                    self.wrong(place, DAYS[name][0], "past", said.isoformat())

    def is_known(self, place: int) -> bool:
        return bool(self.keys and self.keys[place])

    def refuse_large(self, name: str, is_large: Callable[[Any], bool]) -> None:
        for place, figure in enumerate(self.fields.get(name, ())):
            if figure is not None and is_large(figure):
                self.wrong(place, KEY_OF.get(name, name), "too large", str(figure))

    def made(self, whole: bool) -> Iterator[Row]:
        """A hundred thousand rows are kept at once: of each only what an entry is made of, unless it came from one."""
        names = tuple(self.fields)
        nothing: list[tuple[str, ...]] = [()] * len(self.rows)
        columns = zip(
            self.rows, self.name, self.above, self.must or nothing, self.never or nothing,
            zip(*self.fields.values(), strict=True), strict=True,
        )  # fmt: skip
        for place, (number, name, above, must, never, values) in enumerate(columns):
            fields = {
                field: value
                for field, value in zip(names, values, strict=True)
                if value is not None and value != ""
            }
            row = Row(self.kind, self.sheet, number, fields, name, above, must, never)
            if place in self.problems:
                row.problems = self.problems[place]
            if whole or self.is_known(place):
                self.tell_whole(row, place)
            yield row

    def tell_whole(self, row: Row, place: int) -> None:
        row.fields = BLANK | row.fields
        row.content = self.content[place]
        row.stood = filled({key: value_at(column, place) for key, column in self.stood.items()})
        row.said = filled({key: column[place] for key, column in self.said.items()})
        row.noted = filled({key: column[place] for key, column in (self.noted | self.others).items()})


def filled(texts: dict[str, Any]) -> dict[str, str]:
    return {key: text for key, text in texts.items() if text}


def mapped(column: dict[str, list[Any]], convert: Callable[[Any], Any]) -> Column:
    """Each value once, however many rows say it."""
    means = list(map(convert, column["of"]))
    return [means[at] for at in column["at"]] if "at" in column else means


def value_at(column: dict[str, list[Any]], place: int) -> Any:
    return column["of"][column["at"][place] if "at" in column else place]


def blank_if_none(value: Any) -> Any:
    return "" if value is None else value


def tuple_of(names: list[str] | None) -> tuple[str, ...]:
    return tuple(name for name in names or () if name not in ANYBODY)


def composed(contents: Column, said: dict[str, Column], labels: dict[str, str]) -> Column:
    """As `wording` puts the texts of one row together."""
    columns = {key: column for key, column in said.items() if any(column)}
    if not columns:
        return contents
    keys = tuple(columns)
    return [
        wording.composed(content, wording.labelled(dict(zip(keys, texts, strict=True)), labels))
        for content, texts in zip(contents, zip(*columns.values(), strict=True), strict=True)
    ]


def day(value: Any, end: int) -> date | None:
    if not isinstance(value, dict):
        return None
    days = value["period"]
    said = days[end] or (days[0] if end and not days[end] and days[0] == days[1] else None)
    return date.fromisoformat(said) if said else None


def is_range(value: Any) -> bool:
    return any(low != high and None not in (low, high) for low, high, _unit in value or ())


def offer(value: Any) -> tuple[Decimal | None, int | None]:
    money, people = None, None
    for low, high, unit in value or ():
        figure = high or low
        if figure is None:
            continue
        if unit == PEOPLE:
            people = int(Decimal(figure))
        else:
            money = Decimal(figure).quantize(Decimal("0.01"))
    return money, people
