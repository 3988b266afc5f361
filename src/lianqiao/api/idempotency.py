"""`Idempotency-Key`: a write that is sent twice happens once, and both times gets the same answer.

Only answers of writes that were carried out are kept; a refused call left no trace and may be repeated.
"""

import hashlib
from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from lianqiao.api.actions import claim_key, keep_answer
from lianqiao.api.refusals import BrokenKey, KeyReused

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
LONGEST = 200
PARAMETER = {
    "in": "header",
    "name": HEADER,
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": r"^[!-~]+$"},
    "description": "Within 24 hours and one position, the same request with the same key is carried out once.",
}


def answered_once(request: HttpRequest, run: Callable[[], HttpResponse]) -> HttpResponse:
    """Raises BrokenKey, KeyReused."""
    key = request.headers.get(HEADER)
    if key is None:
        return run()
    if not 0 < len(key) <= LONGEST or not all("!" <= character <= "~" for character in key):
        raise BrokenKey
    with transaction.atomic():
        answer, is_first = claim_key(
            position_id=request.actor.position_id,
            key=key,
            fingerprint=fingerprint_of(request),
            now=timezone.now(),
        )
        if not is_first:
            return replayed(answer.status, answer.body, same=answer.fingerprint == fingerprint_of(request))
        response = run()
        if response.status_code < 400:
            keep_answer(answer, status=response.status_code, body=response.content.decode())
        else:
            transaction.set_rollback(True)
    return response


def fingerprint_of(request: HttpRequest) -> str:
    asked = f"{request.method} {request.get_full_path()}\n".encode()
    return hashlib.sha256(asked + request.body).hexdigest()


def replayed(status: int, body: str, *, same: bool) -> HttpResponse:
    if not same:
        raise KeyReused
    return HttpResponse(body, status=status, content_type=JSON, headers={REPLAYED: "true"})


JSON = "application/json; charset=utf-8"
