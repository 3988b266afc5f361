import rules
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianqiao.core.actor import OFFICE, Actor
from lianqiao.core.permissions import LABELS, has_role, permit
from lianqiao.projects.models import (
    Claim,
    ClaimLimit,
    Evidence,
    Milestone,
    Outcome,
    OutcomeKind,
    Project,
    ProjectKind,
    WorkNote,
)
from lianqiao.projects.places import claims_for_itself, has_confirmed, is_asked, side_of, speaks_for
from lianqiao.projects.queries import SIDES, projects_for
from lianqiao.projects.telling import contacts_of
from lianqiao.registry.queries import position_holders

is_office = has_role(*OFFICE)
is_contact = has_role(*SIDES)
State = Project.State


def project_of(row: object) -> Project | None:
    if isinstance(row, Project):
        return row
    return row.project if isinstance(row, Claim | Milestone | WorkNote | Evidence | Outcome) else None


@rules.predicate
def in_own_chain(actor: Actor, row: object) -> bool:
    if isinstance(row, ProjectKind | OutcomeKind | ClaimLimit):
        return row.chain_id in actor.chains
    project = project_of(row)
    return project.chain_id in actor.chains if project else row is None and bool(actor.chains)


@rules.predicate
def is_sponsor(actor: Actor, row: object) -> bool:
    """Without a row: whoever may be one at all."""
    project = project_of(row)
    return side_of(actor, project) == "sponsor" if project else row is None


@rules.predicate
def is_holder(actor: Actor, row: object) -> bool:
    project = project_of(row)
    return side_of(actor, project) == "holder" if project else row is None


@rules.predicate
def is_the_one_asked(actor: Actor, row: object) -> bool:
    project = project_of(row)
    return is_asked(actor, project) if project else row is None


@rules.predicate
def is_of_a_match(actor: Actor, row: object) -> bool:
    project = project_of(row)
    return row is None or (project is not None and project.match_id is not None)


@rules.predicate
def somebody_is_asked(actor: Actor, row: object) -> bool:
    project = project_of(row)
    return row is None or (project is not None and project.asked_id is not None)


@rules.predicate
def is_not_begun(actor: Actor, row: object) -> bool:
    project = project_of(row)
    return row is None or (project is not None and project.state in (State.DRAFT, State.OPEN))


@rules.predicate
def is_not_over(actor: Actor, row: object) -> bool:
    project = project_of(row)
    return row is None or (project is not None and project.state not in (State.ACCEPTED, State.STOPPED))


@rules.predicate
def reaches_project(actor: Actor, row: object) -> bool:
    project = project_of(row)
    return row is None or (project is not None and projects_for(actor).filter(pk=project.pk).exists())


@rules.predicate
def is_own_claim(actor: Actor, row: object) -> bool:
    """Asked of a project: whoever has a place of their own and is not the one for whom it is done."""
    if isinstance(row, Claim):
        return claims_for_itself(actor, row)
    return row is None or (isinstance(row, Project) and side_of(actor, row) != "sponsor")


@rules.predicate
def sponsor_cannot_log_in(actor: Actor, row: object) -> bool:
    return isinstance(row, Project) and not can_log_in(row, "sponsor")


@rules.predicate
def holder_cannot_log_in(actor: Actor, row: object) -> bool:
    return isinstance(row, Project) and not can_log_in(row, "holder")


def can_log_in(project: Project, side: str) -> bool:
    held = contacts_of(getattr(project, f"{side}_id"), getattr(project, f"{side}_unit_id"))
    return position_holders(held, timezone.localdate()).exists()


@rules.predicate
def is_owner(actor: Actor, row: object) -> bool:
    """Of a milestone: whoever holds the project, where nobody else was named."""
    if not isinstance(row, Milestone):
        return row is None
    project = row.project
    if row.owner_id is None:
        return speaks_for(actor, project.holder_id, project.holder_unit_id)
    return row.owner_id == actor.organisation_id and side_of(actor, project) != ""


@rules.predicate
def is_own_note(actor: Actor, row: object) -> bool:
    return row is None or (isinstance(row, WorkNote) and row.person_id == actor.person_id)


@rules.predicate
def said_it(actor: Actor, row: object) -> bool:
    """Its side reported the outcome, or confirmed it."""
    return row is None or (isinstance(row, Outcome) and has_confirmed(row, side_of(actor, row.project)))


@rules.predicate
def has_not_said_it(actor: Actor, row: object) -> bool:
    if not isinstance(row, Outcome):
        return row is None
    side = side_of(actor, row.project)
    return side != "" and not has_confirmed(row, side)


@rules.predicate
def is_confirmed(actor: Actor, row: object) -> bool:
    """By both sides: either of them may see it otherwise later."""
    return row is None or (isinstance(row, Outcome) and row.state == Outcome.State.CONFIRMED)


office_here = is_office & in_own_chain
is_side = is_sponsor | is_holder
taking_part = office_here | (is_contact & is_side)
noted_for_sponsor = office_here & ~is_holder & sponsor_cannot_log_in
noted_for_holder = office_here & ~is_sponsor & holder_cannot_log_in

permit(
    "projects.draft_project",
    _("起草项目"),
    office_here | (is_contact & in_own_chain & (is_sponsor | (is_of_a_match & is_the_one_asked))),
)
permit(
    "projects.edit_project",
    _("修改项目"),
    (office_here & is_not_over) | (is_contact & is_sponsor & is_not_begun),
)
permit("projects.publish_project", _("发布项目"), office_here | (is_contact & is_sponsor & somebody_is_asked))
permit("projects.unpublish", _("撤回发布"), office_here | (is_contact & is_sponsor))
permit("projects.open_to_all", _("转为公开认领"), office_here | (is_contact & is_sponsor))
permit("projects.decline_asking", _("不承接"), office_here | (is_contact & is_the_one_asked))
permit("projects.claim", _("认领项目"), office_here | (is_contact & is_own_claim & reaches_project))
permit("projects.give_up", _("放弃认领"), office_here | (is_contact & is_own_claim))
permit("projects.queue_again", _("恢复候补"), office_here | (is_contact & is_own_claim))
permit("projects.hand_over", _("转交项目"), office_here | is_contact)
permit(
    "projects.deliver", _("交付验收"), (is_contact & is_holder) | (is_office & is_holder) | noted_for_holder
)
permit(
    "projects.take_back_delivery",
    _("撤回交付"),
    (is_contact & is_holder) | (is_office & is_holder) | noted_for_holder,
)
# Accepted by the other side, never by who did it; for whoever has nobody with an account the office notes it.
permit(
    "projects.accept_work",
    _("验收通过"),
    (is_contact & is_sponsor) | (is_office & is_sponsor) | noted_for_sponsor,
)
permit(
    "projects.send_back",
    _("退回修改"),
    (is_contact & is_sponsor) | (is_office & is_sponsor) | noted_for_sponsor,
)
permit("projects.stop_project", _("中止项目"), office_here | (is_contact & is_sponsor))
permit("projects.resume_project", _("恢复项目"), office_here | (is_contact & is_sponsor))
permit("projects.follow_up", _("起草后续项目"), taking_part | (is_contact & is_the_one_asked))
permit("projects.add_milestone", _("增加节点"), taking_part & is_not_over)
permit("projects.edit_milestone", _("修改节点"), taking_part & is_not_over)
permit("projects.finish_milestone", _("完成节点"), office_here | is_owner)
permit("projects.reopen_milestone", _("撤销完成"), office_here | is_owner)
permit("projects.drop_milestone", _("取消节点"), taking_part & is_not_over)
permit("projects.restore_milestone", _("恢复节点"), taking_part & is_not_over)
permit("projects.note_work", _("写工作记录"), taking_part)
permit("projects.remove_note", _("删除工作记录"), is_own_note | office_here)
permit("projects.restore_note", _("恢复工作记录"), is_own_note | office_here)
permit("projects.add_evidence", _("上传佐证材料"), taking_part)
permit("projects.edit_evidence", _("修改佐证材料"), taking_part)
permit("projects.remove_evidence", _("删除佐证材料"), taking_part)
permit("projects.restore_evidence", _("恢复佐证材料"), taking_part)
# The numbers are the sides' own: the office neither reports nor confirms for one of them.
permit("projects.report_outcome", _("登记成果"), is_side)
permit("projects.edit_outcome", _("修改成果"), said_it)
permit("projects.confirm_outcome", _("确认成果"), has_not_said_it)
permit("projects.dispute_outcome", _("对成果提出异议"), has_not_said_it | (is_side & is_confirmed))
permit("projects.withdraw_outcome", _("撤回成果"), said_it)
permit("projects.restore_outcome", _("恢复成果"), is_side)
permit("projects.add_project_kind", _("增加项目类别"), office_here)
permit("projects.edit_project_kind", _("修改项目类别"), office_here)
permit("projects.retire_project_kind", _("停用项目类别"), office_here)
permit("projects.revive_project_kind", _("恢复项目类别"), office_here)
permit("projects.add_outcome_kind", _("增加成果类别"), office_here)
permit("projects.edit_outcome_kind", _("修改成果类别"), office_here)
permit("projects.retire_outcome_kind", _("停用成果类别"), office_here)
permit("projects.revive_outcome_kind", _("恢复成果类别"), office_here)
permit("projects.settle_claim_limit", _("设定承接上限"), office_here)
permit("projects.drop_claim_limit", _("取消承接上限"), office_here)
LABELS |= {
    "projects.remind": _("节点提醒"),
    "projects.forget": _("彻底删除佐证材料"),
}
