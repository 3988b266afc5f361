"""The two coverages 两个覆盖: which enterprises a Party organisation or an instructor reaches."""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils import timezone

from lianqiao.core.actor import Actor, Role
from lianqiao.registry.models import Organisation, PartyBranch
from lianqiao.registry.queries import OVERSEES, branches_for, chains_for, live_memberships, memberships_for

# Whoever sees only the own record cannot know a share of all.
KNOWS_COVERAGE = OVERSEES | {Role.AUDITOR}


@dataclass(frozen=True)
class Reach:
    """Ids of organisations: `organised` have an own or joint Party organisation, `reached` that or an instructor;
    `recorded` have said whether they have any."""

    organised: frozenset[int]
    reached: frozenset[int]
    recorded: frozenset[int]


@dataclass(frozen=True)
class Coverage:
    """`organised` and `reached` of `enterprises`; the share is None when there is no enterprise."""

    enterprises: int
    organised: int
    reached: int
    recorded: int

    @property
    def unknown(self) -> int:
        return self.enterprises - self.recorded

    @property
    def organised_share(self) -> int | None:
        return share(self.organised, self.enterprises)

    @property
    def reached_share(self) -> int | None:
        return share(self.reached, self.enterprises)


def share(part: int, whole: int) -> int | None:
    """Whole per cent, rounded down: 100 is said only of all."""
    return part * 100 // whole if whole else None


def reach_for(actor: Actor) -> Reach | None:
    if actor.role not in KNOWS_COVERAGE:
        return None
    rows = list(branches_for(actor).order_by().values_list("organisation_id", "kind", "instructor_id"))
    organised = frozenset(who for who, kind, _ in rows if kind != PartyBranch.Kind.NONE)
    instructed = {who for who, _, instructor in rows if instructor}
    return Reach(organised, organised | instructed, frozenset(who for who, _, _ in rows))


def coverage(enterprises: Collection[int], reach: Reach) -> Coverage:
    every = set(enterprises)
    return Coverage(
        len(every), len(every & reach.organised), len(every & reach.reached), len(every & reach.recorded)
    )


def coverage_for(actor: Actor, chain_id: int | None = None) -> Coverage | None:
    """Over the live enterprises of one chain, or of all that the position reaches."""
    if (reach := reach_for(actor)) is None:
        return None
    rows = memberships_for(actor).filter(
        pk__in=live_memberships(timezone.localdate()),
        chain__in=chains_for(actor),
        organisation__kind=Organisation.Kind.ENTERPRISE,
        organisation__state=Organisation.State.ACTIVE,
    )
    rows = rows.filter(chain=chain_id) if chain_id else rows
    return coverage(rows.order_by().values_list("organisation_id", flat=True), reach)
