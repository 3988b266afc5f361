"""A real cluster is started by tools/test.py itself; here stand the ways in which there is none."""

import tempfile
from pathlib import Path

import pytest
from postgres import DidNotStart, NoBinaries, binaries, cluster


def test_given_postgres_address_is_used_as_it_is(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://office@db.example/lianqiao")
    with cluster() as url:
        assert url == "postgres://office@db.example/lianqiao"


def programs(folder: Path, script: str) -> None:
    folder.mkdir(parents=True)
    for name in ("initdb", "postgres"):
        (folder / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        (folder / name).chmod(0o755)


def test_binaries_missing_everywhere_says_what_to_install(monkeypatch):
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(NoBinaries, match="apt install postgresql"):
        binaries(installed="/nonexistent/*/bin")


def test_binaries_of_the_newest_installed_version_are_taken(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", "/nonexistent")
    for version in ("9", "15", "17"):
        programs(tmp_path / version / "bin", "exit 0")
    (tmp_path / "17/bin/initdb").unlink()
    assert binaries(installed=f"{tmp_path}/*/bin") == tmp_path / "15/bin"


def test_cluster_that_cannot_be_made_says_why_and_leaves_nothing(monkeypatch, tmp_path):
    place = tmp_path / "place"
    place.mkdir()
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    # These programs refuse nobody, and only the tester may enter the folder they stand in.
    monkeypatch.setattr("postgres.unprivileged", dict)
    programs(tmp_path / "16" / "bin", "echo no space left; exit 1")
    monkeypatch.setattr("postgres.binaries", lambda: tmp_path / "16" / "bin")
    with pytest.raises(DidNotStart, match="no space left"), cluster():
        pass
    assert list(place.iterdir()) == []
