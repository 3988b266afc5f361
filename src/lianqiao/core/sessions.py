from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware as DjangoSessionMiddleware
from django.http import HttpResponse

from lianqiao.core.errors import server_error, status_of
from lianqiao.core.request import Request


class SessionMiddleware(DjangoSessionMiddleware):
    """Django takes a session that cannot be saved for one that was ended, and answers 400.

    When the disk is full or the database gone, what was read is shown all the same, and a write is told the truth.
    """

    def process_response(self, request: Request, response: HttpResponse) -> HttpResponse:  # type: ignore[override]
        try:
            return super().process_response(request, response)
        except SessionInterrupted as error:
            if status_of(error) == 500:
                raise
            return response if request.method in ("GET", "HEAD") else server_error(request)
