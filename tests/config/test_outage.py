"""No room on the disk, no database: the page says so, and all goes on by itself when it is over."""

import os
import resource
import shlex
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote

import requests
from django.urls import reverse

from lianqiao.core import audit
from lianqiao.registry.models import Organisation
from tests.config.conftest import SERVER, Installation, new_installation
from tests.config.servers import Server, Visitor, serving, until
from tools import postgres

TRIES = 60


class SmallDisk:
    """A file system of its own that is filled to the last byte; only root may mount one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.filling = folder / "filling"

    def fill(self, server: Server) -> None:
        with self.filling.open("wb", buffering=0) as stream:
            for size in (65536, 4096, 512, 1):
                try:
                    while True:
                        stream.write(b"\0" * size)
                except OSError:
                    continue

    def free(self, server: Server) -> None:
        self.filling.unlink()


class SmallFiles:
    """Where nothing may be mounted: no file of the server's processes may grow."""

    def fill(self, server: Server) -> None:
        self.limit(server, 4096)

    def free(self, server: Server) -> None:
        self.limit(server, resource.RLIM_INFINITY)

    def limit(self, server: Server, size: int) -> None:
        for pid in server.children():
            hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)[1]
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (size if size > 0 else hard, hard))


@contextmanager
def little_room(folder: Path) -> Iterator[SmallDisk | SmallFiles]:
    folder.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True).returncode:
        yield SmallFiles()
        return
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def register_until(visitor: Visitor, status: int) -> dict[str, requests.Response]:
    """Register organisations until the answer is `status`; every answer on the way, by the organisation's name."""
    answers: dict[str, requests.Response] = {}
    for number in range(TRIES):
        name = f"云川第{number}家等到{status}建设有限公司"
        answers[name] = visitor.register(reverse("organisation_add"), name)
        if answers[name].status_code == status:
            break
    return answers


def full_disk_answers_507_and_goes_on_when_there_is_room(demo, tmp_path, inside):
    with little_room(tmp_path / "disk") as room:
        office = new_installation(tmp_path / "disk" / "data", demo)
        inside(office)
        with serving(office) as server:
            visitor = Visitor(server)
            assert visitor.log_in(reverse("account_login"), "wangjing").status_code == 302
            room.fill(server)

            answers = register_until(visitor, 507)
            reading = visitor.open(reverse("organisation_list"))
            room.free(server)
            after = register_until(visitor, 302)

            # What still fitted was kept; then the answer says that there is no room, and reading goes on.
            refused = list(answers.values())[-1]
            assert "服务器存储空间已满" in refused.text
            assert (refused.status_code, refused.headers["Retry-After"]) == (507, "10")
            assert [name for name in answers if is_there(name)] == list(answers)[:-1]
            assert (reading.status_code, [answer.status_code for answer in after.values()]) == (200, [302])
            assert audit.verify().is_whole
            # Asked to end, it ends at once and well.
            assert server.end() == 0
            assert f"serves {server.address}/" in server.process.stdout.read()


def lost_database_answers_503_and_goes_on_when_it_is_back(tmp_path, monkeypatch):
    monkeypatch.delenv("DATABASE_URL")
    with postgres.cluster() as url:
        office = Installation(tmp_path / "data")
        office.environment["DATABASE_URL"] = url
        assert office.run("migrate").returncode == 0
        with (
            serving(office) as server,
            stopping(Path(unquote(url.partition("@")[2].rpartition("/")[0]))) as database,
        ):
            visitor, login = Visitor(server), reverse("account_login")
            before = visitor.log_in(login, "nobody", "wrong")
            database.stop()
            lost, ready = (
                visitor.send(login, login="nobody", password="wrong"),
                visitor.open(reverse("readyz")),
            )
            alive = visitor.open(reverse("healthz"))
            database.start()
            back = until(lambda: visitor.open(reverse("readyz")).status_code == 200)
            after = visitor.send(login, login="nobody", password="wrong")

    assert (before.status_code, lost.status_code, ready.status_code, alive.status_code) == (
        200,
        503,
        503,
        200,
    )
    assert "暂时无法使用" in lost.text
    assert lost.headers["Retry-After"] == "10"
    assert (back, after.status_code) == (True, 200)


def is_there(name: str) -> bool:
    return Organisation.objects.filter(name=name).exists()


class Database:
    """The server of a private cluster, to be stopped and started from outside."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.command = shlex.split((home / "data" / "postmaster.opts").read_text())
        self.process: subprocess.Popen | None = None

    @property
    def pid_file(self) -> Path:
        return self.home / "data" / "postmaster.pid"

    def stop(self) -> None:
        os.kill(int(self.pid_file.read_text().split()[0]), signal.SIGINT)
        assert until(lambda: not self.pid_file.exists())

    def start(self) -> None:
        with (self.home / "log").open("a") as log:
            self.process = subprocess.Popen(
                self.command,
                stdout=log,
                stderr=log,
                cwd=self.home,
                start_new_session=True,
                **postgres.unprivileged(),
            )


@contextmanager
def stopping(home: Path) -> Iterator[Database]:
    database = Database(home)
    try:
        yield database
    finally:
        if database.process:
            database.process.send_signal(signal.SIGQUIT)
            database.process.wait()


# Each belongs to one kind of database, and runs where the suite runs on that kind.
if SERVER:
    test_lost_database_answers_503_and_goes_on_when_it_is_back = (
        lost_database_answers_503_and_goes_on_when_it_is_back
    )
else:
    test_full_disk_answers_507_and_goes_on_when_there_is_room = (
        full_disk_answers_507_and_goes_on_when_there_is_room
    )
