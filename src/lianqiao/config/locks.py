"""Who uses a data folder just now, told by locks that the system drops with the process that held them."""

import fcntl
from pathlib import Path
from typing import IO

from django.conf import settings


def lock_file(name: str) -> IO[str]:
    path = Path(settings.DATA) / f"{name}.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.open("a+")


def take(name: str, *, shared: bool = False) -> IO[str] | None:
    """The lock, held until the file is closed or the process ends; None when somebody else has it."""
    file = lock_file(name)
    try:
        fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file


def is_taken(name: str) -> bool:
    file = take(name)
    if file is None:
        return True
    file.close()
    return False
