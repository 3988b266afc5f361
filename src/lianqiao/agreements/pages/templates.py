"""Templates that staff edit in Word, the library of clauses, and how agreements are numbered."""

from pathlib import PurePath

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from lianqiao.agreements.actions.moves import USUAL_NUMBER
from lianqiao.agreements.actions.templates import (
    add_template,
    keep_clause,
    retire_clause,
    retire_template,
    revive_clause,
    settle_numbering,
)
from lianqiao.agreements.documents import (
    DOCX,
    Report,
    checked_template,
    default_template,
    field_table,
    file_name,
)
from lianqiao.agreements.forms.clauses import LibraryForm
from lianqiao.agreements.forms.moves import NumberingForm, TemplateForm
from lianqiao.agreements.library import LibraryClause, library
from lianqiao.agreements.models import AgreementKind, Clause, Numbering
from lianqiao.agreements.pages.moves import LARGEST_FORM
from lianqiao.agreements.queries import clauses_for, numbering_of, own_clauses, templates_for
from lianqiao.core.actor import OFFICE, Role
from lianqiao.core.forms import carried_out
from lianqiao.core.policy import page
from lianqiao.core.refusals import Refused
from lianqiao.core.request import Request
from lianqiao.registry.models import Chain
from lianqiao.registry.pages.reach import within_reach
from lianqiao.registry.queries import chains_for

KEEPS = OFFICE | {Role.AUDITOR}


@page(read=KEEPS)
def template_list(request: Request) -> HttpResponse:
    rows = list(templates_for(request.actor))
    facts = {
        "kinds": [
            {
                "kind": kind,
                "templates": [row for row in rows if row.kind == kind],
                "fields": field_table(kind),
            }
            for kind in AgreementKind
        ],
        "numberings": [
            {"chain": chain, "pattern": kept.pattern if (kept := numbering_of(chain.pk)) else USUAL_NUMBER}
            for chain in chains_for(request.actor)
        ],
        "may_keep": request.actor.role in OFFICE,
    }
    return render(request, "agreements/template_list.html", facts)


@page(read=KEEPS)
def template_default(request: Request, kind: str) -> HttpResponse:
    """The product's own, to be edited in Word."""
    name = file_name(str(AgreementKind(known_kind(kind)).label), "", "docx")
    disposition = content_disposition_header(True, name)
    return HttpResponse(default_template(), content_type=DOCX, headers={"Content-Disposition": disposition})


def known_kind(kind: str) -> str:
    if kind not in AgreementKind.values:
        raise Http404
    return kind


@page(read=OFFICE, write=OFFICE, largest=LARGEST_FORM)
def template_add(request: Request) -> HttpResponse:
    """What is wrong in the file is told place by place, and nothing is kept of it."""
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = TemplateForm(*posted, actor=request.actor)
    report = Report()
    if form.is_valid():
        facts = form.facts()
        file = facts.pop("file")
        content = file.read()
        try:
            report = checked_template(PurePath(file.name).name, content, facts["kind"])
        except Refused as refusal:
            form.add_error("file", str(refusal))
        else:
            chain = facts.pop("chain")
            if report.is_good and carried_out(
                form, add_template, chain, by=request.actor, content=content, report=report, **facts
            ):
                messages.success(request, _("模板已启用，以后起草的这类协议用它生成文档。"))
                return redirect("template_list")
    return render(request, "agreements/template_add.html", {"form": form, "flaws": report.flaws})


@page(read=KEEPS)
def template_open(request: Request, pk: int) -> HttpResponseBase:
    row = get_object_or_404(templates_for(request.actor), pk=pk)
    return FileResponse(
        row.file.open("rb"), as_attachment=True, filename=file_name(row.name, "", "docx"), content_type=DOCX
    )


@page(write=OFFICE)
def template_retire(request: Request, pk: int) -> HttpResponse:
    row = within_reach(templates_for(request.actor), pk, request.actor, "agreements.retire_template")
    retire_template(row, by=request.actor)
    messages.success(request, _("模板已停用。"))
    return redirect("template_list")


@page(read=KEEPS)
def clause_list(request: Request) -> HttpResponse:
    """The library of one kind for one chain; the first of each, where the address names none."""
    chain, kind = asked_library(request)
    own = own_clauses(chain.pk, kind) if chain else []
    facts = {
        "chain": chain,
        "chains": chains_for(request.actor),
        "kind": AgreementKind(kind),
        "kinds": AgreementKind,
        "clauses": library(kind, own),
        "retired": [row for row in own if row.state == Clause.State.RETIRED],
        "may_keep": request.actor.role in OFFICE,
    }
    return render(request, "agreements/clause_list.html", facts)


def asked_library(request: Request) -> tuple[Chain | None, str]:
    kind = request.GET.get("kind") or AgreementKind.PARTY_BUILDING.value
    chains = chains_for(request.actor)
    asked = request.GET.get("chain", "")
    chain = chains.filter(pk=int(asked[:18])).first() if asked.isdecimal() else chains.first()
    return chain, known_kind(kind)


@page(read=OFFICE, write=OFFICE)
def clause_edit(request: Request, chain: int, kind: str, key: str) -> HttpResponse:
    """The office's own wording of a clause; `new` begins one that the product has not."""
    place = get_object_or_404(chains_for(request.actor), pk=chain)
    own = clauses_for(request.actor).filter(chain=place, kind=known_kind(kind), key=key).first()
    begun = next((each for each in library(kind, []) if each.key == key), None)
    if own is None and begun is None and key != "new":
        raise Http404
    row = own or Clause(chain=place, kind=kind, key=new_key(place, kind) if begun is None else key)
    form = LibraryForm(
        request.POST if request.method == "POST" else None, instance=row, initial=initial_of(own, begun)
    )
    if form.is_valid():
        facts = form.facts() | {"seen": form.cleaned_data["seen"]}
        if carried_out(form, keep_clause, row, by=request.actor, **facts):
            messages.success(request, _("已保存，以后起草的协议用这个写法。"))
            return redirect(f"{reverse('clause_list')}?chain={place.pk}&kind={kind}")
    facts = {"form": form, "chain": place, "kind": AgreementKind(kind), "row": row, "is_own": own is not None}
    return render(request, "agreements/clause_edit.html", facts)


def new_key(chain: Chain, kind: str) -> str:
    return f"own{len(own_clauses(chain.pk, kind)) + 1}"


def initial_of(own: Clause | None, begun: LibraryClause | None) -> dict[str, object]:
    source = own or begun
    if source is None:
        return {}
    names = ("title", "text", "standard", "position", "dimensions")
    return {name: getattr(source, name) for name in names} | dict(source.obligation)


@page(write=OFFICE)
def clause_retire(request: Request, chain: int, kind: str, key: str) -> HttpResponse:
    """Of a default the office keeps a row of its own that says so."""
    place = get_object_or_404(chains_for(request.actor), pk=chain)
    row = clauses_for(request.actor).filter(chain=place, kind=known_kind(kind), key=key).first()
    begun = next((each for each in library(kind, []) if each.key == key), None)
    if row is None and begun is None:
        raise Http404
    if row is None and begun is not None:
        names = ("title", "text", "standard", "position", "dimensions", "obligation")
        facts = {name: getattr(begun, name) for name in names}
        row = keep_clause(Clause(chain=place, kind=kind, key=key), by=request.actor, **facts)
    retire_clause(row, by=request.actor)
    messages.success(request, _("条款已停用，新起草的协议不再带上它。"))
    return redirect(f"{reverse('clause_list')}?chain={place.pk}&kind={kind}")


@page(write=OFFICE)
def clause_revive(request: Request, pk: int) -> HttpResponse:
    row = within_reach(clauses_for(request.actor), pk, request.actor, "agreements.revive_clause")
    revive_clause(row, by=request.actor)
    messages.success(request, _("条款已恢复。"))
    return redirect(f"{reverse('clause_list')}?chain={row.chain_id}&kind={row.kind}")


@page(read=OFFICE, write=OFFICE)
def numbering_edit(request: Request, pk: int) -> HttpResponse:
    chain = get_object_or_404(chains_for(request.actor), pk=pk)
    kept = numbering_of(chain.pk) or Numbering(chain=chain, pattern=USUAL_NUMBER)
    form = NumberingForm(request.POST if request.method == "POST" else None, instance=kept)
    if form.is_valid() and carried_out(form, settle_numbering, chain, by=request.actor, **form.facts()):
        messages.success(request, _("已保存，以后定稿的协议按此编号。"))
        return redirect("template_list")
    return render(request, "agreements/numbering_edit.html", {"form": form, "chain": chain})
