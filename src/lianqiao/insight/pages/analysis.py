"""强链、补链、延链: what the segments of a chain lack, and from when on that is said."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from lianqiao.core.actor import OFFICE
from lianqiao.core.permissions import may
from lianqiao.core.policy import page
from lianqiao.core.request import Request
from lianqiao.insight.actions.briefings import settle_analysis
from lianqiao.insight.analysis import analysis_of
from lianqiao.insight.forms.period import AnalysisRuleForm
from lianqiao.insight.queries.reading import OVERSEERS, analysis_rule
from lianqiao.registry.pages.editing import edited
from lianqiao.registry.queries import chains_for


@page(read=OVERSEERS)
def chain_analysis(request: Request, pk: int) -> HttpResponse:
    chain = get_object_or_404(chains_for(request.actor), pk=pk)
    analysis = analysis_of(chain, request.actor, timezone.localdate())
    facts = {
        "chain": chain,
        "analysis": analysis,
        "may_settle": may(request.actor, "insight.settle_analysis", analysis.rule),
        "home": f"{reverse('double_improvement')}?chain={pk}",
    }
    return render(request, "insight/chain_analysis.html", facts)


@page(read=OFFICE, write=OFFICE)
def analysis_rule_edit(request: Request, pk: int) -> HttpResponse:
    chain = get_object_or_404(chains_for(request.actor), pk=pk)
    form = AnalysisRuleForm(request.POST if request.method == "POST" else None, instance=analysis_rule(pk))

    def settle(_row: object, **facts: object) -> object:
        return settle_analysis(chain, **facts)  # type: ignore[arg-type]

    if edited(request, form, settle, form.instance):
        return redirect("chain_analysis", pk=pk)
    return render(request, "insight/analysis_rule_edit.html", {"form": form, "chain": chain})
