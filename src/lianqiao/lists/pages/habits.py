"""What an office settles for the lists of its chain: categories, and how long entries count as true."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from lianqiao.core.actor import CONTENT, OFFICE, Actor, Role
from lianqiao.core.forms import carried_out
from lianqiao.core.permissions import may
from lianqiao.core.policy import page
from lianqiao.core.request import Request
from lianqiao.lists.actions.habits import (
    add_category,
    begin_categories,
    edit_category,
    retire_category,
    revive_category,
    settle_freshness,
)
from lianqiao.lists.forms.around import CategoryForm, FreshnessForm
from lianqiao.lists.models import Category, Kind
from lianqiao.lists.queries import categories_for, term_of
from lianqiao.registry.pages.reach import within_reach
from lianqiao.registry.pages.undoing import UNDO, just_done, still_there, told
from lianqiao.registry.queries import chains_for

READERS = CONTENT - {Role.STUDENT, Role.MENTOR}


@page(read=READERS)
def category_list(request: Request) -> HttpResponse:
    actor = request.actor
    rows = list(categories_for(actor))
    chains = [
        {
            "chain": chain,
            "kinds": [(kind, [r for r in rows if (r.chain_id, r.kind) == (chain.pk, kind)]) for kind in Kind],
            "lacks": may(actor, "lists.add_category", Category(chain=chain))
            and {r.kind for r in rows if r.chain_id == chain.pk} != set(Kind),
        }
        for chain in chains_for(actor)
    ]
    facts = {
        "chains": chains,
        "may_keep": may(actor, "lists.add_category"),
        "done": just_done(request),
    }
    return render(request, "lists/category_list.html", facts)


@page(write=OFFICE)
def categories_begin(request: Request, pk: int) -> HttpResponse:
    chain = get_object_or_404(chains_for(request.actor), pk=pk)
    count = len(begin_categories(chain, by=request.actor))
    messages.success(request, _("已加入 %(count)s 个常用类别。") % {"count": count})
    return redirect("category_list")


@page(read=OFFICE, write=OFFICE)
def category_add(request: Request) -> HttpResponse:
    form = CategoryForm(
        request.POST if request.method == "POST" else None,
        actor=request.actor,
        initial={"kind": request.GET.get("kind")},
    )
    if form.is_valid() and carried_out(form, add_category, by=request.actor, **form.facts()):
        messages.success(request, _("已保存。"))
        return redirect("category_list")
    return render(request, "lists/category_add.html", {"form": form})


@page(read=OFFICE, write=OFFICE)
def category_edit(request: Request, pk: int) -> HttpResponse:
    row = within_reach(categories_for(request.actor), pk, request.actor, "lists.edit_category")
    before = {name: getattr(row, name) for name in ("name", "name_en", "position")}
    form = CategoryForm(request.POST if request.method == "POST" else None, actor=request.actor, instance=row)
    if form.is_valid():
        seen = form.cleaned_data["seen"]
        if saved := carried_out(form, edit_category, row, by=request.actor, seen=seen, **form.facts()):
            facts = {"pk": pk, "seen": saved.version, "before": before}
            return told(request, reverse("category_list"), _("已保存。"), "category_edited", **facts)
    return render(request, "lists/category_edit.html", {"form": form, "category": row})


@page(write=OFFICE)
def category_retire(request: Request, pk: int) -> HttpResponse:
    row = within_reach(categories_for(request.actor), pk, request.actor, "lists.retire_category")
    retire_category(row, by=request.actor)
    messages.success(request, _("“%(name)s”不再供选择，需要时可在本页恢复。") % {"name": row.label})
    return redirect("category_list")


@page(write=OFFICE)
def category_revive(request: Request, pk: int) -> HttpResponse:
    row = within_reach(categories_for(request.actor), pk, request.actor, "lists.revive_category")
    revive_category(row, by=request.actor)
    messages.success(request, _("“%(name)s”已恢复。") % {"name": row.label})
    return redirect("category_list")


@page(read=READERS)
def freshness_list(request: Request) -> HttpResponse:
    actor = request.actor
    chains = [
        {
            "chain": chain,
            "terms": [(kind, term_of(chain.pk, kind)) for kind in Kind],
            "may_settle": may(actor, "lists.settle_freshness", Category(chain=chain)),
        }
        for chain in chains_for(actor)
    ]
    return render(request, "lists/freshness_list.html", {"chains": chains, "done": just_done(request)})


@page(read=OFFICE, write=OFFICE)
def freshness_edit(request: Request, pk: int, kind: str) -> HttpResponse:
    chain = get_object_or_404(chains_for(request.actor), pk=pk)
    if kind not in Kind.values:
        raise Http404
    form = FreshnessForm(
        request.POST if request.method == "POST" else None,
        chain=chain,
        kind=kind,
        initial=vars(term_of(chain.pk, kind)),
    )
    before = vars(term_of(chain.pk, kind))
    if form.is_valid() and carried_out(form, settle_freshness, chain, kind, by=request.actor, **form.facts()):
        facts = {"pk": pk, "kind": kind, "before": before}
        sentence = _("已保存。对之后确认或发布的条目生效。")
        return told(request, reverse("freshness_list"), sentence, "freshness_settled", **facts)
    return render(request, "lists/freshness_edit.html", {"form": form})


def undo_category_edited(actor: Actor, pk: int, seen: int, before: dict[str, Any]) -> None:
    edit_category(still_there(categories_for(actor), pk), by=actor, seen=seen, **before)


def undo_freshness_settled(actor: Actor, pk: int, kind: str, before: dict[str, int]) -> None:
    settle_freshness(still_there(chains_for(actor), pk), kind, by=actor, **before)


UNDO |= {"category_edited": undo_category_edited, "freshness_settled": undo_freshness_settled}
