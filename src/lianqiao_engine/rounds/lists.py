"""From the lines of a workbook to the entries of a round."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from lianqiao_engine.score import Record
from lianqiao_engine.score.record import Text
from lianqiao_engine.sheets import Line, Lists, Remark, Value
from lianqiao_engine.text.normalise import normalise
from lianqiao_engine.values import UNLIMITED, Period

from .entries import Need, Offer

if TYPE_CHECKING:
    from lianqiao_engine.names import NameIndex

SUITS = Path(__file__).with_name("suits.tsv")
TEXTS = ("name", "summary", "content", "segment", "business", "majors")
FACETS = ("segment", "district", "industry")
SURE = 0.8  # that a shortened name means one of the lists
T = TypeVar("T", str, int, Period)


@dataclass(frozen=True)
class Entries:
    """What of a workbook takes part, what was left out or not understood, and how entries are called."""

    needs: tuple[Need, ...]
    offers: tuple[Offer, ...]
    remarks: tuple[Remark, ...]
    titles: Mapping[str, str]  # id -> what to call the entry


def entries_of(lists: Lists, today: date) -> Entries:
    """Return the entries of `lists`, those that are over by `today` or done left out with a remark.

    Remarks of this step: "expired", "done" (both leave the line out), "name unknown", "name understood".
    """
    remarks = _Remarks(lists)
    lines = [line for line in lists.lines if not _is_over(line, today, remarks)]
    known = _Names(lines, remarks)
    needs = tuple(_need(line, known) for line in lines if line.kind == "need")
    offers = tuple(_offer(line, known) for line in lines if line.kind != "need")
    titles = {_id(line): _text(line, "name") or _text(line, "content") or _id(line) for line in lines}
    return Entries(needs, offers, (*lists.remarks, *remarks.made), titles)


def _is_over(line: Line, today: date, remarks: "_Remarks") -> bool:
    until = _of(line, "valid_until", Period)
    if until and until.last and until.last < today:
        remarks.add(line, "valid_until", "expired", grave=True)
        return True
    if line.kind == "need" and any(
        word in _text(line, "progress", "result") for word in ("办结", "已完成", "已解决")
    ):
        remarks.add(line, "result", "done", grave=True)
        return True
    return False


def _need(line: Line, known: "_Names") -> Need:
    enterprise = known.of(_text(line, "enterprise") or _text(line, "provider")) or _id(line)
    due, until = _of(line, "due", Period), _of(line, "valid_until", Period)
    last = (due and due.last) or (until and until.last)
    texts = {**_texts(line), "enterprise": _text(line, "enterprise")}
    taken_by = tuple(known.all(line, "taken_by"))
    return Need(
        Record(_id(line), texts, {**_facets(line), "suits": suits_of(_text(line, "category"))}),
        enterprise,
        wants=_of(line, "partners_wanted", int) or None,
        period=Period(None, last or None),
        never=frozenset(known.all(line, "never")),
        must=frozenset((*known.all(line, "must"), *taken_by)),
        earlier=dict.fromkeys(known.all(line, "earlier"), 1),
    )


def _offer(line: Line, known: "_Names") -> Offer:
    unit, organisation = _text(line, "provider"), _text(line, "organisation")
    begins, ends = _of(line, "valid_from", Period), _of(line, "valid_until", Period)
    capacity = _of(line, "capacity", int)
    if capacity is None and line.kind == "service":
        capacity = UNLIMITED  # a service is for all who ask, unless its list says how often
    texts = {**_texts(line), "audience": _text(line, "audience"), "unit": unit}
    return Offer(
        Record(_id(line), texts, {**_facets(line), "suits": (_text(line, "category"),)}),
        unit=known.of(unit or organisation) or _id(line),
        organisation=known.of(organisation),
        capacity=capacity,
        unit_owed=1
        if line.kind == "resource"
        else 0,  # who comes with something should not leave without a partner
        period=_from_to(begins.first if begins else None, ends.last if ends else None),
        never=frozenset(known.all(line, "never")),
        must=frozenset(known.all(line, "must")),
    )


def _from_to(first: date | None, last: date | None) -> Period:
    # What begins after it ends was mistyped; the end is what offices keep current.
    return Period(None if first and last and first > last else first, last)


def _id(line: Line) -> str:
    """As Excel refers to a row."""
    return f"{line.sheet}!{line.row}"


def _texts(line: Line) -> dict[str, Text]:
    return {key: value for key in TEXTS if isinstance(value := line.values.get(key), str | tuple)}  # type: ignore[misc]


def _facets(line: Line) -> dict[str, tuple[str, ...]]:
    return {key: (normalise(text),) for key in FACETS if (text := _text(line, key))}


def _text(line: Line, *keys: str) -> str:
    return " ".join(value for key in keys if isinstance(value := line.values.get(key), str))


def _of(line: Line, key: str, kind: type[T]) -> T | None:
    value: Value | None = line.values.get(key)
    return value if isinstance(value, kind) else None


def suits_of(category: str) -> tuple[str, ...]:
    """What kinds of resources usually serve a need of this kind, the most usual first."""
    return _suits().get(category, ())


@cache
def _suits() -> Mapping[str, tuple[str, ...]]:
    lines = SUITS.read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if not line.startswith("#"))
    return {need: tuple(resources.split()) for need, resources in pairs}


class _Remarks:
    def __init__(self, lists: Lists) -> None:
        self.made: list[Remark] = []
        self._letters = {
            (sheet.name, column.key): column.letter for sheet in lists.sheets for column in sheet.columns
        }

    def add(self, line: Line, key: str, what: str, value: str = "", *, grave: bool = False) -> None:
        cell = f"{self._letters.get((line.sheet, key), '')}{line.row}"
        self.made.append(Remark(line.sheet, cell, key, what, (value or line.shown.get(key, ""))[:40], grave))


class _Names:
    """One name for each organisation, however it is spelled: as it stood first."""

    def __init__(self, lines: Iterable[Line], remarks: _Remarks) -> None:
        names = (_text(line, key) for line in lines for key in ("enterprise", "provider", "organisation"))
        self._first: dict[str, str] = {}
        for name in filter(None, names):
            self._first.setdefault(normalise(name), name)
        self._remarks = remarks

    def of(self, name: str) -> str:
        return self._first.get(normalise(name), name)

    def all(self, line: Line, key: str) -> Iterator[str]:
        """The organisations that a cell names; what is not in the lists is remarked."""
        value = line.values.get(key, ())
        for said in (value,) if isinstance(value, str) else value if isinstance(value, tuple) else ():
            if not isinstance(said, str):
                continue
            if normalise(said) in self._first:
                yield self.of(said)
            elif meant := self._meant(said):
                self._remarks.add(line, key, "name understood", f"{said} = {meant}")
                yield meant
            else:
                self._remarks.add(line, key, "name unknown", said)

    def _meant(self, said: str) -> str | None:
        sure = [one.code for one in self._index.likely(said, 2) if one.score >= SURE]
        return sure[0] if len(sure) == 1 else None

    @cached_property
    def _index(self) -> "NameIndex":
        from lianqiao_engine.names import NameIndex  # noqa: PLC0415 - 0.2 s, for the few who write short names

        return NameIndex([(name, name) for name in self._first.values()])
