"""One search over everything that has a name, within what the person may see."""

from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianqiao.core.actor import POSITIONS, Actor
from lianqiao.core.text import normalise
from lianqiao.registry.queries import (
    branches_for,
    chains_for,
    containing,
    listed_organisations,
    people_for,
    segments_for,
    units_for,
)

PER_KIND = 20


@dataclass(frozen=True)
class Hit:
    kind: str | Promise
    name: str
    note: str
    url: str


def found_for(actor: Actor, text: str) -> list[Hit]:
    """At most `PER_KIND` of each kind, nothing for an empty or one-blank query."""
    wanted = normalise(text).strip()
    if not wanted or actor.role not in POSITIONS:
        return []
    named = Q(name__icontains=wanted) | Q(name_en__icontains=wanted)
    organisations = containing(listed_organisations(actor), text)[:PER_KIND]
    hits = [
        Hit(_("单位"), o.label, o.get_kind_display(), reverse("organisation_detail", args=[o.pk]))
        for o in organisations
    ]
    hits += [
        Hit(_("产业链"), c.label, c.office.label, reverse("chain_detail", args=[c.pk]))
        for c in chains_for(actor).filter(named)[:PER_KIND]
    ]
    hits += [
        Hit(
            _("链环节"),
            s.label,
            s.chain.label,
            reverse("chain_detail", args=[s.chain_id]) + f"#segment-{s.pk}",
        )
        for s in segments_for(actor).filter(named)[:PER_KIND]
    ]
    hits += [
        Hit(_("二级单位"), u.label, u.organisation.label, reverse("unit_detail", args=[u.pk]))
        for u in units_for(actor).filter(named)[:PER_KIND]
    ]
    hits += [
        Hit(_("党组织"), str(b), b.organisation.label, reverse("branch_detail", args=[b.pk]))
        for b in branches_for(actor).filter(name__icontains=wanted)[:PER_KIND]
    ]
    hits += [
        Hit(_("人员"), p.name, p.get_state_display(), reverse("person_detail", args=[p.pk]))
        for p in people_for(actor).filter(name__icontains=wanted)[:PER_KIND]
    ]
    return hits
