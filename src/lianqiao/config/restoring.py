"""Puts a backup back: checked before, built beside, counted and verified, and only then put into place."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from lianqiao.accounts.queries import accounts_for
from lianqiao.config.archive import BadBackup, Manifest, Reader, opened
from lianqiao.config.beside import new_database
from lianqiao.config.locks import take
from lianqiao.config.rows import continue_numbering, count_of, empty, kept_models, load
from lianqiao.config.secret import KEY_FILE, audit_key
from lianqiao.config.serving import IN_USE
from lianqiao.config.worker import LOCK
from lianqiao.core.actor import at_the_terminal
from lianqiao.core.audit import verify
from lianqiao.registry.queries import organisations_for

Step = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Restored:
    manifest: Manifest
    rows: int
    files: int
    kept_as: str | None
    problem: str


def restore_backup(
    path: Path, *, replace: bool, accept_broken_trail: bool, accept_other_key: bool = False, step: Step
) -> Restored:
    """`step` is told (what, done, total). Raises ClickException; then nothing was changed."""
    with ExitStack() as stack:
        for name in (IN_USE, LOCK):
            lock = take(name)
            if lock is None:
                raise click.ClickException("Lianqiao is running on this data folder. End it first.")
            stack.enter_context(lock)
        reader = stack.enter_context(opened(path))
        check(reader, step)
        key = key_of(reader)
        if not accept_other_key:
            refuse_other_key(key)
        holds_something = is_anything_there()
        if holds_something and not replace:
            raise click.ClickException(
                "The database holds something already. Use --replace to put the backup in its place; "
                "the present data are kept beside."
            )
        kept_as = f"before-restore-{timezone.localtime():%Y%m%d-%H%M%S}"
        stack.enter_context(key_in_use(key))
        files = stack.enter_context(files_put_back(reader, kept_as))
        stack.enter_context(key_put_back(key, kept_as))
        # Last in, first out: the database takes its place while all the rest can still be taken back.
        with new_database(kept_as if holds_something else None):
            rows = fill(reader, step)
            problem = problem_of_trail(reader.manifest)
            if problem and not accept_broken_trail:
                raise BadBackup(f"{problem}; --accept-broken-trail restores it all the same")
    return Restored(reader.manifest, rows, files, kept_as if holds_something else None, problem)


def check(reader: Reader, step: Step) -> None:
    total, done = reader.size, 0

    def told(size: int) -> None:
        nonlocal done
        done += size
        step("Checking", done, total)

    reader.verify(told)
    known = MigrationLoader(None).disk_migrations
    if unknown := [name for name in map(tuple, reader.manifest.migrations) if name not in known]:
        app, name = unknown[0]
        raise BadBackup(f"it was made by a newer version ({reader.manifest.version}, with {app}.{name})")


def key_of(reader: Reader) -> str:
    """The key that the restored data need. Raises BadBackup."""
    key = os.environ.get("LIANQIAO_SECRET_KEY") or reader.key()
    if key is None:
        raise BadBackup("its key was given by the environment; set LIANQIAO_SECRET_KEY to the same key")
    reader.verify_seal(key)
    return key


def refuse_other_key(key: str) -> None:
    """A forger can seal a changed backup with a key of his own; ours would tell. Raises BadBackup."""
    if is_anything_there() and key != settings.SECRET_KEY:
        raise BadBackup(
            "it was sealed with another key than this installation's; compare its audit head with one that was "
            "noted outside, then use --accept-other-key"
        )


def is_anything_there() -> bool:
    """Whether an office would miss what is in the database; one that cannot be read counts as full."""
    by = at_the_terminal("restore")
    try:
        if "accounts_person" not in connection.introspection.table_names():
            return False
        return accounts_for(by).exists() or organisations_for(by).exists()
    except DatabaseError:
        return True


@contextmanager
def key_in_use(key: str) -> Iterator[None]:
    """The trail is verified with the key that sealed it, not with the one this process found."""
    before = settings.SECRET_KEY, settings.AUDIT_KEY
    settings.SECRET_KEY, settings.AUDIT_KEY = key, audit_key(key)
    try:
        yield
    finally:
        settings.SECRET_KEY, settings.AUDIT_KEY = before


def fill(reader: Reader, step: Step) -> int:
    """Tables as they were when the backup was made, its rows, then the migrations since. The number of rows."""
    manifest = reader.manifest
    executor = MigrationExecutor(connection)
    then = [(app, name) for app, name in manifest.migrations]
    nodes = executor.loader.graph.node_map
    leaves = [key for key in then if not any(child.key in then for child in nodes[key].children)]
    executor.migrate(leaves)
    state = MigrationExecutor(connection).loader.project_state(leaves)
    models = {model._meta.db_table: model for model in kept_models(state.apps)}
    if set(models) != set(manifest.tables):
        raise BadBackup("its tables are not those of its migrations")
    total, done = sum(table.rows for table in manifest.tables.values()), 0

    def told(count: int) -> None:
        nonlocal done
        done += count
        step("Restoring", done, total)

    with transaction.atomic():
        # On PostgreSQL the migrations left the constraints immediate; here rows come before those they point to.
        connection.check_constraints()
        for name, model in models.items():
            empty(model)
            with reader.open_table(name) as lines:
                load(model, manifest.tables[name].columns, lines, told)
            if (count := count_of(model)) != manifest.tables[name].rows:
                raise BadBackup(f"{name} has {count} rows, its manifest says {manifest.tables[name].rows}")
        continue_numbering(list(models.values()))
        connection.check_constraints()
    bring_up_to_date()
    return total


def bring_up_to_date() -> None:
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def problem_of_trail(manifest: Manifest) -> str:
    """Empty when the audit trail is whole and ends where the manifest says."""
    nothing_yet = manifest.audit_head.startswith("0:")
    verdict = verify("" if nothing_yet else manifest.audit_head)
    if not verdict.is_whole:
        return f"its audit trail is not whole: entry {verdict.bad} ({verdict.problem})"
    if verdict.head != manifest.audit_head:
        return f"its audit trail ends at {verdict.head}, its manifest says {manifest.audit_head}"
    return ""


@contextmanager
def files_put_back(reader: Reader, kept_as: str) -> Iterator[int]:
    """The files in place while the body runs; what was there before comes back when it fails."""
    target = Path(settings.MEDIA_ROOT)
    fresh = target.with_name(f"{target.name}.restoring")
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        count = reader.lay_out_files(fresh)
        with swapped(target, fresh, kept_as):
            yield count
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


@contextmanager
def key_put_back(key: str, kept_as: str) -> Iterator[None]:
    """The same for the key."""
    target = settings.DATA / KEY_FILE
    if "LIANQIAO_SECRET_KEY" in os.environ or (target.exists() and target.read_text(encoding="ascii") == key):
        yield
        return
    fresh = target.with_name(f"{KEY_FILE}.restoring")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.write(key)
        stream.flush()
        os.fsync(stream.fileno())
    try:
        with swapped(target, fresh, kept_as):
            yield
    finally:
        fresh.unlink(missing_ok=True)


@contextmanager
def swapped(target: Path, fresh: Path, kept_as: str) -> Iterator[None]:
    """`fresh` stands in the place of `target` while the body runs, and stays there when it succeeds.

    What stood there is kept beside even where the database was empty: it may belong to another one.
    """
    old = target.with_name(f"{target.name}.{kept_as}")
    had_any = target.exists()
    if had_any:
        os.replace(target, old)
    try:
        os.replace(fresh, target)
        yield
    except BaseException:
        if target.exists():
            os.replace(target, fresh)
        if had_any:
            os.replace(old, target)
        raise
    if had_any and old.is_dir() and not any(old.iterdir()):
        old.rmdir()
