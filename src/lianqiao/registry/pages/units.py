"""Pages of the parts of an organisation: colleges with their majors, departments."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from lianqiao.core.actor import OFFICE, POSITIONS, Role
from lianqiao.core.around import around
from lianqiao.core.forms import carried_out
from lianqiao.core.history import history_of
from lianqiao.core.permissions import may
from lianqiao.core.policy import page
from lianqiao.core.request import Request
from lianqiao.registry.actions.parts import add_unit, edit_unit
from lianqiao.registry.forms.units import UnitForm
from lianqiao.registry.models import Edition
from lianqiao.registry.pages.editing import edited
from lianqiao.registry.pages.reach import within_reach
from lianqiao.registry.queries import (
    branches_for,
    held_on,
    listed_organisations,
    memberships_for,
    names_of,
    positions_for,
    units_for,
)

ADDS = OFFICE | {Role.SCHOOL_COORDINATOR}
EDITS = ADDS | {Role.COLLEGE_CONTACT}


@page(read=POSITIONS)
def unit_detail(request: Request, pk: int) -> HttpResponse:
    actor = request.actor
    unit = get_object_or_404(units_for(actor), pk=pk)
    facts = {
        "unit": unit,
        "majors": names_of(Edition.Kind.MAJOR, unit.majors),
        "memberships": memberships_for(actor).filter(unit=unit),
        "branches": branches_for(actor).filter(unit=unit),
        "contacts": held_on(
            positions_for(actor).filter(unit=unit, role=Role.COLLEGE_CONTACT), timezone.localdate()
        ),
        "history": history_of(unit, actor),
        "may_edit": may(actor, "registry.edit_unit", unit),
        "around": around("unit_detail", request, unit),
    }
    return render(request, "registry/unit_detail.html", facts)


@page(read=ADDS, write=ADDS)
def unit_add(request: Request, pk: int) -> HttpResponse:
    """`pk` is the organisation's."""
    organisation = within_reach(listed_organisations(request.actor), pk, request.actor, "registry.add_unit")
    form = UnitForm(request.POST if request.method == "POST" else None, organisation=organisation)
    if form.is_valid():
        unit = carried_out(form, add_unit, organisation=organisation, by=request.actor, **form.facts())
        if unit:
            messages.success(request, _("已增加“%(name)s”。") % {"name": unit.label})
            return redirect("unit_detail", pk=unit.pk)
    return render(request, "registry/unit_add.html", {"form": form, "organisation": organisation})


@page(read=EDITS, write=EDITS)
def unit_edit(request: Request, pk: int) -> HttpResponse:
    unit = within_reach(units_for(request.actor), pk, request.actor, "registry.edit_unit")
    form = UnitForm(
        request.POST if request.method == "POST" else None, instance=unit, organisation=unit.organisation
    )
    if edited(request, form, edit_unit, unit):
        return redirect("unit_detail", pk=pk)
    return render(request, "registry/unit_edit.html", {"form": form, "unit": unit})
