"""Who calls: the bearer of a token, or the person of the session."""

from dataclasses import replace

from allauth.mfa.utils import is_mfa_enabled
from django.utils import timezone
from ninja.security.base import SecuritySchema

from lianqiao.accounts.queries import is_known_token, live_token, security_rule
from lianqiao.api.actions import note_use
from lianqiao.api.refusals import SecondFactorDue, TokenRefused
from lianqiao.core.actor import GUARDED, Actor
from lianqiao.core.request import Request
from lianqiao.registry.queries import actor_in, positions_held


class BearerToken:
    """For the schema; the door has let the caller in before this is asked."""

    openapi_security_schema = SecuritySchema(type="http", scheme="bearer")

    def __call__(self, request: Request) -> Actor:
        return request.actor


class SessionCookie:
    """For the schema, as above. Writes also need the X-CSRFToken header."""

    openapi_security_schema = SecuritySchema(type="apiKey", **{"in": "cookie"}, name="sessionid")

    def __call__(self, request: Request) -> Actor:
        return request.actor


def has_token(request: Request) -> bool:
    return "Authorization" in request.headers


def actor_of(request: Request) -> Actor:
    """A token that is given decides, even when a session is there too. Raises TokenRefused, SecondFactorDue."""
    actor = actor_of_token(request) if has_token(request) else request.actor
    if actor.role in GUARDED and security_rule().second_factor and not is_mfa_enabled(actor.person):
        raise SecondFactorDue
    return actor


def actor_of_token(request: Request) -> Actor:
    scheme, _, secret = request.headers["Authorization"].partition(" ")
    now = timezone.localtime()
    token = live_token(secret.strip(), now=now) if scheme.lower() == "bearer" else None
    if token is None:
        raise TokenRefused(is_known=is_known_token(secret.strip()))
    held = positions_held(token.person, now.date())
    position = next((position for position in held if position.pk == token.position_id), None)
    if position is None:
        raise TokenRefused(is_known=True, token=token.pk)
    before = request.actor
    actor = actor_in(position, token.person, request_id=before.request_id, network=before.network)
    note_use(token, by=actor, now=now)
    return replace(actor, scopes=frozenset(token.scopes))
