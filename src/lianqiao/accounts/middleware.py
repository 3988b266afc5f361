from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import redirect
from django.utils import timezone, translation

from lianqiao.accounts.queries import security_rule
from lianqiao.core.actor import GUARDED
from lianqiao.core.request import Request

NOTED_EVERY = 60  # seconds: `seen` is not written at every click
# A page that asks by itself says so. Whoever leaves this out only keeps the own session alive.
ASKED_BY_ITSELF = "X-Asked-By-Itself"


def session_limits(get_response: Callable[[Request], HttpResponse]) -> Callable:
    """End a session that idled too long or is too old. What a page asks by itself is no sign of a person."""

    def middleware(request: Request) -> HttpResponse:
        if request.user.is_authenticated:
            now = int(timezone.now().timestamp())
            began = request.session.setdefault("began", now)
            seen = request.session.setdefault("seen", now)
            too_old = now - began > settings.SESSION_LONGEST.total_seconds()
            if too_old or now - seen > settings.SESSION_IDLE.total_seconds():
                logout(request)
                request.session["expired"] = True
            elif now - seen > NOTED_EVERY and ASKED_BY_ITSELF not in request.headers:
                request.session["seen"] = now
        return get_response(request)

    return middleware


class PreferredLanguage(LocaleMiddleware):
    """A person's own choice comes before the browser's."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        if request.path.startswith("/api/"):
            return
        chosen = getattr(request.user, "preferences", {}).get("language")
        if chosen and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            translation.activate(chosen)
            request.LANGUAGE_CODE = chosen


class SecondFactorFirst:
    """Once an administrator demands it, guarded roles reach nothing before they have a second factor."""

    def __init__(self, get_response: Callable[[Request], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: Request, view: Callable, args: tuple, kwargs: dict
    ) -> HttpResponse | None:
        if request.actor.role not in GUARDED or getattr(view, "before_second_factor", False):
            return None
        if security_rule().second_factor and not is_mfa_enabled(request.user):
            return redirect("mfa_index")
        return None
