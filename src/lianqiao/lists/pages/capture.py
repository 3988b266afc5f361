"""From a text to entries: the text, what was found in it, what became of it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lianqiao.core.actor import Actor, Role
from lianqiao.core.forms import carried_out
from lianqiao.core.jobs import live_progress
from lianqiao.core.listing import Column, Listing
from lianqiao.core.permissions import may
from lianqiao.core.policy import page
from lianqiao.core.request import Request
from lianqiao.core.words import listed
from lianqiao.lists.capture.actions import begin_capture, drop_capture, undo_capture, write_captured
from lianqiao.lists.capture.forms import CaptureForm, ReviewForm
from lianqiao.lists.capture.lines import MOST_LINES, apart, by_sentence, similar_entries
from lianqiao.lists.capture.queries import captures_for, listed_captures
from lianqiao.lists.capture.reading import LARGEST_FILE
from lianqiao.lists.capture.rules import CAPTURE, CAPTURERS, DROP, WRITE
from lianqiao.lists.models import Capture, Entry, Kind
from lianqiao.registry.pages.reach import within_reach
from lianqiao.registry.pages.undoing import UNDO as UNDOING
from lianqiao.registry.pages.undoing import just_done, still_there, told

READERS = CAPTURERS | {Role.AUDITOR}
AROUND_TEXT = 64 * 1024
LINE_DIGITS = 3
State = Capture.State
TONES = {State.OPEN: "blue", State.DONE: "green", State.DROPPED: "neutral"}
COLUMNS = [
    Column("name", gettext_lazy("标题"), str, url=lambda c: reverse("capture_review", args=[c.pk])),
    Column("source", gettext_lazy("来源"), lambda c: c.get_source_display()),
    Column("day", gettext_lazy("日期"), lambda c: c.day, sort="day"),
    Column("state", gettext_lazy("状态"), lambda c: c.get_state_display(), tone=lambda c: TONES[c.state]),
    Column("person", gettext_lazy("经办人"), lambda c: c.person.name if c.person else ""),
    Column("made_at", gettext_lazy("摘录时间"), lambda c: c.made_at, sort="made_at"),
]


@page(read=READERS)
def capture_list(request: Request) -> HttpResponse:
    listing = Listing("capture_list", request, listed_captures(request.actor), COLUMNS)
    facts = {"listing": listing, "may_capture": may(request.actor, CAPTURE)}
    return listing.export() or render(request, "lists/capture_list.html", facts)


@page(read=CAPTURERS, write=CAPTURERS, largest=LARGEST_FILE + AROUND_TEXT)
def capture_add(request: Request) -> HttpResponse:
    today = timezone.localdate()
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = CaptureForm(*sent, actor=request.actor, initial={"day": today})
    if form.is_valid() and (capture := carried_out(form, begun, form, request.actor)):
        return redirect("capture_review", pk=capture.pk)
    return render(request, "lists/capture_add.html", {"form": form})


def begun(form: CaptureForm, actor: Actor) -> Capture:
    asked = form.cleaned_data
    return begin_capture(
        by=actor, chain=asked["chain"], source=asked["source"], day=asked["day"], content=form.content(),
        today=asked["day"], name=asked["file"].name.rpartition(".")[0] if asked["file"] else "",
    )  # fmt: skip


@page(read=READERS, write=CAPTURERS)
def capture_review(request: Request, pk: int) -> HttpResponse:
    actor = request.actor
    if request.method == "POST":
        capture = within_reach(captures_for(actor), pk, actor, WRITE)
        if capture.state == State.DONE:
            # Pressed twice: what was written is shown.
            return redirect("capture_review", pk=pk)
    else:
        capture = get_object_or_404(captures_for(actor), pk=pk)
    facts: dict[str, Any] = {"capture": capture, "done": just_done(request)}
    if capture.state == State.OPEN and may(actor, WRITE, capture):
        similar = similar_entries(capture, actor)
        sent = request.POST if request.method == "POST" else None
        form = ReviewForm(sent, capture=capture, similar=similar, actor=actor)
        if form.is_valid() and carried_out(
            form, write_captured, capture, by=actor, now=timezone.now(), decisions=form.decisions
        ):
            return told(
                request, reverse("capture_review", args=[pk]), sentence(form), "captured", pk=capture.pk
            )
        if request.headers.get("HX-Request"):
            return render(
                request,
                "lists/capture_proposed.html",
                {"capture": capture, "form": form} | more(capture, form),
            )
        facts |= {"form": form, "sections": sections(form), "places": places(form)} | more(capture, form)
    else:
        written = outcomes(capture)
        waiting = [one["row"].entry for one in written if one["row"].entry.state == Entry.State.SUBMITTED]
        may_review = any(may(actor, "lists.publish", entry) for entry in waiting)
        facts |= {"outcomes": written, "may_review": may_review}
    facts |= {
        "agreements": by_sentence(capture, [spoken(one) for one in capture.found["agreements"]]),
        "pairs": by_sentence(capture, [one for one in capture.found["agreements"] if one["pairs"]]),
        "activities": by_sentence(capture, [spoken(one) for one in capture.found["activities"]]),
    }
    return render(request, "lists/capture_review.html", facts)


@page(read=READERS)
def capture_text(request: Request, pk: int) -> HttpResponse:
    """Where an entry comes from: the text, with its sentence marked."""
    capture = get_object_or_404(captures_for(request.actor), pk=pk)
    asked = request.GET.get("line", "")
    line = int(asked) if asked.isdecimal() and len(asked) <= LINE_DIGITS else MOST_LINES
    return render(request, "lists/capture_text.html", {"capture": capture} | apart(capture, line))


def sentence(form: ReviewForm) -> str:
    count = len(form.decisions)
    return ngettext("已处理 %(n)s 条。", "已处理 %(n)s 条。", count) % {"n": count}


def sections(form: ReviewForm) -> list[dict[str, Any]]:
    """Needs first: they are what a roundtable is for."""
    lines = [lines_of(form, at) for at, said in enumerate(form.said) if not said["proposed"]]
    found = []
    for kind in (Kind.NEED, Kind.RESOURCE, Kind.SERVICE):
        own = [line for line in lines if line["said"]["kind"] == kind]
        found.append({"label": kind.label, "count": len(own), "groups": grouped(form, own)})
    return found


def lines_of(form: ReviewForm, at: int) -> dict[str, Any]:
    names = ("title", "organisation", *form.figures.get(at, ()), "kind", "category", "segment")
    fields = [form[f"{name}-{at}"] for name in names]
    return {
        "at": at, "said": form.said[at], "similar": form.similar.get(at, []), "doubts": form.doubts[at],
        "take": form[f"take-{at}"], "how": form[f"how-{at}"], "fields": fields,
        "figures": [form[f"{name}-{at}"] for name in form.figures.get(at, ())],
        "is_wrong": any(field.errors for field in (*fields, form[f"how-{at}"])),
    }  # fmt: skip


def grouped(form: ReviewForm, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return by_sentence(form.capture, lines, lambda line: line["said"])


def more(capture: Capture, form: ReviewForm) -> dict[str, Any]:
    """What the language model says, or that it is still asked, or why it said nothing."""
    job = capture.job
    model = capture.found["model"]
    if model == "asked" and not (job and job.is_open):
        model = job.state if job else "failed"
    done, total = live_progress(job) if job else (0, 0)
    lines = [lines_of(form, at) for at, said in enumerate(form.said) if said["proposed"]]
    proposed = {"groups": grouped(form, lines), "count": len(lines)}
    return {"model": model, "asked": {"done": done, "total": total}, "proposed": proposed}


def spoken(one: dict[str, Any]) -> dict[str, Any]:
    """With its lists as the reader's language puts words beside each other."""
    return one | {name: listed(one[name]) for name in ("kinds", "participants") if name in one}


def places(form: ReviewForm) -> list[dict[str, Any]]:
    return [one | {"field": form[f"place-{at}"]} for at, one in enumerate(form.named)]


def outcomes(capture: Capture) -> list[dict[str, Any]]:
    rows = capture.entries.select_related("entry__organisation")
    said = capture.found["entries"]
    return [{"row": row, "said": said[row.line]} for row in rows]


@page(write=CAPTURERS)
def capture_drop(request: Request, pk: int) -> HttpResponse:
    drop_capture(within_reach(captures_for(request.actor), pk, request.actor, DROP), by=request.actor)
    messages.info(request, _("没有写入任何条目。"))
    return redirect("capture_list")


def undo_captured(actor: Actor, pk: int) -> None:
    undo_capture(still_there(captures_for(actor), pk), by=actor)


UNDOING["captured"] = undo_captured
