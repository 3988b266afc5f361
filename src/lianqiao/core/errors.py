"""The pages that say what went wrong, also when the database is gone."""

import errno
import sys
from sqlite3 import OperationalError as SQLiteError

from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from lianqiao.core.audit import record
from lianqiao.core.request import Request

FULL = ("disk is full", "disk I/O error", "No space left", "could not extend file", "readonly database")


def status_of(error: BaseException | None) -> int:
    """507 when there is no room to write, 503 when the database cannot be reached, else 500."""
    causes = []
    while error is not None:
        causes.append(error)
        error = error.__cause__ or error.__context__
    if any(is_full(cause) for cause in causes):
        return 507
    lost = (OperationalError, InterfaceError, SQLiteError)
    return 503 if any(isinstance(cause, lost) for cause in causes) else 500


def is_full(error: BaseException) -> bool:
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS):
        return True
    return isinstance(error, OperationalError | SQLiteError) and any(sign in str(error) for sign in FULL)


def server_error(request: Request) -> HttpResponse:
    # Django calls this for an exception of any middleware too; the page may ask nothing of the database.
    status = status_of(sys.exc_info()[1])
    body = render_to_string(f"{status}.html", {"request_id": getattr(request, "id", "")})
    return HttpResponse(body, status=status, headers={"Retry-After": "10"} if status != 500 else {})


def csrf_failure(request: Request, reason: str = "") -> HttpResponse:
    if request.actor.is_signed_in:
        record(request.actor, "refused", after={"path": request.path, "reason": "csrf"}, about=request.path)
    return render(request, "403_csrf.html", status=403)
