"""Comments, files and saved filters."""

from pathlib import PurePath

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from lianqiao.core.actor import CONTENT, WRITERS, Actor, Role
from lianqiao.core.forms import carried_out
from lianqiao.core.policy import page
from lianqiao.core.refusals import Refused
from lianqiao.core.request import Request
from lianqiao.lists.actions.around import (
    LARGEST_FILE,
    attach,
    comment,
    detach,
    edit_comment,
    reattach,
    remove_comment,
    restore_comment,
)
from lianqiao.lists.actions.habits import drop_filter, save_filter
from lianqiao.lists.forms.around import AttachmentForm, CommentForm, FilterForm
from lianqiao.lists.pages.entries import LISTING
from lianqiao.lists.queries import (
    attachments_ever_for,
    attachments_for,
    comments_ever_for,
    comments_for,
    entries_for,
    saved_filters_for,
)
from lianqiao.lists.shown import files_shown
from lianqiao.registry.pages.reach import within_reach
from lianqiao.registry.pages.undoing import UNDO, still_there, told

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


@page(read=WRITERS, write=WRITERS)
def comment_edit(request: Request, pk: int) -> HttpResponse:
    row = within_reach(comments_for(request.actor), pk, request.actor, "lists.edit_comment")
    form = CommentForm(request.POST if request.method == "POST" else None, initial={"text": row.text})
    if form.is_valid() and carried_out(
        form, edit_comment, row, by=request.actor, now=timezone.now(), **form.facts()
    ):
        url, before = reverse("entry_detail", args=[row.entry_id]), row.text
        return told(request, url, _("留言已修改。"), "comment_edited", pk=row.pk, text=before)
    return render(request, "lists/comment_edit.html", {"form": form, "entry": row.entry})


@page(write=WRITERS)
def comment_remove(request: Request, pk: int) -> HttpResponse:
    row = get_object_or_404(comments_for(request.actor), pk=pk)
    remove_comment(row, by=request.actor)
    url = reverse("entry_detail", args=[row.entry_id])
    return told(request, url, _("留言已删除。"), "comment_removed", pk=pk)


@page(write=WRITERS)
def comment_restore(request: Request, pk: int) -> HttpResponse:
    row = within_reach(comments_ever_for(request.actor), pk, request.actor, "lists.restore_comment")
    restore_comment(row, by=request.actor)
    messages.success(request, _("留言已恢复。"))
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
    row = next(iter(files_shown(attachments_for(request.actor).filter(pk=pk), request.actor)), None)
    if row is None:
        raise Http404
    return FileResponse(
        row.file.open("rb"), as_attachment=True, filename=row.name, content_type=row.content_type
    )


@page(write=WRITERS)
def attachment_remove(request: Request, pk: int) -> HttpResponse:
    row = within_reach(attachments_for(request.actor), pk, request.actor, "lists.detach")
    detach(row, by=request.actor, now=timezone.now())
    url = reverse("entry_detail", args=[row.entry_id])
    return told(request, url, _("附件“%(name)s”已删除。") % {"name": row.name}, "detached", pk=pk)


@page(write=WRITERS)
def attachment_restore(request: Request, pk: int) -> HttpResponse:
    row = within_reach(attachments_ever_for(request.actor), pk, request.actor, "lists.reattach")
    try:
        reattach(row, by=request.actor)
    except (Refused, ValidationError) as refusal:
        said = refusal.messages if isinstance(refusal, ValidationError) else [str(refusal)]
        messages.error(request, " ".join(said))
    else:
        messages.success(request, _("附件“%(name)s”已恢复。") % {"name": row.name})
    return redirect("entry_detail", pk=row.entry_id)


def undo_comment_edited(actor: Actor, pk: int, text: str) -> None:
    edit_comment(still_there(comments_for(actor), pk), by=actor, now=timezone.now(), text=text)


def undo_comment_removed(actor: Actor, pk: int) -> None:
    restore_comment(still_there(comments_ever_for(actor), pk), by=actor)


def undo_detached(actor: Actor, pk: int) -> None:
    reattach(still_there(attachments_ever_for(actor), pk), by=actor)


def undo_filter_saved(actor: Actor, name: str, query: str | None) -> None:
    row = saved_filters_for(actor).filter(listing=LISTING, name=name).first()
    if query is not None:
        save_filter(LISTING, name, query, by=actor)
    elif row:
        drop_filter(row, by=actor)


UNDO |= {
    "comment_edited": undo_comment_edited,
    "comment_removed": undo_comment_removed,
    "detached": undo_detached,
    "filter_saved": undo_filter_saved,
}


@page(write=WRITERS | {Role.LEADER})
def filter_save(request: Request) -> HttpResponse:
    form = FilterForm(request.POST)
    query = request.POST.get("query", "")
    url = f"{reverse('entry_list')}?{query}" if query else reverse("entry_list")
    name = request.POST.get("name", "").strip()
    before = saved_filters_for(request.actor).filter(listing=LISTING, name=name).first()
    if form.is_valid() and carried_out(form, save_filter, LISTING, by=request.actor, **form.facts()):
        facts = {"name": form.cleaned_data["name"], "query": before.query if before else None}
        return told(request, url, _("已保存常用筛选。"), "filter_saved", **facts)
    messages.error(request, " ".join(str(e) for errors in form.errors.values() for e in errors))
    return redirect(url)


@page(write=WRITERS | {Role.LEADER})
def filter_drop(request: Request, pk: int) -> HttpResponse:
    row = get_object_or_404(saved_filters_for(request.actor), pk=pk)
    drop_filter(row, by=request.actor)
    sentence = _("已删除常用筛选“%(name)s”。") % {"name": row.name}
    facts = {"name": row.name, "query": row.query}
    return told(request, reverse("entry_list"), sentence, "filter_saved", **facts)
