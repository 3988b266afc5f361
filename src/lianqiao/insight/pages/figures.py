"""The double improvement: figures of a chain, a segment, an enterprise or a college, each down to its records."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from lianqiao.core.audit import record
from lianqiao.core.listing import Listing
from lianqiao.core.permissions import may
from lianqiao.core.policy import page
from lianqiao.core.request import Request
from lianqiao.core.spreadsheet import workbook
from lianqiao.insight.analysis import analysis_of
from lianqiao.insight.catalogue import FIGURES, HEADLINES
from lianqiao.insight.models import Briefing
from lianqiao.insight.pages.asking import View, figure_of, view_of
from lianqiao.insight.pages.columns import columns_of
from lianqiao.insight.queries.reading import READERS, may_read_rows, oversees, own_scope, readable
from lianqiao.insight.sentences import STUCK, three
from lianqiao.insight.standing import Board, Standing, spark, told
from lianqiao.insight.words import GROUPS, label_of, number_of

CODES = [figure.code for figure in FIGURES]


@page(read=READERS)
def double_improvement(request: Request) -> HttpResponse:
    view = view_of(request)
    if view is None:
        return render(request, "insight/double_improvement.html", {"view": None})
    actor, asked = request.actor, view.asked
    board = Board(asked, CODES)
    standings = board.standings()
    if request.GET.get("export") == "xlsx":
        return exported(request, view, standings)
    facts: dict[str, Any] = view.facts | {
        "headlines": [told_on(one) for one in standings if one.figure.code in HEADLINES],
        "others": [told_on(one) for one in standings if one.figure.code not in (*HEADLINES, *STUCK)],
        "stuck": [told_on(one) for one in standings if one.figure.code in STUCK],
        "may_read_rows": may_read_rows(actor, asked.scope),
        "oversees": oversees(actor),
        "may_brief": may(actor, "insight.make_briefing", Briefing(chain=view.chain)),
        "own": own_scope(actor, view.chain.pk),
    }
    if oversees(actor) and asked.scope.of == "chain":
        analysis = analysis_of(view.chain, actor, timezone.localdate())
        facts |= {
            "analysis": analysis,
            "overview": analysis.overview,
            "sentences": three(standings, analysis.proposals),
        }
    return render(request, "insight/double_improvement.html", facts)


def told_on(standing: Standing) -> dict[str, Any]:
    """A figure with its small curve and the words of its parts."""
    parts = [
        (GROUPS.get(group, group), [(label_of(part), number_of(part)) for part in parts])
        for group, parts in standing.parts
    ]
    return {"standing": standing, "figure": standing.figure, "spark": spark(standing.points), "parts": parts}


def exported(request: Request, view: View, standings: list[Standing]) -> HttpResponse:
    heads = [_("指标"), _("数值"), _("单位"), _("分母"), _("上期"), _("记录数"), _("定义"), _("计算方法")]
    rows = [
        [
            str(one.figure.name), one.measured.value, str(one.figure.unit), one.measured.of, one.before,
            one.measured.rows, str(one.figure.definition), str(one.figure.formula),
        ]
        for one in standings
    ]  # fmt: skip
    title = _("双提升")
    query = {**view.asked.scope.query, **view.asked.period.query}
    record(request.actor, "export", after={"rows": len(rows), "query": query}, about=title)
    filename = f"{title}_{view.chain.label}_{view.asked.period.label}.xlsx"
    return HttpResponse(
        workbook(title, heads, rows),
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        headers={"Content-Disposition": content_disposition_header(True, filename)},
    )


@page(read=READERS)
def figure_detail(request: Request, code: str) -> HttpResponse:
    view = there(request)
    figure = figure_of(code, view)
    board = Board(view.asked, [code])
    standing = board.standing(figure)
    points = board.curve(figure, standing.measured)
    published = figure.published
    facts = (
        view.facts
        | told_on(standing)
        | {
            "points": [(point.period.label, point.value, told(point.value)) for point in points],
            "curve": {
                "name": str(figure.name),
                "unit": str(figure.unit),
                "labels": [point.period.label for point in points],
                "values": [point.value for point in points],
                "published": {"value": published.value, "name": str(published.by)} if published else None,
            },
            "may_read_rows": may_read_rows(request.actor, view.asked.scope),
        }
    )
    return render(request, "insight/figure_detail.html", facts)


@page(read=READERS)
def figure_rows(request: Request, code: str) -> HttpResponse:
    """The records behind a figure: those of them that this person reaches anywhere else too."""
    view = there(request)
    figure = figure_of(code, view)
    if not may_read_rows(request.actor, view.asked.scope):
        raise Http404
    sources = figure.rows(view.asked)
    chosen = request.GET.get("source", "0")
    if chosen not in [str(number) for number in range(len(sources))]:
        raise Http404
    rows = readable(sources[int(chosen)], request.actor)
    listing = Listing(f"figure_rows_{code}_{chosen}", request, rows.order_by("-pk"), columns_of(rows))
    if download := listing.export():
        return download
    shown, every = listing.page.paginator.count, sources[int(chosen)].order_by().count()
    facts = view.facts | {
        "figure": figure,
        "standing": Standing(figure, view.asked, Board(view.asked, [code]).now(figure)[0]),
        "listing": listing,
        "hidden": every - shown,
        "tabs": [
            {
                "label": source.model._meta.verbose_name,
                "url": listing.url(source=str(number), page=None, sort=None),
                "active": str(number) == chosen,
                "count": None,
            }
            for number, source in enumerate(sources)
        ],
    }
    return render(request, "insight/figure_rows.html", facts)


def there(request: Request) -> View:
    view = view_of(request)
    if view is None:
        raise Http404
    return view
