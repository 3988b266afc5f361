"""The whole suite on SQLite and on PostgreSQL; says at the end which of them ran, and how it went.

Arguments go to pytest: `python tools/test.py tests/lianqiao/core -x`.
"""

import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
from postgres import NoBinaries, binaries, cluster, end_on_terminate

WITHOUT_DATABASE = ("tests/engine", "tests/tools", "tests/docs")


def suite(database: str, url: str | None, arguments: list[str], left_out: str = "") -> bool:
    """Whether every test passed on this database, but those marked `left_out`; its address reaches them by the
    environment alone."""
    print(f"== {database}", flush=True)
    # A short name: the path of a socket may have 107 characters, and Ray's are long already.
    with tempfile.TemporaryDirectory(prefix="lq-") as scratch:
        # Whatever a test forgets to remove goes with the folder of its run.
        Path(scratch).chmod(0o711)  # a test starts PostgreSQL below it, as another user
        data = Path(scratch, "data")
        data.mkdir()
        environment = {**os.environ, "TMPDIR": scratch, "LIANQIAO_DATA": str(data)}
        environment.pop("DATABASE_URL", None)
        # A worker a core is enough: threads of linear algebra beside them only wait for each other.
        environment["OPENBLAS_NUM_THREADS"] = "1"
        if url:
            environment["DATABASE_URL"] = url
        # What never asks the database is told by one run.
        ignored = [f"--ignore={folder}" for folder in WITHOUT_DATABASE] if url else []
        marked = ["-m", f"not e2e and not {left_out}"] if left_out else []
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-n",
            "auto",
            "--dist",
            "worksteal",
            *ignored,
            *marked,
            *arguments,
        ]
        return subprocess.run(command, env=environment).returncode == 0


def timed(database: str, url: str | None, arguments: list[str], left_out: str) -> tuple[bool, str]:
    start = time.monotonic()
    passed = suite(database, url, arguments, left_out)
    return passed, f"{database}: {'passed' if passed else 'FAILED'} in {time.monotonic() - start:.0f} s"


def on_postgres(arguments: list[str]) -> tuple[bool, str]:
    """A machine without PostgreSQL may still test; the one that decides about a merge may not."""
    try:
        with cluster() as url:
            with psycopg.connect(url) as connection:
                version = connection.execute("SHOW server_version").fetchone()[0].split()[0]
            return timed(f"PostgreSQL {version}", url, arguments, "sqlite_tells")
    except NoBinaries as reason:
        in_ci = os.environ.get("CI", "").lower() in ("1", "true")
        return not in_ci, f"PostgreSQL: NOT RUN, {reason}" + (" (in CI this is an error)" if in_ci else "")


def has_postgres() -> bool:
    try:
        return bool(binaries())
    except NoBinaries:
        return False


def main() -> int:
    end_on_terminate()
    arguments = sys.argv[1:]
    # Both together leave nothing out, and SQLite alone does not either.
    left_out = "postgresql_tells" if has_postgres() else ""
    results = [timed(f"SQLite {sqlite3.sqlite_version}", None, arguments, left_out), on_postgres(arguments)]
    print("\n".join(["", *(line for _, line in results)]))
    return 0 if all(passed for passed, _ in results) else 1


if __name__ == "__main__":
    sys.exit(main())
