"""Who holds which role where: granted, ended. Both end the person's sessions."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lianqiao.accounts.actions import end_sessions_after_role_change
from lianqiao.accounts.models import Person
from lianqiao.core.actor import Actor, Role
from lianqiao.core.refusals import Refused
from lianqiao.core.writing import change, creation
from lianqiao.registry.actions.chains import refuse_overlap
from lianqiao.registry.models import Position


class LastAdministrator(Refused):
    code = "last_administrator"
    sentence = _("这是最后一位系统管理员，须先授予另一人，再结束此身份。")


def grant_position(*, by: Actor, **fields: Any) -> Position:
    """Raises NotPermitted (also to oneself), OverlappingDates, ValidationError."""
    row = Position(**fields)
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=row.person_id)
        same = Position.objects.filter(
            person=person,
            role=row.role,
            organisation=row.organisation,
            unit=row.unit,
            chain=row.chain,
        )
        refuse_overlap(row.starts_on, row.ends_on, list(same.values_list("starts_on", "ends_on")))
        with creation(row, by=by, permission="registry.grant_position") as position:
            end_sessions_after_role_change(person)
    return position


def end_position(position: Position, *, ends_on: date, by: Actor) -> Position:
    """`ends_on` is the last day it is held. Raises LastAdministrator."""
    with change(position, by=by, permission="registry.end_position") as row:
        others = Position.objects.filter(role=row.role, ends_on=None).exclude(pk=row.pk)
        if row.role == Role.SYSTEM_ADMIN and not others.exists():
            raise LastAdministrator
        row.ends_on = ends_on
        end_sessions_after_role_change(row.person)
    return row
