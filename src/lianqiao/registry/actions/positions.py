"""Who holds which role where: granted, extended, ended, withdrawn. Each ends the person's sessions."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianqiao.accounts import actions as accounts
from lianqiao.accounts.models import Person
from lianqiao.accounts.queries import person_with_phone
from lianqiao.core.actor import OFFICE, Actor, Role
from lianqiao.core.audit import record
from lianqiao.core.permissions import may, require
from lianqiao.core.refusals import Refused
from lianqiao.core.words import listed
from lianqiao.core.writing import change, creation, locked, snapshot
from lianqiao.notices.sending import send
from lianqiao.registry.actions.chains import refuse_overlap
from lianqiao.registry.models import Organisation, Position
from lianqiao.registry.queries import chains_of, held_on, people_for, positions_held

Kind = Organisation.Kind
# The kind of organisation in which a role can be held; a role that is not named here stands anywhere.
PLACES: dict[Role, set[Kind]] = {role: {Kind.OFFICE} for role in OFFICE} | {
    Role.ENTERPRISE_CONTACT: {Kind.ENTERPRISE, Kind.ASSOCIATION},
    Role.SCHOOL_COORDINATOR: {Kind.SCHOOL},
    Role.COLLEGE_CONTACT: {Kind.SCHOOL},
    Role.STUDENT: {Kind.SCHOOL},
}


class LastAdministrator(Refused):
    code = "last_administrator"
    sentence = _("这是最后一位账号正常的系统管理员，须先有另一人能登录并担任系统管理员。")


class AlreadyHeld(Refused):
    code = "already_held"
    sentence = _("此身份已经开始使用，不能撤回，请改为结束。")


def invite(
    *, name: str, phone: str, email: str, by: Actor, now: datetime, **position: Any
) -> tuple[Position, str]:
    """Register a person with a first position; the token of the invitation is shown once and not kept.

    A phone that is known belongs to a person who is granted the position as well; then the token is empty, unless
    the person was never active and `by` may invite again. Raises ValidationError when that person has another name
    or is somebody whom `by` does not meet.
    """
    with transaction.atomic():
        known = person_with_phone(phone)
        if known is None:
            person, token = accounts.invite_person(name=name, phone=phone, email=email, by=by, now=now)
            return appointed(person=person, by=by, **position), token
        refuse_another(known, name)
        refuse_unmet(known, by=by)
        granted = grant_position(person=known, by=by, **position)
        if may(by, "registry.invite_again", known):
            return granted, invite_again(known, by=by, now=now)
    return granted, ""


def refuse_another(known: Person, name: str) -> None:
    if known.name != name:
        raise ValidationError(
            {
                "phone": ValidationError(
                    _("该手机号已登记给另一个姓名，请核对姓名和号码。"), code="another_name"
                )
            }
        )
    if known.state == Person.State.SUSPENDED:
        raise ValidationError(
            {"phone": ValidationError(_("此人的账号已停用，请先由系统管理员恢复。"), code="suspended")}
        )


def refuse_unmet(known: Person, *, by: Actor) -> None:
    """A number and a name do not prove that the account is the person's: whoever grants must know it."""
    if known.state == Person.State.ACTIVE and not people_for(by).filter(pk=known.pk).exists():
        message = _("此人已在平台登记，但不在您负责的范围内，请由系统管理员授予身份。")
        raise ValidationError({"phone": ValidationError(message, code="registered_elsewhere")})


def invite_again(person: Person, *, by: Actor, now: datetime) -> str:
    """A new link; those sent before end."""
    return accounts.renew_invitation(person, permission="registry.invite_again", by=by, now=now)


def grant_position(*, by: Actor, **fields: Any) -> Position:
    """Raises NotPermitted (also to oneself), OverlappingDates, ValidationError.

    Links of somebody who was never active end: who made them could otherwise become what is granted now.
    """
    with transaction.atomic():
        position = appointed(by=by, **fields)
        if position.person.state == Person.State.INVITED:
            accounts.expire_links(position.person, by=by)
    return position


def appointed(*, by: Actor, **fields: Any) -> Position:
    row = Position(**fields)
    refuse_wrong_place(row)
    with transaction.atomic():
        person = Person.objects.select_for_update(no_key=True).get(pk=row.person_id)
        refuse_overlap(row.starts_on, row.ends_on, list(same_as(row).values_list("starts_on", "ends_on")))
        is_new = adds_something(row)
        with creation(row, by=by, permission="registry.grant_position") as position:
            if is_new:
                accounts.end_sessions_of_appointee(person, by=by)
            send(person, "position_granted", position=position)
    return position


def adds_something(row: Position) -> bool:
    """Whether the person does not hold the role on the same chains today already."""
    reach = set(chains_of(row))
    held = positions_held(row.person, timezone.localdate())
    return all(had.role != row.role or set(chains_of(had)) != reach for had in held)


def refuse_wrong_place(row: Position) -> None:
    """A role that names its kind of organisation; a unit that belongs to it. Dates and the rest the row checks."""
    kinds = PLACES.get(Role(row.role)) if row.role in PLACES else None
    if row.organisation and kinds and row.organisation.kind not in kinds:
        shown = listed(kind.label for kind in sorted(kinds))
        message = _("%(role)s须选择性质为%(kinds)s的单位。")
        error = ValidationError(
            message, code="wrong_kind", params={"role": row.get_role_display(), "kinds": shown}
        )
        raise ValidationError({"organisation": error})
    if row.unit and row.unit.organisation_id != row.organisation_id:
        raise ValidationError({"unit": ValidationError(_("此二级单位不属于所选单位。"), code="wrong_unit")})


def same_as(row: Position) -> Any:
    """The positions of this person that are the same but for their dates."""
    place = {"organisation": row.organisation_id, "unit": row.unit_id, "chain": row.chain_id}
    return Position.objects.filter(person=row.person_id, role=row.role, **place).exclude(pk=row.pk)


def end_position(position: Position, *, ends_on: date, by: Actor) -> Position:
    """`ends_on` is the last day it is held. Raises LastAdministrator."""
    with transaction.atomic():
        if position.role == Role.SYSTEM_ADMIN:
            require(by, "registry.end_position", position)
            refuse_last_administrator(until=ends_on, without=Q(pk=position.pk))
        return ended(position, ends_on=ends_on, by=by)


def ended(position: Position, *, ends_on: date, by: Actor) -> Position:
    with change(position, by=by, permission="registry.end_position") as row:
        if row.ends_on is not None and ends_on > row.ends_on:
            later = ValidationError(_("结束日期不能晚于现在的结束日期；需要延长请用续期。"), code="later")
            raise ValidationError({"ends_on": later})
        row.ends_on = ends_on
        accounts.end_sessions_of_appointee(row.person, by=by)
        accounts.revoke_tokens(row.person, by=by, position_id=row.pk)
        send(row.person, "position_ended", position=row, ends_on=ends_on.isoformat())
    return row


def refuse_last_administrator(*, until: date, without: Q) -> None:
    """Somebody else who can log in must go on as system administrator. Raises LastAdministrator.

    The rows are locked in one order, so that of two who end each other's position only one succeeds.
    """
    administrators = Position.objects.filter(role=Role.SYSTEM_ADMIN)
    list(
        administrators.select_related("person")
        .select_for_update(of=("self", "person"), no_key=True)
        .order_by("pk")
    )
    others = held_on(administrators, timezone.localdate()).filter(person__state=Person.State.ACTIVE)
    if not others.filter(Q(ends_on=None) | Q(ends_on__gt=until)).exclude(without).exists():
        raise LastAdministrator


def extend_position(position: Position, *, ends_on: date | None, by: Actor) -> Position:
    """To a later last day, or without an end. Raises OverlappingDates."""
    with change(position, by=by, permission="registry.extend_position") as row:
        if row.ends_on is None or (ends_on is not None and ends_on <= row.ends_on):
            later = ValidationError(_("续期后的结束日期须晚于现在的结束日期。"), code="not_later")
            raise ValidationError({"ends_on": later})
        refuse_overlap(row.starts_on, ends_on, list(same_as(row).values_list("starts_on", "ends_on")))
        row.ends_on = ends_on
        accounts.end_sessions_of_appointee(row.person, by=by)
        send(row.person, "position_granted", position=row)
    return row


def withdraw_position(position: Position, *, today: date, by: Actor) -> None:
    """Take back a grant that was a mistake; only before it was held for a whole day. Raises AlreadyHeld."""
    with transaction.atomic():
        row = locked(position)
        require(by, "registry.withdraw_position", row)
        if row.starts_on < today:
            raise AlreadyHeld
        if row.role == Role.SYSTEM_ADMIN and row.starts_on == today:
            refuse_last_administrator(until=today, without=Q(pk=row.pk))
        record(by, "registry.withdraw_position", row, before=snapshot(row))
        accounts.end_sessions_of_appointee(row.person, by=by)
        accounts.revoke_tokens(row.person, by=by, position_id=row.pk)
        row.delete()
