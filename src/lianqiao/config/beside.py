"""A new database built beside the one in use, put into its place at the very end: all of it or nothing."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection, transaction

PARTS = ("", "-wal", "-shm")


@contextmanager
def new_database(kept_as: str | None) -> Iterator[None]:
    """Inside, the connection leads to an empty new database; it takes the old one's place when the body succeeds.

    `kept_as` ends the name under which the old one stays; None throws it away.
    """
    build = new_sqlite if connection.vendor == "sqlite" else new_schema
    with build(kept_as):
        yield


@contextmanager
def new_sqlite(kept_as: str | None) -> Iterator[None]:
    target = Path(connection.settings_dict["NAME"])
    fresh = target.with_name(target.name + ".restoring")
    connection.close()
    remove(fresh)
    connection.settings_dict["NAME"] = fresh
    try:
        yield
        with connection.cursor() as cursor:
            # Everything into the one file that is renamed.
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        # The journals move along: what was written last may still be in them.
        for part in PARTS:
            old = Path(f"{target}{part}")
            if old.exists():
                if kept_as:
                    os.replace(old, f"{target}.{kept_as}{part}")
                else:
                    old.unlink()
        os.replace(fresh, target)
        sync_folder(target.parent)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = target
        remove(fresh)


def remove(database: Path) -> None:
    for part in PARTS:
        Path(f"{database}{part}").unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def new_schema(kept_as: str | None) -> Iterator[None]:
    """PostgreSQL: the same with schemas, in one transaction."""
    quote = connection.ops.quote_name
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        live = cursor.fetchone()[0]
        cursor.execute("CREATE SCHEMA restoring")
        cursor.execute("SET LOCAL search_path TO restoring")
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        if kept_as:
            cursor.execute(f"ALTER SCHEMA {quote(live)} RENAME TO {quote(kept_as)}")
        else:
            cursor.execute(f"DROP SCHEMA {quote(live)} CASCADE")
        cursor.execute(f"ALTER SCHEMA restoring RENAME TO {quote(live)}")
