"""A real server in a process of its own, and a person in front of it."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import requests

from lianqiao.portal.demo.content import PASSWORD
from tests.config.conftest import LIANQIAO, Installation

PATIENCE = 30


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(question: Callable[[], bool], seconds: float = PATIENCE) -> bool:
    """Ask until the answer is yes; whether it was."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if question():
            return True
        time.sleep(0.05)
    return False


@dataclass
class Server:
    process: subprocess.Popen
    port: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answers(self) -> bool:
        try:
            return requests.get(f"{self.address}/healthz", timeout=5).status_code == 200
        except requests.ConnectionError:
            return False

    def children(self) -> list[int]:
        pid = self.process.pid
        return [int(child) for child in open(f"/proc/{pid}/task/{pid}/children").read().split()]

    def kill(self) -> None:
        """Every process at once, without a word."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def end(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)


@contextmanager
def serving(installation: Installation, port: int = 0) -> Iterator[Server]:
    port = port or free_port()
    process = subprocess.Popen(
        [LIANQIAO, "serve", "--port", str(port), "--workers", "1", "--threads", "4"],
        env=installation.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    server = Server(process, port)
    try:
        assert until(lambda: process.poll() is not None or server.answers()), "no answer"
        assert process.poll() is None, process.stdout.read()
        yield server
    finally:
        if process.poll() is None:
            server.kill()


class Visitor:
    """Somebody with a browser, in which forms follow no redirect: the answer itself is what the tests ask for."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.browser = requests.Session()

    def open(self, path: str) -> requests.Response:
        return self.browser.get(self.server.address + path, timeout=PATIENCE)

    def send(self, path: str, **fields: str) -> requests.Response:
        fields["csrfmiddlewaretoken"] = self.browser.cookies.get("csrftoken", "")
        url = self.server.address + path
        return self.browser.post(url, data=fields, timeout=PATIENCE, allow_redirects=False)

    def log_in(self, path: str, username: str, password: str = PASSWORD) -> requests.Response:
        self.open(path)
        return self.send(path, login=username, password=password)

    def register(self, path: str, name: str) -> requests.Response:
        return self.send(path, name=name, kind="enterprise", is_another="on")
