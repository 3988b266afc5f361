"""The three lists, and one entry of them."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianqiao.core.actor import CONTENT, OFFICE, Actor, Role
from lianqiao.core.around import around
from lianqiao.core.listing import Column
from lianqiao.core.permissions import may
from lianqiao.core.policy import page
from lianqiao.core.request import Request
from lianqiao.core.words import listed
from lianqiao.lists.actions.asking import ASKABLE
from lianqiao.lists.capture.queries import captured_in
from lianqiao.lists.capture.rules import CAPTURE
from lianqiao.lists.forms.around import CommentForm, ExtendForm
from lianqiao.lists.forms.filters import EntryFilters
from lianqiao.lists.listing import EntryListing, capped, open_count
from lianqiao.lists.models import Dimension, Entry, Kind
from lianqiao.lists.pages.moves import moves_of
from lianqiao.lists.pages.near import near_of
from lianqiao.lists.queries import (
    OVER,
    attachments_ever_for,
    entries_for,
    listed_entries,
    merges_for,
    saved_filters_for,
    wishes_for,
)
from lianqiao.lists.shown import files_shown, shown, shown_alone
from lianqiao.lists.timeline import timeline_of
from lianqiao.registry.models import Edition
from lianqiao.registry.pages.undoing import just_done
from lianqiao.registry.queries import names_of

LISTING = "entry_list"
# Where everything of a kind would be somebody else's to see.
KINDS_OF = {Role.MENTOR: (Kind.RESOURCE, Kind.SERVICE), Role.STUDENT: (Kind.RESOURCE, Kind.SERVICE)}
TONES = {
    "draft": "neutral",
    "submitted": "blue",
    "returned": "amber",
    "published": "green",
    "matching": "green",
    "expired": "amber",
}


def kinds_for(actor: Actor) -> tuple[Kind, ...]:
    return KINDS_OF.get(Role(actor.role), (Kind.NEED, Kind.RESOURCE, Kind.SERVICE))


def kind_asked(request: Request) -> Kind:
    kinds = kinds_for(request.actor)
    asked = request.GET.get("kind", "")
    return Kind(asked) if asked in kinds else kinds[0]


def columns_for(actor: Actor, kind: Kind) -> list[Column]:
    def of(name: str) -> Callable[[Entry], Any]:
        return lambda entry: getattr(shown(entry, actor), name)

    def dimensions(entry: Entry) -> str:
        return listed(Dimension(name).label for name in entry.dimensions)

    columns = [
        # First what names the row: it is the head of a card on a phone.
        Column("title", _("名称"), str, url=lambda e: reverse("entry_detail", args=[e.pk])),
        Column("number", _("序号"), lambda e: e.number or "", sort="number", number=True),
        Column("organisation", _("单位"), place_of),
        Column("category", _("类别"), lambda e: e.category.label if e.category else ""),
        Column("segment", _("链环节"), lambda e: e.segment.label if e.segment else ""),
        Column(
            "state", _("状态"), lambda e: e.get_state_display(), tone=lambda e: TONES.get(e.state, "neutral")
        ),
        Column("dimensions", _("产学研训创"), dimensions, shown=False),
        Column("description", _("内容说明"), of("description"), shown=False),
        Column("place", _("地点"), of("place"), shown=False),
        Column("ends_on", _("有效期至"), lambda e: e.ends_on, sort="ends_on", shown=kind != Kind.NEED),
        Column("contact", _("联系人"), of("contact_name"), shown=False),
        Column("phone", _("联系电话"), of("contact_phone"), shown=False),
        Column("published_at", _("发布时间"), lambda e: e.published_at, sort="published_at", shown=False),
        Column("changed_at", _("更新时间"), lambda e: timezone.localdate(e.changed_at), sort="changed_at"),
    ]
    if kind == Kind.NEED:
        columns[6:6] = [
            Column("urgency", _("紧急程度"), lambda e: e.get_urgency_display(), shown=False),
            Column("due_on", _("期望完成日期"), lambda e: e.due_on, sort="due_on"),
            Column("money", _("可投入资金（元）"), of("money"), number=True, shown=False),
            Column("people", _("可投入人数"), of("people"), number=True, shown=False),
        ]
    else:
        columns.insert(6, Column("capacity", _("容量或次数"), of("capacity"), number=True))
    if actor.role in OFFICE:
        columns.append(Column("source", _("来源"), lambda e: e.get_source_display(), shown=False))
        columns.append(
            Column("promised_on", _("承诺答复日期"), lambda e: e.promised_on, sort="promised_on", shown=False)
        )
    return columns


def place_of(entry: Entry) -> str:
    if entry.organisation is None:
        return entry.organisation_name
    name = entry.organisation.label
    return f"{name} · {entry.unit.label}" if entry.unit else name


@page(read=CONTENT)
def entry_list(request: Request) -> HttpResponse:
    actor, kind = request.actor, kind_asked(request)
    rows = listed_entries(actor)
    listing = EntryListing(LISTING, request, rows.filter(kind=kind), columns_for(actor, kind), EntryFilters)
    if listing.form is None or not listing.form.is_bound:
        listing.rows = listing.rows.exclude(state__in=OVER)
    if export := listing.export():
        return export
    open_rows = rows.exclude(state__in=OVER)
    saved = saved_filters_for(actor).filter(listing=LISTING)
    facts = {
        "listing": listing,
        "kind": kind,
        "tabs": [
            {
                "label": each.label,
                "url": f"{request.path}?kind={each}",
                "active": each == kind,
                "count": capped(open_count(open_rows.filter(kind=each), actor)),
            }
            for each in kinds_for(actor)
        ],
        "saved": saved,
        "may_save": may(actor, "lists.save_filter"),
        "may_add": may(actor, "lists.add_entry") and (actor.role != Role.LIAISON or kind == Kind.NEED),
        "may_keep": actor.role in OFFICE,
        "may_capture": may(actor, CAPTURE),
        "done": just_done(request),
    }
    return render(request, "lists/entry_list.html", facts)


@page(read=CONTENT)
def entry_detail(request: Request, pk: int) -> HttpResponse:
    actor = request.actor
    entry = get_object_or_404(entries_for(actor), pk=pk)
    if entry.merged_into_id:
        return redirect("entry_detail", pk=entry.merged_into_id)
    may_comment = may(actor, "lists.comment", entry)
    files = files_shown(attachments_ever_for(actor).filter(entry=entry), actor)
    facts = {
        "entry": shown_alone(entry, actor),
        "place": place_of(entry),
        "done": just_done(request),
        "dimensions": [Dimension(name).label for name in entry.dimensions],
        "codes": {
            _("行业"): names_of(Edition.Kind.INDUSTRY, entry.industries),
            _("专业"): names_of(Edition.Kind.MAJOR, entry.majors),
            _("职业"): names_of(Edition.Kind.OCCUPATION, entry.occupations),
        },
        "timeline": timeline_of(entry, actor),
        "attachments": [file for file in files if file.detached_at is None],
        "detached": [file for file in files if file.detached_at],
        "wishes": wishes_for(actor).filter(entry=entry),
        "captured": captured_in(entry.pk, actor),
        "merges": merges_for(actor).filter(kept=entry, state="done"),
        **near_of(entry, actor),
        "moves": moves_of(entry, actor),
        "comment_form": CommentForm() if may_comment else None,
        "extend_form": ExtendForm(instance=entry) if may(actor, "lists.extend", entry) else None,
        "may_edit": may(actor, "lists.edit_entry", entry) or may_revise(actor, entry),
        "may_return": may(actor, "lists.return_entry", entry) and entry.state in ("submitted", "published"),
        "may_attach": may(actor, "lists.attach", entry),
        "may_ask": actor.role in OFFICE and entry.state in ASKABLE and entry.organisation is not None,
        "may_merge": may(actor, "lists.merge_entries", entry) and entry.state != "draft",
        "may_undo_merge": may(actor, "lists.undo_merge"),
        "tone": TONES.get(entry.state, "neutral"),
        "around": around("entry_detail", request, entry),
    }
    return render(request, "lists/entry_detail.html", facts)


def may_revise(actor: Actor, entry: Entry) -> bool:
    return entry.state in ("published", "expired") and may(actor, "lists.revise", entry)
