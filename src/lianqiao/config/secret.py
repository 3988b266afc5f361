"""The installation's key: from the environment, else a file made once beside the data."""

import os
import secrets
from pathlib import Path


def secret_key(data: Path) -> str:
    if given := os.environ.get("LIANQIAO_SECRET_KEY"):
        return given
    file = data / "secret.key"
    data.mkdir(parents=True, exist_ok=True)
    try:
        # Exclusive creation: two workers starting at once must end up with the same key.
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text(encoding="ascii")
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.write(secrets.token_urlsafe(48))
    return file.read_text(encoding="ascii")
