"""A data folder and a queue of the tests' own. Loaded by `-p` because pytest-django reads the settings very early."""

import gc
import os
import tempfile
from pathlib import Path

if "LIANQIAO_DATA" not in os.environ:
    DATA = tempfile.TemporaryDirectory(prefix="lianqiao-test-")
    os.environ["LIANQIAO_DATA"] = DATA.name
Path(os.environ["LIANQIAO_DATA"], "static").mkdir(parents=True, exist_ok=True)
os.environ["LIANQIAO_QUEUE"] = "immediate"
os.environ.setdefault("LIANQIAO_SECRET_KEY", "only-for-tests")
# Little of what the imports and the migrations make is ever let go; to look for it every 700 objects takes a tenth
# of the suite's time.
gc.set_threshold(50_000, 20, 20)
