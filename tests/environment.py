"""A data folder and a queue of the tests' own. Loaded by `-p` because pytest-django reads the settings very early."""

import os
import tempfile
from pathlib import Path

if "LIANQIAO_DATA" not in os.environ:
    DATA = tempfile.TemporaryDirectory(prefix="lianqiao-test-")
    os.environ["LIANQIAO_DATA"] = DATA.name
Path(os.environ["LIANQIAO_DATA"], "static").mkdir(parents=True, exist_ok=True)
os.environ["LIANQIAO_QUEUE"] = "immediate"
os.environ.setdefault("LIANQIAO_SECRET_KEY", "only-for-tests")
