from axes.handlers.database import AxesDatabaseHandler
from django.conf import settings
from django.db.models import Sum
from django.http import HttpRequest

from lianqiao.accounts.queries import person_called


class Handler(AxesDatabaseHandler):
    """Five failures lock an account; a network is locked only at ten times as many.

    An office shares one address, and one person's forgotten password must not lock out the house. axes knows
    one limit, so the network's failures are counted in units of that limit.
    """

    def get_failures(self, request: HttpRequest, credentials: dict | None = None) -> int:
        by_account, by_network = (
            attempts.aggregate(total=Sum("failures_since_start"))["total"] or 0
            for attempts in self.get_user_attempts(request, credentials)
        )
        scaled = by_network * settings.AXES_FAILURE_LIMIT // settings.AXES_NETWORK_FAILURE_LIMIT
        return max(by_account, scaled)


def username_of(request: HttpRequest | None, credentials: dict | None) -> str | None:
    """Login name, phone and name of one person share one count."""
    login = (credentials or {}).get("username") or (request.POST.get("login") if request else None)
    if not login:
        return None
    person = person_called(login)
    return person.username if person else login.strip()[:40].lower()
