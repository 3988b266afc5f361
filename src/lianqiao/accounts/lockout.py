"""Five failures lock an account; a network is locked only at ten times as many.

An office shares one address, and one person's forgotten password must not lock out the house. A wrong code of
the second factor counts like a wrong password.
"""

import ipaddress
from datetime import datetime
from math import ceil
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.db.models import Max, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from lianqiao.accounts.queries import person_called


class Handler(AxesDatabaseHandler):
    def get_failures(self, request: HttpRequest, credentials: dict | None = None) -> int:
        """axes knows one limit, so the network's failures are counted in units of the account's limit."""
        by_account, by_network = map(failures, self.get_user_attempts(request, credentials))
        scaled = by_network * settings.AXES_FAILURE_LIMIT // settings.AXES_NETWORK_FAILURE_LIMIT
        return max(by_account, scaled)

    def reset_user_attempts(self, request: HttpRequest, credentials: dict | None = None) -> int:
        """A login forgives the account's failures, never those that its network made on others."""
        by_account, _by_network = self.filter_user_attempts(request, credentials)
        return int(by_account.delete()[0])

    def locked_until(self, request: HttpRequest, credentials: dict | None = None) -> datetime | None:
        limits = [settings.AXES_FAILURE_LIMIT, settings.AXES_NETWORK_FAILURE_LIMIT]
        attempts = zip(self.get_user_attempts(request, credentials), limits, strict=True)
        last = [rows.aggregate(Max("attempt_time")) for rows, limit in attempts if failures(rows) >= limit]
        ends = [row["attempt_time__max"] + settings.AXES_COOLOFF_TIME for row in last]
        return max(ends, default=None)


def failures(attempts: QuerySet) -> int:
    return attempts.aggregate(total=Sum("failures_since_start"))["total"] or 0


def username_of(request: HttpRequest | None, credentials: dict | None) -> str | None:
    """Login name, phone and name of one person share one count."""
    login = (credentials or {}).get("username") or (request.POST.get("login") if request else None)
    if not login:
        return None
    person = person_called(login)
    return person.username if person else login.strip()[:40].lower()


def network_of(request: HttpRequest) -> str:
    """The caller's address as the outermost of our own proxies saw it; of IPv6 the network that one line gets."""
    hops = [*request.META.get("HTTP_X_FORWARDED_FOR", "").split(","), request.META.get("REMOTE_ADDR", "")]
    nearest = max(0, len(hops) - 1 - settings.TRUSTED_PROXIES)
    try:
        address = ipaddress.ip_address(hops[nearest].strip())
    except ValueError:
        return "0.0.0.0"  # noqa: S104 - not bound to: a caller without an address, such as over a socket
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False).network_address)
    return str(address)


def is_locked(request: Any, username: str) -> bool:
    """Ask before a password or code is tried; a locked request is answered by `locked_page`."""
    credentials = {"username": username}
    if AxesProxyHandler.is_allowed(request, credentials):
        return False
    request.axes_locked_out, request.axes_credentials = True, credentials
    return True


def locked_page(request: HttpRequest, _answer: Any, credentials: dict | None) -> HttpResponse:
    """429 with the minutes that remain, whatever the page would have answered."""
    until = AxesProxyHandler.get_implementation().locked_until(request, credentials)
    seconds = (until - timezone.now()).total_seconds() if until else 60
    response = render(request, "429.html", {"minutes": max(1, ceil(seconds / 60))}, status=429)
    response.headers["Retry-After"] = str(max(1, ceil(seconds)))
    return response
