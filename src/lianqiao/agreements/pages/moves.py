"""Events of an agreement: sent, agreed, approved, signed, scanned, filed, ended."""

from collections.abc import Callable
from pathlib import PurePath
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from lianqiao.agreements.actions import moves, reviewing, signing
from lianqiao.agreements.forms.moves import (
    AnswerForm,
    EndForm,
    FilingForm,
    ReasonForm,
    RemarkForm,
    ScanForm,
    SignatureForm,
)
from lianqiao.agreements.models import Agreement, AgreementParty
from lianqiao.agreements.pages.agreements import OPENS, TAKES_PART
from lianqiao.agreements.pages.facts import PRESSES, clause_names
from lianqiao.agreements.parties import side_of
from lianqiao.agreements.queries import (
    agreements_for,
    newest_version,
    parties_of,
    remarks_for,
    scans_for,
    signatures_for,
)
from lianqiao.agreements.shown import reading_for
from lianqiao.core.actor import OFFICE, Role
from lianqiao.core.forms import carried_out
from lianqiao.core.policy import page
from lianqiao.core.refusals import NotPermitted, Refused
from lianqiao.core.request import Request
from lianqiao.lists.actions.around import LARGEST_FILE
from lianqiao.registry.forms.rows import row_id
from lianqiao.registry.pages.reach import within_reach

# The body of a form around a file is a little larger than the file.
LARGEST_FORM = LARGEST_FILE + 64 * 1024


def pressed(request: Request, pk: int, sentence: str, step: Callable[[], Any]) -> HttpResponse:
    """Do it, or say why not, and go back to the agreement."""
    try:
        step()
    except NotPermitted:
        raise
    except (Refused, ValidationError) as refusal:
        said = refusal.messages if isinstance(refusal, ValidationError) else [str(refusal)]
        messages.error(request, " ".join(said))
    else:
        messages.success(request, sentence)
    return redirect("agreement_detail", pk=pk)


def party_asked(request: Request, agreement: Agreement, pk: int) -> AgreementParty:
    found = next((party for party in parties_of(agreement) if party.pk == pk), None)
    if found is None:
        raise Http404
    return found


@page(write=OFFICE)
def agreement_move(request: Request, pk: int, move: str) -> HttpResponse:
    if move not in PRESSES:
        raise Http404
    agreement = within_reach(agreements_for(request.actor), pk, request.actor, f"agreements.{move}")
    told = {"send": _("已送各方征求意见。"), "reopen": _("已形成新的一版，请修改后再送各方。")}
    run = {"send": moves.send, "reopen": moves.reopen}[move]
    return pressed(request, pk, told[move], lambda: run(agreement, by=request.actor, now=timezone.now()))


def version_read(request: Request) -> int:
    return row_id(request.POST.get("version", "")) or 0


@page(write=TAKES_PART)
def agreement_agree(request: Request, pk: int, party: int) -> HttpResponse:
    agreement = get_object_or_404(agreements_for(request.actor), pk=pk)
    row = party_asked(request, agreement, party)
    facts: dict[str, Any] = {
        "by": request.actor,
        "now": timezone.now(),
        "version": version_read(request),
    }
    return pressed(request, pk, _("已登记同意。"), lambda: reviewing.agree(row, **facts))


@page(write=frozenset({Role.SCHOOL_COORDINATOR}))
def agreement_approve(request: Request, pk: int, party: int) -> HttpResponse:
    agreement = get_object_or_404(agreements_for(request.actor), pk=pk)
    row = party_asked(request, agreement, party)
    facts: dict[str, Any] = {
        "by": request.actor,
        "now": timezone.now(),
        "version": version_read(request),
    }
    return pressed(request, pk, _("已登记院校批准。"), lambda: reviewing.approve(row, **facts))


@page(write=TAKES_PART)
def agreement_withdraw(request: Request, pk: int, party: int) -> HttpResponse:
    agreement = get_object_or_404(agreements_for(request.actor), pk=pk)
    row = party_asked(request, agreement, party)
    return pressed(
        request, pk, _("已收回同意。"), lambda: reviewing.withdraw_agreement(row, by=request.actor)
    )


@page(write=TAKES_PART)
def remark_add(request: Request, pk: int) -> HttpResponse:
    actor = request.actor
    agreement = within_reach(agreements_for(actor), pk, actor, "agreements.remark")
    version = newest_version(agreement, actor)
    if version is None:
        raise Http404
    form = RemarkForm(request.POST, clauses=clause_names(reading_for(version, actor)))
    if not form.is_valid():
        messages.error(request, " ".join(str(e) for errors in form.errors.values() for e in errors))
        return redirect("agreement_detail", pk=pk)
    party = side_of(actor, parties_of(agreement), agreement.chain_id)
    facts: dict[str, Any] = {"by": actor, "now": timezone.now()} | form.facts()
    return pressed(request, pk, _("意见已提出。"), lambda: reviewing.remark(agreement, party, **facts))


@page(read=OFFICE, write=OFFICE)
def remark_answer(request: Request, pk: int) -> HttpResponse:
    row = within_reach(remarks_for(request.actor), pk, request.actor, "agreements.answer_remark")
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and carried_out(form, reviewing.answer_remark, row, by=request.actor, **form.facts()):
        messages.success(request, _("意见已处理。"))
        return redirect("agreement_detail", pk=row.revision.agreement_id)
    return render(request, "agreements/remark_answer.html", {"form": form, "remark": row})


@page(read=TAKES_PART, write=TAKES_PART)
def signature_add(request: Request, pk: int, party: int) -> HttpResponse:
    agreement = get_object_or_404(agreements_for(request.actor), pk=pk, state=Agreement.State.FINAL)
    row = within_reach(own_rows(agreement), party, request.actor, "agreements.note_signature")
    version = newest_version(agreement, request.actor)
    given = request.POST if request.method == "POST" else None
    digest = version.sha256 if version else ""
    form = SignatureForm(given, initial={"signer": row.represented_by or row.person_name, "sha256": digest})
    if form.is_valid():
        facts = {"by": request.actor, "now": timezone.now()} | form.facts()
        if carried_out(form, signing.note_signature, row, **facts):
            messages.success(request, _("已登记“%(party)s”签字。") % {"party": row})
            return redirect("agreement_detail", pk=pk)
    facts = {"form": form, "agreement": agreement, "party": row, "digest": digest}
    return render(request, "agreements/signature_add.html", facts)


def own_rows(agreement: Agreement) -> QuerySet[AgreementParty]:
    return agreement.parties.select_related("organisation", "unit", "party_organisation", "agreement")


@page(read=OFFICE, write=OFFICE)
def signature_void(request: Request, pk: int) -> HttpResponse:
    row = within_reach(signatures_for(request.actor), pk, request.actor, "agreements.void_signature")
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        facts = {"by": request.actor, "now": timezone.now()} | form.facts()
        if carried_out(form, signing.void_signature, row, **facts):
            messages.success(request, _("这次签字登记已作废。"))
            return redirect("agreement_detail", pk=row.revision.agreement_id)
    return render(request, "agreements/signature_void.html", {"form": form, "signature": row})


@page(read=TAKES_PART, write=TAKES_PART, largest=LARGEST_FORM)
def scan_add(request: Request, pk: int) -> HttpResponse:
    agreement = within_reach(agreements_for(request.actor), pk, request.actor, "agreements.add_scan")
    version = newest_version(agreement, request.actor)
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ScanForm(*posted)
    if version and form.is_valid():
        file = form.cleaned_data["file"]
        facts = {"by": request.actor, "now": timezone.now(), "name": PurePath(file.name).name}
        if carried_out(form, signing.add_scan, version, content=file.read(), **facts):
            messages.success(request, _("扫描件已上传。"))
            return redirect("agreement_detail", pk=pk)
    return render(request, "agreements/scan_add.html", {"form": form, "agreement": agreement})


@page(read=OPENS)
def scan_open(request: Request, pk: int) -> HttpResponseBase:
    row = get_object_or_404(scans_for(request.actor), pk=pk)
    return FileResponse(
        row.file.open("rb"), as_attachment=True, filename=row.name, content_type=row.content_type
    )


@page(read=OFFICE, write=OFFICE)
def agreement_file(request: Request, pk: int) -> HttpResponse:
    agreement = within_reach(agreements_for(request.actor), pk, request.actor, "agreements.file_paper")
    form = FilingForm(request.POST if request.method == "POST" else None, instance=agreement)
    if form.is_valid():
        facts = form.facts() | {"seen": form.cleaned_data["seen"]}
        if carried_out(form, signing.file_paper, agreement, by=request.actor, **facts):
            messages.success(request, _("已归档。"))
            return redirect("agreement_detail", pk=pk)
    return render(request, "agreements/agreement_file.html", {"form": form, "agreement": agreement})


@page(read=OFFICE, write=OFFICE)
def agreement_abandon(request: Request, pk: int) -> HttpResponse:
    agreement = within_reach(agreements_for(request.actor), pk, request.actor, "agreements.abandon")
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and carried_out(form, moves.abandon, agreement, by=request.actor, **form.facts()):
        messages.success(request, _("协议已作废，内容仍可查阅。"))
        return redirect("agreement_detail", pk=pk)
    return render(request, "agreements/agreement_abandon.html", {"form": form, "agreement": agreement})


@page(read=OFFICE, write=OFFICE)
def agreement_end(request: Request, pk: int) -> HttpResponse:
    agreement = within_reach(agreements_for(request.actor), pk, request.actor, "agreements.end_early")
    form = EndForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and carried_out(form, moves.end_early, agreement, by=request.actor, **form.facts()):
        messages.success(request, _("协议已提前终止，并已告知各方。"))
        return redirect("agreement_detail", pk=pk)
    return render(request, "agreements/agreement_end.html", {"form": form, "agreement": agreement})
