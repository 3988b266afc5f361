"""Where bench/fire.py plays: a chain with its people, and what every scene is made of."""

import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.test import Client as Browser

from lianqiao.core.actor import Role, at_the_terminal
from lianqiao.lists.models import Entry
from lianqiao.projects.actions.kinds import begin_kinds, settle_claim_limit
from tests import factories as make
from tests.agreements import rows as agreements
from tests.api.conftest import secret_of

from .fire import Shot

SYSTEM = at_the_terminal("bench")
OFFICE, FIRM, COLLEGE, OTHERS = "office", "firm", "college", "others"
TEXT = "需要工程造价、招投标方面的人才培训"
GIVEN = "工程造价、招投标和工程计价课程，可到企业授课"


@dataclass(frozen=True)
class Place:
    """Where a client stands; `pk` is that of the organisation."""

    kind: str
    position: Any

    @property
    def key(self) -> str:
        return f"{self.position.organisation_id}-{self.position.unit_id or 0}"


class Stage:
    """One chain with its office, one enterprise and one college of many contacts each, and enterprises of one."""

    def __init__(self, clients: int) -> None:
        self.clients, self.chain = clients, make.chain(name="火线产业链")
        begin_kinds(self.chain, by=SYSTEM)
        agreements.party_organisation(self.chain)
        self.firm, self.sponsor = make.member(self.chain, "甲建设公司"), make.member(self.chain, "受益公司")
        self.school = make.member(self.chain, "第一职业学院", kind="school")
        self.unit = make.unit(self.school, "建造学院")
        self.made: dict[str, list[tuple[Place, str]]] = {}
        where = {
            OFFICE: lambda: make.position(Role.OFFICE_STAFF, self.chain),
            FIRM: lambda: make.position(Role.ENTERPRISE_CONTACT, self.chain, organisation=self.firm),
            COLLEGE: lambda: make.position(
                Role.COLLEGE_CONTACT, self.chain, organisation=self.school, unit=self.unit
            ),
            OTHERS: lambda: make.position(Role.ENTERPRISE_CONTACT, self.chain),
        }
        for kind, held in where.items():
            self.made[kind] = [self.logged_in(Place(kind, held())) for _ in range(clients)]
        for held in [
            self.made[FIRM][0][0],
            self.made[COLLEGE][0][0],
            *(place for place, _key in self.made[OTHERS]),
        ]:
            position = held.position
            settle_claim_limit(self.chain, position.organisation, position.unit, by=SYSTEM, most=1000)
        self.token = secret_of(self.made[OFFICE][0][0].position)
        self.actors = {kind: make.actor_of(rows[0][0].position) for kind, rows in self.made.items()}

    def logged_in(self, place: Place) -> tuple[Place, str]:
        browser = Browser()
        browser.force_login(place.position.person, backend="lianqiao.accounts.login.NameOrPhone")
        session = browser.session
        session["position"] = place.position.pk
        session["began"] = session["seen"] = int(time.time())
        session.save()
        return place, session.session_key

    def crowd(self, shares: dict[str, int]) -> list[tuple[Place, str]]:
        """As many of each kind as their shares say, `clients` together, mixed."""
        turns = sorted((at / share, kind) for kind, share in shares.items() for at in range(share))
        counts = Counter(turns[at % len(turns)][1] for at in range(self.clients))
        return [one for kind, count in counts.items() for one in self.made[kind][:count]]


class Scene:
    """`prepare` before the shots, `outcome` after them: what came of it, and what is wrong."""

    name = ""
    crowd: dict[str, int]

    def __init__(self, stage: Stage) -> None:
        self.stage, self.chain = stage, stage.chain

    def prepare(self, number: int) -> None:
        raise NotImplementedError

    def shot(self, place: Place, at: int) -> Shot:
        raise NotImplementedError

    def outcome(self, answers: list[Any]) -> tuple[str, list[str]]:
        raise NotImplementedError

    def clear(self) -> None:
        """What would stand in the way of the next round."""

    def lists(self, capacity: int | None = None, **need: Any) -> tuple[Entry, Entry]:
        stage = self.stage
        wanted = make.entry(
            "need", self.chain, organisation=stage.firm, title="造价人员培训", description=TEXT, **need
        )
        given = make.entry(
            "resource", self.chain, organisation=stage.school, unit=stage.unit, title="工程造价课程", description=GIVEN,
            capacity=capacity,
        )  # fmt: skip
        return wanted, given


def wrong(**facts: bool) -> list[str]:
    return [name for name, is_so in facts.items() if is_so]
