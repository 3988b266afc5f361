"""What was found in a text. Offsets count characters of the text as it was given."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from lianqiao_engine.values import Amount, Period

OrganisationKind = Literal[
    "office", "school", "college", "institute", "enterprise", "association", "chain_party", "party_branch"
]
EntryKind = Literal["need", "resource", "service"]

LONGEST_TEXT = 200_000  # characters; the minutes of a long day have 20,000


class BadText(ValueError):
    """A text that cannot be captured: `what` is a code such as `too long`, `where` a part of the file or empty."""

    def __init__(self, what: str, where: str = "") -> None:
        super().__init__(f"{what}: {where}" if where else what)
        self.what, self.where = what, where


@dataclass(frozen=True)
class Known:
    """An organisation of the registry; `kind` may be empty, its name then tells."""

    name: str
    code: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Organisation:
    """`forms` are the ways in which the text calls it, `of` is the school of a college or the host of a branch."""

    name: str
    kind: OrganisationKind
    forms: tuple[str, ...]
    offset: int
    of: str = ""
    known: str = ""  # the name in the registry
    code: str = ""
    certainty: float = 0.0  # that `known` is meant


Field = Literal["money", "people", "partners_wanted", "capacity", "due_on", "starts_on", "ends_on", "place"]
Sign = Literal[
    "missing",
    "wanted",
    "wish",
    "hiring",
    "asking",
    "together",
    "suggest",
    "problem",
    "staff",
    "listed",
    "offer",
]
Doubt = Literal["nobody", "group", "vague"]


@dataclass(frozen=True)
class Figure:
    """What the words of an entry say of one of its fields in the lists; money is in yuan."""

    field: Field
    value: Decimal | int | date | str
    words: str


@dataclass(frozen=True)
class Entry:
    """`sentence` stands in the text at `offset`; `text` is the part of it that is meant, readable.

    `who` is the organisation that says it, else a group such as 参会企业, else empty. `sign` is how it is said; `doubts`
    are the reasons to look at it twice: nobody is named, only a group is, or nothing is named that could be held in
    the hand.
    """

    kind: EntryKind
    text: str
    sentence: str
    offset: int
    who: str = ""
    category: str = ""
    period: Period | None = None
    amounts: tuple[Amount, ...] = ()
    figures: tuple[Figure, ...] = ()
    sign: Sign | Literal[""] = ""
    doubts: tuple[Doubt, ...] = ()
    proposed: bool = False  # by a model, and confirmed by nobody


@dataclass(frozen=True)
class Pair:
    unit: str
    enterprise: str


@dataclass(frozen=True)
class Agreement:
    """`parties` as the text calls them; `pairs` with the organisations that stand behind branches."""

    parties: tuple[str, ...]
    kinds: tuple[str, ...]
    pairs: tuple[Pair, ...]
    sentence: str
    offset: int
    period: Period | None = None


@dataclass(frozen=True)
class Activity:
    name: str
    kinds: tuple[str, ...]
    period: Period | None
    place: str
    participants: tuple[str, ...]
    sentence: str
    offset: int


@dataclass(frozen=True)
class Captured:
    organisations: tuple[Organisation, ...] = ()
    entries: tuple[Entry, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    activities: tuple[Activity, ...] = ()
    persons: Mapping[str, str] = field(default_factory=dict)  # name -> organisation

    @property
    def pairs(self) -> tuple[Pair, ...]:
        return tuple(dict.fromkeys(pair for agreement in self.agreements for pair in agreement.pairs))
