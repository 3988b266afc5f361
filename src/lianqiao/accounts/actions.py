"""What happens to accounts."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from axes.handlers.proxy import AxesProxyHandler
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianqiao.accounts.models import ApiToken, OneTimeLink, Person, SecurityRule
from lianqiao.accounts.queries import digest_of, open_links, person_called
from lianqiao.core.actor import Actor
from lianqiao.core.audit import record
from lianqiao.core.lifecycle import Lifecycle
from lianqiao.core.permissions import require
from lianqiao.core.refusals import Refused
from lianqiao.core.writing import change, creation

LINK_LASTS = timedelta(days=7)
RESET_LASTS = timedelta(hours=24)
ASK_AGAIN_AFTER = timedelta(minutes=10)
lifecycle = Lifecycle(Person)
State = Person.State


class LinkSpent(Refused):
    code = "link_spent"
    sentence = _("此链接已使用或已过期，请联系发出链接的人重新发送。")
    status = 410


class NoPosition(Refused):
    code = "no_position"
    sentence = _("没有有效的身份，不能生成令牌。")


@lifecycle.move(State.ACTIVE, State.INVITED, to=State.SUSPENDED)
def suspend(person: Person, *, by: Actor) -> None:
    """All sessions end with the state: it is part of their hash. What else opens the account ends too."""
    expire_links(person, by=by)
    revoke_tokens(person, by=by)


@lifecycle.move(State.SUSPENDED, to=State.ACTIVE)
def resume(person: Person, *, by: Actor) -> None:
    """Old sessions stay ended."""
    person.epoch += 1


def invite_person(
    *, name: str, phone: str | None, email: str = "", username: str = "", by: Actor, now: datetime
) -> tuple[Person, str]:
    """Register a person and return the token of the invitation; the token is shown once and not kept."""
    person = Person(username=username or f"u{secrets.token_hex(4)}", name=name, phone=phone, email=email)
    person.set_unusable_password()
    with creation(person, by=by, permission="accounts.invite_person") as invited:
        token = make_link(invited, OneTimeLink.Kind.INVITATION, until=now + LINK_LASTS)
    return invited, token


def renew_invitation(person: Person, *, permission: str, by: Actor, now: datetime) -> str:
    """Whoever holds the link becomes this person, so the registry says who may ask for it (its `permission`)."""
    with transaction.atomic():
        require(by, permission, person)
        token = replace_links(person, OneTimeLink.Kind.INVITATION, now=now, until=now + LINK_LASTS)
        record(by, permission, person)
    return token


def reset_password(person: Person, *, by: Actor, now: datetime) -> str:
    with transaction.atomic():
        require(by, "accounts.reset_password", person)
        token = replace_links(person, OneTimeLink.Kind.RESET, now=now, until=now + RESET_LASTS)
        record(by, "accounts.reset_password", person)
    return token


def forget_password(login: str, *, by: Actor, now: datetime) -> tuple[Person, str] | None:
    """A link for whoever forgot a password and has a mail address; None for everybody else.

    Anybody may ask, so nobody is mailed again before ten minutes have passed.
    """
    person = person_called(login)
    if person is None or person.state != State.ACTIVE or not person.email:
        return None
    with transaction.atomic():
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        if person.links.filter(kind=OneTimeLink.Kind.RESET, made_at__gt=now - ASK_AGAIN_AFTER).exists():
            return None
        token = replace_links(person, OneTimeLink.Kind.RESET, now=now, until=now + RESET_LASTS)
        record(by, "accounts.forget_password", person)
    return person, token


def expire_links(person: Person, *, by: Actor) -> None:
    """Inside an action after which whoever holds a link that was sent before cannot use it any more."""
    now = timezone.now()
    if open_links(person, now=now).update(expires_at=now):
        record(by, "accounts.expire_links", person)


def replace_links(person: Person, kind: str, *, now: datetime, until: datetime) -> str:
    open_links(person, now=now).filter(kind=kind).update(expires_at=now)
    return make_link(person, kind, until=until)


def make_link(person: Person, kind: str, *, until: datetime) -> str:
    token = secrets.token_urlsafe(32)
    OneTimeLink.objects.create(person=person, kind=kind, digest=digest_of(token), expires_at=until)
    return token


def accept_link(
    link: OneTimeLink,
    *,
    password: str,
    username: str = "",
    email: str | None = None,
    by: Actor,
    now: datetime,
) -> Person:
    """Use up a link: an invitation activates the person, a reset gives a new password; other links end.

    `email` is what the invited person made of the address that the inviter gave: a reset would be sent there.
    Raises LinkSpent, ValidationError (a weak password, a taken login name).
    """
    permission = {"invitation": "accounts.accept_invitation", "reset": "accounts.choose_password"}
    with change(link.person, by=by, permission=permission[link.kind]) as person:
        used = OneTimeLink.objects.select_for_update().get(pk=link.pk)
        wanted = State.INVITED if used.kind == OneTimeLink.Kind.INVITATION else State.ACTIVE
        if not used.is_open(now) or person.state != wanted:
            raise LinkSpent
        used.used_at = now
        used.save()
        open_links(person, now=now).update(expires_at=now)
        if username:
            person.username = username
        if email is not None:
            person.email = email
        validate_password(password, person)
        person.set_password(password)
        person.state, person.epoch = State.ACTIVE, person.epoch + 1
        revoke_tokens(person, by=by)
    return person


def choose_password(person: Person, *, password: str, by: Actor, now: datetime) -> Person:
    """All sessions end, links that were sent before, and tokens."""
    with change(person, by=by, permission="accounts.choose_password") as changed:
        validate_password(password, changed)
        changed.set_password(password)
        changed.epoch += 1
        open_links(changed, now=now).update(expires_at=now)
        revoke_tokens(changed, by=by)
    return changed


def edit_profile(person: Person, *, by: Actor, seen: int | None = None, **fields: Any) -> Person:
    """What a person may say of themself. Name and phone tell others who it is, so others enter those."""
    with change(person, by=by, permission="accounts.edit_profile", seen=seen) as changed:
        for name in ("email", "username"):
            setattr(changed, name, fields.get(name, getattr(changed, name)))
    return changed


def edit_person(
    person: Person, *, name: str, phone: str | None, by: Actor, seen: int | None = None
) -> Person:
    """Who somebody is to others. The registry says who may; raises NotPermitted, Stale, ValidationError."""
    with change(person, by=by, permission="accounts.edit_person", seen=seen) as changed:
        changed.name, changed.phone = name, phone
    return changed


def prefer(person: Person, *, by: Actor, **choices: Any) -> None:
    """Remember how a person likes the pages; the row's version stays, so no form that is open becomes stale."""
    require(by, "accounts.prefer", person)
    with transaction.atomic():
        fresh = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        before = {name: fresh.preferences.get(name) for name in choices}
        if before != choices:
            fresh.preferences = fresh.preferences | choices
            fresh.save(update_fields=["preferences"])
            record(by, "accounts.prefer", person, before=before, after=choices)
    person.preferences = fresh.preferences


def switch_position(position_id: int, label: str, *, by: Actor) -> None:
    """`by` acts in the position that is left; the session keeps which one is used."""
    require(by, "accounts.switch_position", by.person)
    before = {"position_id": by.position_id, "position": by.position_label}
    after = {"position_id": position_id, "position": label}
    record(by, "accounts.switch_position", by.person, before=before, after=after)


def end_sessions(person: Person, *, by: Actor) -> Person:
    """Programs that use a token of the person are shut out as well."""
    with change(person, by=by, permission="accounts.end_sessions") as changed:
        changed.epoch += 1
        revoke_tokens(changed, by=by)
    return changed


def end_sessions_of_appointee(person: Person, *, by: Actor) -> Person:
    """For the registry, inside its own action: a role was given or taken."""
    with change(person, by=by, permission="accounts.end_sessions_of_appointee") as changed:
        changed.epoch += 1
    return changed


def unlock(person: Person, *, by: Actor) -> None:
    require(by, "accounts.unlock", person)
    with transaction.atomic():
        AxesProxyHandler.reset_attempts(username=person.username)
        record(by, "accounts.unlock", person)


def unlock_network(network: str, *, by: Actor) -> None:
    require(by, "accounts.unlock_network")
    with transaction.atomic():
        AxesProxyHandler.reset_attempts(ip_address=network)
        record(by, "accounts.unlock_network", after={"network": network})


def remove_factors(person: Person, *, by: Actor) -> Person:
    """For somebody who lost the phone: codes, passkeys, recovery codes and tokens are gone, all sessions end."""
    with change(person, by=by, permission="accounts.remove_factors") as changed:
        Authenticator.objects.filter(user=changed).delete()
        changed.epoch += 1
        revoke_tokens(changed, by=by)
    return changed


def reveal_phone(person: Person, *, by: Actor) -> str:
    """Every look at a number leaves an entry."""
    require(by, "accounts.reveal_phone", person)
    record(by, "accounts.reveal_phone", person)
    return person.phone or ""


def edit_security(rule: SecurityRule, *, second_factor: bool, by: Actor) -> SecurityRule:
    SecurityRule.objects.get_or_create(pk=rule.pk)
    with change(rule, by=by, permission="accounts.edit_security") as changed:
        changed.second_factor = second_factor
    return changed


def make_token(*, name: str, scopes: list[str], expires_on: Any, by: Actor) -> tuple[ApiToken, str]:
    """A token for the position the person acts in now; its secret is shown once. Raises NoPosition."""
    if by.position_id is None:
        raise NoPosition
    secret = f"lq_{secrets.token_urlsafe(32)}"
    row = ApiToken(
        person=by.person,
        position_id=by.position_id,
        name=name,
        scopes=sorted(scopes),
        digest=digest_of(secret),
        expires_on=expires_on,
    )
    with creation(row, by=by, permission="accounts.make_token") as made:
        pass
    return made, secret


def revoke_token(token: ApiToken, *, by: Actor, now: datetime) -> ApiToken:
    with change(token, by=by, permission="accounts.revoke_token") as revoked:
        revoked.revoked_at = now
    return revoked


def revoke_tokens(person: Person, *, by: Actor, **of: Any) -> None:
    """Inside an action after which no token of the person (`of` narrows it) may open anything; each is audited."""
    for token in ApiToken.objects.select_for_update().filter(person=person, revoked_at=None, **of):
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
        record(by, "accounts.revoke_token", token, before={}, after={"revoked_at": token.revoked_at})
