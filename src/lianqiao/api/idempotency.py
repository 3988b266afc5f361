"""`Idempotency-Key`: a write that is sent twice happens once, and both times gets the same answer.

Only answers of writes that were carried out are kept; a refused call left no trace and may be repeated.
"""

import hashlib
from collections.abc import Callable

from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone

from lianqiao.api.actions import claim_key
from lianqiao.api.models import KeptAnswer
from lianqiao.api.refusals import BrokenKey, KeyReused
from lianqiao.core.request import Request

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


def answered_once(request: Request, run: Callable[[], HttpResponse]) -> HttpResponse:
    """Raises BrokenKey, KeyReused."""
    key = request.headers.get(HEADER)
    if key is None:
        return run()
    if not 0 < len(key) <= LONGEST or not all("!" <= character <= "~" for character in key):
        raise BrokenKey
    with transaction.atomic():
        fingerprint = fingerprint_of(request)
        answer, is_first = claim_key(key, by=request.actor, fingerprint=fingerprint, now=timezone.now())
        if answer.fingerprint != fingerprint:
            raise KeyReused
        if not is_first:
            return replayed(answer)
        response = run()
        if response.status_code < 400:
            answer.keep(response.status_code, response.content.decode())
        else:
            transaction.set_rollback(True)
    return response


def fingerprint_of(request: Request) -> str:
    asked = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if request.content_type != "multipart/form-data":
        asked.update(request.body)
        return asked.hexdigest()
    # The body of a form is cut apart by a boundary that is another one at each sending; what it holds is not.
    asked.update(repr(sorted(request.POST.lists())).encode())
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            asked.update(f"\n{name} {file.name} {file.size}\n".encode())
            for chunk in file.chunks():
                asked.update(chunk)
            file.seek(0)
    return asked.hexdigest()


def replayed(answer: KeptAnswer) -> HttpResponse:
    headers = {REPLAYED: "true"}
    return HttpResponse(
        answer.body, status=answer.status, content_type="application/json; charset=utf-8", headers=headers
    )
