"""Tokens for programs that act in one's own name, in one position."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from lianqiao.accounts.actions import make_token, revoke_token
from lianqiao.accounts.forms import TokenForm
from lianqiao.accounts.queries import tokens_for
from lianqiao.core.actor import POSITIONS, SIGNED_IN
from lianqiao.core.forms import carried_out
from lianqiao.core.policy import page
from lianqiao.core.request import Request


@page(read=POSITIONS, write=POSITIONS)
@never_cache
@reauthentication_required
def token_add(request: Request) -> HttpResponse:
    form = TokenForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        made = carried_out(form, make_token, by=request.actor, **form.cleaned_data)
        if made:
            # In the answer itself: the secret is kept nowhere and cannot be shown again.
            token, secret = made
            return render(request, "portal/token_made.html", {"token": token, "secret": secret})
    return render(request, "portal/token_add.html", {"form": form})


@page(write=SIGNED_IN)
def token_revoke(request: Request, pk: int) -> HttpResponse:
    token = get_object_or_404(tokens_for(request.actor), pk=pk, revoked_at=None)
    revoke_token(token, by=request.actor, now=timezone.now())
    messages.success(request, _("令牌“%(name)s”已作废，立即失效。") % {"name": token})
    if token.person_id != request.actor.person_id:
        return redirect("person_detail", pk=token.person_id)
    return redirect("me")
