"""What happens to the parts of an organisation: its units and its Party branches."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from lianqiao.core.actor import Actor
from lianqiao.core.writing import change, creation
from lianqiao.registry.models import PartyBranch, Unit


def add_unit(*, by: Actor, **fields: Any) -> Unit:
    with creation(Unit(**fields), by=by, permission="registry.add_unit") as unit:
        pass
    return unit


def edit_unit(unit: Unit, *, by: Actor, seen: int | None = None, **fields: Any) -> Unit:
    with change(unit, by=by, permission="registry.edit_unit", seen=seen) as row:
        for name, value in fields.items():
            setattr(row, name, value)
    return row


def add_branch(*, by: Actor, **fields: Any) -> PartyBranch:
    """Raises NotPermitted, ValidationError."""
    row = PartyBranch(**fields)
    refuse_other_unit(row.organisation_id, row.unit)
    with creation(row, by=by, permission="registry.add_branch") as branch:
        pass
    return branch


def edit_branch(branch: PartyBranch, *, by: Actor, seen: int | None = None, **fields: Any) -> PartyBranch:
    with change(branch, by=by, permission="registry.edit_branch", seen=seen) as row:
        for name, value in fields.items():
            setattr(row, name, value)
        refuse_other_unit(row.organisation_id, row.unit)
    return row


def refuse_other_unit(organisation_id: int | None, unit: Unit | None) -> None:
    if unit is not None and unit.organisation_id != organisation_id:
        raise ValidationError({"unit": _("“%(unit)s”不是该单位的二级单位。") % {"unit": unit}})
