from collections.abc import Callable
from typing import Any

from axes.helpers import get_client_ip_address
from django.http import HttpResponse
from django.utils import timezone

from lianqiao.core.actor import NO_POSITION, Actor
from lianqiao.core.request import Request
from lianqiao.registry.queries import actor_in, positions_held


def acting_as(get_response: Callable[[Request], HttpResponse]) -> Callable:
    """Say who acts: the logged-in person in the position chosen in the header, else in the first one held."""

    def middleware(request: Request) -> HttpResponse:
        about: dict[str, Any] = {"request_id": request.id, "network": get_client_ip_address(request) or ""}
        request.positions = []
        request.actor = Actor(**about)
        if request.user.is_authenticated:
            request.positions = positions_held(request.user, timezone.localdate())
            wanted = request.session.get("position")
            chosen = next((p for p in request.positions if p.pk == wanted), None)
            position = chosen or (request.positions[0] if request.positions else None)
            if position:
                request.actor = actor_in(position, request.user, **about)
            else:
                request.actor = Actor(
                    role=NO_POSITION,
                    person_id=request.user.pk,
                    name=request.user.name,
                    person=request.user,
                    **about,
                )
        return get_response(request)

    return middleware
