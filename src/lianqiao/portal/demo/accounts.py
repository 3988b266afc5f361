"""Who can log in to the demo: for the login page, the terminal and the tests."""

import os
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from django.utils import timezone, translation

from lianqiao.core.actor import at_the_terminal
from lianqiao.core.models import AuditEntry
from lianqiao.core.queries import entries_for
from lianqiao.portal.demo.content import PASSWORD, content
from lianqiao.registry.models import Position
from lianqiao.registry.queries import chains_for, chains_of, positions_for

LOADED = "portal.load_demo"
READER = at_the_terminal("demo")


@dataclass(frozen=True)
class Held:
    """A position as it is held today; `chain` names the chain that it reaches, empty for several or none."""

    role: str
    role_label: str
    organisation: str
    unit: str
    chain: str


@dataclass(frozen=True)
class DemoLogin:
    """One person of the demo: the first position, and all of them."""

    role: str
    role_label: str
    username: str
    password: str
    name: str
    organisation: str
    unit: str
    chain: str
    positions: tuple[Held, ...]

    def facts(self) -> dict[str, Any]:
        return asdict(self) | {"positions": [asdict(held) for held in self.positions]}


def loading_of_demo() -> AuditEntry | None:
    """The trail's entry of the demo's loading: only the whole demo has one."""
    return entries_for(READER).filter(action=LOADED).first()


def demo_logins() -> list[DemoLogin]:
    """For the login page: everybody of the demo, while `lianqiao demo` serves it; else nobody."""
    return loaded_logins() if os.environ.get("LIANQIAO_DEMO") == "1" else []


@cache
def loaded_logins() -> list[DemoLogin]:
    """Everybody of the demo who holds a position today, in the order of people.toml. Ask only when it is loaded."""
    today = timezone.localdate()
    usernames = [person["username"] for person in content("people")["people"]]
    rows = positions_for(READER).filter(person__username__in=usernames).order_by("id")
    chains = dict(chains_for(READER).values_list("pk", "name"))
    found = []
    with translation.override("zh-hans"):
        for username in usernames:
            held = [row for row in rows if row.person.username == username and row.is_held(today)]
            if held:
                positions = tuple(told(row, chains) for row in held)
                first = vars(positions[0])
                found.append(
                    DemoLogin(
                        username=username,
                        password=PASSWORD,
                        name=held[0].person.name,
                        positions=positions,
                        **first,
                    )
                )
    return found


def told(row: Position, chains: dict[int, str]) -> Held:
    reached = [chains[pk] for pk in chains_of(row)]
    return Held(
        role=row.role,
        role_label=row.get_role_display(),
        organisation=row.organisation.name if row.organisation else "",
        unit=row.unit.name if row.unit else "",
        chain=reached[0] if len(reached) == 1 else "",
    )


def one_per_role() -> list[DemoLogin]:
    """The first person of each role, in the order of people.toml."""
    first: dict[str, DemoLogin] = {}
    for login in loaded_logins():
        first.setdefault(login.role, login)
    return list(first.values())
