"""What a list of hundreds of thousands begins with, and that it finds the same whatever that is."""

import pytest

from lianqiao.core.actor import Role
from lianqiao.lists.models import Entry
from lianqiao.lists.queries import own_entries, whole_entries
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("word", "found"), [("research", [0, 1]), ("industry", [1]), ("search", []), ("Research", []), ('"', [])]
)
def test_entries_hold_a_dimension_by_its_whole_word(here, word, found):
    said = (["research"], ["industry", "research"], [], ["training"])
    rows = [make.entry(on=here, dimensions=dimensions) for dimensions in said]

    assert list(Entry.objects.filter(dimensions__holds=word).order_by("pk")) == [rows[at] for at in found]


# PostgreSQL goes by how many rows there are.
@pytest.mark.sqlite_tells
def test_sqlite_begins_with_what_is_the_colleges_own(here):
    actor = make.actor(Role.COLLEGE_CONTACT, here)
    own = Entry.objects.filter(own_entries(actor), kind="need", state="draft", chain__in=actor.chains)

    assert "entry_unit (unit_id=? AND organisation_id=? AND kind=? AND chain_id=?)" in own.explain()


# PostgreSQL goes by how many rows there are.
@pytest.mark.sqlite_tells
def test_sqlite_fetches_a_page_by_its_ids():
    plan = whole_entries().filter(pk__in=[1, 2, 3]).explain()

    assert "SEARCH lists_entry USING INTEGER PRIMARY KEY" in plan
