"""For somebody who cannot log in. The answer is the same whoever is asked for, and so is the time it takes."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from lianqiao.accounts.forms import ForgottenForm
from lianqiao.accounts.limits import asks_too_often
from lianqiao.core.actor import EVERYONE
from lianqiao.core.policy import page
from lianqiao.core.request import Request
from lianqiao.portal.tasks import mail_password_link


@page(read=EVERYONE, write=EVERYONE)
def password_forgotten(request: Request) -> HttpResponse:
    form = ForgottenForm(request.POST if request.method == "POST" else None)
    facts = {"form": form, "asked": form.is_valid(), "mails": bool(settings.EMAIL_HOST)}
    if facts["asked"] and facts["mails"]:
        if asks_too_often("password_forgotten", request.actor.network, now=timezone.now()):
            return too_often(request, facts)
        mail_password_link(form.cleaned_data["login"], request.build_absolute_uri("/"), request.actor.facts())
    return render(request, "portal/password_forgotten.html", facts)


def too_often(request: Request, facts: dict[str, Any]) -> HttpResponse:
    seconds = int(settings.AXES_COOLOFF_TIME.total_seconds())
    facts |= {"minutes": seconds // 60}
    response = render(request, "portal/password_forgotten.html", facts, status=429)
    response.headers["Retry-After"] = str(seconds)
    return response
