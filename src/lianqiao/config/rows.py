"""Rows of a table as lines of JSON and back, the same for every kind of database."""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.apps.registry import Apps
from django.core.management.color import no_style
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models
from django.db.models import QuerySet

# Whoever had a session logs in again: a restored one could be older than its own end.
LEFT_OUT = {"sessions.session"}
AT_ONCE = 500
AS_IT_IS = (bool, int, float, str, list, dict)


@contextmanager
def one_moment() -> Iterator[None]:
    """Everything that is read inside is of one moment; others go on writing."""
    with connection.cursor() as cursor:
        # Not `atomic`: on SQLite that would take the write lock, and a backup would stop the office.
        cursor.execute(
            "BEGIN" if connection.vendor == "sqlite" else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        )
        cursor.execute("SELECT count(*) FROM django_migrations")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def kept_models(apps: Apps | Any) -> list[type[models.Model]]:
    every = apps.get_models(include_auto_created=True)
    kept = [m for m in every if m._meta.managed and not m._meta.proxy and m._meta.label_lower not in LEFT_OUT]
    return sorted(kept, key=lambda model: model._meta.db_table)


def columns_of(model: type[models.Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def count_of(model: type[models.Model]) -> int:
    return QuerySet(model).count()


def lines_of(model: type[models.Model]) -> Iterator[bytes]:
    fields = model._meta.concrete_fields
    rows: QuerySet[models.Model] = QuerySet(model).order_by("pk")
    for row in rows.iterator(chunk_size=2000):
        values = [plain(field, row) for field in fields]
        yield (
            json.dumps(values, ensure_ascii=False, cls=DjangoJSONEncoder, separators=(",", ":")).encode()
            + b"\n"
        )


def plain(field: Any, row: models.Model) -> Any:
    value = field.value_from_object(row)
    return value if value is None or isinstance(value, AS_IT_IS) else field.value_to_string(row)


def load(
    model: type[models.Model], columns: list[str], lines: Iterable[bytes], step: Callable[[int], None]
) -> None:
    """Insert the rows as they were: no default, no `auto_now`, no `save` has a say."""
    by_name = {field.attname: field for field in model._meta.concrete_fields}
    fields = [by_name[column] for column in columns]
    quote = connection.ops.quote_name
    names, places = ", ".join(quote(str(f.column)) for f in fields), ", ".join("%s" for _ in fields)
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({places})"  # noqa: S608
    rows: list[list[Any]] = []
    with connection.cursor() as cursor:
        for line in lines:
            rows.append(
                [prepared(field, value) for field, value in zip(fields, json.loads(line), strict=True)]
            )
            if len(rows) == AT_ONCE:
                cursor.executemany(statement, rows)
                step(len(rows))
                rows = []
        if rows:
            cursor.executemany(statement, rows)
            step(len(rows))


def prepared(field: Any, value: Any) -> Any:
    return field.get_db_prep_save(field.to_python(value), connection)


def empty(model: type[models.Model]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608


def continue_numbering(loaded: list[type[models.Model]]) -> None:
    """The next new row must not get the number of a restored one."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), loaded):
            cursor.execute(statement)
