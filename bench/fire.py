"""64 people at once on one thing, again and again: nothing given twice, nothing half, every answer a word.

    python -m bench.fire [sqlite | postgresql | here] [--rounds N] [--clients N] [--only WORD]

Without a word both databases in turn, the second by tools/postgres.py; `here` is where LIANQIAO_DATA and DATABASE_URL
point. The server is `lianqiao serve` as it comes, the clients are sessions of accounts of their own, which all wait
for each other before each shot. After every round the database is looked at (bench/fire_scenes.py says what for), at the end
the audit trail. In the last scenes (bench/fire_killed.py), a tenth of the rounds, the server with its worker is killed
(SIGKILL) in the middle and started again. Exits with 1 where anything was wrong.
"""

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode

from .pages import Server

WAIT = 60  # seconds after which an answer counts as never given
WORDED = re.compile(r'<title>[^<]*\S[^<]*</title>|"message":\s*"[^"]')


@dataclass
class Shot:
    """One request: with a token a change by the API, else a form."""

    path: str
    body: dict[str, Any] = field(default_factory=dict)
    token: str = ""


@dataclass
class Answer:
    status: int
    ms: float
    fault: str = ""


class Client:
    """One person with a browser."""

    def __init__(self, port: int, session: str) -> None:
        self.port, self.session, self.token = port, session, "x" * 32
        self.connection: HTTPConnection | None = None

    def send(self, shot: Shot) -> Answer:
        begin = time.perf_counter()
        try:
            status, text = self.asked(shot)
        except (OSError, HTTPException) as error:
            self.connection = None
            return Answer(0, (time.perf_counter() - begin) * 1000, f"no answer: {error!r}")
        return Answer(status, (time.perf_counter() - begin) * 1000, fault_of(status, text))

    def asked(self, shot: Shot) -> tuple[int, str]:
        self.connection = self.connection or HTTPConnection("127.0.0.1", self.port, timeout=WAIT)
        if shot.token:
            headers = {"Authorization": f"Bearer {shot.token}", "Content-Type": "application/json"}
            self.connection.request("PATCH", shot.path, json.dumps(shot.body), headers)
        else:
            cookies = f"sessionid={self.session}; csrftoken={self.token}"
            headers = {
                "Cookie": cookies,
                "Content-Type": "application/x-www-form-urlencoded",
                "Accept-Language": "zh-hans",
            }
            body = urlencode({**shot.body, "csrfmiddlewaretoken": self.token}, doseq=True)
            self.connection.request("POST", shot.path, body, headers)
        answer = self.connection.getresponse()
        return answer.status, answer.read().decode(errors="replace")


def fault_of(status: int, text: str) -> str:
    """What is wrong with an answer as such: an error of the machine, or a refusal without a word."""
    if status >= 500:
        return f"{status}: {text[:200]}"
    if status >= 400 and not WORDED.search(text):
        return f"{status} without a word"
    return ""


@dataclass
class Told:
    """What came of one scene."""

    name: str
    answers: list[Answer] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    is_killed: bool = False

    @property
    def faults(self) -> list[str]:
        """A server that was killed answers nothing; it may not answer with an error either."""
        told = (answer for answer in self.answers if answer.status or not self.is_killed)
        return [answer.fault for answer in told if answer.fault]

    def line(self, rounds: int) -> str:
        ms = sorted(answer.ms for answer in self.answers) or [0.0]
        kinds = Counter(answer.status // 100 for answer in self.answers)
        counted = "".join(f"{kinds[kind]:8}" for kind in (2, 3, 4, 5))
        unanswered = sum(answer.status == 0 for answer in self.answers)
        return (
            f"{self.name:28}{rounds:7}{counted}{unanswered:8}{len(self.violations):11}{ms[int(len(ms) * 0.95)]:9.0f}"
            f"   {', '.join(f'{name} {count}' for name, count in sorted(self.outcomes.items()))}"
        )


def fired(clients: list[Client], shots: list[Shot], pool: ThreadPoolExecutor) -> list[Answer]:
    start = threading.Barrier(len(clients))

    def one(client: Client, shot: Shot) -> Answer:
        start.wait()
        return client.send(shot)

    return list(pool.map(one, clients, shots))


def play(
    scene: Any,
    clients_of: Callable[[Any], list[tuple[Any, Client]]],
    rounds: int,
    pool: ThreadPoolExecutor,
    killed: Callable[[float], None] | None = None,
) -> Told:
    """With `killed` the server is killed so many seconds after the shots, and there again when it returns."""
    told = Told(scene.name, is_killed=killed is not None)
    clients: list[tuple[Any, Client]] = []
    for number in range(rounds):
        # After it was killed the server listens somewhere else.
        clients = clients_of(scene) if killed or not clients else clients
        scene.prepare(number)
        shots = [scene.shot(place, at) for at, (place, _client) in enumerate(clients)]
        shooting = pool.submit(fired, [client for _place, client in clients], shots, pool)
        if killed:
            # From before the first transaction to after the last, evenly.
            killed(scene.takes * (number + 0.5) / rounds)
        answers = shooting.result()
        told.answers += answers
        outcome, violations = scene.outcome(answers)
        told.outcomes[outcome] += 1
        told.violations += violations
        scene.clear()
    return told


def measure(folder: Path, options: argparse.Namespace) -> int:
    """In an installation of its own; how much was wrong."""
    environment = os.environ | {
        "LIANQIAO_DATA": str(folder),
        "LIANQIAO_IDLE_MINUTES": "60000",
    }
    if options.database != "here":
        environment["LIANQIAO_SECRET_KEY"] = "bench"
    os.environ |= environment | {
        "LIANQIAO_QUEUE": "immediate",
        "DJANGO_SETTINGS_MODULE": "lianqiao.config.settings",
    }
    import django  # noqa: PLC0415 - after the settings' environment is made

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    from lianqiao.core.audit import verify  # noqa: PLC0415

    from .fire_killed import KILLED  # noqa: PLC0415
    from .fire_scenes import SCENES, Stage  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    stage = Stage(options.clients)
    log = (folder / "fire.log").open("w")
    outside = {name: value for name, value in environment.items() if name != "LIANQIAO_QUEUE"}
    server = Server(outside, log)

    def killed(after: float) -> None:
        nonlocal server
        time.sleep(after)
        server.kill()
        server = Server(outside, log)

    print(f"{connection.vendor}: {options.clients} clients, {options.rounds} rounds a scene")
    print(
        f"{'':28}{'rounds':>7}{'2xx':>8}{'3xx':>8}{'4xx':>8}{'5xx':>8}{'silent':>8}{'violations':>11}{'p95 ms':>9}   outcomes"
    )
    wrong = 0
    try:
        with ThreadPoolExecutor(options.clients + 1) as pool:

            def clients_of(scene: Any) -> list[tuple[Any, Client]]:
                return [(place, Client(server.port, session)) for place, session in stage.crowd(scene.crowd)]

            for make_scene in [*SCENES, *KILLED]:
                scene = make_scene(stage)
                if options.only not in scene.name:
                    continue
                rounds, kill = options.rounds, None
                if make_scene in KILLED:
                    rounds, kill = -(-rounds // 10), killed
                told = play(scene, clients_of, rounds, pool, kill)
                wrong += len(told.violations) + len(told.faults)
                print(told.line(rounds), flush=True)
                for text, count in Counter([*told.violations, *told.faults]).most_common(5):
                    print(f"    {count} x {text}")
    finally:
        server.end()
    verdict = verify()
    print(
        f"audit trail of {verdict.entries} entries: {'whole' if verdict.is_whole else f'broken at {verdict.bad}'}"
    )
    return wrong + (not verdict.is_whole)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("database", nargs="?", choices=["sqlite", "postgresql", "here"])
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    # Being told to end is an exit like any other: the server is ended too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if options.database == "here":
        sys.exit(bool(measure(Path(os.environ["LIANQIAO_DATA"]), options)))
    if options.database:
        with TemporaryDirectory() as folder:
            wrong = measure(Path(folder), options)
        sys.exit(bool(wrong))
    again = [sys.executable, "-m", "bench.fire", *sys.argv[1:]]
    first = subprocess.run([*again, "sqlite"]).returncode
    print(flush=True)
    second = subprocess.run([sys.executable, "tools/postgres.py", *again, "postgresql"]).returncode
    sys.exit(first or second)


if __name__ == "__main__":
    main()
