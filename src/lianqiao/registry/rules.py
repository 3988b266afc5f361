import rules
from django.utils.translation import gettext_lazy as _

from lianqiao.accounts.models import Person
from lianqiao.core.actor import OFFICE, Actor, Role
from lianqiao.core.permissions import has_role, permit
from lianqiao.registry.models import (
    Accession,
    Chain,
    Merge,
    Organisation,
    PartyBranch,
    Position,
    SegmentLink,
    Unit,
)
from lianqiao.registry.queries import chains_of, organisations_for

# Whom each may appoint. A role not named here is appointed by the system administrator alone.
SCHOOL_APPOINTS = {Role.COLLEGE_CONTACT, Role.MENTOR, Role.STUDENT}
STAFF_APPOINTS = SCHOOL_APPOINTS | {Role.ENTERPRISE_CONTACT, Role.SCHOOL_COORDINATOR, Role.LIAISON}
OFFICE_APPOINTS = STAFF_APPOINTS | {Role.OFFICE_STAFF, Role.LEADER}
SYSTEM_APPOINTS = {Role.OFFICE_ADMIN, Role.OFFICE_STAFF, Role.LEADER, Role.AUDITOR, Role.SYSTEM_ADMIN}
APPOINTS = {
    Role.SYSTEM_ADMIN: SYSTEM_APPOINTS,
    Role.OFFICE_ADMIN: OFFICE_APPOINTS,
    Role.OFFICE_STAFF: STAFF_APPOINTS,
    Role.SCHOOL_COORDINATOR: SCHOOL_APPOINTS,
}

is_office = has_role(*OFFICE)
is_office_admin = has_role(Role.OFFICE_ADMIN)
is_system_admin = has_role(Role.SYSTEM_ADMIN)
is_contact = has_role(Role.ENTERPRISE_CONTACT, Role.SCHOOL_COORDINATOR)
is_liaison = has_role(Role.LIAISON)


@rules.predicate
def in_own_chain(actor: Actor, row: object) -> bool:
    """The row's chain is one the position reaches; without a row, the position reaches any chain."""
    if row is None:
        return bool(actor.chains)
    return chain_id_of(row) in actor.chains


@rules.predicate
def reaches_organisation(actor: Actor, row: object) -> bool:
    """The row's organisation is seen by the position, or is being registered just now."""
    organisation_id = row.pk if isinstance(row, Organisation) else getattr(row, "organisation_id", None)
    return organisation_id is None or organisations_for(actor).filter(pk=organisation_id).exists()


@rules.predicate
def is_own_organisation(actor: Actor, row: object) -> bool:
    organisation_id = row.pk if isinstance(row, Organisation) else getattr(row, "organisation_id", None)
    return row is None or (organisation_id is not None and organisation_id == actor.organisation_id)


@rules.predicate
def is_no_other_office(actor: Actor, row: object) -> bool:
    """An office stands for its chains and its people: whoever changes it takes these over."""
    if not isinstance(row, Organisation) or row.kind != Organisation.Kind.OFFICE:
        return True
    return row.pk is None or row.pk == actor.organisation_id


@rules.predicate
def reaches_both(actor: Actor, row: object) -> bool:
    return row is None or (
        isinstance(row, Merge)
        and organisations_for(actor).filter(pk__in=[row.gone_id, row.kept_id]).count() == 2
    )


@rules.predicate
def is_own_unit(actor: Actor, row: object) -> bool:
    return row is None or (isinstance(row, Unit) and row.pk is not None and row.pk == actor.unit_id)


@rules.predicate
def instructs(actor: Actor, row: object) -> bool:
    return row is None or (isinstance(row, PartyBranch) and row.instructor_id == actor.person_id)


@rules.predicate
def is_an_office(actor: Actor, row: object) -> bool:
    return row is None or (isinstance(row, Organisation) and row.kind == Organisation.Kind.OFFICE)


@rules.predicate
def may_appoint(actor: Actor, position: object) -> bool:
    """Nobody grants a role to themself; each appoints only the roles below, in what it reaches."""
    appoints = APPOINTS.get(Role(actor.role), set()) if actor.role in set(Role) else set()
    if not isinstance(position, Position):
        return bool(appoints)
    if position.person_id == actor.person_id or position.role not in appoints:
        return False
    if actor.role == Role.SYSTEM_ADMIN:
        return True
    return stays_within(actor, position) and bool(reaches_organisation(actor, position))


def stays_within(actor: Actor, position: Position) -> bool:
    """Nobody gives a reach that they do not have themself, now or when the organisation's chains change."""
    at_home = position.organisation_id is not None and position.organisation_id == actor.organisation_id
    if not set(chains_of(position)) <= actor.chains:
        return False
    if actor.role == Role.SCHOOL_COORDINATOR:
        return at_home
    if position.role in OFFICE:
        # An office's staff also sees what the office registered, so it must be the same office.
        return at_home or (position.organisation_id is None and position.chain_id is not None)
    if position.role in (Role.LEADER, Role.LIAISON):
        return at_home or position.chain_id is not None
    return position.chain_id is not None or position.organisation_id is not None


@rules.predicate
def may_invite_again(actor: Actor, person: object) -> bool:
    """Whoever holds an invitation becomes that person, so one must be able to grant all that the person holds."""
    if not isinstance(person, Person) or person.state != Person.State.INVITED:
        return False
    return actor.role == Role.SYSTEM_ADMIN or appoints_all_of(actor, person)


@rules.predicate
def may_edit_person(actor: Actor, person: object) -> bool:
    """A number opens a login, so it is entered by those who could have invited the person themselves."""
    if not isinstance(person, Person):
        return False
    is_admin = actor.role == Role.OFFICE_ADMIN and appoints_all_of(actor, person)
    return actor.role == Role.SYSTEM_ADMIN or is_admin


def appoints_all_of(actor: Actor, person: Person) -> bool:
    positions = list(person.positions.all())
    return bool(positions) and all(may_appoint(actor, position) for position in positions)


@rules.predicate
def is_of_another(actor: Actor, position: object) -> bool:
    return position is None or (isinstance(position, Position) and position.person_id != actor.person_id)


def chain_id_of(row: object) -> int | None:
    if isinstance(row, Chain):
        return row.pk
    if isinstance(row, Accession):
        return row.party_organisation.chain_id
    if isinstance(row, SegmentLink):
        return row.upstream.chain_id
    return getattr(row, "chain_id", None)


# Offices are where accounts stand; whoever looks after these keeps those that no office of its own can.
keeps_organisation = (is_office & reaches_organisation & is_no_other_office) | (
    is_system_admin & is_an_office
)
permit("registry.add_chain", _("新建产业链"), is_office_admin)
permit("registry.edit_chain", _("修改产业链"), is_office_admin & in_own_chain)
permit("registry.add_segment", _("增加链环节"), is_office & in_own_chain)
permit("registry.edit_segment", _("修改链环节"), is_office & in_own_chain)
permit("registry.remove_segment", _("删除链环节"), is_office & in_own_chain)
permit("registry.link_segments", _("连接上下游环节"), is_office & in_own_chain)
permit("registry.unlink_segments", _("断开上下游环节"), is_office & in_own_chain)
permit("registry.add_organisation", _("登记单位"), is_office | (is_system_admin & is_an_office))
permit("registry.edit_organisation", _("修改单位"), keeps_organisation)
permit(
    "registry.describe_organisation",
    _("补充单位情况"),
    (is_office & reaches_organisation) | (is_contact & is_own_organisation),
)
permit("registry.close_organisation", _("注销单位"), keeps_organisation)
permit("registry.reopen_organisation", _("恢复单位"), keeps_organisation)
permit("registry.merge_organisations", _("合并单位"), is_office & reaches_organisation & is_no_other_office)
permit("registry.undo_merge", _("撤销合并"), is_office & reaches_both)
permit(
    "registry.add_unit",
    _("增加二级单位"),
    (is_office & reaches_organisation) | (has_role(Role.SCHOOL_COORDINATOR) & is_own_organisation),
)
permit(
    "registry.edit_unit",
    _("修改二级单位"),
    (is_office & reaches_organisation)
    | (has_role(Role.SCHOOL_COORDINATOR) & is_own_organisation)
    | (has_role(Role.COLLEGE_CONTACT) & is_own_unit),
)
permit("registry.add_membership", _("加入产业链"), is_office & in_own_chain & reaches_organisation)
permit("registry.edit_membership", _("修改链上成员"), is_office & in_own_chain)
permit("registry.end_membership", _("退出产业链"), is_office & in_own_chain)
permit(
    "registry.add_branch",
    _("登记党组织"),
    (is_office & reaches_organisation) | (is_contact & is_own_organisation),
)
permit(
    "registry.edit_branch",
    _("修改党组织"),
    (is_office & reaches_organisation) | (is_contact & is_own_organisation) | (is_liaison & instructs),
)
permit("registry.found_party_organisation", _("登记产业链党组织"), is_office_admin & in_own_chain)
permit("registry.edit_party_organisation", _("修改产业链党组织"), is_office_admin & in_own_chain)
permit(
    "registry.join_party_organisation", _("加入产业链党组织"), is_office & in_own_chain & reaches_organisation
)
permit("registry.leave_party_organisation", _("退出产业链党组织"), is_office & in_own_chain)
permit("registry.grant_position", _("授予身份"), may_appoint)
# The system administrator can always take a role away: a reach that grew may be wider than that of any appointer.
permit("registry.end_position", _("结束身份"), may_appoint | (is_system_admin & is_of_another))
permit("registry.extend_position", _("续期身份"), may_appoint)
permit("registry.withdraw_position", _("撤回身份"), may_appoint)
# Here and not with the accounts: only the registry knows who appoints whom.
permit("accounts.edit_person", _("修改姓名和手机号"), may_edit_person)
permit("registry.invite_again", _("重新生成邀请链接"), may_invite_again)
permit("registry.import_reference", _("更新参照表"), is_system_admin | is_office_admin)
