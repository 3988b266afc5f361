"""Pages of positions: who holds which role where, granted, extended, ended, withdrawn."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianqiao.core.actor import Role
from lianqiao.core.forms import carried_out
from lianqiao.core.listing import PER_PAGE, Column, Listing
from lianqiao.core.permissions import may
from lianqiao.core.policy import page
from lianqiao.core.request import Request
from lianqiao.registry.actions.positions import (
    end_position,
    extend_position,
    grant_position,
    withdraw_position,
)
from lianqiao.registry.forms.people import SOON, EndForm, ExtensionForm, PositionFilters, PositionForm
from lianqiao.registry.models import Position
from lianqiao.registry.pages.people import APPOINTERS
from lianqiao.registry.queries import people_for, positions_for, whole_positions

F = PositionFilters
STATES: dict[str, str | Promise] = dict(F.STATES)
TONES = {F.HELD: "green", F.SOON: "amber", F.LATER: "blue", F.ENDED: "neutral"}


def state_of(position: Position) -> str:
    today = timezone.localdate()
    if position.starts_on > today:
        return F.LATER
    if position.ends_on is None or position.ends_on > today + SOON:
        return F.HELD
    return F.SOON if position.ends_on >= today else F.ENDED


COLUMNS = [
    Column(
        "person",
        gettext_lazy("姓名"),
        lambda p: p.person.name,
        url=lambda p: reverse("person_detail", args=[p.person_id]),
        sort="person__name",
    ),
    Column("role", gettext_lazy("角色"), lambda p: p.get_role_display(), sort="role"),
    Column(
        "organisation",
        gettext_lazy("单位"),
        lambda p: p.organisation.label if p.organisation else "",
        sort="organisation__name",
    ),
    Column("unit", gettext_lazy("二级单位"), lambda p: p.unit.label if p.unit else ""),
    Column("chain", gettext_lazy("产业链"), lambda p: p.chain.label if p.chain else ""),
    Column("phone", gettext_lazy("手机号"), lambda p: p.person.masked_phone),
    Column("starts_on", gettext_lazy("开始日期"), lambda p: p.starts_on, sort="starts_on", shown=False),
    Column("ends_on", gettext_lazy("结束日期"), lambda p: p.ends_on, sort="ends_on"),
    Column("state", gettext_lazy("状态"), lambda p: STATES[state_of(p)], tone=lambda p: TONES[state_of(p)]),
]


class PositionListing(Listing):
    """Sorted by what sorts it and their ids: a hundred thousand whole rows are too much to carry along."""

    @cached_property
    def page(self) -> Any:
        pages = Paginator(self.rows.values_list("pk", flat=True), PER_PAGE)
        page = pages.get_page(self.request.GET.get("page"))
        ids = list(page.object_list)
        rows = whole_positions().in_bulk(ids)
        page.object_list = [rows[pk] for pk in ids if pk in rows]
        return page


@page(read=APPOINTERS | {Role.AUDITOR})
def position_list(request: Request) -> HttpResponse:
    listing = PositionListing(
        "position_list", request, positions_for(request.actor), COLUMNS, PositionFilters
    )
    facts = {"listing": listing, "may_invite": may(request.actor, "accounts.invite_person")}
    return listing.export() or render(request, "registry/position_list.html", facts)


@page(read=APPOINTERS, write=APPOINTERS)
def position_grant(request: Request, pk: int) -> HttpResponse:
    person = get_object_or_404(people_for(request.actor).exclude(pk__in=[request.actor.person_id]), pk=pk)
    form = PositionForm(request.POST if request.method == "POST" else None, actor=request.actor)
    if form.is_valid():
        granted = carried_out(form, grant_position, person=person, by=request.actor, **form.cleaned_data)
        if granted:
            told = _("已授予%(name)s身份“%(position)s”，此人需要重新登录。")
            messages.success(request, told % {"name": person, "position": granted})
            return redirect("person_detail", pk=pk)
    return render(request, "registry/position_grant.html", {"form": form, "person": person})


@page(read=APPOINTERS, write=APPOINTERS)
def position_end(request: Request, pk: int) -> HttpResponse:
    position = get_object_or_404(positions_for(request.actor), pk=pk)
    given = request.POST if request.method == "POST" else None
    form = EndForm(given, initial={"ends_on": timezone.localdate()})
    if form.is_valid() and carried_out(form, end_position, position, by=request.actor, **form.cleaned_data):
        facts = {"position": position, "day": form.cleaned_data["ends_on"].isoformat()}
        messages.success(request, _("身份“%(position)s”到 %(day)s 为止。") % facts)
        return redirect("person_detail", pk=position.person_id)
    return render(request, "registry/position_end.html", {"form": form, "position": position})


@page(read=APPOINTERS, write=APPOINTERS)
def position_extend(request: Request, pk: int) -> HttpResponse:
    position = get_object_or_404(positions_for(request.actor), pk=pk)
    form = ExtensionForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and carried_out(
        form, extend_position, position, by=request.actor, **form.cleaned_data
    ):
        messages.success(request, _("身份“%(position)s”已续期。") % {"position": position})
        return redirect("person_detail", pk=position.person_id)
    return render(request, "registry/position_extend.html", {"form": form, "position": position})


@page(write=APPOINTERS)
def position_withdraw(request: Request, pk: int) -> HttpResponse:
    position = get_object_or_404(positions_for(request.actor), pk=pk)
    told = _("身份“%(position)s”已撤回。") % {"position": position}
    withdraw_position(position, today=timezone.localdate(), by=request.actor)
    messages.success(request, told)
    return redirect("position_list")
