"""The index over `Entry.search_text` in the database itself: full text on SQLite, GIN on PostgreSQL.

It is made after each `migrate`, not in a migration: on SQLite every later change of a column makes the table anew and
loses its triggers, and a search that silently finds nothing is worse than one more look at each start.
"""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "lists_entry"
NAME = "lists_entry_terms"
VECTOR = "array_to_tsvector(string_to_array({column}, ' '))"
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
            vector = VECTOR.format(column="search_text")
            cursor.execute(f"CREATE INDEX IF NOT EXISTS {NAME} ON {TABLE} USING gin ({vector})")
            return
        cursor.execute(
            f"CREATE VIRTUAL TABLE IF NOT EXISTS {NAME} USING fts5(search_text, content='{TABLE}', "
            "content_rowid='id', detail=none, tokenize=\"unicode61 remove_diacritics 0\")"
        )
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [TABLE])
        there = {name for (name,) in cursor.fetchall()}
        missing = [when for when in TRIGGERS if f"{NAME}_{when}" not in there]
        for when in missing:
            body = TRIGGERS[when].format(table=TABLE, put=PUT, take=TAKE)
            cursor.execute(f"CREATE TRIGGER {NAME}_{when} {body}")
        if missing:
            cursor.execute(f"INSERT INTO {NAME}({NAME}) VALUES ('rebuild')")  # noqa: S608


class Finds(models.Lookup):
    """`search_text__finds`: a tuple of alternatives for each word; every word must be met by one of them.

    An alternative that ends with `*` is the beginning of a term.
    """

    lookup_name = "finds"
    prepare_rhs = False
    rhs: Any

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[str]]:
        words = [" OR ".join(quoted(term, '"', "*") for term in word) for word in self.rhs]
        query = " AND ".join(f"({word})" for word in words)
        row = compiler.quote_name_unless_alias(self.lhs.alias)
        return f'{row}."id" IN (SELECT rowid FROM {NAME} WHERE {NAME} MATCH %s)', [query]  # noqa: S608

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        words = [" | ".join(quoted(term, "'", ":*") for term in word) for word in self.rhs]
        query = " & ".join(f"({word})" for word in words)
        column, params = self.process_lhs(compiler, connection)
        return f"{VECTOR.format(column=column)} @@ %s::tsquery", [*params, query]


def quoted(term: str, quote: str, beginning: str) -> str:
    """Terms are letters, digits and hanzi; only the star has a meaning."""
    return f"{quote}{term.removesuffix('*')}{quote}{beginning if term.endswith('*') else ''}"


models.TextField.register_lookup(Finds)
