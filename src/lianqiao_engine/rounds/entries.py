"""What takes part in a round: needs of enterprises, offers (resources and services) of units."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import PlainSerializer

from lianqiao_engine.score import Record
from lianqiao_engine.values import Period

ALWAYS = Period(None, None)
# A set has another order in each process, and a round in a file has one.
Names = Annotated[frozenset[str], PlainSerializer(sorted, return_type=list[str])]


@dataclass(frozen=True)
class Need:
    """What an enterprise lacks. `never` and `must` name units, their organisations or single offers by id, and are
    nobody else's business.

    `earlier` counts for each unit how many rounds in a row it has served this enterprise up to now.
    """

    record: Record
    enterprise: str
    wants: int | None = None  # partners at most; None: as the rules say
    owed: int = 0  # partners at least
    bundle: str = ""  # needs of one bundle are served by one unit as one team, or by nobody
    period: Period = ALWAYS  # when it must be done
    never: Names = frozenset()
    must: Names = frozenset()
    met: Names = frozenset()  # offers by id that it has or had: not again
    earlier: Mapping[str, int] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return self.record.id

    @property
    def names(self) -> frozenset[str]:
        """Under what names it is meant: who bans an enterprise bans all its needs."""
        return frozenset((self.enterprise, self.id))


@dataclass(frozen=True)
class Offer:
    """What a unit gives, `capacity` times at most. `never` and `must` name enterprises or single needs by id."""

    record: Record
    unit: str
    organisation: str = ""
    capacity: int | None = None  # None: as the rules say
    least: int = 0
    unit_owed: int = 0  # needs that its unit is owed, if all who are owed can have theirs
    period: Period = ALWAYS  # when it is to be had
    never: Names = frozenset()
    must: Names = frozenset()

    @property
    def id(self) -> str:
        return self.record.id

    @property
    def givers(self) -> frozenset[str]:
        """Under what names the giver is known: who bans a university bans its colleges."""
        return frozenset(name for name in (self.unit, self.organisation) if name)

    @property
    def names(self) -> frozenset[str]:
        return self.givers | {self.id}
