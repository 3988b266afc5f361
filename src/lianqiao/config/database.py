"""Is the database there, migrated, and as careful with what it was given as we promise?"""

from collections.abc import Callable

import click
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from lianqiao.core.actor import Actor
from lianqiao.registry.actions.reference import load_default_tables

FULL = 2


def waiting_migrations() -> list[str]:
    """Names of migrations that the database does not have yet."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def migrate(*, by: Actor, say: Callable[[str], None] = click.echo) -> None:
    """Bring the database up to date, and fill the reference tables that are empty with our small ones."""
    if waiting := waiting_migrations():
        say(f"Migrating the database: {len(waiting)} migrations")
        call_command("migrate", verbosity=0, interactive=False)
    if loaded := load_default_tables(by=by):
        say(f"Default reference tables loaded: {', '.join(loaded)}")


def unsafe_settings() -> list[str]:
    """What keeps SQLite from holding each acknowledged write through a power cut; empty when all is well."""
    if connection.vendor != "sqlite":
        return []
    with connection.cursor() as cursor:
        journal = cursor.execute("PRAGMA journal_mode").fetchone()[0]
        synchronous = cursor.execute("PRAGMA synchronous").fetchone()[0]
        foreign_keys = cursor.execute("PRAGMA foreign_keys").fetchone()[0]
    found = []
    if journal != "wal":
        found.append(f"journal_mode is {journal}, not wal")
    if synchronous != FULL:
        found.append(f"synchronous is {synchronous}, not {FULL} (FULL)")
    if foreign_keys != 1:
        found.append("foreign_keys is off")
    return found
