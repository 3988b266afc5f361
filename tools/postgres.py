"""A private PostgreSQL for one run: started in a temporary folder, reached by a socket there, gone afterwards.

`python tools/postgres.py COMMAND …` runs a command with DATABASE_URL set to it.
"""

import contextlib
import glob
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg

INSTALLED = "/usr/lib/postgresql/*/bin"
PATIENCE = 30
# Nothing of this cluster outlives the run, so nothing has to reach the disk.
CARELESS = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "autovacuum=off",
    "jit=off",
    "listen_addresses=",
)


class NoBinaries(Exception):
    """This machine has no PostgreSQL server."""


class DidNotStart(Exception):
    """The server is there, but it would not run; the message is what it said."""


def binaries(installed: str = INSTALLED) -> Path:
    """The folder that holds initdb and postgres, the newest version of a package before what PATH leads to."""
    folders = sorted(
        glob.glob(installed), key=lambda folder: [int(n) for n in folder.split("/") if n.isdigit()]
    )
    config = shutil.which("pg_config")
    if config:
        folders.insert(0, subprocess.run([config, "--bindir"], capture_output=True, text=True).stdout.strip())
    on_path = shutil.which("initdb")
    if on_path:
        folders.insert(0, str(Path(on_path).resolve().parent))
    for folder in reversed(folders):
        if all(os.access(Path(folder, name), os.X_OK) for name in ("initdb", "postgres")):
            return Path(folder)
    raise NoBinaries("no PostgreSQL server here: install one (on Debian: apt install postgresql)")


def unprivileged() -> dict:
    """Arguments for subprocess: PostgreSQL refuses to run as root, so root hands it to somebody who may do little."""
    if os.geteuid() != 0:
        return {}
    accounts = {entry.pw_name: entry for entry in pwd.getpwall()}
    account = accounts.get("postgres") or accounts["nobody"]
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


@contextlib.contextmanager
def cluster() -> Iterator[str]:
    """The address of a database: DATABASE_URL's where that names a PostgreSQL, else that of a cluster of our own."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith("postgres"):
        yield given
        return
    programs, who = binaries(), unprivileged()
    with tempfile.TemporaryDirectory(prefix="lianqiao-pg-") as home:
        if who:
            os.chown(home, who["user"], who["group"])
        with running_server(programs, Path(home), who):
            address = f"postgresql://lianqiao@{quote(home, safe='')}"
            with psycopg.connect(f"host={home} user=lianqiao dbname=postgres", autocommit=True) as connection:
                connection.execute("CREATE DATABASE lianqiao")
            yield f"{address}/lianqiao"


@contextlib.contextmanager
def running_server(programs: Path, home: Path, who: dict) -> Iterator[None]:
    quiet = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "cwd": home, **who}
    # The folder lets only its owner in, so whoever reaches the socket may come in without a password.
    init = [programs / "initdb", "-D", home / "data", "-U", "lianqiao", "--auth=trust", "--no-sync"]
    made = subprocess.run([*init, "--encoding=UTF8", "--locale=C.UTF-8"], **quiet)
    if made.returncode:
        raise DidNotStart(made.stdout)
    options = [part for setting in (*CARELESS, f"unix_socket_directories={home}") for part in ("-c", setting)]
    log = home / "log"
    with log.open("w") as output:
        # In a session of its own: Ctrl-C reaches us first, and we end the server after its clients.
        server = subprocess.Popen(
            [programs / "postgres", "-D", home / "data", *options],
            **{**quiet, "stdout": output},
            start_new_session=True,
        )
    try:
        wait_for(server, home, log)
        yield
    finally:
        server.send_signal(signal.SIGQUIT)
        server.wait(PATIENCE)


def wait_for(server: subprocess.Popen, home: Path, log: Path) -> None:
    for _ in range(PATIENCE * 20):
        if server.poll() is not None:
            raise DidNotStart(log.read_text())
        with contextlib.suppress(psycopg.OperationalError):
            psycopg.connect(f"host={home} user=lianqiao dbname=postgres").close()
            return
        time.sleep(0.05)
    raise DidNotStart(f"no answer after {PATIENCE} s\n{log.read_text()}")


def end_on_terminate() -> None:
    """Being told to end is an exit like any other: what was started gets ended, what was made gets removed."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


def main() -> int:
    if len(sys.argv) < 2:
        sys.exit("usage: python tools/postgres.py COMMAND [ARGUMENT …]")
    end_on_terminate()
    with cluster() as url:
        return subprocess.run(sys.argv[1:], env={**os.environ, "DATABASE_URL": url}).returncode


if __name__ == "__main__":
    sys.exit(main())
