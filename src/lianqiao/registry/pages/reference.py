"""Pages of the reference tables: what is loaded, its codes, and loading another edition."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianqiao.core import jobs
from lianqiao.core.actor import POSITIONS, Role
from lianqiao.core.listing import Column, Listing
from lianqiao.core.permissions import may, require
from lianqiao.core.policy import page
from lianqiao.core.request import Request
from lianqiao.registry.editions import difference
from lianqiao.registry.forms.reference import ReferenceImportForm, filters_of
from lianqiao.registry.levels import level_label
from lianqiao.registry.models import Edition, ReferenceItem
from lianqiao.registry.queries import editions_for, reference_for
from lianqiao.registry.tables import LARGEST_FILE, read_table
from lianqiao.registry.tasks import IMPORT
from lianqiao.registry.uploads import content_of, drop, facts_of, keep
from lianqiao.registry.workdays import last_known_year

Kind = Edition.Kind
READERS = POSITIONS - {Role.STUDENT, Role.MENTOR}
IMPORTERS = frozenset({Role.SYSTEM_ADMIN, Role.OFFICE_ADMIN})
FORM_AROUND_FILE = 64 * 1024
SHOWN = 20
EDITIONS = [
    Column(
        "kind",
        gettext_lazy("参照表"),
        lambda e: e.get_kind_display(),
        url=lambda e: reverse("reference_detail", args=[e.kind]),
    ),
    Column("name", gettext_lazy("版本"), lambda e: e.name),
    Column("valid_from", gettext_lazy("生效日期"), lambda e: e.valid_from, sort="valid_from"),
    Column("added", gettext_lazy("新增"), lambda e: e.added, number=True),
    Column("changed", gettext_lazy("变更"), lambda e: e.changed, number=True),
    Column("ended", gettext_lazy("停用"), lambda e: e.ended, number=True),
    Column("loaded_at", gettext_lazy("载入时间"), lambda e: e.loaded_at, sort="loaded_at"),
]
STATE = [
    Column("valid_from", gettext_lazy("生效日期"), lambda i: i.valid_from, shown=False),
    Column("valid_to", gettext_lazy("停用日期"), lambda i: i.valid_to),
]
CODES = [
    Column("code", gettext_lazy("代码"), lambda i: i.code, sort="code"),
    Column("name", gettext_lazy("名称"), lambda i: i.name),
    Column("level", gettext_lazy("级别"), lambda i: level_label(i.kind, i.level), sort="level"),
    Column("parent", gettext_lazy("上级代码"), lambda i: i.parent, sort="parent"),
    *STATE,
]
DAYS = [
    Column("code", gettext_lazy("日期"), lambda i: i.code, sort="code"),
    Column("is_workday", gettext_lazy("上班或休息"), lambda i: gettext_lazy("上班") if i.facts.get("is_workday") else gettext_lazy("休息")),
    Column("name", gettext_lazy("说明"), lambda i: i.name),
    *STATE,
]  # fmt: skip


@page(read=READERS)
def reference_list(request: Request) -> HttpResponse:
    listing = Listing("reference_list", request, editions_for(request.actor), EDITIONS)
    facts = {
        "listing": listing,
        "tables": tables_of(request),
        "known_year": last_known_year(),
        "may_import": may(request.actor, IMPORT),
    }
    return listing.export() or render(request, "registry/reference_list.html", facts)


def tables_of(request: Request) -> list[dict[str, Any]]:
    """The kinds of tables, each with its newest edition and the number of its codes."""
    newest: dict[str, Edition] = {}
    for edition in editions_for(request.actor).order_by("id"):
        newest[edition.kind] = edition
    counts = {kind: reference_count(reference_for(request.actor, kind)) for kind in Kind.values}
    return [
        {"kind": kind, "label": label, "edition": newest.get(kind), **counts[kind]}
        for kind, label in Kind.choices
    ]


def reference_count(rows: QuerySet[ReferenceItem]) -> dict[str, int]:
    return rows.order_by().aggregate(
        live=Count("pk", filter=Q(valid_to=None)), ended=Count("pk", filter=~Q(valid_to=None))
    )


@page(read=READERS)
def reference_detail(request: Request, kind: str) -> HttpResponse:
    if kind not in Kind.values:
        raise Http404
    rows = reference_for(request.actor, kind).order_by("code")
    columns = DAYS if kind == Kind.WORKDAYS else CODES
    listing = Listing("reference_detail", request, rows, columns, filters_of(kind))
    facts = {
        "listing": listing,
        "label": Kind(kind).label,
        "edition": editions_for(request.actor).filter(kind=kind).first(),
    }
    return listing.export() or render(request, "registry/reference_detail.html", facts)


@page(read=IMPORTERS, write=IMPORTERS, largest=LARGEST_FILE + FORM_AROUND_FILE)
def reference_import(request: Request) -> HttpResponse:
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ReferenceImportForm(*sent, initial={"kind": request.GET.get("kind", "")})
    if form.is_valid():
        require(request.actor, IMPORT)
        upload = keep(form.content, form.facts(), by=request.actor)
        return redirect("reference_compare", upload=upload)
    return render(request, "registry/reference_import.html", {"form": form})


@page(read=IMPORTERS, write=IMPORTERS)
def reference_compare(request: Request, upload: str) -> HttpResponse:
    """What the uploaded edition would change; agreeing starts the job."""
    facts = facts_of(upload, by=request.actor)
    if facts is None:
        messages.warning(request, _("上传的文件已不在，请重新上传。"))
        return redirect("reference_import")
    if request.method == "POST":
        job = jobs.start(IMPORT, by=request.actor, upload=upload)
        return redirect("job_detail", pk=job.pk)
    found = difference(facts["kind"], read_table(facts["kind"], facts["name"], content_of(upload)))
    if not found:
        drop(upload)
        messages.info(request, _("文件与现有的表相同，没有需要更新的内容。"))
        return redirect("reference_detail", kind=facts["kind"])
    shown = {
        "upload": upload,
        "facts": facts,
        "label": Kind(facts["kind"]).label,
        "found": found,
        "counts": {"added": len(found.added), "changed": len(found.changed), "ended": len(found.ended)},
        "shown": SHOWN,
    }
    return render(request, "registry/reference_compare.html", shown)


@page(write=IMPORTERS)
def reference_discard(request: Request, upload: str) -> HttpResponse:
    if facts_of(upload, by=request.actor) is not None:
        drop(upload)
    messages.info(request, _("没有导入，上传的文件已删除。"))
    return redirect("reference_list")
