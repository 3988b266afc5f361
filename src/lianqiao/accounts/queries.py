"""Who sees which accounts. The registry adds who meets whom through positions."""

import hashlib
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from lianqiao.accounts.models import ApiToken, OneTimeLink, Person, SecurityRule
from lianqiao.accounts.validators import normal_phone
from lianqiao.core.actor import COMMAND, Actor, Role


def accounts_for(actor: Actor) -> QuerySet[Person]:
    everything = Person.objects.order_by("name", "id")
    if actor.role in (Role.SYSTEM_ADMIN, Role.AUDITOR, COMMAND):
        return everything
    return everything.filter(pk=actor.person_id)


def tokens_for(actor: Actor) -> QuerySet[ApiToken]:
    return ApiToken.objects.filter(person_id=actor.person_id)


def person_called(login: str) -> Person | None:
    """The one person behind a login name, a phone or a name that nobody shares; else None."""
    login = login.strip()
    try:
        phone = normal_phone(login)
    except ValidationError:
        phone = login
    found = Person.objects.filter(Q(username__iexact=login) | Q(phone=phone))[:2]
    if not found:
        found = Person.objects.filter(name=login, state=Person.State.ACTIVE)[:2]
    return found[0] if len(found) == 1 else None


def username_taken(username: str, by_other_than: Person) -> bool:
    return Person.objects.exclude(pk=by_other_than.pk).filter(username__iexact=username).exists()


def open_link(token: str, *, now: datetime) -> OneTimeLink | None:
    link = OneTimeLink.objects.select_related("person").filter(digest=digest_of(token)).first()
    return link if link and link.is_open(now) else None


def live_token(secret: str, *, now: datetime) -> ApiToken | None:
    return (
        ApiToken.objects.select_related("person")
        .filter(digest=digest_of(secret), revoked_at=None, expires_on__gte=now.date())
        .first()
    )


def security_rule() -> SecurityRule:
    return SecurityRule.objects.get_or_create(pk=1)[0]


def digest_of(token: str) -> str:
    # The token is 256 random bits, so a plain digest is enough: there is nothing to guess.
    return hashlib.sha256(token.encode()).hexdigest()
