"""The import of a workbook: upload, what was found, decisions, result."""

from typing import Any
from urllib.parse import unquote_plus

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianqiao.core.actor import OFFICE, POSITIONS, Role
from lianqiao.core.audit import record
from lianqiao.core.forms import carried_out
from lianqiao.core.jobs import live_progress
from lianqiao.core.listing import LARGEST_EXPORT, LONG_NUMBER, Column, Listing, TooManyRows, narrowed
from lianqiao.core.permissions import may, require
from lianqiao.core.policy import page
from lianqiao.core.request import Request
from lianqiao.lists.forms.filters import EntryFilters
from lianqiao.lists.imports.actions.carrying import agree
from lianqiao.lists.imports.actions.registering import register_names
from lianqiao.lists.imports.actions.steps import (
    begin_import,
    choose_all_twins,
    choose_names,
    choose_twins,
    correct_columns,
)
from lianqiao.lists.imports.actions.undoing import ask_undo, drop_import
from lianqiao.lists.imports.forms import ColumnsForm, ImportForm, NamesForm, RegisterForm
from lianqiao.lists.imports.hints import Hints
from lianqiao.lists.imports.layout import REASON_HEAD
from lianqiao.lists.imports.practice import practice_workbook
from lianqiao.lists.imports.queries import (
    exported_entries,
    imports_for,
    needs_to_practise_with,
    unclear_names,
    unknown_names,
    words_to_choose,
)
from lianqiao.lists.imports.reading import LARGEST_FILE, REASONS
from lianqiao.lists.imports.reasons import LABELS
from lianqiao.lists.imports.returning import refused_rows
from lianqiao.lists.imports.rules import IMPORT, IMPORTERS, UNDO
from lianqiao.lists.imports.writing import lists_workbook, template_workbook
from lianqiao.lists.models import Import, ImportName, ImportProblem, ImportTwin
from lianqiao.lists.queries import listed_entries
from lianqiao.lists.shown import shown

READERS = IMPORTERS | {Role.AUDITOR}
FORM_AROUND_FILE = 64 * 1024
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PROBLEMS_SHOWN, PER_PAGE = 200, 50
REGISTER = "registry.add_organisation"
State = Import.State
TONES = {State.DONE: "green", State.CHECKED: "blue", State.REFUSED: "red", State.READING: "blue"}
COLUMNS = [
    Column("name", gettext_lazy("文件"), str, url=lambda i: reverse("import_detail", args=[i.pk])),
    Column("state", gettext_lazy("状态"), lambda i: i.get_state_display(), tone=lambda i: TONES.get(i.state, "neutral")),
    Column("rows", gettext_lazy("行数"), lambda i: i.counts.get("rows", ""), number=True),
    Column("added", gettext_lazy("新增"), lambda i: i.counts.get("added", ""), number=True),
    Column("refused", gettext_lazy("未导入"), lambda i: i.counts.get("refused", ""), number=True),
    Column("person", gettext_lazy("经办人"), lambda i: i.person.name if i.person else ""),
    Column("made_at", gettext_lazy("上传时间"), lambda i: i.made_at, sort="made_at"),
]  # fmt: skip


@page(read=READERS)
def import_list(request: Request) -> HttpResponse:
    listing = Listing("import_list", request, imports_for(request.actor), COLUMNS)
    facts = {"listing": listing, "may_import": may(request.actor, IMPORT)}
    return listing.export() or render(request, "lists/import_list.html", facts)


@page(read=IMPORTERS, write=IMPORTERS, largest=LARGEST_FILE + FORM_AROUND_FILE)
def import_add(request: Request) -> HttpResponse:
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ImportForm(*sent, actor=request.actor)
    if form.is_valid():
        file = form.cleaned_data["file"]
        imported = begin_import(
            by=request.actor, chain=form.cleaned_data["chain"], name=file.name, content=file.read()
        )
        return redirect("import_detail", pk=imported.pk)
    return render(request, "lists/import_add.html", {"form": form})


@page(read=READERS)
def import_detail(request: Request, pk: int) -> HttpResponse:
    imported = get_object_or_404(imports_for(request.actor), pk=pk)
    facts = facts_of(imported, request)
    template = "lists/import_state.html" if request.headers.get("HX-Request") else "lists/import_detail.html"
    return render(request, template, facts)


def facts_of(imported: Import, request: Request) -> dict[str, Any]:
    job = imported.job
    done, total = live_progress(job) if job else (0, 0)
    is_waiting = imported.state == State.CHECKED and not (job and job.is_open)
    hints = Hints(imported, request.actor)
    problems = [told(one, hints) for one in imported.problems.all()[:PROBLEMS_SHOWN]]
    counts = imported.counts
    skipped = imported.twins.filter(choice=ImportTwin.Choice.SKIP).count()
    return {
        "imported": imported, "job": job, "done": done, "total": total, "counts": counts,
        "is_waiting": is_waiting, "refusal": REASONS.get(imported.problem, ""), "problems": problems,
        "more_problems": counts.get("problems", 0) - len(problems), "names": list(unclear_names(imported)[:PER_PAGE]),
        "taken": counts.get("new", 0) + counts.get("update", 0) - skipped, "sheets": sheets_told(imported),
        "rows": list(imported.rows.filter(entry__isnull=False).select_related("entry__organisation")[:PER_PAGE])
        if imported.state in (State.DONE, State.UNDONE) else [],
        "may_publish": may(request.actor, "lists.publish"),
        "may_register": may(request.actor, REGISTER), "may_import": may(request.actor, IMPORT, imported), "may_undo": may(request.actor, UNDO, imported),
    }  # fmt: skip


def told(one: ImportProblem, hints: Hints) -> dict[str, Any]:
    return {
        "sheet": one.sheet, "cell": one.cell, "row": one.row, "value": one.value, "refusing": one.refusing,
        "label": LABELS.get(one.key, ""), "reason": hints.explained(one.code, one.key, one.value),
    }  # fmt: skip


def sheets_told(imported: Import) -> list[dict[str, Any]]:
    """How each sheet was understood, in a line."""
    lines = []
    for sheet in imported.sheets:
        # What an import gave back says its reasons in a column of its own.
        columns = [column for column in sheet["columns"] if column[1] and not column[1].endswith(REASON_HEAD)]
        unsure = [column for column in columns if column[2] is None or column[3] < 0.8]
        lines.append(
            sheet | {"known": len(columns) - len(unsure), "all": len(columns), "unsure": len(unsure)}
        )
    return lines


@page(read=IMPORTERS, write=IMPORTERS)
def import_columns(request: Request, pk: int) -> HttpResponse:
    imported = own(request, pk)
    form = ColumnsForm(request.POST if request.method == "POST" else None, imported=imported)
    if form.is_valid():
        heads, kinds = form.corrections()
        if heads or kinds:
            correct_columns(imported, by=request.actor, heads=heads, kinds=kinds)
        return redirect("import_detail", pk=pk)
    return render(
        request, "lists/import_columns.html", {"imported": imported, "form": form, "tables": form.bound()}
    )


@page(read=IMPORTERS, write=IMPORTERS)
def import_names(request: Request, pk: int) -> HttpResponse:
    imported = own(request, pk)
    rows = imported.names.exclude(how__in=[ImportName.How.CERTAIN, ImportName.How.ADDED])
    shown_page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    sent = request.POST if request.method == "POST" else None
    form = NamesForm(sent, names=list(shown_page.object_list), actor=request.actor)
    if form.is_valid():
        if chosen := form.chosen():
            choose_names(imported, by=request.actor, chosen=chosen)
        return redirect("import_detail", pk=pk)
    facts = {"imported": imported, "form": form, "rows": form.bound(), "page": shown_page}
    return render(request, "lists/import_names.html", facts)


@page(read=OFFICE, write=OFFICE)
def import_register(request: Request, pk: int) -> HttpResponse:
    imported = own(request, pk)
    require(request.actor, REGISTER)
    shown_page = Paginator(unknown_names(imported), PER_PAGE).get_page(request.GET.get("page"))
    sent = request.POST if request.method == "POST" else None
    form = RegisterForm(sent, names=list(shown_page.object_list), actor=request.actor)
    if form.is_valid() and not form.chosen():
        form.add_error(None, _("请勾选要登记的单位。"))
    if form.is_valid():
        count = carried_out(form, register_names, imported, by=request.actor, chosen=form.chosen())
        if count is not None:
            messages.success(request, _("登记了 %(count)s 个单位，正在重新检查。") % {"count": count})
            return redirect("import_detail", pk=pk)
    facts = {"imported": imported, "form": form, "rows": form.bound(), "page": shown_page}
    return render(request, "lists/import_register.html", facts)


@page(read=IMPORTERS, write=IMPORTERS)
def import_twins(request: Request, pk: int) -> HttpResponse:
    imported = own(request, pk)
    rows = imported.twins.select_related("entry__organisation")
    shown_page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    if request.method == "POST":
        every = request.POST.get("every", "")
        if every in ImportTwin.Choice.values:
            choose_all_twins(imported, by=request.actor, choice=every)
        else:
            choices = {row.pk: request.POST.get(f"twin-{row.pk}", "") for row in shown_page.object_list}
            choose_twins(imported, by=request.actor, choices=choices)
            messages.success(request, _("已保存。"))
        return redirect(request.get_full_path())
    facts = {
        "imported": imported,
        "page": shown_page,
        "twins": shown_page.object_list,
        "choices": ImportTwin.Choice.choices,
    }
    return render(request, "lists/import_twins.html", facts)


@page(write=IMPORTERS)
def import_start(request: Request, pk: int) -> HttpResponse:
    agree(own(request, pk), by=request.actor)
    return redirect("import_detail", pk=pk)


@page(write=IMPORTERS)
def import_drop(request: Request, pk: int) -> HttpResponse:
    drop_import(own(request, pk), by=request.actor)
    messages.info(request, _("没有导入，上传的文件已删除。"))
    return redirect("import_list")


@page(write=IMPORTERS)
def import_undo(request: Request, pk: int) -> HttpResponse:
    ask_undo(own(request, pk), by=request.actor)
    return redirect("import_detail", pk=pk)


@page(read=IMPORTERS)
def import_refused(request: Request, pk: int) -> HttpResponse:
    imported = own(request, pk)
    name = _("%(name)s-未导入的行.xlsx") % {"name": imported.name.rpartition(".")[0] or imported.name}
    return workbook_answer(refused_rows(imported, by=request.actor), name)


@page(read=IMPORTERS)
def import_template(request: Request) -> HttpResponse:
    require(request.actor, IMPORT)
    return workbook_answer(template_workbook(*words_to_choose(request.actor)), _("三张清单-模板.xlsx"))


@page(read=IMPORTERS)
def import_practice(request: Request) -> HttpResponse:
    require(request.actor, IMPORT)
    content = practice_workbook(needs_to_practise_with(request.actor), today=timezone.localdate())
    return workbook_answer(content, _("需求汇总表-练习用.xlsx"))


@page(read=POSITIONS)
def lists_export(request: Request) -> HttpResponse:
    """What the filter shows, as the office's own workbook; written in again, untouched cells change nothing."""
    form = EntryFilters(request.GET or None, actor=request.actor)
    rows = narrowed(listed_entries(request.actor), form)
    if (count := rows.count()) > LARGEST_EXPORT:
        raise TooManyRows(most=LARGEST_EXPORT)
    # Somebody may have searched for a telephone number; the trail keeps its last digits only.
    query = LONG_NUMBER.sub("*", unquote_plus(request.GET.urlencode()))
    record(request.actor, "export", after={"rows": count, "query": query}, about=str(_("三张清单")))
    seen = [shown(entry, request.actor) for entry in exported_entries(rows)]
    name = _("三张清单-%(day)s.xlsx") % {"day": timezone.localdate().isoformat()}
    return workbook_answer(lists_workbook(seen), name)


def own(request: Request, pk: int) -> Import:
    """One that the person may work on; to see it is not enough."""
    imported = get_object_or_404(imports_for(request.actor), pk=pk)
    if not may(request.actor, IMPORT, imported):
        raise Http404
    return imported


def workbook_answer(content: bytes, name: str) -> HttpResponse:
    headers = {
        "Content-Disposition": str(content_disposition_header(True, name)),
        "Cache-Control": "no-store",
    }
    return HttpResponse(content, content_type=XLSX, headers=headers)
