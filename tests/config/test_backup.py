"""Backup of a running system, restore into the same and into another kind of database, and what is refused."""

import json
import sqlite3
import threading
import zipfile
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.utils import timezone

from lianqiao.config.archive import MANIFEST, SEAL, seal_of
from lianqiao.config.locks import take
from lianqiao.config.rows import kept_models
from lianqiao.core import audit
from lianqiao.core.actor import at_the_terminal
from lianqiao.core.models import AuditEntry
from lianqiao.registry.actions.organisations import add_organisation
from lianqiao.registry.models import Organisation
from tests.config.conftest import Installation, new_installation

BY = at_the_terminal("test")


def everything() -> dict[str, list]:
    """All rows of all tables, as plain values."""
    return {
        model._meta.db_table: sorted(
            map(str, model._base_manager.values_list(*[f.attname for f in model._meta.concrete_fields]))
        )
        for model in kept_models(apps)
    }


def rewrite(source: Path, target: Path, **members: bytes) -> Path:
    """A copy of an archive with some members replaced; names are those of the archive, `/` written as `__`."""
    wanted = {name.replace("__", "/").replace("-", "."): content for name, content in members.items()}
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, wanted.get(name, old.read(name)))
    return target


@pytest.fixture
def backup(office, tmp_path, lianqiao) -> Path:
    file = tmp_path / "backup.zip"
    Session.objects.create(session_key="a" * 32, session_data="", expire_date=timezone.now())
    (office.data / "files" / "agreements").mkdir(parents=True)
    (office.data / "files" / "agreements" / "协议.pdf").write_bytes(b"%PDF signed")
    result = lianqiao("backup", file)
    assert result.exit_code == 0, result.output
    return file


def test_restore_brings_back_every_row_every_file_and_the_key(office, backup, tmp_path, lianqiao, inside):
    before, head = everything(), audit.head()
    last = Organisation.objects.order_by("-pk")[0]
    empty = new_installation(tmp_path / "empty")
    inside(empty)

    result = lianqiao("restore", backup)

    assert result.exit_code == 0, result.output
    assert f"the audit trail is whole; head {head}" in result.output
    assert everything() == before
    assert (empty.data / "files" / "agreements" / "协议.pdf").read_bytes() == b"%PDF signed"
    assert (empty.data / "secret.key").read_text() == (office.data / "secret.key").read_text()
    assert (empty.data / "secret.key").stat().st_mode & 0o077 == 0
    # Sessions stay behind, and the next new row gets the next number.
    assert not Session.objects.exists()
    assert add_organisation(name="云川新立建设有限公司", by=BY).pk == last.pk + 1


def test_backup_goes_into_sqlite_whatever_it_was_made_from_and_back(backup, tmp_path, lianqiao, inside):
    on_sqlite, again = Installation(tmp_path / "sqlite"), tmp_path / "again.zip"

    for done in (on_sqlite.run("restore", str(backup)), on_sqlite.run("backup", str(again))):
        assert done.returncode == 0, done.stderr
    inside(new_installation(tmp_path / "same-kind"))
    assert lianqiao("restore", again).exit_code == 0

    first, second = digests(backup), digests(again)
    # Each backup adds its own line to the trail.
    for name in ("core_auditentry", "core_audithead"):
        del first[f"tables/{name}.jsonl"], second[f"tables/{name}.jsonl"]
    assert second == first


def digests(file: Path) -> dict[str, str]:
    with zipfile.ZipFile(file) as archive:
        return json.loads(archive.read(MANIFEST))["members"]


def test_backup_while_others_write_is_of_one_moment(office, tmp_path, lianqiao, inside):
    going, written = threading.Event(), []

    def write(writer: int) -> None:
        while not going.is_set():
            written.append(add_organisation(name=f"云川第{writer}{len(written)}建设有限公司", by=BY).pk)
        connection.close()

    writers = [threading.Thread(target=write, args=[writer]) for writer in range(2)]
    for thread in writers:
        thread.start()
    result = lianqiao("backup", tmp_path / "backup.zip")
    going.set()
    for thread in writers:
        thread.join()
    inside(new_installation(tmp_path / "restored"))
    restored = lianqiao("restore", tmp_path / "backup.zip")

    assert (result.exit_code, restored.exit_code) == (0, 0)
    assert written
    # Each organisation came with its line of the trail, or not at all.
    told = AuditEntry.objects.filter(action="registry.add_organisation").count()
    assert Organisation.objects.count() == told


def test_backup_is_told_in_the_trail_and_readable_by_its_owner_only(backup):
    entry = AuditEntry.objects.order_by("-id").first()

    assert (entry.action, entry.name, json.loads(entry.after)) == (
        "export",
        "lianqiao backup",
        {"backup": "backup.zip"},
    )
    assert backup.stat().st_mode & 0o077 == 0


def test_backup_writes_over_nothing_unless_forced(backup, lianqiao):
    before = backup.read_bytes()

    refused = lianqiao("backup", backup)
    kept = backup.read_bytes()
    forced = lianqiao("backup", "--force", backup)

    assert (refused.exit_code, "Use --force" in refused.output) == (1, True)
    assert kept == before
    assert forced.exit_code == 0


def test_backup_that_breaks_off_leaves_nothing_half(office, tmp_path, lianqiao, monkeypatch):
    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("lianqiao.config.backup.add_files", full)

    result = lianqiao("backup", tmp_path / "backup.zip")

    assert (result.exit_code, result.output.splitlines()[-1]) == (1, "Error: No space left on device")
    assert list(tmp_path.glob("backup*")) == []


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9, 0.999])
def test_restore_of_a_truncated_backup_is_refused(backup, bare, lianqiao, share):
    content = backup.read_bytes()
    backup.write_bytes(content[: int(len(content) * share)])

    assert refused(lianqiao, backup) == "it is no whole zip file"


def test_restore_of_a_tampered_backup_is_refused(backup, bare, tmp_path, lianqiao):
    with zipfile.ZipFile(backup) as archive:
        people = archive.read("tables/accounts_person.jsonl").replace("王静".encode(), "王净".encode())
        manifest = json.loads(archive.read(MANIFEST))
        key = archive.read("secret.key").decode()
    changed = rewrite(backup, tmp_path / "a.zip", **{"tables__accounts_person-jsonl": people})
    manifest["audit_head"] = "1:" + "0" * 64
    unsealed = rewrite(backup, tmp_path / "b.zip", **{"manifest-json": json.dumps(manifest).encode()})
    manifest["members"].pop("secret.key")
    other_list = rewrite(backup, tmp_path / "c.zip", **{"manifest-json": json.dumps(manifest).encode()})
    newer = sealed(
        backup, tmp_path / "d.zip", key, migrations=[*manifest["migrations"], ["core", "0999_later"]]
    )

    assert refused(lianqiao, changed) == "tables/accounts_person.jsonl is not what was written"
    assert refused(lianqiao, unsealed) == "its manifest was changed"
    assert refused(lianqiao, other_list) == "it does not hold what its manifest names"
    assert refused(lianqiao, newer).startswith("it was made by a newer version")
    assert refused(lianqiao, sealed(backup, tmp_path / "e.zip", key, format=99)).startswith(
        "its format is 99"
    )
    assert (
        refused(lianqiao, sealed(backup, tmp_path / "f.zip", key, tables=3)) == "its manifest cannot be read"
    )


def sealed(source: Path, target: Path, key: str, **facts: object) -> Path:
    """The archive with another manifest, sealed by somebody who holds the key."""
    with zipfile.ZipFile(source) as archive:
        text = json.dumps(json.loads(archive.read(MANIFEST)) | facts).encode()
    return rewrite(source, target, **{"manifest-json": text, "manifest-seal": seal_of(text, key).encode()})


def refused(lianqiao, file: Path) -> str:
    result = lianqiao("restore", file)
    assert result.exit_code == 1, result.output
    return (
        result.output.partition("cannot be used: ")[2]
        .partition(". Nothing")[0]
        .partition(" (File")[0]
        .partition(" (Bad")[0]
    )


def test_restore_with_another_key_in_the_environment_is_refused(backup, bare, lianqiao, monkeypatch):
    monkeypatch.setenv("LIANQIAO_SECRET_KEY", "x" * 50)

    assert refused(lianqiao, backup) == "it belongs to another secret key"


def test_backup_made_with_a_key_from_the_environment_does_not_hold_it(
    office, tmp_path, lianqiao, inside, monkeypatch
):
    key = (office.data / "secret.key").read_text()
    monkeypatch.setenv("LIANQIAO_SECRET_KEY", key)
    lianqiao("backup", tmp_path / "backup.zip")
    inside(new_installation(tmp_path / "empty"))

    without = refused(lianqiao, tmp_path / "backup.zip")
    monkeypatch.setenv("LIANQIAO_SECRET_KEY", key)
    result = lianqiao("restore", tmp_path / "backup.zip")

    assert without.startswith("its key was given by the environment")
    assert result.exit_code == 0, result.output
    assert not (tmp_path / "empty" / "secret.key").exists()


def test_restore_into_a_database_that_holds_something_needs_replace_and_keeps_it(office, backup, lianqiao):
    head = audit.head()
    added = add_organisation(name="云川后来建设有限公司", by=BY)
    (office.data / "files" / "later.txt").write_text("later")

    kept_out = lianqiao("restore", backup)
    replaced = lianqiao("restore", "--replace", backup)

    assert (kept_out.exit_code, "Use --replace" in kept_out.output) == (1, True)
    assert replaced.exit_code == 0, replaced.output
    assert audit.head() == head
    assert not Organisation.objects.filter(name=added.name).exists()
    assert not (office.data / "files" / "later.txt").exists()
    kept_as = replaced.output.split()[-1]
    assert (office.data / f"files.{kept_as}" / "later.txt").read_text() == "later"
    assert names_kept(office, kept_as) == [added.name]


def names_kept(office: Installation, kept_as: str) -> list[str]:
    statement = "SELECT name FROM {} WHERE name LIKE '%%后来%%'"
    if not office.name:
        old = sqlite3.connect(f"{office.data / 'lianqiao.sqlite3'}.{kept_as}")
        return [row[0] for row in old.execute(statement.format("registry_organisation").replace("%%", "%"))]
    with connection.cursor() as cursor:
        cursor.execute(statement.format(f'"{kept_as}".registry_organisation'))
        return [row[0] for row in cursor.fetchall()]


def test_restore_that_fails_at_the_end_changes_nothing(office, backup, tmp_path, lianqiao):
    with transaction.atomic():
        # Somebody with SQL rewrote the trail before a backup was made.
        AuditEntry.objects.filter(pk=5).update(name="nobody")
    broken = tmp_path / "broken.zip"
    lianqiao("backup", broken)
    (office.data / "files" / "later.txt").write_text("later")
    before, listing = everything(), names_in(office)

    result = lianqiao("restore", "--replace", broken)

    assert result.exit_code == 1
    assert "entry 5 (edited)" in result.output
    assert everything() == before
    assert (office.data / "files" / "later.txt").exists()
    assert names_in(office) == listing

    accepted = lianqiao("restore", "--replace", "--accept-broken-trail", broken)

    assert accepted.exit_code == 0, accepted.output
    assert "BEWARE" in accepted.output
    assert everything() == before


def names_in(office: Installation) -> list[str]:
    # Locks and the journals of an open database come and go.
    return sorted(
        path.name
        for path in office.data.iterdir()
        if path.suffix in (".sqlite3", ".key", "") or ".before" in path.name
    )


def test_restore_while_lianqiao_runs_is_refused(office, backup, lianqiao):
    with take("serving", shared=True):
        result = lianqiao("restore", "--replace", backup)

    assert (result.exit_code, "End it first" in result.output) == (1, True)


def test_restore_of_names_that_lead_out_of_the_folder_is_refused(backup, bare, tmp_path, lianqiao):
    with zipfile.ZipFile(backup) as archive:
        key = archive.read("secret.key").decode()
        members = json.loads(archive.read(MANIFEST))["members"]
        contents = {name: archive.read(name) for name in archive.namelist() if name not in (MANIFEST, SEAL)}
    name = next(name for name in members if name.startswith("files/"))
    members["files/../../out.txt"], contents["files/../../out.txt"] = members.pop(name), contents.pop(name)
    text = json.dumps(manifest_of(backup) | {"members": members}).encode()
    evil = tmp_path / "evil.zip"
    with zipfile.ZipFile(evil, "w") as archive:
        for member, content in (contents | {MANIFEST: text, SEAL: seal_of(text, key).encode()}).items():
            archive.writestr(member, content)

    assert refused(lianqiao, evil) == "files/../../out.txt leads out of its folder"
    assert not (tmp_path / "out.txt").exists()


def manifest_of(file: Path) -> dict:
    with zipfile.ZipFile(file) as archive:
        return json.loads(archive.read(MANIFEST))


def test_backup_of_a_database_that_is_not_migrated_is_refused(bare, tmp_path, lianqiao):
    result = lianqiao("backup", tmp_path / "backup.zip")

    assert (result.exit_code, "lianqiao migrate" in result.output) == (1, True)
