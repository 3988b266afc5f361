"""What an office settles for the projects of its chain: kinds, what is counted, how many at once."""

from typing import Any

from django.db import transaction

from lianqiao.core.actor import Actor
from lianqiao.core.audit import record
from lianqiao.core.lifecycle import Lifecycle
from lianqiao.core.permissions import require
from lianqiao.core.writing import change, creation
from lianqiao.lists.models import Dimension
from lianqiao.projects.models import ClaimLimit, OutcomeKind, ProjectKind
from lianqiao.registry.models import Chain, Organisation, Unit

project_kinds, outcome_kinds = Lifecycle(ProjectKind), Lifecycle(OutcomeKind)
Active, Retired = ProjectKind.State.ACTIVE, ProjectKind.State.RETIRED
INDUSTRY, TEACHING, RESEARCH, TRAINING, START = (value for value in Dimension.values)
# What a chain begins with; its office renames, retires and adds.
# untranslated: names that become rows, each with its English name
USUAL_PROJECT_KINDS: list[tuple[str, str, list[str]]] = [
    ("课题研究", "Research topic", [RESEARCH]),
    ("技术攻关", "Technology", [INDUSTRY, RESEARCH]),
    ("人才培养", "Talent training", [TEACHING, TRAINING]),
    ("建筑更新", "Building renewal", [INDUSTRY, START]),
    ("社会服务", "Social service", [INDUSTRY, TRAINING]),
    ("课程与教学", "Course and teaching", [TEACHING]),
    ("实习基地", "Internship base", [TRAINING, TEACHING]),
    ("党建活动", "Party-building activity", []),
    ("其他", "Other", []),
]
# untranslated: names and units that become rows
USUAL_OUTCOME_KINDS: list[tuple[str, str, str, str, bool, str]] = [
    ("培训人数", "People trained", "人", "people", True, TRAINING),
    ("落实岗位", "Posts filled", "个", "posts", True, INDUSTRY),
    ("接收实习", "Interns taken", "人", "people", True, TRAINING),
    ("发表论文", "Papers", "篇", "papers", True, RESEARCH),
    ("专利和软著", "Patents and software rights", "项", "items", True, RESEARCH),
    ("开发课程", "Courses", "门", "courses", True, TEACHING),
    ("到账经费", "Money received", "元", "yuan", False, INDUSTRY),
    ("解决问题", "Problems solved", "个", "problems", True, INDUSTRY),
    ("开展活动", "Activities", "场", "activities", True, ""),
    ("孵化项目", "Ventures begun", "个", "ventures", True, START),
]


def begin_kinds(chain: Chain, *, by: Actor) -> int:
    """The usual kinds for a chain that has none of them; how many. Raises NotPermitted."""
    count = 0
    with transaction.atomic():
        if not ProjectKind.objects.filter(chain=chain).exists():
            for place, (name, name_en, dimensions) in enumerate(USUAL_PROJECT_KINDS):
                facts = {"name": name, "name_en": name_en, "dimensions": dimensions, "position": place}
                add_project_kind(by=by, chain=chain, **facts)
            count += len(USUAL_PROJECT_KINDS)
        if not OutcomeKind.objects.filter(chain=chain).exists():
            for place, (name, name_en, unit, unit_en, is_whole, dimension) in enumerate(USUAL_OUTCOME_KINDS):
                add_outcome_kind(
                    by=by, chain=chain, name=name, name_en=name_en, unit=unit, unit_en=unit_en,
                    is_whole=is_whole, dimension=dimension, position=place,
                )  # fmt: skip
            count += len(USUAL_OUTCOME_KINDS)
    return count


def add_project_kind(*, by: Actor, **fields: Any) -> ProjectKind:
    with creation(ProjectKind(**fields), by=by, permission="projects.add_project_kind") as row:
        pass
    return row


def edit_project_kind(kind: ProjectKind, *, by: Actor, seen: int | None = None, **fields: Any) -> ProjectKind:
    with change(kind, by=by, permission="projects.edit_project_kind", seen=seen) as row:
        for name, value in fields.items():
            setattr(row, name, value)
    return row


@project_kinds.move(Active, to=Retired)
def retire_project_kind(kind: ProjectKind, *, by: Actor) -> None:
    """It is not offered any more; projects keep it."""


@project_kinds.move(Retired, to=Active)
def revive_project_kind(kind: ProjectKind, *, by: Actor) -> None:
    """It is offered again."""


def add_outcome_kind(*, by: Actor, **fields: Any) -> OutcomeKind:
    with creation(OutcomeKind(**fields), by=by, permission="projects.add_outcome_kind") as row:
        pass
    return row


def edit_outcome_kind(kind: OutcomeKind, *, by: Actor, seen: int | None = None, **fields: Any) -> OutcomeKind:
    with change(kind, by=by, permission="projects.edit_outcome_kind", seen=seen) as row:
        for name, value in fields.items():
            setattr(row, name, value)
    return row


@outcome_kinds.move(Active, to=Retired)
def retire_outcome_kind(kind: OutcomeKind, *, by: Actor) -> None:
    """It is not offered any more; outcomes keep it."""


@outcome_kinds.move(Retired, to=Active)
def revive_outcome_kind(kind: OutcomeKind, *, by: Actor) -> None:
    """It is offered again."""


def settle_claim_limit(
    chain: Chain, organisation: Organisation, unit: Unit | None, *, by: Actor, most: int
) -> ClaimLimit:
    """For claims from now on; what is held already stays. Raises NotPermitted, ValidationError."""
    known = ClaimLimit.objects.filter(chain=chain, organisation=organisation, unit=unit).first()
    if known is None:
        fresh = ClaimLimit(chain=chain, organisation=organisation, unit=unit, most=most)
        with creation(fresh, by=by, permission="projects.settle_claim_limit") as made:
            return made
    with change(known, by=by, permission="projects.settle_claim_limit") as row:
        row.most = most
    return row


def drop_claim_limit(row: ClaimLimit, *, by: Actor) -> None:
    """The usual limit holds again. Raises NotPermitted."""
    with transaction.atomic():
        require(by, "projects.drop_claim_limit", row)
        record(by, "projects.drop_claim_limit", row, before={"most": row.most})
        row.delete()
