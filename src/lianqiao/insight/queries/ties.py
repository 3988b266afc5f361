"""Who works with whom on a chain, since when and until when: read once for all the figures that ask it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import combinations
from typing import NamedTuple

from django.utils import timezone

from lianqiao.agreements.models import Agreement, AgreementParty
from lianqiao.matching.models import Match, Pairing
from lianqiao.projects.models import Project
from lianqiao.registry.models import Chain, Membership, Organisation

ONE = timedelta(days=1)
SIGNED_EVER = (Agreement.State.SIGNED, Agreement.State.EXPIRED, Agreement.State.ENDED)
Place = tuple[int, int | None]  # an organisation, or one of its units


class Tie(NamedTuple):
    """`since` is None for an accepted match: two who met, and do not work together yet."""

    one: Place
    other: Place
    met: date
    since: date | None
    until: date | None
    dimensions: frozenset[str]
    source: tuple[str, int]

    @property
    def pair(self) -> frozenset[Place]:
        return frozenset((self.one, self.other))

    def is_live(self, day: date) -> bool:
        return self.since is not None and self.since <= day and (self.until is None or day <= self.until)


class Work(NamedTuple):
    """A project that somebody holds."""

    pk: int
    sponsor: int
    holder: int
    claimed_at: datetime
    accepted_at: datetime | None
    follows: int | None

    @property
    def pair(self) -> frozenset[int]:
        """Whoever of the two does the work this time."""
        return frozenset((self.sponsor, self.holder))


class World:
    """One chain's cooperation, whatever the period that is asked for."""

    def __init__(self, chain_id: int) -> None:
        self.chain_id = chain_id

    @cached_property
    def office_id(self) -> int:
        return Chain.objects.values_list("office", flat=True).get(pk=self.chain_id)

    @cached_property
    def ties(self) -> list[Tie]:
        return [*self.of_matches(), *self.of_pairings(), *self.of_agreements(), *self.of_projects()]

    @cached_property
    def kinds(self) -> dict[int, str]:
        """What kind of organisation each of those is."""
        ids = {place[0] for tie in self.ties for place in tie.pair}
        return dict(Organisation.objects.filter(pk__in=ids).values_list("pk", "kind"))

    @cached_property
    def at_segments(self) -> dict[int, list[tuple[int, date, date | None]]]:
        """Segment -> (organisation, from, to)."""
        found: defaultdict[int, list[tuple[int, date, date | None]]] = defaultdict(list)
        rows = Membership.objects.filter(chain=self.chain_id).exclude(segments=None).order_by()
        for segment, *rest in rows.values_list("segments", "organisation", "starts_on", "ends_on"):
            found[segment].append(tuple(rest))  # type: ignore[arg-type]
        return dict(found)

    def members_at(self, segment: int, day: date) -> set[int]:
        periods = self.at_segments.get(segment, [])
        return {who for who, start, end in periods if start <= day and (end is None or day <= end)}

    @cached_property
    def works(self) -> list[Work]:
        rows = Project.objects.filter(chain=self.chain_id, holder__isnull=False, claimed_at__isnull=False)
        return [Work(*row) for row in rows.order_by().values_list(*Work._fields)]

    @cached_property
    def first_accepted(self) -> dict[frozenset[int], Work]:
        found: dict[frozenset[int], Work] = {}
        for work in sorted(
            (one for one in self.works if one.accepted_at), key=lambda one: (one.accepted_at, one.pk)
        ):
            found.setdefault(work.pair, work)
        return found

    def of_matches(self) -> Iterator[Tie]:
        rows = Match.objects.filter(chain=self.chain_id, state=Match.State.ACCEPTED, settled_at__isnull=False)
        asked = ("pk", "enterprise", "need__unit", "giver", "unit", "settled_at")
        for pk, enterprise, needing, giver, unit, settled in rows.order_by().values_list(*asked):
            met = timezone.localdate(settled)
            yield from tie((enterprise, needing), (giver, unit), met, None, None, (), ("match", pk))

    def of_pairings(self) -> Iterator[Tie]:
        states = [Pairing.State.CONFIRMED, Pairing.State.ENDED]
        rows = Pairing.objects.filter(chain=self.chain_id, state__in=states, starts_on__isnull=False)
        asked = ("pk", "enterprise", "giver", "unit", "starts_on", "ends_on")
        for pk, enterprise, giver, unit, starts, ends in rows.order_by().values_list(*asked):
            yield from tie((enterprise, None), (giver, unit), starts, starts, ends, (), ("pairing", pk))

    def of_agreements(self) -> Iterator[Tie]:
        rows = Agreement.objects.filter(chain=self.chain_id, state__in=SIGNED_EVER)
        places: defaultdict[int, set[Place]] = defaultdict(set)
        parties = AgreementParty.objects.filter(agreement__in=rows).order_by()
        asked = ("agreement", "organisation", "unit", "party_organisation__chain__office")
        for pk, organisation, unit, office in parties.values_list(*asked):
            if organisation or office:
                places[pk].add((organisation, unit) if organisation else (office, None))
        for row in rows.only("signed_on", "starts_on", "ends_on", "ended_on", "dimensions").order_by("pk"):
            if row.signed_on is None:
                continue
            ends = [day for day in (row.ends_on, row.ended_on and row.ended_on - ONE) if day]
            for one, other in combinations(sorted(places[row.pk], key=str), 2):
                until = min(ends, default=None)
                about = ("agreement", row.pk)
                yield from tie(one, other, row.signed_on, row.starts_on, until, row.dimensions, about)

    def of_projects(self) -> Iterator[Tie]:
        rows = Project.objects.filter(chain=self.chain_id, holder__isnull=False, claimed_at__isnull=False)
        names = (
            "sponsor_id", "sponsor_unit_id", "holder_id", "holder_unit_id", "claimed_at", "accepted_at", "state",
            "changed_at", "dimensions",
        )  # fmt: skip
        for row in rows.only(*names).order_by("pk"):
            # When a project was stopped stands nowhere else; after that nobody works on it.
            over = row.accepted_at or (row.changed_at if row.state == Project.State.STOPPED else None)
            until = timezone.localdate(over) - ONE if over else None
            met = timezone.localdate(row.claimed_at)
            sponsor, holder = (row.sponsor_id, row.sponsor_unit_id), (row.holder_id or 0, row.holder_unit_id)
            yield from tie(sponsor, holder, met, met, until, row.dimensions, ("project", row.pk))


def tie(
    one: Place, other: Place, met: date, since: date | None, until: date | None,
    dimensions: Iterable[str], source: tuple[str, int],
) -> Iterator[Tie]:  # fmt: skip
    """Nothing where it is one organisation with itself."""
    if one[0] != other[0]:
        yield Tie(one, other, met, since, until, frozenset(dimensions), source)
