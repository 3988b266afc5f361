"""Small choices made in passing: the position, the language, the columns of a list. Each goes back whence it came."""

from typing import TypeVar

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import override

from lianqiao.accounts.actions import prefer, switch_position
from lianqiao.core.actor import EVERYONE, POSITIONS, SIGNED_IN
from lianqiao.core.policy import page
from lianqiao.core.request import Request

A_YEAR = 365 * 24 * 60 * 60
MOST_LISTS, MOST_COLUMNS = 60, 60
Response = TypeVar("Response", bound=HttpResponse)


@page(write=POSITIONS)
def position_switch(request: Request) -> HttpResponse:
    """Only to a position that is held today; the whole frame changes with it."""
    wanted = request.POST.get("position", "")
    chosen = next((held for held in request.positions if str(held.pk) == wanted), None)
    if chosen is None:
        raise Http404
    if chosen.pk != request.actor.position_id:
        with override(settings.LANGUAGE_CODE):
            label = str(chosen)
        switch_position(chosen.pk, label, by=request.actor)
    request.session["position"] = chosen.pk
    return way_back(request)


@page(write=EVERYONE)
def set_language(request: Request) -> HttpResponse:
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        raise Http404
    if request.actor.is_signed_in:
        prefer(request.actor.person, by=request.actor, language=language)
    return remember_language(way_back(request), language)


for switch in (position_switch, set_language):
    switch.before_second_factor = True  # type: ignore[attr-defined]


@page(write=SIGNED_IN)
def remember_columns(request: Request, name: str) -> HttpResponse:
    """None chosen: the list shows its usual ones again."""
    person, columns = request.actor.person, request.POST.getlist("columns")
    kept = person.preferences.get("columns", {})
    if len(columns) > MOST_COLUMNS or any(len(column) > 40 for column in columns):
        raise Http404
    if name not in kept and len(kept) >= MOST_LISTS:
        raise Http404
    prefer(person, by=request.actor, columns=kept | {name: columns})
    return way_back(request)


def remember_language(response: Response, language: str) -> Response:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=A_YEAR,
        samesite="Lax",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def way_back(request: Request) -> HttpResponseRedirect:
    """To `next` where it is a page of ours, else home."""
    wanted = request.POST.get("next", "")
    hosts = {request.get_host()}
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts=hosts, require_https=request.is_secure()):
        return HttpResponseRedirect(wanted)
    return redirect("home")
