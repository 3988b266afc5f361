"""Comments, files and saved filters."""

from pathlib import PurePath

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from lianqiao.core.actor import CONTENT, WRITERS, Role
from lianqiao.core.forms import carried_out
from lianqiao.core.policy import page
from lianqiao.core.request import Request
from lianqiao.lists.actions.around import LARGEST_FILE, attach, comment, detach, remove_comment
from lianqiao.lists.actions.habits import drop_filter, save_filter
from lianqiao.lists.forms.around import AttachmentForm, CommentForm, FilterForm
from lianqiao.lists.pages.entries import LISTING
from lianqiao.lists.queries import attachments_for, comments_for, entries_for, saved_filters_for
from lianqiao.registry.pages.reach import within_reach

# The body of a form around a file is a little larger than the file.
LARGEST_FORM = LARGEST_FILE + 64 * 1024


@page(write=WRITERS)
def entry_comment(request: Request, pk: int) -> HttpResponse:
    entry = within_reach(entries_for(request.actor), pk, request.actor, "lists.comment")
    form = CommentForm(request.POST)
    if not form.is_valid() or not carried_out(
        form, comment, entry, by=request.actor, now=timezone.now(), **form.facts()
    ):
        messages.error(request, " ".join(str(e) for errors in form.errors.values() for e in errors))
    return redirect("entry_detail", pk=pk)


@page(write=WRITERS)
def comment_remove(request: Request, pk: int) -> HttpResponse:
    row = get_object_or_404(comments_for(request.actor), pk=pk)
    remove_comment(row, by=request.actor)
    messages.success(request, _("留言已删除。"))
    return redirect("entry_detail", pk=row.entry_id)


@page(read=WRITERS, write=WRITERS, largest=LARGEST_FORM)
def attachment_add(request: Request, pk: int) -> HttpResponse:
    entry = within_reach(entries_for(request.actor), pk, request.actor, "lists.attach")
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = AttachmentForm(*posted)
    if form.is_valid():
        file = form.cleaned_data["file"]
        name = PurePath(file.name).name
        if carried_out(form, attach, entry, by=request.actor, name=name, content=file.read()):
            messages.success(request, _("已上传“%(name)s”。") % {"name": name})
            return redirect("entry_detail", pk=pk)
    return render(request, "lists/attachment_add.html", {"form": form, "entry": entry})


@page(read=CONTENT)
def attachment_open(request: Request, pk: int) -> HttpResponseBase:
    """As a download: what somebody uploaded is never shown as a page of ours."""
    row = get_object_or_404(attachments_for(request.actor), pk=pk)
    return FileResponse(
        row.file.open("rb"), as_attachment=True, filename=row.name, content_type=row.content_type
    )


@page(write=WRITERS)
def attachment_remove(request: Request, pk: int) -> HttpResponse:
    row = within_reach(attachments_for(request.actor), pk, request.actor, "lists.detach")
    detach(row, by=request.actor)
    messages.success(request, _("附件已删除。"))
    return redirect("entry_detail", pk=row.entry_id)


@page(write=WRITERS | {Role.LEADER})
def filter_save(request: Request) -> HttpResponse:
    form = FilterForm(request.POST)
    query = request.POST.get("query", "")
    if form.is_valid() and carried_out(form, save_filter, LISTING, by=request.actor, **form.facts()):
        messages.success(request, _("已保存常用筛选。"))
    else:
        messages.error(request, " ".join(str(e) for errors in form.errors.values() for e in errors))
    return redirect(f"{reverse('entry_list')}?{query}" if query else "entry_list")


@page(write=WRITERS | {Role.LEADER})
def filter_drop(request: Request, pk: int) -> HttpResponse:
    drop_filter(get_object_or_404(saved_filters_for(request.actor), pk=pk), by=request.actor)
    return redirect("entry_list")
