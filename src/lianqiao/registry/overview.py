"""A chain as one person sees it today: each segment's members, what it feeds, what it lacks."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.functional import Promise

from lianqiao.core.actor import Actor
from lianqiao.registry.coverage import KNOWS_COVERAGE, Coverage, Reach, coverage, reach_for
from lianqiao.registry.graph import single_ways
from lianqiao.registry.growth import Month, growth
from lianqiao.registry.models import Chain, Membership, Organisation, Segment, SegmentLink
from lianqiao.registry.picture import Circle, Curve, Node, Picture, across, down
from lianqiao.registry.queries import live_memberships, memberships_for, segment_links_for, segments_for


@dataclass(frozen=True)
class Standing:
    """One segment. `only_way_to`: what can be reached only through it, when a single member stands there."""

    segment: Segment
    members: list[Organisation] = field(default_factory=list)
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
    members: list[Organisation]
    coverage: Coverage | None
    months: list[Month]

    @property
    def gaps(self) -> list[Standing]:
        return [standing for standing in self.standings if standing.is_gap]

    @property
    def singles(self) -> list[Standing]:
        return [standing for standing in self.standings if standing.is_single]

    @property
    def elsewhere(self) -> list[Organisation]:
        """Members at no segment: the office, schools, associations, and who has not been placed yet."""
        placed = {member.pk for standing in self.standings for member in standing.members}
        return [member for member in self.members if member.pk not in placed]

    @property
    def kinds(self) -> list[tuple[str, str | Promise, int]]:
        counted = Counter(member.kind for member in self.members)
        return [
            (value, label, counted[value]) for value, label in Organisation.Kind.choices if counted[value]
        ]

    @property
    def sizes(self) -> list[tuple[str, Any, int]]:
        enterprises = [m for m in self.members if m.kind == Organisation.Kind.ENTERPRISE]
        counted = Counter(member.size for member in enterprises)
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
    segments = {segment.pk: segment for segment in segments_for(actor).filter(chain=chain)}
    links = list(segment_links_for(actor).filter(upstream__chain=chain).order_by("id"))
    memberships = members_of(chain, actor, today)
    at: dict[int, dict[int, Organisation]] = defaultdict(dict)
    for membership in memberships:
        for segment in membership.segments.all():
            at[segment.pk][membership.organisation_id] = membership.organisation
    reach = reach_for(actor)
    singles = single_ways(
        {pk: len(at[pk]) for pk in segments}, [(link.upstream_id, link.downstream_id) for link in links]
    )
    standings = [
        Standing(
            segment,
            list(at[pk].values()),
            [link for link in links if link.upstream_id == pk],
            [link for link in links if link.downstream_id == pk],
            [segments[other] for other in singles.get(pk, [])],
            covered(at[pk].values(), reach),
        )
        for pk, segment in segments.items()
    ]
    for link in links:
        link.upstream, link.downstream = segments[link.upstream_id], segments[link.downstream_id]
    members = list({m.organisation_id: m.organisation for m in memberships}.values())
    months = months_of(chain, actor, today) if actor.role in KNOWS_COVERAGE else []
    return Overview(chain, standings, members, covered(members, reach), months)


def members_of(chain: Chain, actor: Actor, today: date) -> list[Membership]:
    rows = memberships_for(actor).filter(chain=chain, organisation__state=Organisation.State.ACTIVE)
    # Of thousands of members nothing is made that the picture does not show.
    rows = rows.select_related(None).select_related("organisation").defer("organisation__search_text")
    return list(rows.filter(pk__in=live_memberships(today)))


def covered(members: Iterable[Organisation], reach: Reach | None) -> Coverage | None:
    if reach is None:
        return None
    return coverage([m.pk for m in members if m.kind == Organisation.Kind.ENTERPRISE], reach)


def months_of(chain: Chain, actor: Actor, today: date) -> list[Month]:
    """Only for those who also see the members that have left."""
    rows = memberships_for(actor).filter(chain=chain).order_by()
    return growth(list(rows.values_list("organisation_id", "starts_on", "ends_on")), today)
