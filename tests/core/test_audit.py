import pytest
from django.db import connection

from lianqiao.core.actor import at_the_terminal
from lianqiao.core.audit import head, record, verify
from lianqiao.core.models import AuditEntry

pytestmark = pytest.mark.django_db
BY = at_the_terminal("test")
COLUMNS = [
    "id",
    "at",
    "request_id",
    "person_id",
    "name",
    "position_id",
    "position_label",
    "network",
    "action",
    "subject_type",
    "subject_id",
    "subject_label",
    "before",
    "after",
    "previous",
    "hash",
]


def six_entries() -> None:
    for number in range(6):
        record(BY, "export", after={"number": number})


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def verdict() -> tuple[int | None, str]:
    found = verify()
    return found.bad, found.problem


def test_verify_untouched_trail_is_whole():
    six_entries()

    assert verify().is_whole
    assert verify().entries == 6


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("name", "别人"),
        ("action", "login"),
        ("after", '{"number":3} '),
        ("at", "2020-01-01 00:00:00.000000+00:00"),
        ("person_id", 7),
        ("position_id", 7),
        ("network", "10.0.0.1"),
        ("request_id", "another"),
        ("subject_label", "别的单位"),
    ],
)
def test_verify_edited_column_names_that_entry(column, value):
    six_entries()
    sql(f"UPDATE core_auditentry SET {column} = %s WHERE id = 4", value)

    assert verdict() == (4, "edited")


def test_verify_deleted_entry_names_the_missing_one():
    six_entries()
    sql("DELETE FROM core_auditentry WHERE id = 3")

    assert verdict() == (3, "missing")


def test_verify_swapped_entries_names_the_first():
    six_entries()
    sql("UPDATE core_auditentry SET id = 100 WHERE id = 2")
    sql("UPDATE core_auditentry SET id = 2 WHERE id = 5")
    sql("UPDATE core_auditentry SET id = 5 WHERE id = 100")

    assert verdict()[0] == 2


def test_verify_truncated_trail_names_the_first_missing():
    six_entries()
    sql("DELETE FROM core_auditentry WHERE id > 4")

    assert verdict() == (5, "truncated")


@pytest.mark.parametrize("place", [0, 7])
def test_verify_inserted_entry_is_named(place):
    six_entries()
    others = ", ".join(COLUMNS[1:])
    sql(
        f"INSERT INTO core_auditentry (id, {others}) SELECT {place}, {others} FROM core_auditentry WHERE id = 6"
    )

    assert verdict() == (place, "inserted")


def test_verify_inserted_between_with_the_rest_moved_up_names_the_first():
    six_entries()
    sql("UPDATE core_auditentry SET id = id + 100 WHERE id > 3")
    sql("UPDATE core_auditentry SET id = id - 99 WHERE id > 100")
    others = ", ".join(COLUMNS[1:])
    sql(f"INSERT INTO core_auditentry (id, {others}) SELECT 4, {others} FROM core_auditentry WHERE id = 3")

    assert verdict() == (4, "edited")


def test_verify_truncation_with_the_head_set_back_is_found_by_a_noted_head():
    six_entries()
    noted = head()
    sql("DELETE FROM core_auditentry WHERE id > 4")
    sql("UPDATE core_audithead SET last_id = 4, hash = (SELECT hash FROM core_auditentry WHERE id = 4)")

    assert verify().is_whole
    assert (verify(noted).bad, verify(noted).problem) == (5, "truncated")


def test_verify_head_that_points_elsewhere_is_found():
    six_entries()
    sql("UPDATE core_audithead SET hash = %s", "f" * 64)

    assert verdict() == (6, "head")


def test_entry_cannot_be_saved_again_or_deleted_by_the_program():
    six_entries()
    entry = AuditEntry.objects.get(id=2)

    with pytest.raises(TypeError):
        entry.save()
    with pytest.raises(TypeError):
        entry.delete()


def test_verify_refuses_a_head_that_is_none():
    with pytest.raises(ValueError, match="nonsense"):
        verify("nonsense")
