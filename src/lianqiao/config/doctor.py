"""What may be wrong with an installation: one function a question, each with what to do about it."""

import platform
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from django.utils import timezone

from lianqiao.config.database import unsafe_settings, waiting_migrations
from lianqiao.config.locks import is_taken
from lianqiao.config.secret import KEY_FILE
from lianqiao.config.static import frontend_is_there
from lianqiao.config.worker import LOCK
from lianqiao.core.actor import Role, at_the_terminal
from lianqiao.core.queries import entries_for
from lianqiao.registry.queries import positions_for
from lianqiao.registry.workdays import last_known_year

OK, WARN, PROBLEM = "ok", "warn", "problem"
MEGABYTE = 1024 * 1024
LOW, TOO_LOW = 1000 * MEGABYTE, 200 * MEGABYTE
SHORTEST_KEY = 32
LOCAL = {"127.0.0.1", "localhost", "[::1]"}


@dataclass(frozen=True)
class Finding:
    level: str
    about: str
    text: str
    advice: str = ""


def python() -> Iterator[Finding]:
    # An older one does not get as far as this.
    yield Finding(OK, "Python", platform.python_version())


def disk() -> Iterator[Finding]:
    free = shutil.disk_usage(settings.DATA).free
    text = f"{free // MEGABYTE} MB free in {settings.DATA}"
    if free < LOW:
        advice = "make room: when the disk is full, nothing can be saved"
        yield Finding(PROBLEM if free < TOO_LOW else WARN, "disk", text, advice)
    else:
        yield Finding(OK, "disk", text)


def database() -> Iterator[Finding]:
    connection.ensure_connection()
    version = ".".join(map(str, connection.get_database_version()))
    yield Finding(OK, "database", f"{connection.display_name} {version} answers")
    if waiting := waiting_migrations():
        yield Finding(PROBLEM, "migrations", f"{len(waiting)} are waiting", "run `lianqiao migrate`")
    else:
        yield Finding(OK, "migrations", "up to date")
    if unsafe := unsafe_settings():
        yield Finding(
            PROBLEM, "durability", "; ".join(unsafe), "remove what overrides the settings of SQLite"
        )
    else:
        yield Finding(OK, "durability", "what is acknowledged is on disk")


def secret_key() -> Iterator[Finding]:
    file = settings.DATA / KEY_FILE
    if len(settings.SECRET_KEY) < SHORTEST_KEY:
        advice = "use a longer one; sessions and the audit trail rest on it"
        yield Finding(PROBLEM, "secret key", f"only {len(settings.SECRET_KEY)} characters", advice)
    elif file.exists() and stat.S_IMODE(file.stat().st_mode) & 0o077:
        yield Finding(PROBLEM, "secret key", f"{file} can be read by others", f"run `chmod 600 {file}`")
    else:
        yield Finding(OK, "secret key", "only its owner can read it")


def frontend() -> Iterator[Finding]:
    if frontend_is_there():
        yield Finding(OK, "front end", "there")
    else:
        yield Finding(
            PROBLEM, "front end", f"missing in {settings.SERVED}", "run `make serve`, which fetches it"
        )


def translations() -> Iterator[Finding]:
    sources = [file for folder in settings.LOCALE_PATHS for file in Path(folder).rglob("*.po")]
    stale = [file for file in sources if not is_compiled(file)]
    if stale or not sources:
        text = "not compiled, or older than their source"
        yield Finding(WARN, "translations", text, "run `python tools/messages.py compile`")
    else:
        yield Finding(OK, "translations", "compiled")


def is_compiled(source: Path) -> bool:
    compiled = source.with_suffix(".mo")
    return compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime


def worker() -> Iterator[Finding]:
    if is_taken(LOCK):
        yield Finding(OK, "worker", "alive")
    else:
        advice = "start `lianqiao serve` or `lianqiao worker`; long work waits until then"
        yield Finding(WARN, "worker", "none is running", advice)


def mail() -> Iterator[Finding]:
    if settings.EMAIL_HOST:
        yield Finding(OK, "mail", f"through {settings.EMAIL_HOST}")
    else:
        advice = "set LIANQIAO_MAIL_HOST, or go on handing out links yourself"
        yield Finding(WARN, "mail", "not configured: invitations are not mailed", advice)


def clock() -> Iterator[Finding]:
    now = timezone.now()
    last = entries_for(at_the_terminal("doctor")).first()
    if last and last.at > now:
        text = f"{now:%Y-%m-%d %H:%M} is before the last audit entry ({last.at:%Y-%m-%d %H:%M} UTC)"
        yield Finding(PROBLEM, "clock", text, "set the clock, best by NTP")
    else:
        yield Finding(OK, "clock", f"{timezone.localtime(now):%Y-%m-%d %H:%M} {settings.TIME_ZONE}")


def calendar() -> Iterator[Finding]:
    known, year = last_known_year(), timezone.localdate().year
    if known is None or known < year:
        advice = "load the notice of the State Council: `lianqiao import-reference workdays FILE`"
        yield Finding(WARN, "working days", f"known until {known or 'never'}; later ones are guessed", advice)
    else:
        yield Finding(OK, "working days", f"known until the end of {known}")


def administrator() -> Iterator[Finding]:
    today = timezone.localdate()
    rows = positions_for(at_the_terminal("doctor")).filter(role=Role.SYSTEM_ADMIN)
    if any(row.is_held(today) for row in rows):
        yield Finding(OK, "administrator", "there is one")
    else:
        yield Finding(WARN, "administrator", "nobody manages accounts", "run `lianqiao createadmin`")


def reach() -> Iterator[Finding]:
    others = set(settings.ALLOWED_HOSTS) - LOCAL
    if settings.DEBUG:
        yield Finding(PROBLEM, "debug", "on: pages show the inside of the program", "unset LIANQIAO_DEBUG")
    if others and not settings.BEHIND_TLS:
        advice = "put a reverse proxy with a certificate in front and set LIANQIAO_TLS=1"
        yield Finding(WARN, "TLS", "off, although other machines may come in", advice)


ANYWHERE: list[Callable[[], Iterator[Finding]]] = [
    python,
    disk,
    secret_key,
    frontend,
    translations,
    worker,
    mail,
    reach,
]
WITH_DATABASE: list[Callable[[], Iterator[Finding]]] = [clock, calendar, administrator]


def findings() -> Iterator[Finding]:
    for question in ANYWHERE:
        yield from question()
    try:
        yield from database()
        if not waiting_migrations():
            for question in WITH_DATABASE:
                yield from question()
    except DatabaseError as error:
        advice = "is it running, and is DATABASE_URL right?"
        yield Finding(PROBLEM, "database", f"does not answer: {str(error).strip()}", advice)
