"""What happens to organisations."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ForeignObjectRel
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianqiao.core.actor import COMMAND, Actor, Role
from lianqiao.core.audit import record
from lianqiao.core.lifecycle import Lifecycle
from lianqiao.core.permissions import require
from lianqiao.core.refusals import Refused
from lianqiao.core.writing import change, creation, locked, snapshot
from lianqiao.registry.models import Organisation, OrganisationName
from lianqiao.registry.queries import live_memberships

lifecycle = Lifecycle(Organisation)
State = Organisation.State
DESCRIBED = ("business", "size", "address")
# What makes it the organisation that it is: no chain changes this alone for all.
IDENTITY = ("name", "credit_code", "kind")


class SharedOrganisation(Refused):
    code = "shared_organisation"
    status = 403
    sentence = _(
        "“%(name)s”也在别的管理部门的产业链上，它的名称、代码和性质不能由一方修改，也不能由一方注销或合并；请先与对方商定。"
    )


class AlreadyUsed(Refused):
    code = "already_used"
    sentence = _("“%(name)s”登记之后已有人修改或使用，不再撤回。")


class LeadsChains(Refused):
    code = "leads_chains"
    sentence = _("“%(name)s”还牵头 %(count)s 条产业链，请先改由别的管理部门牵头。")


def add_organisation(
    *, by: Actor, short_names: list[str] | None = None, former_names: list[str] | None = None, **fields: Any
) -> Organisation:
    row = Organisation(registered_by_id=by.organisation_id, **fields)
    with creation(row, by=by, permission="registry.add_organisation") as organisation:
        set_names(organisation, short_names or [], former_names or [])
    return organisation


def edit_organisation(
    organisation: Organisation,
    *,
    by: Actor,
    seen: int | None = None,
    short_names: list[str] | None = None,
    former_names: list[str] | None = None,
    **fields: Any,
) -> Organisation:
    """A changed name keeps the old one as a former name, so that it is still found.

    Raises NotPermitted, Stale, ValidationError.
    """
    with change(organisation, by=by, permission="registry.edit_organisation", seen=seen) as row:
        old_name, old_kind = row.name, row.kind
        changed = [
            name for name in IDENTITY if name in fields and (fields[name] or "") != (getattr(row, name) or "")
        ]
        if changed and is_shared(row, by=by):
            told = str(SharedOrganisation(name=old_name))
            raise ValidationError(
                {name: ValidationError(told, code=SharedOrganisation.code) for name in changed}
            )
        for name, value in fields.items():
            setattr(row, name, value)
        if row.kind != old_kind:
            # Whoever makes it another kind could have registered it as that.
            require(by, "registry.add_organisation", row)
        shorts = short_names if short_names is not None else names_of_kind(row, OrganisationName.Kind.SHORT)
        formers = (
            former_names if former_names is not None else names_of_kind(row, OrganisationName.Kind.FORMER)
        )
        if row.name.strip() != old_name and old_name not in formers:
            formers = [*formers, old_name]
        set_names(row, shorts, formers)
    return row


def describe_organisation(
    organisation: Organisation, *, by: Actor, seen: int | None = None, **fields: Any
) -> Organisation:
    """What an organisation may say of itself; name and code stay with the office."""
    with change(organisation, by=by, permission="registry.describe_organisation", seen=seen) as row:
        for name in DESCRIBED:
            setattr(row, name, fields.get(name, getattr(row, name)))
    return row


def withdraw_organisation(organisation: Organisation, *, by: Actor) -> None:
    """It was registered just now and is taken back with what it was registered for.

    Raises NotPermitted, and AlreadyUsed where somebody has changed it or anything refers to it.
    """
    with transaction.atomic():
        row = locked(organisation)
        require(by, "registry.add_organisation", row)
        if row.version or is_referred_to(row):
            raise AlreadyUsed(name=row.name)
        record(by, "registry.add_organisation", row, before=snapshot(row))
        row.delete()


def is_referred_to(organisation: Organisation) -> bool:
    """Its own other names apart; what is of an upper app counts too."""
    relations = (
        field
        for field in organisation._meta.get_fields(include_hidden=True)
        if isinstance(field, ForeignObjectRel) and not field.many_to_many
    )
    return any(
        one.related_model._base_manager.filter(**{one.field.name: organisation}).exists()
        for one in relations
        if one.related_model is not OrganisationName
    )


@lifecycle.move(State.ACTIVE, to=State.CLOSED)
def close_organisation(organisation: Organisation, *, by: Actor) -> None:
    """The organisation was dissolved; its records stay. Raises SharedOrganisation, LeadsChains."""
    refuse_shared(organisation, by=by)
    if count := organisation.chains_run.count():
        raise LeadsChains(name=organisation.label, count=count)


@lifecycle.move(State.CLOSED, to=State.ACTIVE)
def reopen_organisation(organisation: Organisation, *, by: Actor) -> None:
    """It was closed by mistake. Raises SharedOrganisation."""
    refuse_shared(organisation, by=by)


def is_shared(organisation: Organisation, *, by: Actor) -> bool:
    """It is a member now of a chain that `by` does not reach, and `by` is on the side of some chain."""
    if by.role in (COMMAND, Role.SYSTEM_ADMIN):
        return False
    live = live_memberships(timezone.localdate()).filter(organisation=organisation)
    return live.exclude(chain__in=by.chains).exists()


def refuse_shared(organisation: Organisation, *, by: Actor) -> None:
    if is_shared(organisation, by=by):
        raise SharedOrganisation(name=organisation.name)


def set_names(row: Organisation, shorts: list[str], formers: list[str]) -> None:
    wanted = [(OrganisationName.Kind.SHORT, name) for name in dict.fromkeys(shorts)]
    wanted += [(OrganisationName.Kind.FORMER, name) for name in dict.fromkeys(formers)]
    if wanted == [(known.kind, known.name) for known in row.names.order_by("-kind", "id")]:
        return
    row.names.all().delete()
    for kind, name in wanted:
        other = OrganisationName(organisation=row, kind=kind, name=name)
        other.full_clean()
        other.save()
    vars(row).pop("_prefetched_objects_cache", None)
    row.save()  # the search text covers the other names


def names_of_kind(row: Organisation, kind: str) -> list[str]:
    return list(row.names.filter(kind=kind).values_list("name", flat=True))
