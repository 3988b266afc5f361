"""Pages of organisations: list, detail, register, edit, close."""

from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianqiao.core.actor import CONTENT, OFFICE, POSITIONS, Actor, Role
from lianqiao.core.around import around
from lianqiao.core.forms import carried_out
from lianqiao.core.history import history_of
from lianqiao.core.listing import Column, Listing
from lianqiao.core.permissions import may
from lianqiao.core.policy import page
from lianqiao.core.request import Request
from lianqiao.core.words import listed
from lianqiao.registry.actions.organisations import (
    add_organisation,
    close_organisation,
    describe_organisation,
    edit_organisation,
    is_shared,
    lifecycle,
    reopen_organisation,
)
from lianqiao.registry.duplicates import likely_duplicates
from lianqiao.registry.forms.organisations import (
    DescriptionForm,
    OfficeForm,
    OrganisationFilters,
    OrganisationForm,
)
from lianqiao.registry.models import Edition, Organisation
from lianqiao.registry.pages.editing import edited
from lianqiao.registry.pages.reach import within_reach
from lianqiao.registry.pages.undoing import just_done
from lianqiao.registry.queries import (
    accessions_for,
    branches_for,
    listed_organisations,
    memberships_for,
    merges_for,
    names_of,
    organisations_for,
    positions_for,
    units_for,
    with_segments,
)


def segments_of(organisation: Organisation) -> str:
    """Names of the segments where it is now; the rows come from `with_segments`."""
    names = [
        segment.label for membership in vars(organisation)["live"] for segment in membership.segments.all()
    ]
    return listed(dict.fromkeys(names))


KEEPERS = OFFICE | {Role.SYSTEM_ADMIN}
CONTACTS = frozenset({Role.ENTERPRISE_CONTACT, Role.SCHOOL_COORDINATOR})
COLUMNS = [
    Column(
        "name",
        gettext_lazy("单位名称"),
        lambda o: o.label,
        url=lambda o: reverse("organisation_detail", args=[o.pk]),
        sort="name",
    ),
    Column("kind", gettext_lazy("单位性质"), lambda o: o.get_kind_display(), sort="kind"),
    Column("segments", gettext_lazy("链环节"), lambda o: segments_of(o)),
    Column(
        "classification",
        gettext_lazy("两企三新"),
        lambda o: o.get_classification_display(),
        sort="classification",
    ),
    Column("size", gettext_lazy("规模"), lambda o: o.get_size_display(), sort="size"),
    Column("business", gettext_lazy("主营业务"), lambda o: o.business),
    Column(
        "credit_code",
        gettext_lazy("统一社会信用代码"),
        lambda o: o.credit_code or "",
        sort="credit_code",
        shown=False,
    ),
    Column("names", gettext_lazy("其他名称"), lambda o: listed(o.other_names()), shown=False),
    Column("address", gettext_lazy("地址"), lambda o: o.address, shown=False),
    Column(
        "state",
        gettext_lazy("状态"),
        lambda o: o.get_state_display() if o.state != "active" else "",
        tone=lambda o: "neutral",
    ),
]


# What is left for those who see offices only.
OF_OFFICES = [
    replace(column, shown=True)
    for column in COLUMNS
    if column.name in ("name", "credit_code", "names", "address", "state")
]


def form_of(actor: Actor) -> type[OrganisationForm]:
    """Whoever registers offices only is asked for what an office has."""
    return OrganisationForm if may(actor, "registry.add_organisation", Organisation()) else OfficeForm


@page(read=POSITIONS)
def organisation_list(request: Request) -> HttpResponse:
    actor = request.actor
    rows, sees_content = with_segments(listed_organisations(actor), actor), actor.role in CONTENT
    columns = COLUMNS if sees_content else OF_OFFICES
    listing = Listing("organisation_list", request, rows, columns, OrganisationFilters)
    facts = {
        "listing": listing,
        "sees_content": sees_content,
        "may_add": may(actor, "registry.add_organisation"),
        "may_place": may(actor, "registry.add_membership"),
    }
    return listing.export() or render(request, "registry/organisation_list.html", facts)


@page(read=POSITIONS)
def organisation_detail(request: Request, pk: int) -> HttpResponse:
    actor = request.actor
    organisation = get_object_or_404(organisations_for(actor), pk=pk)
    if organisation.merged_into_id:
        return redirect("organisation_detail", pk=organisation.merged_into_id)
    shared = is_shared(organisation, by=actor)
    facts = {
        "organisation": organisation,
        "sees_content": actor.role in CONTENT,
        "done": just_done(request),
        "is_shared": shared and may(actor, "registry.edit_organisation", organisation),
        "industries": names_of(Edition.Kind.INDUSTRY, organisation.industries),
        "region": names_of(Edition.Kind.REGION, [organisation.region]).get(
            organisation.region, organisation.region
        ),
        "memberships": memberships_for(actor).filter(organisation=organisation),
        "accessions": accessions_for(actor).filter(organisation=organisation),
        "branches": branches_for(actor).filter(organisation=organisation),
        "units": units_for(actor).filter(organisation=organisation),
        "positions": positions_for(actor).filter(organisation=organisation),
        "merges": merges_for(actor).filter(kept=organisation, state="done"),
        "moves": [] if shared else lifecycle.available(organisation, actor),
        "history": history_of(organisation, actor),
        "may_edit": may(actor, "registry.edit_organisation", organisation),
        "may_join": may(actor, "registry.add_membership"),
        "may_describe": may(actor, "registry.describe_organisation", organisation),
        "may_add_unit": may(actor, "registry.add_unit", organisation),
        "may_add_branch": may(actor, "registry.add_branch", organisation),
        "may_merge": not shared and may(actor, "registry.merge_organisations", organisation),
        "may_undo_merge": may(actor, "registry.undo_merge"),
        "around": around("organisation_detail", request, organisation),
    }
    return render(request, "registry/organisation_detail.html", facts)


@page(read=KEEPERS, write=KEEPERS)
def organisation_add(request: Request) -> HttpResponse:
    form = form_of(request.actor)(request.POST if request.method == "POST" else None)
    likely = likely_duplicates(form, request.actor) if form.is_bound else []
    if form.is_valid() and not likely:
        organisation = carried_out(form, add_organisation, by=request.actor, **form.facts())
        if organisation:
            messages.success(request, _("已登记“%(name)s”。") % {"name": organisation.label})
            return redirect("organisation_detail", pk=organisation.pk)
    return render(request, "registry/organisation_add.html", {"form": form, "likely": likely})


@page(read=KEEPERS)
def organisation_likely(request: Request) -> HttpResponse:
    """The partial that warns while a name is typed."""
    form = form_of(request.actor)(request.GET)
    return render(
        request, "registry/organisation_likely.html", {"likely": likely_duplicates(form, request.actor)}
    )


@page(read=KEEPERS, write=KEEPERS)
def organisation_edit(request: Request, pk: int) -> HttpResponse:
    rows = listed_organisations(request.actor)
    organisation = within_reach(rows, pk, request.actor, "registry.edit_organisation")
    posted = request.POST if request.method == "POST" else None
    form = form_of(request.actor)(posted, instance=organisation)
    if edited(request, form, edit_organisation, organisation):
        return redirect("organisation_detail", pk=pk)
    return render(request, "registry/organisation_edit.html", {"form": form, "organisation": organisation})


@page(read=OFFICE | CONTACTS, write=OFFICE | CONTACTS)
def organisation_describe(request: Request, pk: int) -> HttpResponse:
    rows = listed_organisations(request.actor)
    organisation = within_reach(rows, pk, request.actor, "registry.describe_organisation")
    form = DescriptionForm(request.POST if request.method == "POST" else None, instance=organisation)
    if form.is_valid() and carried_out(
        form, describe_organisation, organisation, by=request.actor, **form.cleaned_data
    ):
        messages.success(request, _("已保存。"))
        return redirect("organisation_detail", pk=pk)
    return render(
        request, "registry/organisation_describe.html", {"form": form, "organisation": organisation}
    )


@page(write=KEEPERS)
def organisation_close(request: Request, pk: int) -> HttpResponse:
    rows = listed_organisations(request.actor)
    organisation = within_reach(rows, pk, request.actor, "registry.close_organisation")
    close_organisation(organisation, by=request.actor)
    messages.success(request, _("“%(name)s”已标为注销，需要时可在本页恢复。") % {"name": organisation.label})
    return redirect("organisation_detail", pk=pk)


@page(write=KEEPERS)
def organisation_reopen(request: Request, pk: int) -> HttpResponse:
    rows = listed_organisations(request.actor)
    organisation = within_reach(rows, pk, request.actor, "registry.reopen_organisation")
    reopen_organisation(organisation, by=request.actor)
    messages.success(request, _("“%(name)s”已恢复。") % {"name": organisation.label})
    return redirect("organisation_detail", pk=pk)
