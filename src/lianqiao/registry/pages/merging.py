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
from lianqiao.registry.duplicates import likely_for
from lianqiao.registry.forms.pick import OrganisationField
from lianqiao.registry.models import Organisation
from lianqiao.registry.queries import listed_organisations, merges_for


class MergeForm(forms.Form):
    kept = OrganisationField(label=gettext_lazy("并入哪一条记录"))

    def __init__(
        self, *args: Any, actor: Actor, gone: Organisation, kept: str | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        others = listed_organisations(actor).exclude(pk=gone.pk)
        cast(OrganisationField, self.fields["kept"]).offer(others, kept, but=gone.pk)


@page(read=OFFICE, write=OFFICE)
def organisation_merge(request: Request, pk: int) -> HttpResponse:
    gone = get_object_or_404(listed_organisations(request.actor), pk=pk)
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
            messages.success(
                request, _("“%(gone)s”已并入“%(kept)s”，可在本页撤销。") % {"gone": gone, "kept": kept}
            )
            return redirect("organisation_detail", pk=kept.pk)
    likely = likely_for(gone.name, request.actor, but=gone.pk)
    return render(
        request, "registry/organisation_merge.html", {"form": form, "organisation": gone, "likely": likely}
    )


@page(write=OFFICE)
def merge_undo(request: Request, pk: int) -> HttpResponse:
    merge = get_object_or_404(merges_for(request.actor), pk=pk)
    undo_merge(merge, by=request.actor)
    messages.success(request, _("已撤销合并，“%(gone)s”恢复为单独的记录。") % {"gone": merge.gone})
    return redirect("organisation_detail", pk=merge.gone_id)
