"""Writing an entry: kept while one types, coached, then submitted."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from lianqiao.core.actor import OFFICE, WRITERS, Actor, Role
from lianqiao.core.forms import carried_out
from lianqiao.core.permissions import may
from lianqiao.core.policy import page
from lianqiao.core.request import Request
from lianqiao.lists.actions.bulk import Taken, edit_one, for_each
from lianqiao.lists.actions.entries import add_entry, edit_entry
from lianqiao.lists.actions.moves import publish, revise, submit
from lianqiao.lists.coach import completeness, counterparts_of, hints_of, similar_to
from lianqiao.lists.forms.entries import EntryForm
from lianqiao.lists.models import Entry, Kind
from lianqiao.lists.queries import entries_for, listed_entries, unsent_draft
from lianqiao.registry.forms.rows import row_id
from lianqiao.registry.pages.reach import within_reach
from lianqiao.registry.pages.undoing import told
from lianqiao.registry.queries import chains_for

KEPT_WHILE_TYPING = (Entry.State.DRAFT, Entry.State.RETURNED)
PUBLISHED = (Entry.State.PUBLISHED, Entry.State.EXPIRED)
# Those who have no place of their own in the lists do not write in them.
AUTHORS = WRITERS - {Role.MENTOR, Role.STUDENT}


@page(read=AUTHORS, write=AUTHORS)
def entry_add(request: Request) -> HttpResponse:
    actor, draft = request.actor, draft_of(request)
    kind = draft.kind if draft else kind_to_add(request)
    form = EntryForm(
        request.POST if request.method == "POST" else None,
        actor=actor,
        kind=kind,
        instance=draft,
        **given(actor, draft),
    )
    if form.is_valid() and (entry := carried_out(form, write_down, form, draft, actor)):
        if answer := handed_in(request, form, entry):
            return answer
        draft = entry
    asks = request.method == "GET" and "another" not in request.GET
    facts = page_of(form, draft, kind) | {"unsent": unsent_draft(actor, kind) if asks else None}
    return render(request, "lists/entry_add.html", facts)


@page(read=AUTHORS, write=AUTHORS)
def entry_edit(request: Request, pk: int) -> HttpResponse:
    actor = request.actor
    rows = listed_entries(actor)
    entry = within_reach(rows, pk, actor, permission_for(rows, pk, actor))
    form = EntryForm(
        request.POST if request.method == "POST" else None, actor=actor, kind=entry.kind, instance=entry
    )

    def step(row: Entry, by: Actor) -> Entry:
        return write_down(form, row, by)

    taken = carried_out(form, edit_one, entry, step, by=actor) if form.is_valid() else None
    if taken is not None and (answer := handed_in(request, form, entry, taken)):
        return answer
    return render(request, "lists/entry_edit.html", page_of(form, entry, entry.kind))


@page(write=AUTHORS)
def entry_keep(request: Request) -> HttpResponse:
    """The partial that says when the draft was kept; it also hands the page the draft's number and version."""
    actor, draft = request.actor, draft_of(request)
    kind = draft.kind if draft else kind_to_add(request)
    form = EntryForm(request.POST, actor=actor, kind=kind, instance=draft)
    form.is_valid()
    kept = None
    if any(request.POST.get(name, "").strip() for name in ("title", "description")):
        form.cleaned_data.setdefault("seen", None)
        right = {name: value for name, value in form.cleaned_data.items() if name not in form.errors}
        form.cleaned_data = right
        kept = carried_out(form, write_down, form, draft, actor)
    facts = {"kept": kept, "at": timezone.localtime(), "wrong": form.non_field_errors() or form.errors}
    return render(request, "lists/entry_keep.html", facts)


@page(write=AUTHORS)
def entry_coach(request: Request) -> HttpResponse:
    """The partial beside the form: what this wording has and lacks, and whom it finds now."""
    actor, draft = request.actor, draft_of(request)
    kind = draft.kind if draft else kind_to_add(request)
    form = EntryForm(request.POST, actor=actor, kind=kind, instance=draft)
    form.is_valid()
    chain = form.cleaned_data.get("chain") or chains_for(actor).first()
    names = ("title", "description", "capacity", "people", "money", "due_on", "ends_on")
    said = {name: form.cleaned_data[name] for name in names if form.cleaned_data.get(name)}
    # On the page of an entry that is no draft any more, `about` is its number: it is not like itself.
    known = draft.pk if draft else row_id(request.POST.get("about", ""))
    asked = Entry(pk=known, kind=kind, chain=chain, **said)
    hints = hints_of(asked)
    similar, counterparts = similar_to(asked, actor), counterparts_of(asked, actor)
    facts = {
        "hints": hints,
        "completeness": completeness(hints),
        "is_written": bool(asked.title.strip() or asked.description.strip()),
        "similar": similar,
        "counterparts": counterparts,
        "preparing": similar is None or counterparts is None,
    }
    return render(request, "lists/entry_coach.html", facts)


def kind_to_add(request: Request) -> Kind:
    asked = request.POST.get("kind") or request.GET.get("kind") or Kind.NEED
    if asked not in Kind.values:
        raise Http404
    kind = Kind(asked)
    if request.actor.role == Role.LIAISON and kind != Kind.NEED:
        raise Http404
    return kind


def draft_of(request: Request) -> Entry | None:
    """What this page has kept so far; a number that is not one's own draft is as if it were not there."""
    pk = row_id(request.POST.get("draft", ""))
    if pk is None:
        return None
    rows = entries_for(request.actor).filter(state__in=KEPT_WHILE_TYPING)
    row: Entry = within_reach(rows, pk, request.actor, "lists.edit_entry")
    return row


def permission_for(rows: Any, pk: int, actor: Actor) -> str:
    """The asker of what is published writes it anew for review; the office corrects it as it stands."""
    published = rows.filter(pk=pk, state__in=PUBLISHED).exists()
    return "lists.revise" if published and actor.role not in OFFICE else "lists.edit_entry"


def given(actor: Actor, draft: Entry | None) -> dict[str, Any]:
    """Who writes it is usually whom to ask."""
    person = actor.person
    if draft or actor.role in OFFICE or person is None:
        return {}
    return {"initial": {"contact_name": person.name, "contact_phone": person.phone or ""}}


def write_down(form: EntryForm, entry: Entry | None, actor: Actor) -> Entry:
    facts = form.facts()
    if entry is None:
        return add_entry(by=actor, kind=form.kind, **facts)
    seen = form.cleaned_data.get("seen")
    if entry.state in PUBLISHED and actor.role not in OFFICE:
        return revise(entry, by=actor, now=timezone.now(), seen=seen, **facts)
    return edit_entry(entry, by=actor, seen=seen, **facts)


def handed_in(
    request: Request, form: EntryForm, entry: Entry, written: list[Taken] | None = None
) -> HttpResponse | None:
    """On to the entry, submitted where that was pressed; None when it is not complete yet.

    `written` is what an edit gives back, where it changed anything.
    """
    actor = request.actor
    url = reverse("entry_detail", args=[entry.pk])
    fresh = entries_for(actor).get(pk=entry.pk)
    if request.POST.get("step") != "submit" or fresh.state not in KEPT_WHILE_TYPING:
        if written:
            return told(request, url, _("已保存。"), "entries", taken=written)
        messages.success(request, _("已保存。"))
        return redirect(url)

    def step(row: Entry, by: Actor) -> Entry:
        row = submit(row, by=by, now=timezone.now())
        # What the office writes down itself needs no second look of the office.
        return publish(row, by=by, now=timezone.now()) if may(by, "lists.publish", row) else row

    taken = carried_out(form, for_each, [fresh], step, by=actor)
    if not taken:
        return None
    published = entries_for(actor).get(pk=entry.pk).state == Entry.State.PUBLISHED
    sentence = _("“%(title)s”已发布。") if published else _("“%(title)s”已提交，管理处会在承诺的日期前答复。")
    return told(request, url, sentence % {"title": fresh}, "entries", taken=taken)


def page_of(form: EntryForm, entry: Entry | None, kind: str) -> dict[str, Any]:
    is_kept = entry is None or entry.state in KEPT_WHILE_TYPING
    return {
        "form": form,
        "entry": entry,
        "kind": Kind(kind),
        "is_kept": is_kept,
        "list_url": f"{reverse('entry_list')}?kind={kind}",
    }
