"""For somebody who cannot log in. The answer is the same whoever is asked for."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from lianqiao.accounts.actions import forget_password
from lianqiao.accounts.forms import ForgottenForm
from lianqiao.core.actor import EVERYONE
from lianqiao.core.policy import page
from lianqiao.core.request import Request
from lianqiao.notices.sending import send


@page(read=EVERYONE, write=EVERYONE)
def password_forgotten(request: Request) -> HttpResponse:
    form = ForgottenForm(request.POST if request.method == "POST" else None)
    asked = form.is_valid()
    mails = bool(settings.EMAIL_HOST)
    if asked and mails:
        made = forget_password(form.cleaned_data["login"], by=request.actor, now=timezone.now())
        if made:
            person, token = made
            link = request.build_absolute_uri(reverse("link_open", args=[token]))
            send(person, "password_link", link=link)
    return render(request, "portal/password_forgotten.html", {"form": form, "asked": asked, "mails": mails})
