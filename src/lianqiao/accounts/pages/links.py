"""The page behind a one-time link: an invitation is accepted, a new password is chosen."""

from dataclasses import replace

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from lianqiao.accounts.actions import accept_link
from lianqiao.accounts.forms import InvitationForm, PasswordTwice
from lianqiao.accounts.models import OneTimeLink
from lianqiao.accounts.queries import open_link
from lianqiao.core.actor import EVERYONE, NO_POSITION, Actor
from lianqiao.core.forms import carried_out
from lianqiao.core.policy import page
from lianqiao.core.request import Request


# The address is a secret. The installation's referrer policy (same-origin) keeps it from every other host;
# "no-referrer" would make browsers send `Origin: null` with the form, which the CSRF check has to refuse.
@page(read=EVERYONE, write=EVERYONE)
@never_cache
def link_open(request: Request, token: str) -> HttpResponse:
    now = timezone.now()
    link = open_link(token, now=now)
    if link is None:
        return render(request, "accounts/link_spent.html", status=410)
    kind = InvitationForm if link.kind == OneTimeLink.Kind.INVITATION else PasswordTwice
    form = kind(request.POST if request.method == "POST" else None, person=link.person)
    if form.is_valid():
        facts = {name: value for name, value in form.cleaned_data.items() if name != "again"}
        if carried_out(form, accept_link, link, by=holder_of(link, request.actor), now=now, **facts):
            logout(request)
            messages.success(request, _("密码已设置，请登录。"))
            return redirect("account_login")
    return render(request, "accounts/link_open.html", {"link": link, "form": form})


def holder_of(link: OneTimeLink, actor: Actor) -> Actor:
    """Whoever holds the link acts as its person, whoever else is logged in at this browser."""
    return replace(
        Actor(role=NO_POSITION, person_id=link.person_id, name=link.person.name),
        request_id=actor.request_id,
        network=actor.network,
    )
