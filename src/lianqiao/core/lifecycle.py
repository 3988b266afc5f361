"""State moves, written once: lock and re-read, refuse if the state has moved, permission, body, save, audit."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.db import models, transaction
from django.utils.functional import Promise

from lianqiao.core.actor import Actor
from lianqiao.core.permissions import LABELS, may, require
from lianqiao.core.refusals import StateMoved
from lianqiao.core.writing import locked, snapshot, write_back


@dataclass(frozen=True)
class Move:
    """One move: `name` is the action's name, `permission` is `app.name`, `run` does it."""

    name: str
    permission: str
    sources: frozenset[str]
    to: str
    run: Callable[..., models.Model]

    @property
    def label(self) -> str | Promise:
        return LABELS[self.permission]


class Lifecycle:
    """The moves of one model. `available(row, by)` gives the buttons of a page."""

    def __init__(self, model: type[models.Model], field: str = "state") -> None:
        self.model, self.field = model, field
        self.moves: dict[str, Move] = {}

    def move(self, *sources: str, to: str) -> Callable[[Callable[..., None]], Callable[..., Any]]:
        """The decorated body sets fields on the locked row; its name with the app is the permission."""

        def decorate(body: Callable[..., None]) -> Callable[..., Any]:
            permission = f"{self.model._meta.app_label}.{body.__name__}"

            @wraps(body)
            def run(row: models.Model, *, by: Actor, **facts: Any) -> models.Model:
                with transaction.atomic():
                    fresh = locked(row)
                    state = getattr(fresh, self.field)
                    if state not in sources:
                        shown = getattr(fresh, f"get_{self.field}_display")()
                        raise StateMoved(state=shown, move=LABELS[permission])
                    require(by, permission, fresh)
                    before = snapshot(fresh)
                    setattr(fresh, self.field, to)
                    body(fresh, by=by, **facts)
                    write_back(fresh, before, by=by, action=permission)
                return fresh

            self.moves[body.__name__] = Move(body.__name__, permission, frozenset(sources), to, run)
            return run

        return decorate

    def available(self, row: models.Model, by: Actor) -> list[Move]:
        state = getattr(row, self.field)
        return [m for m in self.moves.values() if state in m.sources and may(by, m.permission, row)]
