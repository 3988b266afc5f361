"""What is done with somebody's account, where the registry has a word in it or the person is told."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from lianqiao.accounts import actions as accounts
from lianqiao.accounts.models import Person
from lianqiao.core.actor import Actor, Role
from lianqiao.core.permissions import require
from lianqiao.notices.sending import send
from lianqiao.registry.actions.positions import refuse_last_administrator
from lianqiao.registry.queries import positions_held


def suspend_person(person: Person, *, by: Actor) -> Person:
    """Raises LastAdministrator, NotPermitted, StateMoved."""
    today = timezone.localdate()
    with transaction.atomic():
        require(by, "accounts.suspend", person)
        if any(held.role == Role.SYSTEM_ADMIN for held in positions_held(person, today)):
            refuse_last_administrator(until=today, without=Q(person=person))
        suspended: Person = accounts.suspend(person, by=by)
    return suspended


def reset_password(person: Person, *, by: Actor, now: datetime) -> str:
    """The person is told: a link that somebody else asked for must not go unseen."""
    with transaction.atomic():
        token = accounts.reset_password(person, by=by, now=now)
        send(person, "password_reset_made", by=by.name)
    return token


def remove_factors(person: Person, *, by: Actor) -> Person:
    with transaction.atomic():
        changed = accounts.remove_factors(person, by=by)
        send(person, "factors_removed", by=by.name)
    return changed
