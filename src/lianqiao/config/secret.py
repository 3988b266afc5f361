"""The installation's key: from the environment, else a file made once beside the data."""

import hashlib
import os
import secrets
from contextlib import suppress
from pathlib import Path

KEY_FILE = "secret.key"


def secret_key(data: Path) -> str:
    if given := os.environ.get("LIANQIAO_SECRET_KEY"):
        return given
    file = data / KEY_FILE
    data.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        # Written beside and linked: two workers starting at once end up with one key, and never with half of it.
        fresh = file.with_name(f"{KEY_FILE}.{secrets.token_hex(4)}")
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            stream.write(secrets.token_urlsafe(48))
        with suppress(FileExistsError):
            os.link(fresh, file)
        fresh.unlink()
    return file.read_text(encoding="ascii")


def audit_key(key: str) -> bytes:
    """What seals the audit trail; made from the installation's key, and of no use for anything else."""
    return hashlib.sha256(b"lianqiao.audit" + key.encode()).digest()
