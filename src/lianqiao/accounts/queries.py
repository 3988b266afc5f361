"""Who sees which accounts. The registry adds who meets whom through positions."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Max, Q, QuerySet, Sum
from django.utils import timezone

from lianqiao.accounts.models import ApiToken, OneTimeLink, Person, SecurityRule
from lianqiao.accounts.validators import normal_phone
from lianqiao.core.actor import COMMAND, Actor, Role


def accounts_for(actor: Actor) -> QuerySet[Person]:
    everything = Person.objects.order_by("name", "id")
    if actor.role in (Role.SYSTEM_ADMIN, Role.AUDITOR, COMMAND):
        return everything
    return everything.filter(Q(pk=actor.person_id))


def tokens_for(actor: Actor) -> QuerySet[ApiToken]:
    """One's own; the system administrator also sees what stands open in the name of others."""
    everything = ApiToken.objects.select_related("person")
    if actor.role == Role.SYSTEM_ADMIN:
        return everything
    return everything.filter(Q(person=actor.person_id))


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


def person_with_phone(phone: str) -> Person | None:
    return Person.objects.filter(phone=phone).first()


def username_taken(username: str, by_other_than: Person) -> bool:
    """Also when it is another's name: `person_called` would no longer find that person by it."""
    taken = Q(username__iexact=username) | Q(name__iexact=username)
    return Person.objects.exclude(pk=by_other_than.pk).filter(taken).exists()


def open_link(token: str, *, now: datetime) -> OneTimeLink | None:
    link = OneTimeLink.objects.select_related("person").filter(digest=digest_of(token)).first()
    return link if link and link.is_open(now) else None


def open_links(person: Person, *, now: datetime) -> QuerySet[OneTimeLink]:
    return OneTimeLink.objects.filter(person=person, used_at=None, expires_at__gt=now)


def live_token(secret: str, *, now: datetime) -> ApiToken | None:
    """Also None when its person may not log in; whether the position is still held, the registry knows."""
    return (
        ApiToken.objects.select_related("person")
        .filter(digest=digest_of(secret), revoked_at=None, expires_on__gte=timezone.localdate(now))
        .filter(person__state=Person.State.ACTIVE)
        .first()
    )


def is_known_token(secret: str) -> bool:
    """Was this ever a token, alive or not?"""
    return ApiToken.objects.filter(digest=digest_of(secret)).exists()


def factors_of(person: Person) -> dict[str, int]:
    """How many codes and passkeys stand behind the password, by kind."""
    kinds = Authenticator.objects.filter(user=person).exclude(type=Authenticator.Type.RECOVERY_CODES)
    found = list(kinds.values_list("type", flat=True))
    return {kind: found.count(kind) for kind in found}


@dataclass(frozen=True)
class LockOut:
    """Too many failures at one account, or from one network."""

    until: datetime
    failures: int
    person: Person | None = None
    login: str = ""
    network: str = ""


def lock_outs(actor: Actor, *, now: datetime) -> list[LockOut]:
    """Accounts first, then networks; nothing for those who do not look after accounts."""
    if actor.role not in (Role.SYSTEM_ADMIN, Role.AUDITOR):
        return []
    accounts = locked("username", settings.AXES_FAILURE_LIMIT, now)
    people = Person.objects.in_bulk([row["username"] for row in accounts], field_name="username")
    found = [
        LockOut(row["until"], row["total"], people.get(row["username"]), row["username"]) for row in accounts
    ]
    networks = locked("ip_address", settings.AXES_NETWORK_FAILURE_LIMIT, now)
    return found + [LockOut(row["until"], row["total"], network=row["ip_address"]) for row in networks]


def locked(column: str, limit: int, now: datetime) -> list[dict]:
    recent = AccessAttempt.objects.filter(attempt_time__gt=now - settings.AXES_COOLOFF_TIME)
    rows = recent.exclude(**{column: None}).order_by().values(column)
    rows = rows.annotate(total=Sum("failures_since_start"), last=Max("attempt_time"))
    locked_rows = rows.filter(total__gte=limit).order_by("-last")
    return [row | {"until": row["last"] + settings.AXES_COOLOFF_TIME} for row in locked_rows]


def security_rule() -> SecurityRule:
    return SecurityRule.objects.filter(pk=1).first() or SecurityRule(pk=1)


def digest_of(token: str) -> str:
    # The token is 256 random bits, so a plain digest is enough: there is nothing to guess.
    return hashlib.sha256(token.encode()).hexdigest()
