"""What a page's address asks for: whose figures, over which days."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from lianqiao.core.request import Request
from lianqiao.insight.catalogue import BY_CODE, Figure
from lianqiao.insight.forms.period import PeriodForm
from lianqiao.insight.period import MONTHS, ONE, Every, Period, period_of
from lianqiao.insight.queries.asked import Asked
from lianqiao.insight.queries.reading import scope_for
from lianqiao.insight.scope import Scope
from lianqiao.registry.models import Chain, Organisation, Segment, Unit
from lianqiao.registry.queries import chains_for, organisations_for, segments_for, units_for


@dataclass(frozen=True)
class View:
    """`chains` are those one can change to."""

    asked: Asked
    chain: Chain
    chains: list[Chain]
    form: PeriodForm
    subject: Segment | Organisation | Unit | None

    @property
    def facts(self) -> dict[str, Any]:
        return {
            "view": self,
            "chain": self.chain,
            "scope": self.asked.scope,
            "period": self.asked.period,
            "subject": self.subject,
            "period_form": self.form,
            "steps": self.steps,
        }

    @property
    def steps(self) -> dict[str, str]:
        """Addresses of the page over the period before, the one after, and of each length."""
        period, scope = self.asked.period, self.asked.scope
        found = {"before": urlencode(scope.query | period.before.query)}
        if period.last < self.asked.today and period.every in MONTHS:
            after = period_of(period.every, period.last + ONE)
            found["after"] = urlencode(scope.query | after.query)
        return found

    @property
    def lengths(self) -> list[dict[str, Any]]:
        """For tabs: month, quarter, year."""
        scope, day = self.asked.scope, min(self.asked.period.last, self.asked.today)
        return [
            {
                "label": Every(every).label,
                "url": f"?{urlencode(scope.query | period_of(every, day).query)}",
                "active": every == self.asked.period.every,
                "count": None,
            }
            for every in MONTHS
        ]

    @property
    def home_url(self) -> str:
        """The board of the same scope and days."""
        query = urlencode(self.asked.scope.query | self.asked.period.query)
        return f"{reverse('double_improvement')}?{query}"


def view_of(request: Request) -> View | None:
    """None where the position reaches no chain. Raises Http404 for what is not there for this person."""
    chains = list(chains_for(request.actor).order_by("name", "pk"))
    wanted = number(request, "chain")
    chain = next((one for one in chains if wanted in (None, one.pk)), None)
    if chain is None:
        if wanted is None:
            return None
        raise Http404
    said = {name: number(request, name) for name in ("segment", "organisation", "unit")}
    scope = scope_for(request.actor, chain.pk, **said)
    if scope is None:
        raise Http404
    today = timezone.localdate()
    form = PeriodForm(request.GET)
    period: Period = form.period(today)
    return View(Asked(scope, period, today), chain, chains, form, subject_of(request, scope))


def subject_of(request: Request, scope: Scope) -> Segment | Organisation | Unit | None:
    actor = request.actor
    if scope.segment:
        return segments_for(actor).get(pk=scope.segment)
    if scope.unit:
        return units_for(actor).get(pk=scope.unit)
    return organisations_for(actor).get(pk=scope.organisation) if scope.organisation else None


def number(request: Request, name: str) -> int | None:
    """Raises Http404 for what is no number of a row."""
    text = request.GET.get(name, "")
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise Http404
    return int(text)


def figure_of(code: str, view: View) -> Figure:
    figure = BY_CODE.get(code)
    if figure is None or view.asked.scope.of not in figure.of:
        raise Http404
    return figure
