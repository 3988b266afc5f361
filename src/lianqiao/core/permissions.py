"""Permissions by name: one name serves page, API, button and command.

`rules.py` of each app declares them with `permit`; everything else asks `may` or `require`.
"""

from collections.abc import Callable
from typing import Any

import rules
from django.utils.functional import Promise

from lianqiao.core.actor import COMMAND, Actor
from lianqiao.core.refusals import NotPermitted

LABELS: dict[str, str | Promise] = {}


def permit(name: str, label: str | Promise, predicate: Callable[..., bool]) -> None:
    """Declare the permission `app.event`; `label` is the event as the office says it."""
    rules.add_perm(name, predicate)
    LABELS[name] = label


def has_role(*roles: str) -> Any:
    """A predicate that asks only for the role, whatever the object."""
    wanted = frozenset(roles)
    return rules.predicate(lambda actor: actor.role in wanted, name="role:" + "|".join(sorted(wanted)))


def may(by: Actor, name: str, row: object = None) -> bool:
    if name not in LABELS:
        raise KeyError(name)
    if by.role == COMMAND:
        return True
    return "write" in by.scopes and rules.has_perm(name, by, row)


def require(by: Actor, name: str, row: object = None) -> None:
    """Raises NotPermitted."""
    if not may(by, name, row):
        raise NotPermitted(permission=LABELS[name])
