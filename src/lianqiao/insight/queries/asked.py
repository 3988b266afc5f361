"""What is asked for: of whom, over which days, seen from which day."""

from datetime import date
from functools import cached_property

from django.utils import timezone

from lianqiao.insight.period import ONE, Period
from lianqiao.insight.queries.ties import Place, Tie, World
from lianqiao.insight.scope import Scope
from lianqiao.registry.models import Organisation


class Asked:
    """`until` is the last day of the period that is over or running: nothing is counted in advance."""

    def __init__(self, scope: Scope, period: Period, today: date, world: World | None = None) -> None:
        self.scope, self.period, self.today = scope, period, today
        self.until = min(period.last, today)
        self.starts_at, self.ends_before = period.starts_at, period.ends_before(today)
        self.world = world or World(scope.chain)

    def over(self, period: Period) -> "Asked":
        """The same over other days, without reading the chain's cooperation again."""
        return Asked(self.scope, period, self.today, self.world)

    def of(self, scope: Scope) -> "Asked":
        return Asked(scope, self.period, self.today, self.world)

    @cached_property
    def ties(self) -> list[Tie]:
        """Those of the scope; with the office as a partner too."""
        scope = self.scope
        if scope.of == "segment":
            here = self.world.members_at(scope.segment or 0, self.until)
            return [tie for tie in self.world.ties if tie.one[0] in here or tie.other[0] in here]
        if scope.is_place:
            return [tie for tie in self.world.ties if any(map(self.is_here, tie.pair))]
        return self.world.ties

    def is_here(self, place: Place) -> bool:
        """Of the place that is asked for; a school stands for its colleges too."""
        scope = self.scope
        return place[0] == scope.organisation and (scope.unit is None or place[1] == scope.unit)

    def live_ties(self, day: date | None = None) -> list[Tie]:
        return [tie for tie in self.ties if tie.is_live(day or self.until)]

    def pairs(self, day: date | None = None) -> dict[frozenset[Place], frozenset[str]]:
        """Who works together under an agreement or on a project, in which dimensions; the office only sets the stage."""
        found: dict[frozenset[Place], frozenset[str]] = {}
        for tie in self.live_ties(day):
            if tie.source[0] in ("agreement", "project") and self.is_between_members(tie):
                found[tie.pair] = found.get(tie.pair, frozenset()) | tie.dimensions
        return found

    def sources(self, kind: str) -> set[int]:
        return {
            tie.source[1]
            for tie in self.live_ties()
            if tie.source[0] == kind and self.is_between_members(tie)
        }

    def is_between_members(self, tie: Tie) -> bool:
        kinds = self.world.kinds
        return all(kinds.get(place[0]) != Organisation.Kind.OFFICE for place in tie.pair)

    @cached_property
    def met_first(self) -> dict[Place, date]:
        """When each place got its first counterpart that is not the office."""
        first: dict[Place, date] = {}
        # Of all ties: who met somebody outside the segment before does not meet the first one now.
        for tie in self.world.ties:
            if self.is_between_members(tie):
                for place in tie.pair:
                    first[place] = min(tie.met, first.get(place, tie.met))
        return first

    @property
    def met_in_period(self) -> set[Place]:
        found = {place for place, day in self.met_first.items() if self.period.first <= day <= self.until}
        if self.scope.of == "segment":
            here = self.world.members_at(self.scope.segment or 0, self.until)
            return {place for place in found if place[0] in here}
        return {place for place in found if self.is_here(place)} if self.scope.is_place else found

    @cached_property
    def partner_kinds(self) -> dict[int, int]:
        """Enterprise -> how many kinds of partners (office, school, another enterprise) it works with."""
        found: dict[int, set[str]] = {}
        kinds = self.world.kinds
        for tie in self.live_ties():
            for own, other in ((tie.one, tie.other), (tie.other, tie.one)):
                if kinds.get(own[0]) == "enterprise" and kinds.get(other[0]) in (
                    "office",
                    "school",
                    "enterprise",
                ):
                    found.setdefault(own[0], set()).add(kinds[other[0]])
        return {who: len(named) for who, named in found.items()}

    @property
    def continued(self) -> set[int]:
        """First projects whose pair began another one, or signed an agreement, after it was accepted."""
        firsts, found = self.world.first_accepted, set()
        for work in self.world.works:
            first = firsts.get(work.pair)
            if (
                not first
                or not first.accepted_at
                or first.pk == work.pk
                or work.claimed_at >= self.ends_before
            ):
                continue
            if work.claimed_at > first.accepted_at or work.follows == first.pk:
                found.add(first.pk)
        for tie in self.world.ties:
            first = (
                firsts.get(frozenset((tie.one[0], tie.other[0]))) if tie.source[0] == "agreement" else None
            )
            if first and first.accepted_at and timezone.localdate(first.accepted_at) < tie.met <= self.until:
                found.add(first.pk)
        return found

    @property
    def day_before(self) -> date:
        return self.period.first - ONE
