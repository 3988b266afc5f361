from typing import TYPE_CHECKING, Any

from django.http import HttpRequest

from lianqiao.core.actor import Actor


class Request(HttpRequest):
    """What our middleware makes of a request: a number, who acts, and the positions that person could take."""

    id: str
    actor: Actor
    positions: list[Any]
    if TYPE_CHECKING:
        # Django declares its own user model here; ours stands in an app above.
        user: Any
