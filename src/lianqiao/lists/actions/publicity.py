"""Whether everybody may read what askers of a chain made public: its office decides, and closes it again."""

from django.db import transaction

from lianqiao.core.actor import Actor
from lianqiao.core.lifecycle import Lifecycle
from lianqiao.lists.models import PublicList
from lianqiao.registry.models import Chain

lifecycle = Lifecycle(PublicList)
State = PublicList.State


@lifecycle.move(State.CLOSED, to=State.OPEN)
def open_to_public(row: PublicList, *, by: Actor) -> None:
    """From now on public needs and resources are read without an account."""


@lifecycle.move(State.OPEN, to=State.CLOSED)
def close_to_public(row: PublicList, *, by: Actor) -> None:
    """Nobody reads them without an account any more."""


def open_public_list(chain: Chain, *, by: Actor) -> PublicList:
    """The same where the chain never opened it before. Raises NotPermitted, StateMoved."""
    with transaction.atomic():
        row: PublicList = open_to_public(PublicList.objects.get_or_create(chain=chain)[0], by=by)
    return row
