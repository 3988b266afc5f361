"""Two records of one organisation: choose which stays, merge, undo."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianqiao.core.actor import OFFICE, Actor
from lianqiao.core.forms import carried_out
from lianqiao.core.policy import page
from lianqiao.core.request import Request
from lianqiao.registry.actions.merging import merge_organisations, undo_merge
from lianqiao.registry.actions.organisations import is_shared
from lianqiao.registry.duplicates import likely_for
from lianqiao.registry.forms.pick import OrganisationField
from lianqiao.registry.models import Organisation
from lianqiao.registry.pages.reach import within_reach
from lianqiao.registry.queries import listed_organisations, merges_for


class MergeForm(forms.Form):
    kept = OrganisationField(label=gettext_lazy("并入哪一条记录"))

    def __init__(
        self, data: Any = None, *, actor: Actor, gone: Organisation, kept: str | None = None
    ) -> None:
        """`into` in the data is the id that stands on the button beside a likely duplicate."""
        super().__init__(data)
        others = listed_organisations(actor).exclude(pk=gone.pk)
        field = cast(OrganisationField, self.fields["kept"])
        into = data.get("into") if data else None
        field.offer(others, into or kept, but=gone.pk)
        if into:
            self.data = {"kept": field.initial or into}


@page(read=OFFICE, write=OFFICE)
def organisation_merge(request: Request, pk: int) -> HttpResponse:
    rows = listed_organisations(request.actor)
    gone = within_reach(rows, pk, request.actor, "registry.merge_organisations")
    form = MergeForm(
        request.POST if request.method == "POST" else None,
        actor=request.actor,
        gone=gone,
        kept=request.GET.get("kept"),
    )
    if form.is_valid():
        kept = form.cleaned_data["kept"]
        merge = carried_out(form, merge_organisations, gone, kept, by=request.actor, now=timezone.now())
        if merge:
            # That page tells it, with the button that undoes it, for as long as it is so.
            return redirect("organisation_detail", pk=kept.pk)
    facts = {
        "form": form,
        "organisation": gone,
        "likely": likely_for(gone.name, request.actor, but=gone.pk),
        "is_shared": is_shared(gone, by=request.actor),
    }
    return render(request, "registry/organisation_merge.html", facts)


@page(write=OFFICE)
def merge_undo(request: Request, pk: int) -> HttpResponse:
    merge = get_object_or_404(merges_for(request.actor), pk=pk)
    undo_merge(merge, by=request.actor)
    messages.success(request, _("已撤销合并，“%(gone)s”恢复为单独的记录。") % {"gone": merge.gone.label})
    return redirect("organisation_detail", pk=merge.kept_id)
