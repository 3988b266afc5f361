"""Pages of Party organisations: of the members, and the chain's own with who joined it and who left."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianqiao.core.actor import CONTENT, OFFICE, Actor, Role
from lianqiao.core.forms import carried_out
from lianqiao.core.history import history_of
from lianqiao.core.listing import Column, Listing
from lianqiao.core.permissions import may
from lianqiao.core.policy import page
from lianqiao.core.request import Request
from lianqiao.registry.actions.chains import (
    edit_party_organisation,
    found_party_organisation,
    join_party_organisation,
    leave_party_organisation,
)
from lianqiao.registry.actions.parts import add_branch, edit_branch
from lianqiao.registry.coverage import coverage_for
from lianqiao.registry.forms.party import (
    AccessionForm,
    BranchFilters,
    BranchForm,
    LeaveForm,
    PartyOrganisationForm,
)
from lianqiao.registry.models import Accession, PartyBranch
from lianqiao.registry.pages.editing import edited
from lianqiao.registry.pages.reach import within_reach
from lianqiao.registry.pages.undoing import just_done, left_as_it_was, told
from lianqiao.registry.queries import (
    accessions_for,
    branches_for,
    chains_for,
    live_accessions,
    party_organisations_for,
    units_for,
)

ADMIN = frozenset({Role.OFFICE_ADMIN})
RECORDS = OFFICE | {Role.ENTERPRISE_CONTACT, Role.SCHOOL_COORDINATOR}
EDITS = RECORDS | {Role.LIAISON}
READS = EDITS | {Role.LEADER, Role.AUDITOR, Role.COLLEGE_CONTACT}
BRANCH_COLUMNS = [
    Column(
        "name",
        gettext_lazy("党组织"),
        lambda b: b.name or b.organisation.label,
        url=lambda b: reverse("branch_detail", args=[b.pk]),
    ),
    Column("kind", gettext_lazy("类型"), lambda b: b.get_kind_display(), tone=lambda b: tone(b), sort="kind"),
    Column(
        "organisation",
        gettext_lazy("单位"),
        lambda b: b.organisation.label,
        url=lambda b: reverse("organisation_detail", args=[b.organisation_id]),
        sort="organisation__name",
    ),
    Column("unit", gettext_lazy("二级单位"), lambda b: b.unit.label if b.unit else ""),
    Column("classification", gettext_lazy("两企三新"), lambda b: b.organisation.get_classification_display()),
    Column("secretary", gettext_lazy("负责人"), lambda b: b.secretary),
    Column("members", gettext_lazy("党员"), lambda b: b.members_here, sort="members_here", number=True),
    Column("instructor", gettext_lazy("指导员"), lambda b: b.instructor.name if b.instructor else ""),
    Column("planned_on", gettext_lazy("拟建日期"), lambda b: planned(b), sort="planned_on"),
    Column("number", gettext_lazy("党建登记编号"), lambda b: b.number, shown=False),
    Column("superior", gettext_lazy("隶属关系"), lambda b: b.superior, shown=False),
    Column("founded_on", gettext_lazy("成立日期"), lambda b: b.founded_on, sort="founded_on", shown=False),
    Column("why_none", gettext_lazy("未建立原因"), lambda b: b.why_none, shown=False),
    Column("activists", gettext_lazy("入党积极分子"), lambda b: b.activists, number=True, shown=False),
    Column("applicants", gettext_lazy("入党申请人"), lambda b: b.applicants, number=True, shown=False),
]
PARTY_COLUMNS = [
    Column(
        "name",
        gettext_lazy("产业链党组织"),
        lambda p: p.label,
        url=lambda p: reverse("party_organisation_detail", args=[p.pk]),
        sort="name",
    ),
    Column("chain", gettext_lazy("产业链"), lambda p: p.chain.label, sort="chain__name"),
    Column("founded_on", gettext_lazy("成立日期"), lambda p: p.founded_on, sort="founded_on"),
    Column("members", gettext_lazy("成员单位"), lambda p: p.member_count, sort="member_count", number=True),
]


def tone(branch: PartyBranch) -> str:
    if branch.kind != PartyBranch.Kind.NONE:
        return "neutral"
    # Past the day on which it should have been founded: stuck.
    return "amber" if branch.planned_on and branch.planned_on < timezone.localdate() else "neutral"


def planned(branch: PartyBranch) -> object:
    return branch.planned_on if branch.kind == PartyBranch.Kind.NONE else ""


@page(read=READS)
def branch_list(request: Request) -> HttpResponse:
    listing = Listing("branch_list", request, branches_for(request.actor), BRANCH_COLUMNS, BranchFilters)
    facts = {
        "listing": listing,
        "coverage": coverage_for(request.actor),
        "may_add": request.actor.role in RECORDS
        and may(request.actor, "registry.add_branch")
        and lacks_record(request.actor),
    }
    return listing.export() or render(request, "registry/branch_list.html", facts)


def lacks_record(actor: Actor) -> bool:
    """A contact has one organisation, so one record to make, and one of each unit; the office always has more."""
    if actor.role in OFFICE:
        return True
    own = branches_for(actor)
    units = units_for(actor).filter(organisation=actor.organisation_id)
    return (
        not own.filter(unit=None).exists()
        or units.exclude(pk__in=own.filter(unit__isnull=False).values("unit")).exists()
    )


@page(read=READS)
def branch_detail(request: Request, pk: int) -> HttpResponse:
    branch = get_object_or_404(branches_for(request.actor), pk=pk)
    labels = dict(PartyBranch.MassOrganisation.choices)
    facts = {
        "branch": branch,
        "is_late": tone(branch) == "amber",
        "mass_organisations": [labels[name] for name in branch.mass_organisations if name in labels],
        "accessions": accessions_for(request.actor).filter(organisation=branch.organisation_id),
        "may_edit": may(request.actor, "registry.edit_branch", branch),
        "history": history_of(branch, request.actor),
    }
    return render(request, "registry/branch_detail.html", facts)


@page(read=RECORDS, write=RECORDS)
def branch_add(request: Request) -> HttpResponse:
    posted = request.POST if request.method == "POST" else None
    form = BranchForm(posted, actor=request.actor, organisation=request.GET.get("organisation"))
    if form.is_valid() and (branch := carried_out(form, add_branch, by=request.actor, **form.facts())):
        messages.success(request, _("已登记。"))
        return redirect("branch_detail", pk=branch.pk)
    return render(request, "registry/branch_add.html", {"form": form})


@page(read=EDITS, write=EDITS)
def branch_edit(request: Request, pk: int) -> HttpResponse:
    branch = within_reach(branches_for(request.actor), pk, request.actor, "registry.edit_branch")
    posted = request.POST if request.method == "POST" else None
    form = BranchForm(posted, instance=branch, actor=request.actor)
    if edited(request, form, edit_branch, branch):
        return redirect("branch_detail", pk=pk)
    return render(request, "registry/branch_edit.html", {"form": form, "branch": branch})


@page(read=CONTENT)
def party_organisation_list(request: Request) -> HttpResponse:
    live = Q(accessions__in=live_accessions(timezone.localdate()))
    rows = party_organisations_for(request.actor).annotate(member_count=Count("accessions", filter=live))
    listing = Listing("party_organisation_list", request, rows.order_by("name"), PARTY_COLUMNS)
    lacking = chains_for(request.actor).filter(party_organisation=None)
    facts = {
        "listing": listing,
        "coverage": coverage_for(request.actor),
        "may_found": may(request.actor, "registry.found_party_organisation") and lacking.exists(),
    }
    return listing.export() or render(request, "registry/party_organisation_list.html", facts)


@page(read=CONTENT)
def party_organisation_detail(request: Request, pk: int) -> HttpResponse:
    actor = request.actor
    party = get_object_or_404(party_organisations_for(actor), pk=pk)
    today = timezone.localdate()
    rows = accessions_for(actor).filter(party_organisation=party)
    facts = {
        "party": party,
        "done": just_done(request),
        "coverage": coverage_for(actor, party.chain_id),
        "now": rows.filter(Q(left_on=None) | Q(left_on__gte=today)).order_by("joined_on", "pk"),
        "gone": rows.filter(left_on__lt=today).order_by("-left_on", "pk"),
        "history": history_of(party, actor),
        "may_edit": may(actor, "registry.edit_party_organisation", party),
        "may_join": may(actor, "registry.join_party_organisation", party),
        "may_leave": may(actor, "registry.leave_party_organisation", party),
    }
    return render(request, "registry/party_organisation_detail.html", facts)


@page(read=ADMIN, write=ADMIN)
def party_organisation_found(request: Request) -> HttpResponse:
    form = PartyOrganisationForm(request.POST if request.method == "POST" else None, actor=request.actor)
    if form.is_valid() and (
        party := carried_out(form, found_party_organisation, by=request.actor, **form.facts())
    ):
        messages.success(request, _("已登记。接着可以登记加入的单位。"))
        return redirect("party_organisation_detail", pk=party.pk)
    return render(request, "registry/party_organisation_found.html", {"form": form})


@page(read=ADMIN, write=ADMIN)
def party_organisation_edit(request: Request, pk: int) -> HttpResponse:
    actor, permission = request.actor, "registry.edit_party_organisation"
    party = within_reach(party_organisations_for(actor), pk, actor, permission)
    posted = request.POST if request.method == "POST" else None
    form = PartyOrganisationForm(posted, instance=party, actor=actor)
    if edited(request, form, edit_party_organisation, party):
        return redirect("party_organisation_detail", pk=pk)
    return render(request, "registry/party_organisation_edit.html", {"form": form, "party": party})


@page(read=OFFICE, write=OFFICE)
def accession_add(request: Request, pk: int) -> HttpResponse:
    """`pk` is the chain Party organisation's."""
    actor, permission = request.actor, "registry.join_party_organisation"
    party = within_reach(party_organisations_for(actor), pk, actor, permission)
    posted = request.POST if request.method == "POST" else None
    form = AccessionForm(posted, actor=actor, party=party, organisation=request.GET.get("organisation"))
    if form.is_valid() and (
        row := carried_out(form, join_party_organisation, party, by=actor, **form.cleaned_data)
    ):
        said = {"name": row.organisation.label, "party": party.label}
        sentence = _("“%(name)s”已加入“%(party)s”。") % said
        return told(request, at_party(row), sentence, "joined", pk=row.pk, seen=row.version)
    return render(request, "registry/accession_add.html", {"form": form, "party": party})


@page(read=OFFICE, write=OFFICE)
def accession_leave(request: Request, pk: int) -> HttpResponse:
    actor = request.actor
    row = within_reach(accessions_for(actor), pk, actor, "registry.leave_party_organisation")
    before = left_as_it_was(row)
    form = LeaveForm(
        request.POST if request.method == "POST" else None,
        instance=row,
        initial={"left_on": row.left_on or timezone.localdate()},
    )
    if form.is_valid() and (
        left := carried_out(form, leave_party_organisation, row, by=actor, **form.cleaned_data)
    ):
        said = {"name": left.organisation.label, "party": left.party_organisation.label}
        sentence = _("“%(name)s”已退出“%(party)s”。") % said
        return told(request, at_party(row), sentence, "left", **before, seen=left.version)
    return render(request, "registry/accession_leave.html", {"form": form, "accession": row})


def at_party(row: Accession) -> str:
    return reverse("party_organisation_detail", args=[row.party_organisation_id])
