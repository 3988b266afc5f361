"""One need and one resource with everybody who may have to do with them, and somebody who has not."""

from dataclasses import dataclass, field

from lianqiao.core.actor import Actor, Role
from lianqiao.lists.models import Entry
from lianqiao.registry.models import Chain, Organisation, Position, Unit
from tests import factories as make

CONTACT = {"contact_name": "李工", "contact_phone": "13800001234", "contact_email": "li@example.org"}


@dataclass
class Sides:
    chain: Chain
    firm: Organisation
    school: Organisation
    unit: Unit
    need: Entry
    offer: Entry
    held: dict[str, Position] = field(default_factory=dict)

    def actor(self, name: str) -> Actor:
        return make.actor_of(self.held[name])


def sides(**offer_facts) -> Sides:
    chain = make.chain()
    firm = make.member(chain, f"甲{next(make.number)}建设公司")
    school = make.member(chain, f"第{next(make.number)}职业学院", kind="school")
    unit = make.unit(school, "经管学院")
    need = make.entry(
        "need", chain, organisation=firm, title="工程造价人员培训",
        description="需要工程造价、招投标方面的培训，十人", **CONTACT,
    )  # fmt: skip
    offer = make.entry(
        "resource", chain, organisation=school, unit=unit, title="工程造价与招投标课程",
        description="工程造价、招投标和工程计价课程，可到企业授课",
        **CONTACT | {"contact_name": "王老师", "contact_phone": "13900005678"} | offer_facts,
    )  # fmt: skip
    row = Sides(chain, firm, school, unit, need, offer)
    row.held = {
        "firm": make.position(Role.ENTERPRISE_CONTACT, chain, organisation=firm),
        "college": make.position(Role.COLLEGE_CONTACT, chain, organisation=school, unit=unit),
        "school": make.position(Role.SCHOOL_COORDINATOR, chain, organisation=school),
        "office": make.position(Role.OFFICE_STAFF, chain),
        "leader": make.position(Role.LEADER, chain),
        "liaison": make.position(Role.LIAISON, chain),
        "auditor": make.position(Role.AUDITOR, chain),
        "other_firm": make.position(Role.ENTERPRISE_CONTACT, chain),
        "other_college": make.position(Role.COLLEGE_CONTACT, chain, organisation=school),
        "other_office": make.position(Role.OFFICE_STAFF),
        "mentor": make.position(Role.MENTOR, chain),
        "student": make.position(Role.STUDENT, chain),
    }
    return row
