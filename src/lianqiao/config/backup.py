"""Makes a backup of a running system: one moment of the database, the files, and the key."""

import os
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path

import click
from django.apps import apps
from django.conf import settings
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from lianqiao.config.archive import FILES, KEY, TABLES, Manifest, Table, Writer, fingerprint_of, new_archive
from lianqiao.config.database import waiting_migrations
from lianqiao.config.rows import columns_of, count_of, kept_models, lines_of, one_moment
from lianqiao.core.actor import Actor
from lianqiao.core.audit import head, record


def make_backup(path: Path, *, by: Actor, step: Callable[[int, int], None]) -> Manifest:
    """`step` is told (rows done, rows in all). Raises ClickException."""
    if waiting := waiting_migrations():
        raise click.ClickException(f"{len(waiting)} migrations are waiting. Run `lianqiao migrate` first.")
    note(path, by)
    with new_archive(path) as writer:
        with one_moment():
            manifest = beginning()
            add_tables(writer, manifest, step)
        # Files after the database: a row of that moment never points to a file that is not there.
        add_files(writer)
        if "LIANQIAO_SECRET_KEY" not in os.environ:
            writer.add(KEY, settings.SECRET_KEY.encode("ascii"))
        writer.close(manifest, settings.SECRET_KEY)
    return manifest


def note(path: Path, by: Actor) -> None:
    """All personal data leave the house in this file; the trail tells when."""
    try:
        record(by, "export", after={"backup": path.name})
    except OperationalError as error:
        # A full disk must not prevent the backup that saves what is on it.
        click.echo(f"The audit trail could not be written ({error}); the backup goes on.", err=True)


def beginning() -> Manifest:
    applied = MigrationRecorder(connection).applied_migrations()
    return Manifest(
        version=version("lianqiao"),
        made_at=timezone.now().isoformat(timespec="seconds"),
        database=connection.vendor,
        migrations=sorted([app, name] for app, name in applied),
        audit_head=head(),
        key=fingerprint_of(settings.SECRET_KEY),
    )


def add_tables(writer: Writer, manifest: Manifest, step: Callable[[int, int], None]) -> None:
    kept = [(model, count_of(model)) for model in kept_models(apps)]
    total, done = sum(count for _, count in kept), 0
    for model, count in kept:
        name = model._meta.db_table
        manifest.tables[name] = Table(model._meta.label_lower, columns_of(model), count)
        with writer.member(f"{TABLES}{name}.jsonl") as write:
            for line in lines_of(model):
                write(line)
                done += 1
                if done % 500 == 0:
                    step(done, total)
    step(total, total)


def add_files(writer: Writer) -> None:
    root = Path(settings.MEDIA_ROOT)
    for path in files_below(root):
        with writer.member(FILES + path.relative_to(root).as_posix()) as write, path.open("rb") as stream:
            while piece := stream.read(1024 * 1024):
                write(piece)


def files_below(root: Path) -> Iterator[Path]:
    return (path for path in sorted(root.rglob("*")) if path.is_file() and not path.is_symlink())
