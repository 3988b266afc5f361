"""What every call passes before its operation runs: who, may they, how much, from where, once.

The order matters: whoever may not call is turned away before a byte of the body is read.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError
from django.http import HttpResponse
from django.middleware.csrf import CsrfViewMiddleware

from lianqiao.api.authentication import actor_of, has_token
from lianqiao.api.call import Call
from lianqiao.api.idempotency import answered_once
from lianqiao.api.policy import OperationPolicy
from lianqiao.api.problems import answer_to, problem
from lianqiao.api.refusals import (
    CrossSite,
    LengthRequired,
    NoFormData,
    NotSignedIn,
    OutOfScope,
    UploadTooLarge,
    WrongContentType,
)
from lianqiao.api.sentences import SENTENCES
from lianqiao.core.actor import PUBLIC
from lianqiao.core.audit import record
from lianqiao.core.permissions import require
from lianqiao.core.refusals import NotPermitted, Refused
from lianqiao.core.request import Request

LARGEST_BODY = 1024 * 1024
FORM_AROUND_FILE = 64 * 1024
Run = Callable[..., HttpResponse]


def door(policy: OperationPolicy) -> Callable[[Run], Run]:
    """Wrap the run of an operation, before ninja parses anything."""

    def decorate(run: Run) -> Run:
        @wraps(run)
        def guarded(request: Call, **path: Any) -> HttpResponse:
            try:
                admit(request, policy)
                response = carried_out(request, policy, lambda: run(request, **path))
            except Exception as error:
                # The edge of the API: every exception becomes an answer of one shape, a crash is logged.
                response = answer_to(request, error)
            refusal = getattr(request, "refusal", None)
            return noted(request, refusal, response) if refusal else response

        return guarded

    return decorate


def admit(request: Request, policy: OperationPolicy) -> None:
    """Raises what turns the caller away; nothing here reads the body."""
    if PUBLIC not in policy.allow or has_token(request):
        request.actor = actor_of(request)
    actor = request.actor
    if actor.role not in policy.allow:
        raise NotSignedIn if actor.role == PUBLIC else NotPermitted(permission=policy.label)
    scope = "write" if policy.writes else "read"
    if scope not in actor.scopes:
        raise OutOfScope(scope=scope)
    if policy.permission:
        require(actor, policy.permission)
    if not policy.writes:
        return
    check_body(request, policy)
    # A form of another site can send the cookie but not the header; a token is never sent by itself.
    if not has_token(request) and is_cross_site(request):
        raise CrossSite


def check_body(request: Request, policy: OperationPolicy) -> None:
    if "Transfer-Encoding" in request.headers:
        raise LengthRequired
    length = request.META.get("CONTENT_LENGTH") or "0"
    if policy.upload:
        if not length.isdigit() or int(length) > policy.upload + FORM_AROUND_FILE:
            raise UploadTooLarge(limit=policy.upload // 1024**2)
        if request.content_type != "multipart/form-data":
            raise NoFormData
        return
    if not length.isdigit() or int(length) > LARGEST_BODY:
        raise RequestDataTooBig
    if int(length) == 0:
        return
    charset = (request.content_params or {}).get("charset", "utf-8")
    if request.content_type != "application/json" or charset.lower() not in ("utf-8", "utf8"):
        raise WrongContentType


class CsrfCheck(CsrfViewMiddleware):
    """Django's check, which here answers with its reason and not with a page."""

    def _reject(self, request: Request, reason: str) -> Any:
        return reason


def is_cross_site(request: Request) -> bool:
    check = CsrfCheck(lambda passed: HttpResponse())
    check.process_request(request)
    return check.process_view(request, HttpResponse, (), {}) is not None


def carried_out(request: Request, policy: OperationPolicy, run: Callable[[], HttpResponse]) -> HttpResponse:
    unknown = set(request.GET) - policy.query
    if unknown:
        # A filter that is spelt wrong would answer with everything, and nobody would notice.
        return problem(
            request, 422, fields={name: [str(SENTENCES["extra_forbidden"])] for name in sorted(unknown)}
        )
    return answered_once(request, run) if policy.writes else run()


def noted(request: Call, refusal: Refused, response: HttpResponse) -> HttpResponse:
    """Refusals stand in the audit trail. A stranger, with or without an invented token, is asked to log in, not
    refused: else anybody could fill the trail."""
    if response.status_code == 401 and not refusal.facts.get("is_known"):
        return response
    facts = {"path": request.path, "method": request.method, "reason": refusal.code, **refusal.facts}
    try:
        told = {name: str(value) for name, value in facts.items()}
        record(request.actor, "refused", after=told, about=str(request.path))
    except DatabaseError as error:
        return answer_to(request, error)
    return response
