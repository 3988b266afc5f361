"""A file that somebody uploaded and has not agreed to yet: kept beside the data under a name nobody can guess."""

import json
import re
import secrets
import time
from pathlib import Path
from typing import Any

from django.conf import settings

from lianqiao.core.actor import Actor

KEPT_FOR = 24 * 3600
TOKEN = re.compile(r"[0-9a-f]{32}")


def keep(content: bytes, facts: dict[str, Any], *, by: Actor) -> str:
    """The token under which only the same person finds it again, for a day."""
    folder = uploads()
    folder.mkdir(parents=True, exist_ok=True)
    sweep(folder)
    token = secrets.token_hex(16)
    (folder / token).write_bytes(content)
    about = facts | {"person_id": by.person_id}
    (folder / f"{token}.json").write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")
    return token


def facts_of(token: str, *, by: Actor) -> dict[str, Any] | None:
    about = uploads() / f"{token}.json"
    if not TOKEN.fullmatch(token) or not about.exists():
        return None
    facts: dict[str, Any] = json.loads(about.read_text(encoding="utf-8"))
    return facts if facts.pop("person_id") == by.person_id else None


def content_of(token: str) -> bytes:
    return (uploads() / token).read_bytes()


def drop(token: str) -> None:
    for name in (token, f"{token}.json"):
        (uploads() / name).unlink(missing_ok=True)


def sweep(folder: Path) -> None:
    """What was uploaded and then forgotten."""
    for file in folder.iterdir():
        if time.time() - file.stat().st_mtime > KEPT_FOR:
            file.unlink(missing_ok=True)


def uploads() -> Path:
    return Path(settings.DATA) / "uploads"
