"""Many new rows of one model, without making a model of each: Django's `bulk_create` takes ten times as long.

Nothing is checked here, and no `save` is called: whoever uses it has checked the rows and computed what `save` would.
The database's own constraints hold as ever.
"""

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice, repeat
from operator import itemgetter
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models

CHUNK = 1000
NUMBERS, TEXTS = {int, type(None)}, {str, type(None)}
# Of these fields a database takes such values as they are.
AS_THEY_ARE = dict.fromkeys(
    ("BigAutoField", "IntegerField", "PositiveIntegerField", "PositiveSmallIntegerField", "BigIntegerField",
     "PositiveBigIntegerField", "ForeignKey"), NUMBERS,
) | dict.fromkeys(("CharField", "TextField"), TEXTS)  # fmt: skip
Item = TypeVar("Item")


@contextmanager
def uncollected() -> Iterator[None]:
    """Python does not look for circles of garbage: among a hundred thousand new rows it would look again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def blank(model: type[models.Model]) -> dict[str, Any]:
    """What a new row has where nothing is said, by column."""
    row = model()
    return {field.attname: getattr(row, field.attname) for field in model._meta.concrete_fields}


def new_ids(model: type[models.Model], count: int) -> list[int]:
    """Ids that no row has or ever had, in rising order. On SQLite whoever asks must be writing already."""
    table, connection = model._meta.db_table, connections[DEFAULT_DB_ALIAS]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
            )
            return sorted(pk for (pk,) in cursor.fetchall())
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        (last,) = cursor.fetchone() or (0,)
    return list(range(last + 1, last + 1 + count))


def insert_rows(model: type[models.Model], rows: Iterable[dict[str, Any]]) -> None:
    """`rows` give every column, ids included."""
    # The connection itself: what stands for it is asked a dozen times for each value.
    fields, connection = model._meta.concrete_fields, connections[DEFAULT_DB_ALIAS]
    quoted = connection.ops.quote_name
    columns = ", ".join(quoted(str(field.column)) for field in fields)
    table = quoted(model._meta.db_table)
    told = itemgetter(*(field.attname for field in fields))

    def values(some: list[dict[str, Any]]) -> Iterator[tuple[Any, ...]]:
        """Column by column: most hold the very same thing from row to row, or what a database takes as it is."""
        columns = zip(*map(told, some), strict=True)
        return zip(*map(prepared, fields, columns, repeat(connection)), strict=True)

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as out:
                for some in batched(rows, CHUNK):
                    for row in values(some):
                        out.write_row(row)
            return
        marks = ", ".join(["%s"] * len(fields))
        for some in batched(rows, CHUNK):
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", list(values(some)))  # noqa: S608


def prepared(field: models.Field, column: tuple[Any, ...], connection: Any) -> Iterable[Any]:
    if set(map(type, column)) <= AS_THEY_ARE.get(field.get_internal_type(), set()):
        return column
    found, last, ready = [], object(), None
    for value in column:
        if value is not last:
            last, ready = value, field.get_db_prep_save(value, connection)
        found.append(ready)
    return found


def batched(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    rest = iter(items)
    while some := list(islice(rest, size)):
        yield some
