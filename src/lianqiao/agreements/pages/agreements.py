"""The register, one agreement as it will print, and its files."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _

from lianqiao.agreements.comparing import compared
from lianqiao.agreements.documents import DOCX, file_name, word_of
from lianqiao.agreements.forms.filters import AgreementFilters
from lianqiao.agreements.models import Agreement, AgreementVersion
from lianqiao.agreements.pages.facts import detail_facts, version_asked
from lianqiao.agreements.printing import pdf_of
from lianqiao.agreements.queries import SIDES, agreements_for, listed_agreements, versions_for
from lianqiao.agreements.shown import fields_for, reading_for
from lianqiao.core.actor import OFFICE, Role
from lianqiao.core.audit import record
from lianqiao.core.listing import Column, Listing
from lianqiao.core.permissions import may
from lianqiao.core.policy import page
from lianqiao.core.request import Request
from lianqiao.core.words import listed
from lianqiao.lists.models import Dimension

TAKES_PART = OFFICE | frozenset(SIDES)
READS = TAKES_PART | {Role.LEADER, Role.LIAISON, Role.AUDITOR}
# A file holds every name in it.
OPENS = TAKES_PART | {Role.AUDITOR}
TONES = {
    "draft": "neutral", "review": "blue", "final": "amber", "signed": "green", "expired": "neutral",
    "ended": "neutral", "abandoned": "neutral",
}  # fmt: skip


def tone_of(row: Agreement) -> str:
    return TONES[row.state]


def party_names(row: Agreement) -> str:
    """A person who signs for himself is not named in a list."""
    return listed(str(p) if not p.person_name else f"{p.person_name[:1]}**" for p in row.parties.all())


def fulfilment_of(row: Agreement) -> str:
    return f"{row.times_done}/{row.times_owed}" if row.times_owed else ""  # type: ignore[attr-defined]


COLUMNS = [
    Column("title", _("协议名称"), lambda a: a.title, url=lambda a: reverse("agreement_detail", args=[a.pk])),
    Column("number", _("协议编号"), lambda a: a.number or "", sort="number"),
    Column("kind", _("协议种类"), lambda a: a.get_kind_display()),
    Column("parties", _("签约各方"), party_names),
    Column("state", _("状态"), lambda a: a.get_state_display(), tone=tone_of),
    Column("signed_on", _("签订日期"), lambda a: a.signed_on, sort="signed_on"),
    Column("starts_on", _("生效日期"), lambda a: a.starts_on, sort="starts_on", shown=False),
    Column("ends_on", _("到期日期"), lambda a: a.ends_on, sort="ends_on"),
    Column("fulfilment", _("履约（已履行/应履行）"), fulfilment_of),
    Column("dimensions", _("产学研训创"), lambda a: listed(Dimension(d).label for d in a.dimensions), shown=False),
    Column("filed_at", _("归档位置"), lambda a: a.filed_at, shown=False),
    Column("chain", _("产业链"), lambda a: a.chain.label, shown=False),
    Column("ended_reason", _("终止或作废原因"), lambda a: a.ended_reason, shown=False),
]  # fmt: skip


@page(read=READS)
def agreement_list(request: Request) -> HttpResponse:
    actor = request.actor
    listing = Listing("agreement_list", request, listed_agreements(actor), COLUMNS, AgreementFilters)
    if export := listing.export():
        return export
    facts = {
        "listing": listing,
        "may_draft": may(actor, "agreements.draft_agreement"),
        "may_keep": actor.role in OFFICE,
        "has_obligations": actor.role in TAKES_PART,
    }
    return render(request, "agreements/agreement_list.html", facts)


@page(read=READS)
def agreement_detail(request: Request, pk: int) -> HttpResponse:
    """`?version=2` shows an older text."""
    agreement = get_object_or_404(agreements_for(request.actor), pk=pk)
    version = version_asked(request, agreement)
    return render(request, "agreements/agreement_detail.html", detail_facts(request, agreement, version))


@page(read=READS)
def agreement_compare(request: Request, pk: int) -> HttpResponse:
    """Two versions, by default the last two that this reader sees."""
    agreement = get_object_or_404(agreements_for(request.actor), pk=pk)
    versions = list(versions_for(request.actor).filter(agreement=agreement))
    chosen = [found(versions, request.GET.get(name, "")) for name in ("old", "new")]
    old = chosen[0] or (versions[1] if len(versions) > 1 else versions[0])
    new = chosen[1] or versions[0]
    for version in {id(old): old, id(new): new}.values():
        version.fields = fields_for(version, request.actor)
    clauses = compared(old, new)
    facts = {
        "agreement": agreement,
        "versions": versions,
        "old": old,
        "new": new,
        "changed": [clause for clause in clauses if clause.state != "same"],
        "same": [clause for clause in clauses if clause.state == "same"],
    }
    return render(request, "agreements/agreement_compare.html", facts)


def found(versions: list[AgreementVersion], number: str) -> AgreementVersion | None:
    return next((row for row in versions if str(row.number) == number), None)


@page(read=READS)
def agreement_print(request: Request, pk: int) -> HttpResponse:
    agreement = get_object_or_404(agreements_for(request.actor), pk=pk)
    return render(request, "agreements/agreement_print.html", print_facts(request, agreement))


def print_facts(request: Request, agreement: Agreement) -> dict[str, Any]:
    version = version_asked(request, agreement)
    return {
        "agreement": agreement,
        "version": version,
        "reading": reading_for(version, request.actor),
        "is_draft": agreement.number is None,
    }


@page(read=OPENS)
def agreement_word(request: Request, pk: int) -> HttpResponse:
    agreement = get_object_or_404(agreements_for(request.actor), pk=pk)
    version = version_asked(request, agreement)
    content = word_of(agreement.template, agreement.kind, version, fields_for(version, request.actor))
    return given(request, agreement, version, content, DOCX, "docx")


@page(read=OPENS)
def agreement_pdf(request: Request, pk: int) -> HttpResponse:
    agreement = get_object_or_404(agreements_for(request.actor), pk=pk)
    content = pdf_of(print_facts(request, agreement))
    version = version_asked(request, agreement)
    return given(request, agreement, version, content, "application/pdf", "pdf")


def given(
    request: Request, agreement: Agreement, version: AgreementVersion, content: bytes, kind: str, suffix: str
) -> HttpResponse:
    record(request.actor, "export", agreement, after={"type": suffix, "digest": version.sha256})
    name = file_name(agreement.title, agreement.number or "", suffix)
    disposition = content_disposition_header(True, name)
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": disposition})
