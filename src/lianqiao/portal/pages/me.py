"""One's own page: who I am here, how I log in, how I like the pages."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from lianqiao.accounts.actions import choose_password, edit_profile, end_sessions, prefer
from lianqiao.accounts.forms import PasswordForm, PreferencesForm, ProfileForm
from lianqiao.accounts.models import Person
from lianqiao.accounts.queries import accounts_for, factors_of, tokens_for
from lianqiao.core.actor import SIGNED_IN
from lianqiao.core.forms import carried_out
from lianqiao.core.policy import page
from lianqiao.core.request import Request
from lianqiao.portal.pages.switches import remember_language
from lianqiao.registry.queries import positions_for

DEFAULTS = {"theme": "auto", "text": "normal", "density": "normal"}


@page(read=SIGNED_IN)
def me(request: Request) -> HttpResponse:
    kept = request.actor.person.preferences
    form = PreferencesForm(initial=DEFAULTS | {"language": get_language()} | kept)
    return render(request, "portal/me.html", {"form": form} | facts_of(request))


def own(request: Request) -> Person:
    return get_object_or_404(accounts_for(request.actor), pk=request.actor.person_id)


@page(write=SIGNED_IN)
def me_preferences(request: Request) -> HttpResponse:
    form = PreferencesForm(request.POST)
    if not form.is_valid():
        return render(request, "portal/me.html", {"form": form} | facts_of(request))
    prefer(request.actor.person, by=request.actor, **form.cleaned_data)
    response = redirect("me")
    remember_language(response, form.cleaned_data["language"])
    return response


def facts_of(request: Request) -> dict[str, Any]:
    actor, today = request.actor, timezone.localdate()
    own = positions_for(actor).filter(person=actor.person_id)
    labels = {position.pk: str(position) for position in own}
    return {
        "person": actor.person,
        "positions": [{"row": row, "held": row.is_held(today)} for row in own],
        "factors": factors_of(actor.person),
        "tokens": [
            {
                "row": token,
                "position": labels.get(token.position_id, ""),
                "live": token.revoked_at is None and token.expires_on >= today,
            }
            for token in tokens_for(actor).filter(person=actor.person_id)
        ],
        "sso": bool(settings.SOCIALACCOUNT_PROVIDERS),
    }


# Whoever finds an unlocked computer must not be able to make the account their own.
@page(read=SIGNED_IN, write=SIGNED_IN)
@never_cache
@reauthentication_required
def me_profile(request: Request) -> HttpResponse:
    person = own(request)
    form = ProfileForm(request.POST if request.method == "POST" else None, instance=person)
    if form.is_valid() and carried_out(form, edit_profile, person, by=request.actor, **form.cleaned_data):
        messages.success(request, _("已保存。"))
        return redirect("me")
    return render(request, "portal/me_profile.html", {"form": form})


@page(read=SIGNED_IN, write=SIGNED_IN)
@never_cache
def me_password(request: Request) -> HttpResponse:
    form = PasswordForm(request.POST if request.method == "POST" else None, request=request)
    if form.is_valid():
        facts = {"password": form.cleaned_data["password"], "by": request.actor, "now": timezone.now()}
        if carried_out(form, choose_password, own(request), **facts):
            logout(request)
            messages.success(request, _("密码已修改，所有设备上的登录已结束。请用新密码登录。"))
            return redirect("account_login")
    return render(request, "portal/me_password.html", {"form": form})


@page(write=SIGNED_IN)
def me_sessions_end(request: Request) -> HttpResponse:
    end_sessions(own(request), by=request.actor)
    logout(request)
    messages.success(request, _("所有设备上的登录已结束，请重新登录。"))
    return redirect("account_login")
