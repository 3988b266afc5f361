"""What happens at the door is told by signals only; here the audit trail and the lock-out hear of it."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
)
from allauth.socialaccount.signals import social_account_added, social_account_removed
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from lianqiao.accounts.models import Person
from lianqiao.accounts.queries import person_called
from lianqiao.core.actor import Actor
from lianqiao.core.audit import record


def acting(request: HttpRequest | None, person: Person | None) -> Actor:
    before = getattr(request, "actor", None) or Actor()
    if person is not None and before.person_id == person.pk:
        return before
    return Actor(
        person_id=person.pk if person else None,
        name=person.name if person else "",
        request_id=before.request_id,
        network=before.network,
    )


@receiver(user_logged_in)
def tell_login(request: HttpRequest, user: Person, **_: Any) -> None:
    record(acting(request, user), "login", user)


@receiver(user_logged_out)
def tell_logout(request: HttpRequest, user: Person | None, **_: Any) -> None:
    if user is not None:
        record(acting(request, user), "logout", user)


@receiver(user_login_failed)
def tell_failure(request: HttpRequest | None, credentials: dict[str, Any], **_: Any) -> None:
    # What belongs to nobody may be a password that was typed into the wrong field: it is not kept.
    person = person_called(str(credentials.get("username") or ""))
    record(acting(request, None), "login_failed", after={"login": person.username if person else ""})


@receiver(authentication_failed)
def count_wrong_code(request: HttpRequest, user: Person, **_: Any) -> None:
    # A guessed code is a guess like a password: heard by `tell_failure` and by axes.
    user_login_failed.send(__name__, credentials={"username": user.username}, request=request)


@receiver([authenticator_added, authenticator_reset])
def tell_factor_added(request: HttpRequest, user: Person, authenticator: Authenticator, **_: Any) -> None:
    record(acting(request, user), "accounts.add_factor", user, after={"type": authenticator.type})


@receiver(authenticator_removed)
def tell_factor_removed(request: HttpRequest, user: Person, authenticator: Authenticator, **_: Any) -> None:
    record(acting(request, user), "accounts.remove_factor", user, before={"type": authenticator.type})


@receiver(social_account_added)
def tell_connected(request: HttpRequest, sociallogin: Any, **_: Any) -> None:
    facts = {"provider": sociallogin.account.provider}
    record(acting(request, sociallogin.user), "accounts.connect_sso", sociallogin.user, after=facts)


@receiver(social_account_removed)
def tell_disconnected(request: HttpRequest, socialaccount: Any, **_: Any) -> None:
    facts = {"provider": socialaccount.provider}
    record(acting(request, socialaccount.user), "accounts.disconnect_sso", socialaccount.user, before=facts)
