"""The figures of an enterprise or a school on its own page, for whoever may read them."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from lianqiao.core.around import add_around
from lianqiao.core.request import Request
from lianqiao.insight.catalogue import figures_of
from lianqiao.insight.period import Every, period_of
from lianqiao.insight.queries.asked import Asked
from lianqiao.insight.queries.reading import READERS, scope_for
from lianqiao.insight.scope import Scope
from lianqiao.insight.standing import Board
from lianqiao.registry.models import Organisation, Unit
from lianqiao.registry.queries import chains_for, live_memberships

# What tells most of one place; the whole is one click away.
SHOWN = ("matched", "signing_time", "agreements", "obligations", "projects", "outcomes")


def of_organisation(request: Request, row: Organisation) -> dict[str, Any] | None:
    return of_place(request, {"organisation": row.pk}, row.pk)


def of_unit(request: Request, row: Unit) -> dict[str, Any] | None:
    return of_place(request, {"unit": row.pk}, row.organisation_id)


def of_place(request: Request, place: dict[str, int], organisation: int) -> dict[str, Any] | None:
    actor = request.actor
    if actor.role not in READERS:
        return None
    today = timezone.localdate()
    on = live_memberships(today).filter(organisation=organisation).values("chain")
    chain = chains_for(actor).filter(pk__in=on).order_by("name", "pk").first()
    scope: Scope | None = scope_for(actor, chain.pk, **place) if chain else None
    if scope is None:
        return None
    asked = Asked(scope, period_of(Every.YEAR, today), today)
    codes = [figure.code for figure in figures_of(scope.of) if figure.code in SHOWN]
    query = urlencode(asked.scope.query | asked.period.query)
    return {
        "standings": Board(asked, codes).standings(),
        "period": asked.period,
        "all_url": f"{reverse('double_improvement')}?{query}",
    }


add_around("organisation_detail", "insight/place_figures.html", of_organisation, "main")
add_around("unit_detail", "insight/place_figures.html", of_unit, "main")
