import re
import uuid
from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import render

from lianqiao.core.actor import Actor
from lianqiao.core.audit import record
from lianqiao.core.refusals import NotPermitted, Refused
from lianqiao.core.request import Request

GIVEN_ID = re.compile(r"[A-Za-z0-9-]{8,36}")


def request_identity(get_response: Callable[[Request], HttpResponse]) -> Callable:
    """Give each request a number that stands in the audit trail, the log and the answer."""

    def middleware(request: Request) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request.id = given if GIVEN_ID.fullmatch(given) else str(uuid.uuid4())
        request.actor = Actor(request_id=request.id)
        response = get_response(request)
        response.headers["X-Request-ID"] = request.id
        if request.actor.is_signed_in:
            # What a person may see must not lie in a shared computer's cache after the log-out.
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return middleware


class RefusalMiddleware:
    """An action's refusal that no page caught: audited, and told in the reader's language."""

    def __init__(self, get_response: Callable[[Request], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: Request, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refused):
            return None
        if isinstance(error, NotPermitted):
            record(
                request.actor,
                "refused",
                after={"path": request.path, "reason": error.code},
                about=request.path,
            )
        template = "403.html" if error.status == 403 else "409.html"
        return render(request, template, {"exception": error}, status=error.status)
