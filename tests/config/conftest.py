"""Installations of their own: a demo is loaded once, each test gets a copy of it."""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import dj_database_url
import psycopg
import pytest
from click.testing import CliRunner, Result
from django.conf import settings as django_settings
from django.db import connection, connections
from django.utils import translation

from lianqiao.config.cli import main
from lianqiao.config.secret import audit_key

LIANQIAO = Path(sys.executable).with_name("lianqiao")
OURS = ("LIANQIAO_DATA", "LIANQIAO_SECRET_KEY", "LIANQIAO_QUEUE", "LIANQIAO_DEMO", "DATABASE_URL")
# The server of this run, where it is a PostgreSQL; read once, because tests take it out of the environment.
SERVER = (
    os.environ.get("DATABASE_URL", "") if os.environ.get("DATABASE_URL", "").startswith("postgres") else ""
)
number = count(1)


@dataclass
class Installation:
    """A data folder with its database; `name` is that of the database on PostgreSQL."""

    data: Path
    name: str = ""
    environment: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.environment = {key: value for key, value in os.environ.items() if key not in OURS}
        self.environment["LIANQIAO_DATA"] = str(self.data)
        if self.name:
            self.environment["DATABASE_URL"] = f"{SERVER.rpartition('/')[0]}/{self.name}"

    @property
    def database(self) -> dict[str, Any]:
        url = self.environment.get("DATABASE_URL", f"sqlite:///{self.data / 'lianqiao.sqlite3'}")
        return dict(dj_database_url.parse(url))

    def run(self, *arguments: str, **more: Any) -> subprocess.CompletedProcess:
        """In a process of its own, as an operator does it."""
        return subprocess.run(
            [LIANQIAO, *arguments], env=self.environment, capture_output=True, text=True, **more
        )


def create_database(name: str, template: str = "template0") -> None:
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


def new_installation(folder: Path, template: Installation | None = None) -> Installation:
    name = f"lianqiao_{os.getpid()}_{next(number)}" if SERVER else ""
    if name:
        create_database(name, template.name if template else "template0")
    if template:
        shutil.copytree(template.data, folder, ignore=shutil.ignore_patterns("static"))
        # What pages load is laid out already, and the same for all.
        (folder / "static").symlink_to(template.data / "static")
    return Installation(folder, name)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """The demo as `make demo` leaves it; never changed, only copied. The first worker makes it for all of them."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))[:16]
    found = Installation(shared / "demo", f"lianqiao_demo_{run}" if SERVER else "")
    with (shared / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "demo.made").exists():
            make_demo(found)
            (shared / "demo.made").touch()
    return found


def make_demo(wanted: Installation) -> None:
    if wanted.name:
        create_database(wanted.name)
    done = subprocess.run(
        [LIANQIAO, "demo"], env=wanted.environment | {"LIANQIAO_SERVE": "0"}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture
def office(demo: Installation, tmp_path: Path, inside) -> Installation:
    """A copy of the demo, and this process works in it."""
    copy = new_installation(tmp_path / "office", demo)
    inside(copy)
    return copy


@pytest.fixture
def bare(tmp_path: Path, inside) -> Installation:
    """A machine on which nothing was done yet, and this process works on it."""
    made = new_installation(tmp_path / "bare")
    made.data.mkdir()
    inside(made)
    return made


@pytest.fixture
def inside(settings, monkeypatch, django_db_blocker) -> Iterator[Any]:
    """`inside(installation)` turns this process towards its database, data and key."""
    there = connections.settings["default"]
    usual = dict(there)
    connections_of_the_suite = connections["default"]

    def turn(installation: Installation) -> None:
        close()
        there.update(
            usual
            | {name: installation.database[name] for name in ("NAME", "HOST", "PORT", "USER", "PASSWORD")}
        )
        for name in OURS:
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("LIANQIAO_DATA", str(installation.data))
        settings.DATA, settings.MEDIA_ROOT = installation.data, installation.data / "files"
        key = installation.data / "secret.key"
        if key.exists():
            settings.SECRET_KEY = key.read_text()
            settings.AUDIT_KEY = audit_key(settings.SECRET_KEY)

    def close() -> None:
        if connections["default"] is not connections_of_the_suite:
            connection.close()
        del connections["default"]

    before, mask = translation.get_language(), os.umask(0o022)
    with django_db_blocker.unblock():
        yield turn
        close()
    there.clear()
    there.update(usual)
    connections["default"] = connections_of_the_suite
    os.umask(mask)
    translation.activate(before or django_settings.LANGUAGE_CODE)


@pytest.fixture
def lianqiao() -> Any:
    """`lianqiao("backup", file)` runs a command in this process."""

    def run(*arguments: object, input: str | None = None) -> Result:
        return CliRunner().invoke(main, [str(argument) for argument in arguments], input=input)

    return run
