"""The files that pages load: laid out under hashed names, and only when one of them changed."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import click
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

STAMP = ".collected"


class NoFrontend(click.ClickException):
    def __init__(self) -> None:
        super().__init__(
            "The front-end packages are not there. Run `make demo` or `make serve` in the project's folder, "
            f"which fetch them, or say in LIANQIAO_FRONTEND where they lie (looked in {settings.SERVED})."
        )


def frontend_is_there() -> bool:
    return (settings.SERVED / "vendor" / "tabler.min.css").is_file()


def collect_static() -> bool:
    """Lay out what is served; whether there was anything to do. Raises NoFrontend."""
    if not frontend_is_there():
        raise NoFrontend
    stamp, now = Path(settings.STATIC_ROOT, STAMP), fingerprint()
    if stamp.is_file() and stamp.read_text(encoding="ascii") == now:
        return False
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(now, encoding="ascii")
    return True


def fingerprint() -> str:
    return hashlib.sha256("\n".join(sorted(sources())).encode()).hexdigest()


def sources() -> Iterator[str]:
    for finder in get_finders():
        for name, storage in finder.list([]):
            facts = os.stat(storage.path(name))
            yield f"{name} {facts.st_size} {facts.st_mtime_ns}"
