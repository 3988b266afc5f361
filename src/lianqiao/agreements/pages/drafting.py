"""How a draft begins, and its terms."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from lianqiao.agreements.actions.drafting import draft, draft_from_matches, draft_from_pairing
from lianqiao.agreements.actions.editing import settle_terms
from lianqiao.agreements.actions.renewing import renew
from lianqiao.agreements.forms.drafting import BeginForm, BlankDraftForm, PairingDraftForm, TermsForm
from lianqiao.agreements.models import Agreement
from lianqiao.agreements.queries import (
    agreements_for,
    matches_to_draft,
    pairings_to_draft,
    parties_of,
    versions_for,
)
from lianqiao.core.actor import OFFICE
from lianqiao.core.forms import carried_out
from lianqiao.core.policy import page
from lianqiao.core.refusals import Refused
from lianqiao.core.request import Request
from lianqiao.registry.forms.rows import row_id
from lianqiao.registry.pages.reach import within_reach


@page(read=OFFICE, write=OFFICE)
def agreement_add(request: Request) -> HttpResponse:
    """From a pairing; `?pairing=` has chosen it already."""
    given = request.POST if request.method == "POST" else None
    form = PairingDraftForm(
        given, actor=request.actor, initial={"pairing": row_id(request.GET.get("pairing", ""))}
    )
    if form.is_valid():
        facts = form.facts()
        pairing = facts.pop("pairing")
        if row := carried_out(
            form, draft_from_pairing, pairing, by=request.actor, now=timezone.now(), **facts
        ):
            return begun(request, row)
    pairs = pairings_to_draft(request.actor).exists()
    return render(request, "agreements/agreement_add.html", {"form": form, "has_pairings": pairs})


@page(read=OFFICE, write=OFFICE)
def agreement_from_matches(request: Request) -> HttpResponse:
    """`?match=1&match=2`: what both sides accepted already."""
    wanted = [row_id(pk) for pk in request.GET.getlist("match")]
    matches = list(matches_to_draft(request.actor).filter(pk__in=[pk for pk in wanted if pk]))
    if not matches:
        raise Http404
    form = BeginForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        facts = form.facts() | {"by": request.actor, "now": timezone.now()}
        if row := carried_out(form, draft_from_matches, matches, **facts):
            return begun(request, row)
    return render(request, "agreements/agreement_from_matches.html", {"form": form, "matches": matches})


@page(read=OFFICE, write=OFFICE)
def agreement_blank(request: Request) -> HttpResponse:
    form = BlankDraftForm(request.POST if request.method == "POST" else None, actor=request.actor)
    if form.is_valid():
        facts = form.terms() | {"by": request.actor, "now": timezone.now()}
        if row := carried_out(form, draft, form.parties(), [], **facts):
            return begun(request, row)
    return render(request, "agreements/agreement_blank.html", {"form": form})


def begun(request: Request, row: Agreement) -> HttpResponse:
    messages.success(request, _("已起草，各方信息和商定的内容已自动填入，请逐条核对。"))
    return redirect("agreement_detail", pk=row.pk)


@page(read=OFFICE, write=OFFICE)
def agreement_terms(request: Request, pk: int) -> HttpResponse:
    """Dates, dimensions, who represents the parties, and what only a person knows."""
    agreement = within_reach(agreements_for(request.actor), pk, request.actor, "agreements.edit_agreement")
    version = versions_for(request.actor).filter(agreement=agreement).first()
    if version is None or version.sealed_at is not None:
        raise Http404
    given = request.POST if request.method == "POST" else None
    form = TermsForm(given, instance=agreement, parties=parties_of(agreement), values=version.fields)
    if form.is_valid():
        seen = form.cleaned_data["seen"]
        if carried_out(form, settle_terms, agreement, by=request.actor, seen=seen, **form.facts()):
            messages.success(request, _("已保存。"))
            return redirect("agreement_detail", pk=pk)
    return render(request, "agreements/agreement_terms.html", {"form": form, "agreement": agreement})


@page(write=OFFICE)
def agreement_renew(request: Request, pk: int) -> HttpResponse:
    old = get_object_or_404(agreements_for(request.actor), pk=pk)
    try:
        row = renew(old, by=request.actor, now=timezone.now())
    except Refused as refusal:
        if refusal.status != 409:
            raise
        messages.error(request, str(refusal))
        return redirect("agreement_detail", pk=pk)
    return begun(request, row)
