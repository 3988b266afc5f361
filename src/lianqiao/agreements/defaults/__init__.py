"""What the product begins with, as data: an office changes all of it by clauses and templates of its own."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


@cache
def defaults_of(kind: str) -> dict[str, Any]:
    """{"title", "asks", "clauses"} of a kind of agreement, or {"lines"} of the document."""
    return tomllib.loads((HERE / f"{kind}.toml").read_text(encoding="utf-8"))
