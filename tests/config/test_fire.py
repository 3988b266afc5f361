"""bench/fire.py, with few clients and two rounds of each scene: nothing given twice, no error of the machine."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.postgresql_tells

ROOT = Path(__file__).parents[2]


def test_many_at_once_leave_nothing_twice_and_nothing_half(office):
    command = [sys.executable, "-m", "bench.fire", "here", "--rounds", "1", "--clients", "8"]

    done = subprocess.run(command, cwd=ROOT, env=office.environment, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("\n") == 2 + 9 + 3 + 1
    assert done.stdout.endswith(": whole\n")
