"""Who may open which page, said beside the page and enforced before a byte of the body is read.

A view without a policy cannot be reached. `lianqiao routes --json` prints them; the census test reads them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse, HttpResponseBase, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from lianqiao.core.actor import EVERYONE, NOBODY, PUBLIC
from lianqiao.core.again import again
from lianqiao.core.audit import record
from lianqiao.core.refusals import NotPermitted
from lianqiao.core.request import Request

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Policy:
    """`read` for GET and HEAD, `write` for POST. `by_operation`: an API view that asks for itself."""

    read: frozenset[str] = NOBODY
    write: frozenset[str] = NOBODY
    by_operation: bool = False
    largest: int = 1024 * 1024

    @property
    def methods(self) -> list[str]:
        return ["GET"] * bool(self.read) + ["POST"] * bool(self.write)

    def allows(self, method: str) -> frozenset[str]:
        return self.write if method == "POST" else self.read

    def explicit(self) -> Mapping[str, list[str]]:
        """For each role, and for the public, the methods it may use."""
        return {
            str(role): [method for method in self.methods if role in self.allows(method)]
            for role in sorted(EVERYONE)
        }


def page(
    *, read: frozenset[str] = NOBODY, write: frozenset[str] = NOBODY, largest: int = 1024 * 1024
) -> Callable[[View], View]:
    """Declare who may read and write a page. `largest`: bytes of body it takes."""

    def decorate(view: View) -> View:
        if write:
            view = again(view)
        view.policy = Policy(read, write, largest=largest)  # type: ignore[attr-defined]
        return view

    return decorate


def with_policy(view: View, **policy: Any) -> View:
    """The same for a view of a library."""

    @wraps(view)
    def wrapper(*args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(*args, **kwargs)

    wrapper.policy = Policy(**policy)  # type: ignore[attr-defined]
    return wrapper


class PolicyMiddleware:
    """Stands before the CSRF check, which reads the body of a form."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: Request, view: View, args: tuple[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        policy: Policy | None = getattr(view, "policy", None)
        if policy is None:
            raise ImproperlyConfigured(f"{request.resolver_match} has no policy")
        if policy.by_operation:
            return None
        length = str(request.META.get("CONTENT_LENGTH") or "0")
        if not length.isdecimal() or int(length) > policy.largest:
            return render(request, "413.html", {"limit": filesizeformat(policy.largest)}, status=413)
        method = "GET" if request.method == "HEAD" else str(request.method)
        if method not in policy.methods:
            return HttpResponseNotAllowed(policy.methods)
        if request.actor.role in policy.allows(method):
            return None
        if request.actor.role == PUBLIC:
            return to_login(request)
        record(request.actor, "refused", after={"path": request.path, "method": method}, about=request.path)
        raise NotPermitted(permission=_("打开这一页"))


def to_login(request: Request) -> HttpResponse:
    came_from = request.get_full_path() if request.method == "GET" else request.META.get("HTTP_REFERER", "/")
    url = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': came_from})}"
    if request.headers.get("HX-Request"):
        # htmx would put the login page into a corner of this one; the whole window must go there.
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)
