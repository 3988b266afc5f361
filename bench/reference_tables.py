"""How long the published reference tables take: read, compared, imported into a new SQLite database.

`python bench/reference_tables.py` looks for them in ../shared/reference and says so when they are not there.
"""

import os
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "shared" / "reference"
FILES = {
    "industry": "gbt4754_2017.csv",
    "major": "majors.csv",
    "occupation": "occupations.csv",
    "region": "regions.csv",
    "workdays": "cn_workdays_2024_2027.csv",
}
LARGE = 200_000


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianqiao.config.settings")
    with tempfile.TemporaryDirectory(prefix="lianqiao-bench-") as data:
        os.environ |= {"LIANQIAO_DATA": data, "LIANQIAO_QUEUE": "immediate"}
        os.environ.pop("DATABASE_URL", None)
        measure()


def measure() -> None:
    # Settings read the environment that `main` has just made.
    import django  # noqa: PLC0415

    django.setup()
    from lianqiao.config.database import migrate  # noqa: PLC0415
    from lianqiao.core.actor import at_the_terminal  # noqa: PLC0415

    migrate(by=at_the_terminal("bench"), say=lambda text: None)
    if not FOLDER.is_dir():
        print(f"the published tables are not here (looked in {FOLDER}): only the made-up one is measured")
    for kind, name in FILES.items():
        if (FOLDER / name).exists():
            timed(kind, name, (FOLDER / name).read_bytes())
    lines = [f"{number:06d},职业第{number}号" for number in range(LARGE)]
    timed("occupation", f"{LARGE} rows made up.csv", "\n".join(["code,name", *lines]).encode())


def timed(kind: str, name: str, content: bytes) -> None:
    from lianqiao.core.actor import at_the_terminal  # noqa: PLC0415
    from lianqiao.registry.actions.reference import import_reference  # noqa: PLC0415
    from lianqiao.registry.editions import difference  # noqa: PLC0415
    from lianqiao.registry.tables import read_table  # noqa: PLC0415

    start = time.monotonic()
    rows = read_table(kind, name, content)
    read = time.monotonic()
    found = difference(kind, rows)
    compared = time.monotonic()
    import_reference(kind, rows, edition=name, valid_from=date(2026, 1, 1), by=at_the_terminal("bench"))
    done = time.monotonic()
    counts = f"{len(found.added)} new, {len(found.changed)} changed, {len(found.ended)} ended"
    times = f"read {read - start:.2f} s, compared {compared - read:.2f} s, imported {done - compared:.2f} s"
    print(f"{name}: {len(rows)} rows ({counts}); {times}")


if __name__ == "__main__":
    sys.exit(main())
