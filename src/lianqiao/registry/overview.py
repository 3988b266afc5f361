"""A chain as one person sees it today: each segment's members, what it feeds, what it lacks."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.utils.functional import Promise

from lianqiao.core.actor import Actor
from lianqiao.registry.counted import Counted, Members, Named
from lianqiao.registry.coverage import KNOWS_COVERAGE, Coverage, Reach, coverage, reach_for
from lianqiao.registry.graph import single_ways
from lianqiao.registry.growth import Month, growth
from lianqiao.registry.models import Chain, Organisation, Segment, SegmentLink
from lianqiao.registry.picture import Circle, Curve, Node, Picture, across, down
from lianqiao.registry.queries import (
    live_memberships,
    memberships_for,
    organisations_for,
    segment_links_for,
    segments_for,
)


@dataclass(frozen=True)
class Standing:
    """One segment. `only_way_to`: what can be reached only through it, when a single member stands there."""

    segment: Segment
    members: Members
    feeds: list[SegmentLink] = field(default_factory=list)
    fed_by: list[SegmentLink] = field(default_factory=list)
    only_way_to: list[Segment] = field(default_factory=list)
    coverage: Coverage | None = None

    @property
    def is_gap(self) -> bool:
        return not self.members

    @property
    def is_single(self) -> bool:
        return bool(self.only_way_to)


@dataclass(frozen=True)
class Drawing:
    """A picture with what each of its parts stands for."""

    way: str
    picture: Picture
    standings: dict[int, Standing]

    @property
    def circles(self) -> list[tuple[Circle, Standing]]:
        return [(circle, self.standings[circle.node.id]) for circle in self.picture.circles]

    @property
    def curves(self) -> list[tuple[Curve, str]]:
        """Thin where everything hangs on one member, broken where a segment has none."""
        return [(curve, self.state_of(curve)) for curve in self.picture.curves]

    def state_of(self, curve: Curve) -> str:
        ends = [self.standings[curve.upstream], self.standings[curve.downstream]]
        if any(end.is_gap for end in ends):
            return "gap"
        return "single" if any(end.is_single for end in ends) else "sound"


@dataclass(frozen=True)
class Overview:
    chain: Chain
    standings: list[Standing]
    members: Members
    coverage: Coverage | None
    grown: Callable[[], list[Month]]

    @cached_property
    def months(self) -> list[Month]:
        return self.grown()

    @property
    def gaps(self) -> list[Standing]:
        return [standing for standing in self.standings if standing.is_gap]

    @property
    def singles(self) -> list[Standing]:
        return [standing for standing in self.standings if standing.is_single]

    @property
    def elsewhere(self) -> Members:
        """Members at no segment: the office, schools, associations, and who has not been placed yet."""
        placed = {member.pk for standing in self.standings for member in standing.members.counted}
        rest = [member for member in self.members.counted if member.pk not in placed]
        return Members(rest, self.members.named)

    @property
    def kinds(self) -> list[tuple[str, str | Promise, int]]:
        counted = Counter(member.kind for member in self.members.counted)
        return [
            (value, label, counted[value]) for value, label in Organisation.Kind.choices if counted[value]
        ]

    @property
    def sizes(self) -> list[tuple[str, Any, int]]:
        counted = Counter(member.size for member in self.members.enterprises)
        return [(value, label, counted[value]) for value, label in [*Organisation.Size.choices, ("", "")]]

    @property
    def drawings(self) -> list["Drawing"]:
        """Across for a desk and for paper, down for a phone; the style sheet shows one of them."""
        nodes = [
            Node(s.segment.pk, s.segment.label, s.segment.column, len(s.members), s.is_gap or s.is_single)
            for s in self.standings
        ]
        links = [(link.upstream_id, link.downstream_id) for s in self.standings for link in s.feeds]
        by_id = {standing.segment.pk: standing for standing in self.standings}
        return [
            Drawing("across", across(nodes, links), by_id),
            Drawing("down", down(nodes, links), by_id),
        ]

    def standing(self, segment_id: str) -> Standing | None:
        return next((s for s in self.standings if str(s.segment.pk) == segment_id), None)


def overview_of(chain: Chain, actor: Actor, today: date) -> Overview:
    return overview_within(reach_for(actor), chain, actor, today)


def overviews_of(
    chains: Iterable[Chain], actor: Actor, today: date
) -> tuple[list[Overview], Coverage | None]:
    """With the coverage over all of them, where each enterprise counts once."""
    reach = reach_for(actor)
    overviews = [overview_within(reach, chain, actor, today) for chain in chains]
    enterprises = {member.pk for overview in overviews for member in overview.members.enterprises}
    return overviews, coverage(enterprises, reach) if reach else None


def overview_within(reach: Reach | None, chain: Chain, actor: Actor, today: date) -> Overview:
    segments = {segment.pk: segment for segment in segments_for(actor).filter(chain=chain)}
    links = list(segment_links_for(actor).filter(upstream__chain=chain).order_by("id"))
    everybody: dict[int, Counted] = {}
    at: dict[int, dict[int, Counted]] = defaultdict(dict)
    for pk, kind, size, segment in members_of(chain, actor, today):
        at[segment][pk] = everybody.setdefault(pk, Counted(pk, kind, size))
    singles = single_ways(
        {pk: len(at[pk]) for pk in segments}, [(link.upstream_id, link.downstream_id) for link in links]
    )
    named = Named(organisations_for(actor).prefetch_related(None).in_bulk)
    # Whoever asks for one of them asks for all, segment by segment.
    named.soon = {member for pk in singles for member in at[pk]}
    standings = [
        Standing(
            segment,
            Members(at[pk].values(), named),
            [link for link in links if link.upstream_id == pk],
            [link for link in links if link.downstream_id == pk],
            [segments[other] for other in singles.get(pk, [])],
            covered(Members(at[pk].values(), named), reach),
        )
        for pk, segment in segments.items()
    ]
    for link in links:
        link.upstream, link.downstream = segments[link.upstream_id], segments[link.downstream_id]
    members = Members(everybody.values(), named)

    def grown() -> list[Month]:
        return months_of(chain, actor, today) if actor.role in KNOWS_COVERAGE else []

    return Overview(chain, standings, members, covered(members, reach), grown)


def members_of(chain: Chain, actor: Actor, today: date) -> Iterable[tuple[int, str, str, int]]:
    """Whose, of what kind and size, and at which segment (None: at none), once for each segment."""
    rows = memberships_for(actor).filter(chain=chain, organisation__state=Organisation.State.ACTIVE)
    rows = rows.filter(pk__in=live_memberships(today))
    return rows.values_list("organisation_id", "organisation__kind", "organisation__size", "segments")


def covered(members: Members, reach: Reach | None) -> Coverage | None:
    return coverage([member.pk for member in members.enterprises], reach) if reach else None


def months_of(chain: Chain, actor: Actor, today: date) -> list[Month]:
    """Only for those who also see the members that have left."""
    rows = memberships_for(actor).filter(chain=chain).order_by()
    return growth(list(rows.values_list("organisation_id", "starts_on", "ends_on")), today)
