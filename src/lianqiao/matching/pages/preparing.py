"""Scope and rules of a round, before it is run."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from lianqiao.core.actor import OFFICE, Actor
from lianqiao.core.forms import carried_out
from lianqiao.core.policy import page
from lianqiao.core.request import Request
from lianqiao.matching.actions.rounds import (
    add_wish,
    drop_wish,
    edit_round,
)
from lianqiao.matching.forms.rounds import RulesForm, ScopeForm, WishForm
from lianqiao.matching.models import Round
from lianqiao.matching.pages.rounds import steps_of, wish_ids, wishes_shown
from lianqiao.matching.policy import RoundRules, RoundScope, Wish
from lianqiao.matching.queries.naming import names_in
from lianqiao.matching.queries.rounds import rounds_for, taking_part
from lianqiao.registry.pages.reach import within_reach
from lianqiao.registry.pages.undoing import UNDO, just_done, still_there, told

State = Round.State


def editable(request: Request, pk: int) -> Round:
    row: Round = within_reach(rounds_for(request.actor), pk, request.actor, "matching.edit_round")
    if row.state != State.DRAFT:
        raise Http404
    return row


@page(read=OFFICE, write=OFFICE)
def round_scope(request: Request, pk: int) -> HttpResponse:
    row = editable(request, pk)
    form = ScopeForm(request.POST if request.method == "POST" else None, row=row, actor=request.actor)
    if form.is_valid() and saved(form, request, row, "scope"):
        messages.success(request, _("已保存。"))
        return redirect("round_rules", pk=pk)
    facts = {
        "form": form,
        "round": row,
        "steps": steps_of(row, request.actor, "scope"),
        "counts": counts_of(form, row),
    }
    return render(request, "matching/round_scope.html", facts)


@page(write=OFFICE)
def round_counts(request: Request, pk: int) -> HttpResponse:
    """How many would take part, while the scope is being chosen."""
    row = editable(request, pk)
    form = ScopeForm(request.POST, row=row, actor=request.actor)
    return render(request, "matching/round_counts.html", {"counts": counts_of(form, row)})


def counts_of(form: ScopeForm, row: Round) -> dict[str, int]:
    """Of what is chosen; of what is kept where nothing was chosen, or nothing that can be."""
    scope = RoundScope.of(row.scope)
    if form.is_bound and form.is_valid():
        try:
            scope = form.scope()
        except ValidationError as error:
            form.add_error(None, error)
    needs, offers = taking_part(scope, row.chain_id)
    return {"needs": needs.count(), "offers": offers.count()}


def saved(form: ScopeForm | RulesForm, request: Request, row: Round, name: str) -> bool:
    def save(**facts: Any) -> Round:
        return edit_round(row, **{name: getattr(form, name)()}, **facts)

    return bool(carried_out(form, save, by=request.actor, seen=form.cleaned_data["seen"]))


@page(read=OFFICE, write=OFFICE)
def round_rules(request: Request, pk: int) -> HttpResponse:
    row = editable(request, pk)
    form = RulesForm(request.POST if request.method == "POST" else None, row=row)
    if form.is_valid() and saved(form, request, row, "rules"):
        messages.success(request, _("已保存。"))
        return redirect("round_detail", pk=pk)
    rules = RoundRules.of(row.rules)
    facts = {
        "form": form,
        "round": row,
        "steps": steps_of(row, request.actor, "rules"),
        "wishes": wishes_shown(rules, names_in(wish_ids(rules))),
        "done": just_done(request),
    }
    return render(request, "matching/round_rules.html", facts)


@page(read=OFFICE, write=OFFICE)
def round_wish(request: Request, pk: int) -> HttpResponse:
    row = editable(request, pk)
    form = WishForm(request.POST if request.method == "POST" else None, row=row)
    if form.is_valid() and carried_out(
        form, lambda **by: add_wish(row, wish=form.wish(), **by), by=request.actor
    ):
        return redirect("round_rules", pk=pk)
    return render(request, "matching/round_wish.html", {"form": form, "round": row})


@page(write=OFFICE)
def round_wish_drop(request: Request, pk: int) -> HttpResponse:
    row = editable(request, pk)
    place, _sep, seen = request.POST.get("wish", "").partition("@")
    wishes = RoundRules.of(row.rules).wishes
    if not (place.isdecimal() and seen.isdecimal() and int(place[:9]) < len(wishes)):
        raise Http404
    gone = wishes[int(place)]
    drop_wish(row, by=request.actor, place=int(place), seen=int(seen[:9]))
    url = reverse("round_rules", args=[pk])
    return told(request, url, _("已去掉这一条。"), "round_wish", pk=pk, wish=gone.plain())


def undo_wish(actor: Actor, pk: int, wish: dict[str, Any]) -> None:
    add_wish(still_there(rounds_for(actor), pk), by=actor, wish=Wish.of(wish))


UNDO["round_wish"] = undo_wish
