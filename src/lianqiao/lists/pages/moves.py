"""Events of an entry that need one press, or one press and a word."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianqiao.core.actor import OFFICE, WRITERS, Actor
from lianqiao.core.forms import carried_out
from lianqiao.core.permissions import may
from lianqiao.core.policy import page
from lianqiao.core.refusals import NotPermitted, Refused
from lianqiao.core.request import Request
from lianqiao.lists.actions.bulk import CannotBeDone, edit_one
from lianqiao.lists.actions.entries import bring_back, discard
from lianqiao.lists.actions.merging import merge_entries, undo_merge
from lianqiao.lists.actions.moves import (
    confirm_fresh,
    extend,
    fulfil,
    lifecycle,
    pause,
    publish,
    resume,
    return_entry,
    submit,
    take_back_move,
    to_matching,
    withdraw,
)
from lianqiao.lists.actions.restoring import restore_edit
from lianqiao.lists.coach import similar_to
from lianqiao.lists.forms.around import ExtendForm, MergeForm, ReturnForm
from lianqiao.lists.models import Entry
from lianqiao.lists.pages.undoing import done_with
from lianqiao.lists.queries import discarded_by, entries_for, events_about, listed_entries, merges_for
from lianqiao.lists.shown import reads
from lianqiao.lists.terms import Audience
from lianqiao.registry.pages.reach import within_reach
from lianqiao.registry.pages.undoing import UNDO, still_there, told


@dataclass(frozen=True)
class Press:
    """A move without a question: `sentence` tells that it is done."""

    run: Callable[[Entry, Actor], Entry]
    sentence: str | Promise
    icon: str = "history"


def now() -> dict[str, Any]:
    return {"now": timezone.now()}


def today() -> dict[str, Any]:
    return {"today": timezone.localdate()}


PRESSES = {
    "submit": Press(lambda e, by: submit(e, by=by, **now()), gettext_lazy("“%(title)s”已提交。"), "check"),
    "publish": Press(lambda e, by: publish(e, by=by, **now()), gettext_lazy("“%(title)s”已发布。"), "check"),
    "confirm_fresh": Press(
        lambda e, by: confirm_fresh(e, by=by, **today()), gettext_lazy("已确认“%(title)s”仍然有效。"), "check"
    ),
    "resume": Press(
        lambda e, by: resume(e, by=by, **today()), gettext_lazy("“%(title)s”已恢复发布。"), "check"
    ),
    "to_matching": Press(lambda e, by: to_matching(e, by=by), gettext_lazy("“%(title)s”已转入对接。")),
    "fulfil": Press(lambda e, by: fulfil(e, by=by), gettext_lazy("“%(title)s”已办结。")),
    "pause": Press(lambda e, by: pause(e, by=by), gettext_lazy("“%(title)s”已暂停。")),
    "withdraw": Press(lambda e, by: withdraw(e, by=by), gettext_lazy("“%(title)s”已撤回。")),
}


# What one mostly comes for; whatever takes an entry away stands in the menu.
USUAL = ("submit", "publish", "confirm_fresh", "resume")


def moves_of(entry: Entry, actor: Actor) -> list[dict[str, Any]]:
    """The presses that this person may make now, the usual one first."""
    may_now = {move.name: move.label for move in lifecycle.available(entry, actor)}
    if may(actor, "lists.confirm_fresh", entry):
        may_now["confirm_fresh"] = gettext_lazy("仍然有效")
    if "resume" in may_now:
        may_now["resume"] = gettext_lazy("仍然有效")
    return [
        {"name": name, "label": may_now[name], "icon": press.icon, "is_usual": name in USUAL}
        for name, press in PRESSES.items()
        if name in may_now
    ]


@page(write=WRITERS)
def entry_move(request: Request, pk: int, move: str) -> HttpResponse:
    if move not in PRESSES:
        raise Http404
    press = PRESSES[move]
    entry = within_reach(listed_entries(request.actor), pk, request.actor, f"lists.{move}")
    sentence = _(str(press.sentence)) % {"title": entry}
    try:
        return done_with(request, way_on(request, entry), sentence, [entry], press.run)
    except CannotBeDone as refusal:
        messages.error(request, str(refusal.facts["reason"]))
        return redirect("entry_detail", pk=pk)


def way_on(request: Request, entry: Entry) -> str:
    """Whoever works through the queue goes on with the next."""
    if request.POST.get("then") == "review":
        return reverse("review_queue")
    return reverse("entry_detail", args=[entry.pk])


@page(write=WRITERS)
def entry_restore(request: Request, pk: int, event: int) -> HttpResponse:
    """From the history: what an edit changed, or the last move, as it was before."""
    actor = request.actor
    entry = get_object_or_404(listed_entries(actor), pk=pk)
    if reads(actor, entry) != Audience.OFFICE:
        raise Http404
    happened = get_object_or_404(events_about(entry), pk=event)
    give_back = restore_edit if request.POST.get("what") == "edit" else take_back_move
    url = reverse("entry_detail", args=[pk])
    try:
        taken = edit_one(entry, lambda row, by: give_back(row, happened, by=by), by=actor)
    except NotPermitted:
        raise
    except (Refused, ValidationError) as refusal:
        said = refusal.messages if isinstance(refusal, ValidationError) else [str(refusal)]
        messages.error(request, " ".join(said))
        return redirect(url)
    return told(request, url, _("已恢复为这一步之前的样子。"), "entries", taken=taken)


@page(write=WRITERS)
def entry_discard(request: Request, pk: int) -> HttpResponse:
    entry = within_reach(entries_for(request.actor), pk, request.actor, "lists.discard")
    discard(entry, by=request.actor, now=timezone.now())
    url = f"{reverse('entry_list')}?kind={entry.kind}"
    return told(request, url, _("草稿“%(title)s”已删除。") % {"title": entry}, "discarded", pk=pk)


def undo_discarded(actor: Actor, pk: int) -> None:
    bring_back(still_there(discarded_by(actor), pk), by=actor)


UNDO["discarded"] = undo_discarded


@page(read=OFFICE, write=OFFICE)
def entry_return(request: Request, pk: int) -> HttpResponse:
    actor = request.actor
    entry = within_reach(listed_entries(actor), pk, actor, "lists.return_entry")
    form = ReturnForm(request.POST if request.method == "POST" else None)
    if form.is_valid():

        def step(row: Entry, by: Actor) -> Entry:
            return return_entry(row, by=by, now=timezone.now(), **form.facts())

        sentence = _("“%(title)s”已退回，并已告知填报人。") % {"title": entry}
        answer = carried_out(form, done_with, request, way_on(request, entry), sentence, [entry], step)
        if answer:
            return answer
    return render(request, "lists/entry_return.html", {"form": form, "entry": entry})


@page(read=WRITERS, write=WRITERS)
def entry_extend(request: Request, pk: int) -> HttpResponse:
    actor = request.actor
    entry = within_reach(listed_entries(actor), pk, actor, "lists.extend")
    form = ExtendForm(request.POST if request.method == "POST" else None, instance=entry)
    if form.is_valid():
        facts = form.facts() | {"seen": form.cleaned_data["seen"]} | today()
        sentence = _("“%(title)s”的有效期已延长。") % {"title": entry}
        url = reverse("entry_detail", args=[pk])
        step = lambda row, by: extend(row, by=by, **facts)  # noqa: E731
        if answer := carried_out(form, done_with, request, url, sentence, [entry], step):
            return answer
    return render(request, "lists/entry_extend.html", {"form": form, "entry": entry})


@page(read=OFFICE, write=OFFICE)
def entry_merge(request: Request, pk: int) -> HttpResponse:
    actor = request.actor
    gone = within_reach(listed_entries(actor), pk, actor, "lists.merge_entries")
    form = MergeForm(request.POST if request.method == "POST" else None, actor=actor, gone=gone)
    if form.is_valid():
        kept = form.cleaned_data["kept"]
        if carried_out(form, merge_entries, gone, kept, by=actor, **now()):
            # That page tells it, with the button that undoes it, for as long as it is so.
            return redirect("entry_detail", pk=kept.pk)
    facts = {"form": form, "entry": gone, "similar": similar_to(gone, actor, wait=None)}
    return render(request, "lists/entry_merge.html", facts)


@page(write=OFFICE)
def entry_merge_undo(request: Request, pk: int) -> HttpResponse:
    merge = get_object_or_404(merges_for(request.actor), pk=pk)
    undo_merge(merge, by=request.actor)
    messages.success(request, _("已撤销合并，“%(title)s”恢复为单独的一条。") % {"title": merge.gone})
    return redirect("entry_detail", pk=merge.kept_id)
