"""Who holds which role where: granted, extended, ended, withdrawn. Each ends the person's sessions."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
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
    sentence = _("这是最后一位系统管理员，须先授予另一人，再结束此身份。")


class AlreadyHeld(Refused):
    code = "already_held"
    sentence = _("此身份已经开始使用，不能撤回，请改为结束。")


def invite(
    *, name: str, phone: str, email: str, by: Actor, now: datetime, **position: Any
) -> tuple[Position, str]:
    """Register a person with a first position; the token of the invitation is shown once and not kept.

    A phone that is known belongs to a person who is granted the position as well; then the token is empty, unless
    the person was never active and `by` may invite again. Raises ValidationError when that person has another name.
    """
    with transaction.atomic():
        known = person_with_phone(phone)
        if known is None:
            person, token = accounts.invite_person(name=name, phone=phone, email=email, by=by, now=now)
            return grant_position(person=person, by=by, **position), token
        refuse_another(known, name)
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


def invite_again(person: Person, *, by: Actor, now: datetime) -> str:
    """A new link; those sent before end."""
    return accounts.renew_invitation(person, permission="registry.invite_again", by=by, now=now)


def grant_position(*, by: Actor, **fields: Any) -> Position:
    """Raises NotPermitted (also to oneself), OverlappingDates, ValidationError."""
    row = Position(**fields)
    refuse_wrong_place(row)
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=row.person_id)
        refuse_overlap(row.starts_on, row.ends_on, list(same_as(row).values_list("starts_on", "ends_on")))
        with creation(row, by=by, permission="registry.grant_position") as position:
            accounts.end_sessions_of_appointee(person, by=by)
            send(person, "position_granted", position=str(position))
    return position


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
    with change(position, by=by, permission="registry.end_position") as row:
        others = Position.objects.filter(role=row.role, ends_on=None).exclude(pk=row.pk)
        if row.role == Role.SYSTEM_ADMIN and not others.exists():
            raise LastAdministrator
        if row.ends_on is not None and ends_on > row.ends_on:
            later = ValidationError(_("结束日期不能晚于现在的结束日期；需要延长请用续期。"), code="later")
            raise ValidationError({"ends_on": later})
        row.ends_on = ends_on
        accounts.end_sessions_of_appointee(row.person, by=by)
        send(row.person, "position_ended", position=str(row), ends_on=ends_on.isoformat())
    return row


def extend_position(position: Position, *, ends_on: date | None, by: Actor) -> Position:
    """To a later last day, or without an end. Raises OverlappingDates."""
    with change(position, by=by, permission="registry.extend_position") as row:
        if row.ends_on is None or (ends_on is not None and ends_on <= row.ends_on):
            later = ValidationError(_("续期后的结束日期须晚于现在的结束日期。"), code="not_later")
            raise ValidationError({"ends_on": later})
        refuse_overlap(row.starts_on, ends_on, list(same_as(row).values_list("starts_on", "ends_on")))
        row.ends_on = ends_on
        accounts.end_sessions_of_appointee(row.person, by=by)
        send(row.person, "position_granted", position=str(row))
    return row


def withdraw_position(position: Position, *, today: date, by: Actor) -> None:
    """Take back a grant that was a mistake; only before it was held for a whole day. Raises AlreadyHeld."""
    with transaction.atomic():
        row = locked(position)
        require(by, "registry.withdraw_position", row)
        if row.starts_on < today:
            raise AlreadyHeld
        record(by, "registry.withdraw_position", row, before=snapshot(row))
        accounts.end_sessions_of_appointee(row.person, by=by)
        row.delete()
