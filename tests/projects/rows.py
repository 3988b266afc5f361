"""A chain with an enterprise, a school of two colleges and another enterprise, and a project at each step of its way."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from lianqiao.core.actor import Actor, Role, at_the_terminal
from lianqiao.projects.actions.claims import claim
from lianqiao.projects.actions.evidence import add_evidence
from lianqiao.projects.actions.kinds import begin_kinds
from lianqiao.projects.actions.moves import accept_work, deliver, publish_project
from lianqiao.projects.actions.outcomes import report_outcome
from lianqiao.projects.actions.projects import draft_project
from lianqiao.projects.actions.work import add_milestone, note_work
from lianqiao.projects.models import Claim, Evidence, Milestone, Outcome, OutcomeKind, Project
from lianqiao.registry.models import Chain, Organisation, Position, Unit
from tests import factories as make

SYSTEM = at_the_terminal("test")
PDF = b"%PDF-1.7 "


@dataclass
class Place:
    organisation: Organisation
    unit: Unit | None
    position: Position

    @property
    def actor(self) -> Actor:
        return make.actor_of(self.position)

    @property
    def named(self) -> dict[str, Any]:
        return {"organisation": self.organisation, "unit": self.unit}


class Scene:
    """Who is there. `firm` needs something, `college` and `other` could do it, `stranger` belongs to another chain."""

    def __init__(self) -> None:
        self.chain: Chain = make.chain()
        begin_kinds(self.chain, by=SYSTEM)
        self.staff = make.position(Role.OFFICE_STAFF, self.chain)
        self.firm = self.enterprise(self.chain)
        self.other = self.enterprise(self.chain)
        self.stranger = self.enterprise(make.chain())
        self.school = make.member(self.chain, kind="school")
        self.college = self.college_of(self.school, "建造学院")
        self.second = self.college_of(self.school, "装饰学院")
        self.coordinator = make.position(Role.SCHOOL_COORDINATOR, self.chain, organisation=self.school)

    @property
    def office(self) -> Actor:
        return make.actor_of(self.staff)

    def enterprise(self, chain: Chain) -> Place:
        held = make.position(Role.ENTERPRISE_CONTACT, chain)
        return Place(held.organisation, None, held)

    def college_of(self, school: Organisation, name: str) -> Place:
        unit = make.unit(school, name)
        held = make.position(Role.COLLEGE_CONTACT, self.chain, organisation=school, unit=unit)
        return Place(school, unit, held)

    def draft(self, **fields: Any) -> Project:
        facts = {
            "chain": self.chain,
            "title": f"第{next(make.number)}号项目",
            "sponsor": self.firm.organisation,
        } | fields
        return draft_project(by=SYSTEM, **facts)

    def open(self, **fields: Any) -> Project:
        return publish_project(self.draft(**fields), by=SYSTEM, now=timezone.now())

    def claimed(self, project: Project, by: Place, plan: str = "") -> Claim:
        return claim(project, by=by.actor, now=timezone.now(), plan=plan, **by.named)

    def working(self, by: Place | None = None, **fields: Any) -> Project:
        project = self.open(**fields)
        self.claimed(project, by or self.college)
        return fresh(project)

    def delivered(self, **fields: Any) -> Project:
        return deliver(self.working(**fields), by=self.college.actor, now=timezone.now())

    def accepted(self, **fields: Any) -> Project:
        return accept_work(self.delivered(**fields), by=self.firm.actor, now=timezone.now())

    def milestone(self, project: Project, days: int = 10, **fields: Any) -> Milestone:
        facts = {"title": f"第{next(make.number)}步", "due_on": make.today() + timedelta(days=days)} | fields
        return add_milestone(project, by=SYSTEM, **facts)

    def kind(self, name: str = "培训人数") -> OutcomeKind:
        return OutcomeKind.objects.get(chain=self.chain, name=name)

    def outcome(
        self, project: Project, by: Place | None = None, amount: str = "30", **fields: Any
    ) -> Outcome:
        facts = {"kind": self.kind(), "amount": Decimal(amount), "achieved_on": make.today()} | fields
        return report_outcome(project, by=(by or self.college).actor, now=timezone.now(), **facts)

    def evidence(
        self, project: Project, name: str = "方案.pdf", by: Actor = SYSTEM, **fields: Any
    ) -> Evidence:
        content = fields.pop("content", PDF + str(next(make.number)).encode())
        return add_evidence(project, by=by, now=timezone.now(), name=name, content=content, **fields)

    def note(self, project: Project, text: str = "到工地看了一次", by: Place | None = None) -> Any:
        who = (by or self.college).actor
        return note_work(project, by=who, now=timezone.now(), worked_on=make.today(), text=text)


def fresh(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)
