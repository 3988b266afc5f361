"""The demo's data as they lie in the TOML files beside this one; README.md tells their keys."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
# One for all; it passes the rules for passwords, and it is no secret.
PASSWORD = "lianqiao-demo-2024"  # noqa: S105


@cache
def content(name: str) -> dict[str, Any]:
    with (HERE / f"{name}.toml").open("rb") as stream:
        return tomllib.load(stream)
