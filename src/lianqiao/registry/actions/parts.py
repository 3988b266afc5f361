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
    refuse_no_plan(row)
    with creation(row, by=by, permission="registry.add_branch") as branch:
        pass
    return branch


def edit_branch(branch: PartyBranch, *, by: Actor, seen: int | None = None, **fields: Any) -> PartyBranch:
    with change(branch, by=by, permission="registry.edit_branch", seen=seen) as row:
        for name, value in fields.items():
            setattr(row, name, value)
        refuse_other_unit(row.organisation_id, row.unit)
        refuse_no_plan(row)
    return row


def refuse_no_plan(branch: PartyBranch) -> None:
    """Both columns stand in the office's sheet: 未建立原因, 拟建日期; what is missing is told at once."""
    if branch.kind != PartyBranch.Kind.NONE:
        return
    missing = {}
    if not branch.why_none.strip():
        missing["why_none"] = _("尚未建立党组织的，请填写未建立原因。")
    if branch.planned_on is None:
        missing["planned_on"] = _("尚未建立党组织的，请填写拟建日期。")
    if missing:
        raise ValidationError(missing)


def refuse_other_unit(organisation_id: int | None, unit: Unit | None) -> None:
    if unit is not None and unit.organisation_id != organisation_id:
        raise ValidationError({"unit": _("“%(unit)s”不是该单位的二级单位。") % {"unit": unit}})
