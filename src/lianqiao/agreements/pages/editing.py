"""The clause editor: all clauses of the open version, in order, each with what it promises."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from lianqiao.agreements.actions.editing import write_clauses
from lianqiao.agreements.composing import as_written
from lianqiao.agreements.documents import clause_fields
from lianqiao.agreements.forms.clauses import ClauseRows, clauses_in, initial_of
from lianqiao.agreements.library import LibraryClause, library
from lianqiao.agreements.models import Agreement, AgreementVersion
from lianqiao.agreements.queries import agreements_for, own_clauses, parties_of, remarks_for, versions_for
from lianqiao.core.actor import OFFICE
from lianqiao.core.policy import page
from lianqiao.core.refusals import NotPermitted, Refused
from lianqiao.core.request import Request
from lianqiao.registry.forms.rows import row_id
from lianqiao.registry.pages.reach import within_reach

# Sixty clauses of four thousand characters, three bytes each and encoded for a form.
LARGEST = 4 * 1024 * 1024


def open_text(request: Request, pk: int) -> tuple[Agreement, AgreementVersion]:
    """Raises Http404, also where the newest text was sent to the parties already."""
    agreement = within_reach(agreements_for(request.actor), pk, request.actor, "agreements.write_clauses")
    version = versions_for(request.actor).filter(agreement=agreement).first()
    if version is None or version.sealed_at is not None:
        raise Http404
    return agreement, version


@page(read=OFFICE, write=OFFICE, largest=LARGEST)
def agreement_edit(request: Request, pk: int) -> HttpResponse:
    agreement, version = open_text(request, pk)
    parties = parties_of(agreement)
    rows = ClauseRows(
        request.POST if request.method == "POST" else None,
        initial=initial_of(version.clauses),
        form_kwargs={"parties": parties},
    )
    wrong: list[str] = []
    if rows.is_valid():
        seen = row_id(request.POST.get("seen", ""))
        try:
            write_clauses(
                agreement,
                clauses_in(rows),
                by=request.actor,
                seen=seen,
                note=request.POST.get("note", "")[:200],
            )
            messages.success(request, _("已保存。"))
            return redirect("agreement_edit" if "stay" in request.POST else "agreement_detail", pk=pk)
        except NotPermitted:
            raise
        except (Refused, ValidationError) as refusal:
            wrong = refusal.messages if isinstance(refusal, ValidationError) else [str(refusal)]
    facts = {
        "agreement": agreement,
        "version": version,
        "rows": rows,
        "wrong": wrong,
        "at_hand": at_hand(agreement, version),
        "field_table": clause_fields(agreement.kind),
        "remarks": [r for r in remarks_for(request.actor).filter(revision__agreement=agreement) if r.state == "open"],
    }  # fmt: skip
    return render(request, "agreements/agreement_edit.html", facts)


@page(write=OFFICE)
def clause_take(request: Request, pk: int) -> HttpResponse:
    """Put a clause of the library at the end of the text; the editor moves it where it belongs."""
    agreement, version = open_text(request, pk)
    wanted = request.POST.get("key", "")
    clause = next((each for each in at_hand(agreement, version) if each.key == wanted), None)
    if clause is None:
        raise Http404
    # Before the last, which says how many copies there are.
    clauses = list(version.clauses)
    clauses.insert(max(len(clauses) - 1, 0), as_written(clause, parties_of(agreement)))
    write_clauses(agreement, clauses, by=request.actor, seen=version.version)
    messages.success(request, _("已加入“%(title)s”。") % {"title": clause.title})
    return redirect("agreement_edit", pk=pk)


def at_hand(agreement: Agreement, version: AgreementVersion) -> list[LibraryClause]:
    """The clauses of the library that are not in the text."""
    there = {clause["key"] for clause in version.clauses}
    rows = library(agreement.kind, own_clauses(agreement.chain_id, agreement.kind))
    return [clause for clause in rows if clause.key not in there]
