"""Loading the demo: the same at each load, and into an empty database only."""

from typing import Any

import pytest
from django.db import connection, models, transaction

from lianqiao.accounts.models import Person
from lianqiao.config.database import migrate
from lianqiao.core.actor import at_the_terminal
from lianqiao.portal.demo.loading import NotEmpty, is_loaded, load_demo
from lianqiao.registry.models import (
    Accession,
    Chain,
    Membership,
    Organisation,
    OrganisationName,
    PartyBranch,
    Position,
    Segment,
    SegmentLink,
    Unit,
)
from tests import factories as make

pytestmark = pytest.mark.sqlite_tells

BY = at_the_terminal("demo")
LOADED = [
    Organisation,
    OrganisationName,
    Unit,
    Chain,
    Segment,
    SegmentLink,
    Membership,
    Accession,
    PartyBranch,
    Person,
    Position,
]
MOMENTS = {"created_at", "changed_at"}


def loaded_once() -> dict[str, list[dict[str, Any]]]:
    with transaction.atomic():
        load_demo(by=BY, today=make.today())
        rows = {model.__name__: [told(row) for row in every(model)] for model in LOADED}
        transaction.set_rollback(True)
    return rows


def every(model: type[models.Model]) -> models.QuerySet:
    related = [field.name for field in model._meta.concrete_fields if field.is_relation]
    return model._base_manager.order_by("pk").select_related(*related)


def told(row: models.Model) -> dict[str, Any]:
    """The row with what it points to by name; its number too, where a rollback gives numbers back."""
    facts = {
        field.name: str(getattr(row, field.name)) if field.is_relation else field.value_from_object(row)
        for field in row._meta.concrete_fields
        if field.name not in MOMENTS and not (field.primary_key and connection.vendor != "sqlite")
    }
    return facts | {
        many.name: [str(other) for other in getattr(row, many.name).all()] for many in row._meta.many_to_many
    }


@pytest.mark.django_db
def test_load_demo_gives_the_same_rows_each_time():
    migrate(by=BY, say=lambda text: None)

    first, second = loaded_once(), loaded_once()

    assert second == first
    assert all(first.values())


@pytest.mark.django_db
@pytest.mark.parametrize("what", [make.organisation, make.person, make.chain])
def test_load_demo_refuses_a_database_that_holds_anything_else(what):
    there = what()

    with pytest.raises(NotEmpty):
        load_demo(by=BY, today=make.today())

    assert list(type(there).objects.all()) == [there]
    assert not is_loaded()
