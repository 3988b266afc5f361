"""Is this organisation there already? The registry's use of the engine's name index."""

from dataclasses import dataclass

from django import forms
from django.db.models import Count, Max
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianqiao.core.actor import Actor
from lianqiao.registry.models import Organisation
from lianqiao.registry.queries import listed_organisations
from lianqiao_engine.names import Likely, NameIndex, duplicates_of

SHOWN = 5
MOST_KEPT = 8  # indexes of so many different views of the register
KEPT: dict[tuple, NameIndex] = {}
REASONS = {
    "same": _("名称相同"),
    "short_name": _("简称"),
    "contained": _("名称包含"),
    "homophone": _("读音相同"),
    "damaged_or_traditional": _("繁体或乱码"),
    "similar": _("名称相近"),
}


@dataclass(frozen=True)
class LikelyDuplicate:
    organisation: Organisation
    reasons: list[str | Promise]


def index_for(actor: Actor) -> NameIndex:
    """The index over what this actor's register shows, built anew only when a row has changed."""
    rows = listed_organisations(actor)
    state = rows.order_by().aggregate(count=Count("pk", distinct=True), last=Max("changed_at"))
    key = (actor.role, actor.organisation_id, actor.chains, state["count"], state["last"])
    if key not in KEPT:
        if len(KEPT) >= MOST_KEPT:
            KEPT.pop(next(iter(KEPT)))
        KEPT[key] = NameIndex(
            [(str(row.pk), name) for row in rows for name in (row.name, *row.other_names())]
        )
    return KEPT[key]


def likely_for(name: str, actor: Actor, *, but: int | None = None) -> list[LikelyDuplicate]:
    """Organisations that this name probably means, most likely first, each once."""
    found: dict[int, Likely] = {}
    for likely in duplicates_of(name, index_for(actor)):
        pk = int(likely.code)
        if pk != but:
            found.setdefault(pk, likely)
    rows = listed_organisations(actor).in_bulk(found)
    return [
        LikelyDuplicate(rows[pk], [REASONS[reason.code] for reason in likely.reasons])
        for pk, likely in list(found.items())[:SHOWN]
        if pk in rows
    ]


def likely_duplicates(form: forms.BaseForm, actor: Actor) -> list[LikelyDuplicate]:
    """What to warn of before a form is carried out; nothing once its reader said that it is another one."""
    form.is_valid()
    name = form.cleaned_data.get("name", "")
    if not name or form.cleaned_data.get("is_another"):
        return []
    return likely_for(name, actor)
