"""Everything that can be said about the code without running it: a line for each check, and what a failed one said."""

import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).parents[1]
PYTHON = sys.executable
BIN = Path(PYTHON).parent
CHECKS = {
    # The slowest first, so that the others run beside it.
    "types": [BIN / "mypy"],
    "format": [BIN / "ruff", "format", "--check", "."],
    "lint": [BIN / "ruff", "check", "--output-format=concise", "."],
    "import contracts": [BIN / "lint-imports"],
    "house rules": [PYTHON, "tools/house.py"],
    "migrations": [PYTHON, "-m", "django", "makemigrations", "--check", "--dry-run"],
    "translations": [PYTHON, "tools/messages.py", "check"],
    "unused code": [BIN / "vulture"],
}
AT_ONCE = 2


def run(name: str, data: str) -> tuple[bool, str]:
    """Whether the check found nothing, and the report of it; settings are read with a data folder that holds nothing."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "lianqiao.config.settings", "LIANQIAO_DATA": data}
    environment.pop("DATABASE_URL", None)
    start = time.monotonic()
    done = subprocess.run(
        CHECKS[name], cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    seconds = time.monotonic() - start
    if done.returncode == 0:
        return True, f"{name}: ok ({seconds:.0f} s)"
    return False, f"{name}: FAILED ({seconds:.0f} s)\n{done.stdout.rstrip()}"


def main() -> int:
    names = sys.argv[1:] or list(CHECKS)
    if unknown := set(names) - CHECKS.keys():
        sys.exit(f"no such check: {', '.join(sorted(unknown))}; there are: {', '.join(CHECKS)}")
    passed = []
    with tempfile.TemporaryDirectory(prefix="lianqiao-check-") as data, ThreadPoolExecutor(AT_ONCE) as pool:
        for ok, report in pool.map(lambda name: run(name, data), names):
            print(report, flush=True)
            passed.append(ok)
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main())
