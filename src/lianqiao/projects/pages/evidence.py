"""Evidence: files under their numbers, one archive of them, and what is missing still."""

from pathlib import PurePath
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from lianqiao.core.actor import Actor, Role
from lianqiao.core.audit import record
from lianqiao.core.forms import carried_out
from lianqiao.core.policy import page
from lianqiao.core.request import Request
from lianqiao.core.spreadsheet import workbook
from lianqiao.lists.actions.around import LARGEST_FILE
from lianqiao.projects.actions.evidence import (
    add_evidence,
    edit_evidence,
    remove_evidence,
    restore_evidence,
)
from lianqiao.projects.forms.work import EvidenceForm, UploadForm
from lianqiao.projects.models import Evidence, Project
from lianqiao.projects.numbering import next_code
from lianqiao.projects.packing import amount_told, pack
from lianqiao.projects.pages.facts import back_to
from lianqiao.projects.pages.projects import TAKES_PART
from lianqiao.projects.queries import evidence_ever_for, evidence_for, projects_for, without_evidence
from lianqiao.registry.forms.rows import row_id
from lianqiao.registry.pages.reach import within_reach
from lianqiao.registry.pages.undoing import UNDO, still_there, told

# The body of a form around a file is a little larger than the file.
LARGEST_FORM = LARGEST_FILE + 64 * 1024
OPENS = TAKES_PART | {Role.AUDITOR}
MOST_MISSING = 200
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@page(read=TAKES_PART, write=TAKES_PART, largest=LARGEST_FORM)
def evidence_add(request: Request, pk: int) -> HttpResponse:
    """`?milestone=7` or `?outcome=7`: what it is to show."""
    project = within_reach(projects_for(request.actor), pk, request.actor, "projects.add_evidence")
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    asked = {name: row_id(request.GET.get(name, "")) for name in ("milestone", "outcome")}
    form = UploadForm(*posted, project=project, initial={"code": next_code(project)} | asked)
    if form.is_valid():
        facts: dict[str, Any] = {"by": request.actor, "now": timezone.now()}
        if row := carried_out(form, add_evidence, project, **facts, **form.facts()):
            sentence = _("已上传“%(name)s”。") % {"name": row.name}
            if "more" in request.POST:
                messages.success(request, sentence)
                return redirect("evidence_add", pk=pk)
            return told(request, back_to(pk, "evidence"), sentence, "evidence_added", pk=row.pk)
    return render(request, "projects/evidence_add.html", {"form": form, "project": project})


@page(read=TAKES_PART, write=TAKES_PART)
def evidence_edit(request: Request, pk: int) -> HttpResponse:
    row = within_reach(evidence_for(request.actor), pk, request.actor, "projects.edit_evidence")
    stands = {
        "code": row.code, "title": PurePath(row.name).stem, "milestone": row.milestone_id, "outcome": row.outcome_id,
    }  # fmt: skip
    form = EvidenceForm(
        request.POST if request.method == "POST" else None, project=row.project, initial=stands
    )
    if form.is_valid() and carried_out(form, edit_evidence, row, by=request.actor, **form.facts()):
        url = back_to(row.project_id, "evidence")
        return told(request, url, _("已保存。"), "evidence_edited", pk=pk, before=stands)
    return render(
        request, "projects/evidence_edit.html", {"form": form, "evidence": row, "project": row.project}
    )


@page(read=OPENS)
def evidence_open(request: Request, pk: int) -> HttpResponseBase:
    """As a download: what somebody uploaded is never shown as a page of ours."""
    row = get_object_or_404(evidence_for(request.actor), pk=pk)
    return FileResponse(
        row.file.open("rb"), as_attachment=True, filename=row.name, content_type=row.content_type
    )


@page(write=TAKES_PART)
def evidence_remove(request: Request, pk: int) -> HttpResponse:
    row = within_reach(evidence_for(request.actor), pk, request.actor, "projects.remove_evidence")
    remove_evidence(row, by=request.actor, now=timezone.now())
    sentence = _("佐证材料“%(name)s”已删除，30 天内可以恢复。") % {"name": row.name}
    return told(request, back_to(row.project_id, "evidence"), sentence, "evidence_removed", pk=pk)


@page(read=OPENS)
def evidence_pack(request: Request, pk: int) -> HttpResponseBase:
    """Everything as one archive; the trail keeps who took it."""
    project = get_object_or_404(projects_for(request.actor), pk=pk)
    rows = list(evidence_for(request.actor).filter(project=project))
    if not rows:
        raise Http404
    record(request.actor, "export", project, after={"type": "zip", "rows": len(rows)})
    name = f"{project.title}_{_('佐证材料')}_{timezone.localdate():%Y-%m-%d}.zip"
    return StreamingHttpResponse(
        pack(rows),
        content_type="application/zip",
        headers={"Content-Disposition": content_disposition_header(True, name)},
    )


@page(read=OPENS)
def evidence_missing(request: Request) -> HttpResponse:
    """The college's own sheet: what should be shown by now and has no file."""
    missing = missing_for(request.actor)
    if request.GET.get("export") == "xlsx":
        return missing_as_sheet(request, missing)
    unnumbered = evidence_for(request.actor).filter(code="").order_by("project", "pk")[:MOST_MISSING]
    facts = {"missing": missing, "most": MOST_MISSING, "unnumbered": unnumbered}
    return render(request, "projects/evidence_missing.html", facts)


def missing_for(actor: Actor) -> list[dict[str, Any]]:
    milestones, outcomes = without_evidence(actor, timezone.localdate())
    found: list[dict[str, Any]] = [
        {
            "project": row.project,
            "kind": "milestone",
            "pk": row.pk,
            "what": row.title,
            "day": row.done_on or row.due_on,
        }
        for row in milestones[:MOST_MISSING]
    ]
    found += [
        {
            "project": row.project,
            "kind": "outcome",
            "pk": row.pk,
            "what": f"{row.kind.label} {amount_told(row.amount)} {row.kind.unit_label}",
            "day": row.achieved_on,
        }
        for row in outcomes[:MOST_MISSING]
    ]
    return sorted(found, key=lambda row: (row["project"].pk, row["day"]))[:MOST_MISSING]


def missing_as_sheet(request: Request, missing: list[dict[str, Any]]) -> HttpResponse:
    title = _("待补佐证材料")
    heads = [_("共建项目"), _("类别"), _("事项"), _("日期"), _("承接单位"), _("佐证编号"), _("佐证材料")]
    kinds = {"milestone": _("项目节点"), "outcome": _("成果")}
    rows = [
        [row["project"].title, kinds[row["kind"]], row["what"], row["day"], place_of(row["project"]), "", ""]
        for row in missing
    ]
    record(request.actor, "export", after={"rows": len(rows)}, about=title)
    name = f"{title}_{timezone.localdate():%Y-%m-%d}.xlsx"
    headers = {"Content-Disposition": content_disposition_header(True, name)}
    return HttpResponse(workbook(title, heads, rows), content_type=XLSX, headers=headers)


def place_of(project: Project) -> str:
    return str(project.holder_unit or project.holder or "")


def undo_evidence_added(actor: Actor, pk: int) -> None:
    remove_evidence(still_there(evidence_for(actor), pk), by=actor, now=timezone.now())


def undo_evidence_removed(actor: Actor, pk: int) -> None:
    restore_evidence(still_there(evidence_ever_for(actor), pk), by=actor)


def undo_evidence_edited(actor: Actor, pk: int, before: dict[str, Any]) -> None:
    row: Evidence = still_there(evidence_for(actor), pk)
    ids = {"milestone_id": before["milestone"], "outcome_id": before["outcome"]}
    edit_evidence(row, by=actor, title=before["title"], code=before["code"], **ids)


UNDO |= {
    "evidence_added": undo_evidence_added,
    "evidence_removed": undo_evidence_removed,
    "evidence_edited": undo_evidence_edited,
}
