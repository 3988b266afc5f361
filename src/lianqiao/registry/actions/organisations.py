"""What happens to organisations."""

from typing import Any

from lianqiao.core.actor import Actor
from lianqiao.core.lifecycle import Lifecycle
from lianqiao.core.writing import change, creation
from lianqiao.registry.models import Organisation, OrganisationName

lifecycle = Lifecycle(Organisation)
State = Organisation.State
DESCRIBED = ("business", "size", "address")


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
    """A changed name keeps the old one as a former name, so that it is still found."""
    with change(organisation, by=by, permission="registry.edit_organisation", seen=seen) as row:
        old_name = row.name
        for name, value in fields.items():
            setattr(row, name, value)
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


@lifecycle.move(State.ACTIVE, to=State.CLOSED)
def close_organisation(organisation: Organisation, *, by: Actor) -> None:
    """The organisation was dissolved; its records stay."""


@lifecycle.move(State.CLOSED, to=State.ACTIVE)
def reopen_organisation(organisation: Organisation, *, by: Actor) -> None:
    """It was closed by mistake."""


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
