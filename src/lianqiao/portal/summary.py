"""The chains a person works on, in figures, each a link to its rows."""

from dataclasses import dataclass, field

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianqiao.core.actor import CONTENT, OFFICE, Actor, Role
from lianqiao.registry.models import Chain, Organisation
from lianqiao.registry.queries import (
    accessions_for,
    branches_for,
    chains_for,
    listed_organisations,
    live_memberships,
    segments_for,
)

SEES_PARTY = OFFICE | {Role.LEADER, Role.AUDITOR, Role.LIAISON}


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
    covered = segments.filter(pk__in=members.exclude(segments=None).values("segments")).count()
    figures = [
        Figure(_("链上企业"), kinds.get("enterprise", 0), _("家"), f"{organisations}?kind=enterprise"),
        Figure(_("院校"), kinds.get("school", 0), _("所"), f"{organisations}?kind=school"),
        Figure(_("有成员的环节"), f"{covered}/{segments.count()}", _("个"), reverse("chain_list")),
    ]
    if actor.role in SEES_PARTY:
        figures += party_figures(actor)
    return Summary(chains, figures)


def party_figures(actor: Actor) -> list[Figure]:
    enterprises = listed_organisations(actor).filter(kind=Organisation.Kind.ENTERPRISE, state="active")
    built = branches_for(actor).exclude(kind="none").filter(organisation__in=enterprises)
    url = reverse("branch_list")
    return [
        Figure(
            _("企业党组织覆盖"),
            f"{built.values('organisation').distinct().count()}/{enterprises.count()}",
            _("家"),
            url,
            _("已建立党组织的企业 / 全部企业"),
        ),
        Figure(
            _("加入产业链党组织"),
            accessions_for(actor).filter(left_on=None).count(),
            _("个单位"),
            reverse("party_organisation_list"),
        ),
    ]
