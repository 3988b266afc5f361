"""The chains a person works on, in figures, each a link to its rows."""

from dataclasses import dataclass, field

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianqiao.core.actor import CONTENT, Actor, Role
from lianqiao.registry.coverage import Coverage, coverage_for
from lianqiao.registry.models import Chain
from lianqiao.registry.overview import Overview, overviews_of
from lianqiao.registry.queries import (
    accessions_for,
    chains_for,
    listed_organisations,
    live_memberships,
    segments_for,
)

# A leader looks at the picture first; the others have work to do before it.
PICTURED = (Role.LEADER,)


@dataclass(frozen=True)
class Figure:
    label: str | Promise
    number: int | str
    unit: str | Promise
    url: str
    note: str | Promise = ""


@dataclass(frozen=True)
class Summary:
    chains: list[Chain] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    overviews: list[Overview] = field(default_factory=list)


def summary_for(actor: Actor) -> Summary:
    if actor.role not in CONTENT:
        return Summary()
    chains = list(chains_for(actor))
    here = chains_for(actor).values("pk")
    members = live_memberships(timezone.localdate()).filter(chain__in=here)
    kinds = dict(
        listed_organisations(actor)
        .filter(pk__in=members.values("organisation"))
        .order_by()
        .values_list("kind")
        .annotate(Count("pk", distinct=True))
    )
    organisations = reverse("organisation_list")
    segments = segments_for(actor)
    peopled = segments.filter(pk__in=members.exclude(segments=None).values("segments")).count()
    figures = [
        Figure(
            pgettext_lazy("many", "链上企业"),
            kinds.get("enterprise", 0),
            _("家"),
            f"{organisations}?kind=enterprise",
        ),
        Figure(
            pgettext_lazy("many", "院校"), kinds.get("school", 0), _("所"), f"{organisations}?kind=school"
        ),
        Figure(_("有成员的环节"), f"{peopled}/{segments.count()}", _("个"), reverse("chain_list")),
    ]
    if actor.role in PICTURED:
        overviews, covered = overviews_of(chains, actor, timezone.localdate())
    else:
        overviews, covered = [], coverage_for(actor)
    if covered is not None:
        figures += party_figures(actor, covered)
    return Summary(chains, figures, overviews)


def party_figures(actor: Actor, covered: Coverage) -> list[Figure]:
    branches = reverse("branch_list")
    return [
        Figure(
            _("组织覆盖"),
            f"{covered.organised}/{covered.enterprises}",
            _("家"),
            f"{branches}?coverage=organised",
        ),
        Figure(_("工作覆盖"), f"{covered.reached}/{covered.enterprises}", _("家"), branches),
        Figure(
            _("产业链党组织成员"),
            accessions_for(actor).filter(left_on=None).count(),
            _("个单位"),
            reverse("party_organisation_list"),
        ),
    ]
