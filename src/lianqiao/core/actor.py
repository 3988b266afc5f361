"""Who acts: a person in one position, as plain values that every layer can read."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    OFFICE_ADMIN = "office_admin", _("管理处党委管理员")
    OFFICE_STAFF = "office_staff", _("管理处工作人员")
    LEADER = "leader", _("区委领导")
    LIAISON = "liaison", _("党建联络指导员")
    ENTERPRISE_CONTACT = "enterprise_contact", _("企业联系人")
    SCHOOL_COORDINATOR = "school_coordinator", _("院校组织部")
    COLLEGE_CONTACT = "college_contact", _("二级学院联系人")
    MENTOR = "mentor", _("导师")
    STUDENT = "student", _("学生")
    AUDITOR = "auditor", _("审计")
    SYSTEM_ADMIN = "system_admin", _("系统管理员")


PUBLIC = "public"  # nobody is logged in
NO_POSITION = "no_position"  # logged in, but holds no position today
COMMAND = "command"  # someone at the machine's own terminal

OFFICE = frozenset({Role.OFFICE_ADMIN, Role.OFFICE_STAFF})
POSITIONS = frozenset(Role)
# Those who work with content; the system administrator has no say in it.
CONTENT = POSITIONS - {Role.SYSTEM_ADMIN}
WRITERS = CONTENT - {Role.AUDITOR, Role.LEADER}
SIGNED_IN = POSITIONS | {NO_POSITION}
EVERYONE = SIGNED_IN | {PUBLIC}
NOBODY: frozenset[str] = frozenset()
# "Staff and above": these must use a second factor once an administrator demands it.
GUARDED = frozenset({Role.OFFICE_ADMIN, Role.OFFICE_STAFF, Role.LEADER, Role.AUDITOR, Role.SYSTEM_ADMIN})


@dataclass(frozen=True)
class Actor:
    """A person in one position. `chains` are the ids of the chains this position reaches."""

    role: str = PUBLIC
    person_id: int | None = None
    name: str = ""
    position_id: int | None = None
    position_label: str = ""
    organisation_id: int | None = None
    unit_id: int | None = None
    chains: frozenset[int] = frozenset()
    scopes: frozenset[str] = frozenset({"read", "write"})
    request_id: str = ""
    network: str = ""
    person: Any = field(default=None, compare=False, repr=False)

    @property
    def is_signed_in(self) -> bool:
        return self.person_id is not None

    def facts(self) -> dict[str, Any]:
        """What a job keeps of who started it; `Actor.from_facts` gives it back."""
        kept = {name: value for name, value in vars(self).items() if name != "person"}
        return kept | {"chains": sorted(self.chains), "scopes": sorted(self.scopes)}

    @classmethod
    def from_facts(cls, facts: dict[str, Any]) -> "Actor":
        return cls(**facts | {"chains": frozenset(facts["chains"]), "scopes": frozenset(facts["scopes"])})


def at_the_terminal(command: str) -> Actor:
    """The operator of the machine: may do what the commands offer, and is written into the audit trail."""
    return Actor(role=COMMAND, name=f"lianqiao {command}")
