"""The index over `Entry.search_text` in the database itself: full text on SQLite, GIN on PostgreSQL.

PostgreSQL keeps the terms of a row in a column that it computes itself and that no model has: made anew for each row
that a plan looks at, they would cost more than everything else of a search.

It is made after each `migrate`, not in a migration: on SQLite every later change of a column makes the table anew and
loses its triggers, and a search that silently finds nothing is worse than one more look at each start.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "lists_entry"
NAME = "lists_entry_terms"
COLUMN = "search_terms"
VECTOR = "array_to_tsvector(string_to_array(search_text, ' '))"
TRIGGERS = {
    "added": "AFTER INSERT ON {table} BEGIN {put} END",
    "removed": "AFTER DELETE ON {table} BEGIN {take} END",
    "changed": "AFTER UPDATE OF search_text ON {table} WHEN old.search_text <> new.search_text "
    "BEGIN {take} {put} END",
}
PUT = f"INSERT INTO {NAME}(rowid, search_text) VALUES (new.id, new.search_text);"  # noqa: S608
# What FTS5 is told to forget must be told as it was learnt.
TAKE = f"INSERT INTO {NAME}({NAME}, rowid, search_text) VALUES ('delete', old.id, old.search_text);"  # noqa: S608


def prepare(connection: BaseDatabaseWrapper) -> None:
    """Make what is missing of the index; what is there stays."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            computed = f"{COLUMN} tsvector GENERATED ALWAYS AS ({VECTOR}) STORED"
            cursor.execute(f"ALTER TABLE {TABLE} ADD COLUMN IF NOT EXISTS {computed}")
            cursor.execute(f"CREATE INDEX IF NOT EXISTS {NAME} ON {TABLE} USING gin ({COLUMN})")
            return
        cursor.execute(
            f"CREATE VIRTUAL TABLE IF NOT EXISTS {NAME} USING fts5(search_text, content='{TABLE}', "
            "content_rowid='id', detail=none, tokenize=\"unicode61 remove_diacritics 0\")"
        )
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [TABLE])
        there = {name for (name,) in cursor.fetchall()}
        missing = [when for when in TRIGGERS if f"{NAME}_{when}" not in there]
        for when in missing:
            cursor.execute(f"CREATE TRIGGER {NAME}_{when} {trigger(when)}")
        if missing:
            cursor.execute(f"INSERT INTO {NAME}({NAME}) VALUES ('rebuild')")  # noqa: S608


@contextmanager
def filled_at_once(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """For whoever adds very many entries in a transaction: SQLite learns their terms at the end, a sixth of the work.

    The trigger is away for this transaction alone: others see it as ever, and whatever takes the rows back brings it back.
    """
    if connection.vendor == "postgresql":
        yield
        return
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(connection.alias)
    with connection.cursor() as cursor:
        # From here on nobody else writes, so all that comes after the last entry is new.
        cursor.execute(f"DROP TRIGGER {NAME}_added")
        cursor.execute(f"SELECT coalesce(max(id), 0) FROM {TABLE}")  # noqa: S608
        (last,) = cursor.fetchone()
        yield
        cursor.execute(
            f"INSERT INTO {NAME}(rowid, search_text) SELECT id, search_text FROM {TABLE} WHERE id > %s",  # noqa: S608
            [last],
        )
        cursor.execute(f"CREATE TRIGGER {NAME}_added {trigger('added')}")


def trigger(when: str) -> str:
    return TRIGGERS[when].format(table=TABLE, put=PUT, take=TAKE)


@dataclass(frozen=True)
class Wanted:
    """Every word met by one of its alternatives; or one of these entries, or an entry of one of these organisations.

    An alternative that ends with `*` is the beginning of a term. That the other ways stand in here, and not in an OR
    around the lookup, lets SQLite begin with the few rows that are found.
    """

    words: tuple[tuple[str, ...], ...]
    entries: tuple[int, ...] = ()
    organisations: tuple[int, ...] = ()


class Finds(models.Lookup):
    """`search_text__finds`: a `Wanted`."""

    lookup_name = "finds"
    prepare_rhs = False
    rhs: Wanted

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[str]]:
        ways = [f"SELECT rowid FROM {NAME} WHERE {NAME} MATCH %s"]  # noqa: S608
        params = [self.query('"', "*", "OR", "AND")]
        if self.rhs.entries:
            ways.append("SELECT value FROM json_each(%s)")
            params.append(json.dumps(self.rhs.entries))
        if self.rhs.organisations:
            chosen = "SELECT value FROM json_each(%s)"
            ways.append(f"SELECT id FROM {TABLE} WHERE organisation_id IN ({chosen})")  # noqa: S608
            params.append(json.dumps(self.rhs.organisations))
        row = compiler.quote_name_unless_alias(self.lhs.alias)
        return f'{row}."id" IN ({" UNION ALL ".join(ways)})', params

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        row = compiler.quote_name_unless_alias(self.lhs.alias)
        ways = [f'{row}."{COLUMN}" @@ %s::tsquery']
        params: list[Any] = [self.query("'", ":*", "|", "&")]
        for name, ids in (("id", self.rhs.entries), ("organisation_id", self.rhs.organisations)):
            if ids:
                ways.append(f'{row}."{name}" = ANY(%s)')
                params.append(list(ids))
        return f"({' OR '.join(ways)})", params

    def query(self, quote: str, beginning: str, either: str, both: str) -> str:
        words = [
            f" {either} ".join(quoted(term, quote, beginning) for term in word) for word in self.rhs.words
        ]
        return f" {both} ".join(f"({word})" for word in words)


def quoted(term: str, quote: str, beginning: str) -> str:
    """Terms are letters, digits and hanzi; only the star has a meaning."""
    return f"{quote}{term.removesuffix('*')}{quote}{beginning if term.endswith('*') else ''}"


models.TextField.register_lookup(Finds)
