"""List, search and other pages with 200,000 entries in the database, asked for 20 times a second by several roles.

    python -m bench.pages [sqlite | postgresql] [--entries N] [--seconds S] [--rate R] [--keep FOLDER] [--alone TIMES] [--only WORD]

Without a word both databases in turn, the second by tools/postgres.py. The rows (bench/pages_rows.py) lie in a
temporary folder, or in FOLDER, where they are used again. The server is `lianqiao serve` as it comes. First each page
is asked for alone, one after the other: what the processors of server and database did for it. Then requests fall due
at a constant rate whatever the answers do, and an answer's time counts from when its request was due; this process
does the asking and nothing else. What is asked for: p95 <= 300 ms on two cores.
"""

import argparse
import json
import os
import queue
import random
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote, unquote

TICK = os.sysconf("SC_CLK_TCK")
ASKERS = 48  # threads that wait for answers
WAIT = 30
EVERYBODY = ("office_admin", "liaison", "leader", "enterprise_contact", "college_contact", "auditor")
OFFICE = ("office_admin",)
WORDS = "幕墙 装配式 检测 劳务 冷库 培训 党课 光伏 无人机 贷款 施工 安全 钢结构 算法 园林"
SOUNDS = "muqiang zhuangpeishi jiance laowu lengku peixun guangfu wurenji daikuan"
INITIALS = "mqjc zps gjg lwpx bim aqpx wrj gfcn"
NOWHERE = "火星移民 皑皑 zzzqq 量子纠缠 9999"


@dataclass(frozen=True)
class Asked:
    """`path` gets one of `fills`, another each time."""

    page: str
    path: str
    fills: tuple[Any, ...] = ("",)
    roles: tuple[str, ...] = EVERYBODY
    weight: int = 1


def asked_pages(facts: dict[str, Any]) -> list[Asked]:
    def some(name: str) -> tuple[Any, ...]:
        return tuple(facts[name])

    sorts = ("number", "-number", "changed_at", "-changed_at", "published_at", "-published_at")
    return [
        Asked("home", "/", weight=3),
        Asked("list, needs", "/entries", weight=4),
        Asked("list, resources", "/entries?kind=resource", weight=2),
        Asked("list, services", "/entries?kind=service"),
        Asked("state", "/entries?kind=need&state={}", ("published", "matching", "expired", "all", "withdrawn"), weight=2),
        Asked("state, rare", "/entries?kind=need&state={}", ("submitted", "returned", "draft")),
        Asked("category", "/entries?kind=need&category={}", (*some("categories"), "none"), weight=2),
        Asked("segment", "/entries?kind=resource&segment={}", (*some("segments"), "none"), weight=2),
        Asked("organisation", "/entries?kind=need&organisation={}", some("organisations"), weight=2),
        Asked("organisation, largest", "/entries?kind=resource&organisation={}", (facts["largest"],)),
        Asked("dimension", "/entries?kind=resource&dimension={}", ("training", "research")),
        Asked("urgency", "/entries?kind=need&urgency={}", ("high", "low")),
        Asked("due", "/entries?kind=need&due={}", ("soon", "over")),
        Asked("own", "/entries?kind=need&whose=own", roles=("office_admin", "liaison", "enterprise_contact", "college_contact")),
        Asked("source", "/entries?kind=need&source={}", ("visit", "link"), OFFICE),
        Asked("category and state", "/entries?kind=need&state=submitted&category={}", some("categories")),
        Asked("deep page", "/entries?kind=need&page={}", (5, 12, 20)),
        Asked("deep page, sorted", "/entries?kind=need&sort=-number&page={}", (5, 12, 20)),
        *(Asked(f"sort {key}", f"/entries?kind=need&sort={key}") for key in (*sorts, "due_on", "-due_on")),
        Asked("sort ends_on", "/entries?kind=resource&sort={}", ("ends_on", "-ends_on")),
        Asked("sort promised_on", "/entries?kind=need&sort={}", ("promised_on", "-promised_on"), OFFICE),
        Asked("category, sorted", "/entries?kind=need&category={}&sort=due_on", some("categories")),
        Asked("search, word", "/entries?kind=need&q={}", tuple(WORDS.split()), weight=4),
        Asked("search, resources", "/entries?kind=resource&q={}", tuple(WORDS.split()), weight=2),
        Asked("search, two words", "/entries?kind=need&q={}", ("幕墙 检测", "冷库 培训", "钢结构 安全"), weight=2),
        Asked("search, one character", "/entries?kind=need&q={}", ("墙", "库", "江")),
        Asked("search, sound", "/entries?kind=need&q={}", tuple(SOUNDS.split()), weight=2),
        Asked("search, initials", "/entries?kind=need&q={}", tuple(INITIALS.split()), weight=2),
        Asked("search, code", "/entries?kind=need&q={}", ("4710", "7482", "50"), weight=2),
        Asked("search, telephone", "/entries?kind=need&q={}", ("13800", "1391234", "13")),
        Asked("search, organisation", "/entries?kind=need&q={}", ("江苏云龙", "管理处", "jsylmq")),
        Asked("search, nothing found", "/entries?kind=need&q={}", tuple(NOWHERE.split()), weight=2),
        Asked("search, filtered", "/entries?kind=need&state=published&segment=3&q={}", tuple(WORDS.split())),
        Asked("search, sorted", "/entries?kind=need&sort=-number&q={}", tuple(WORDS.split())),
        Asked("search, deep page", "/entries?kind=need&page=20&q={}", tuple(WORDS.split())),
        Asked("entry", "/entries/{}", some("entries"), weight=6),
        Asked("review", "/entries/review", roles=OFFICE, weight=4),
        Asked("search of all", "/search?q={}", ("博智", "安康", "boz", "王"), weight=2),
        Asked("organisations", "/organisations", weight=2),
        Asked("organisations, found", "/organisations?q={}", ("江苏云龙", "jsyl", "博智")),
        Asked("positions", "/positions", roles=OFFICE),
    ]  # fmt: skip


@dataclass(frozen=True)
class Request:
    page: str
    role: str
    path: str


@dataclass(frozen=True)
class Answer:
    request: Request
    ms: float
    status: int


def address_of(asked: Asked, pick: random.Random) -> str:
    return asked.path.format(quote(str(pick.choice(asked.fills))))


class Server:
    """`lianqiao serve` on a free port, as it comes."""

    def __init__(self, environment: dict[str, str], log: Any = None) -> None:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        self.process = subprocess.Popen(
            [Path(sys.executable).with_name("lianqiao"), "serve", "--port", str(self.port)],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=log,
            start_new_session=True,
        )
        until = time.monotonic() + 4 * WAIT  # what pages load is laid out first
        while time.monotonic() < until:
            with suppress(OSError, HTTPException):
                connection = HTTPConnection("127.0.0.1", self.port, timeout=WAIT)
                connection.request("GET", "/readyz")
                connection.getresponse()
                return
            time.sleep(0.2)
        raise TimeoutError("the server did not start")

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(WAIT)

    def kill(self) -> None:
        """It, its worker and all they started, at once."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(WAIT)


def processor_ms(tops: Iterable[int]) -> float:
    """What these processes and their children have used."""
    parents, used = {}, {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = stat.read_text("utf-8", "replace").rpartition(")")[2].split()
            pid = int(stat.parent.name)
            parents[pid], used[pid] = int(fields[1]), int(fields[11]) + int(fields[12])
    wanted = set(tops)
    while more := {pid for pid, parent in parents.items() if parent in wanted} - wanted:
        wanted |= more
    return sum(used.get(pid, 0) for pid in wanted) * 1000 / TICK


def postmaster() -> list[int]:
    """The database server that tools/postgres.py started, whose folder the address names."""
    home = unquote(os.environ.get("DATABASE_URL", "").rpartition("@")[2].rpartition("/")[0])
    file = Path(home, "data", "postmaster.pid")
    return [int(file.read_text("utf-8").split()[0])] if home and file.exists() else []


class Browser:
    def __init__(self, port: int, logins: dict[str, str]) -> None:
        self.port, self.logins = port, logins
        self.connection = HTTPConnection("127.0.0.1", port, timeout=WAIT)

    def get(self, request: Request) -> int:
        headers = {"Cookie": f"sessionid={self.logins[request.role]}", "Accept-Language": "zh-hans"}
        try:
            self.connection.request("GET", request.path, headers=headers)
            answer = self.connection.getresponse()
            answer.read()
        except (OSError, HTTPException):
            self.connection = HTTPConnection("127.0.0.1", self.port, timeout=WAIT)
            return 0
        return answer.status


def alone(
    pages: list[Asked], browser: Browser, used: Callable[[], float], times: int
) -> dict[tuple[str, str], tuple[float, float]]:
    """Processor and wall milliseconds of one request, by page and role."""
    pick, found = random.Random(1), {}
    for asked in pages:
        for role in asked.roles:
            if not times:
                found[asked.page, role] = 0, 0
                continue
            requests = [Request(asked.page, role, address_of(asked, pick)) for _ in range(times)]
            browser.get(requests[0])
            before, began = used(), time.perf_counter()
            for request in requests:
                browser.get(request)
            wall = (time.perf_counter() - began) * 1000
            found[asked.page, role] = (used() - before) / times, wall / times
    return found


def load(pages: list[Asked], port: int, logins: dict[str, str], rate: float, seconds: float) -> list[Answer]:
    pick, waiting, answers = random.Random(2), queue.Queue(), []
    mix = [(asked, role) for asked in pages for role in asked.roles for _ in range(asked.weight)]
    pick.shuffle(mix)

    def answering() -> None:
        browser = Browser(port, logins)
        while (item := waiting.get()) is not None:
            due, request = item
            status = browser.get(request)
            answers.append(Answer(request, (time.perf_counter() - due) * 1000, status))

    threads = [threading.Thread(target=answering, daemon=True) for _ in range(ASKERS)]
    for thread in threads:
        thread.start()
    began = time.perf_counter()
    for number in range(int(rate * seconds)):
        asked, role = mix[number % len(mix)]
        due = began + number / rate
        request = Request(asked.page, role, address_of(asked, pick))
        time.sleep(max(0, due - time.perf_counter()))
        waiting.put((due, request))
    for _ in threads:
        waiting.put(None)
    for thread in threads:
        thread.join()
    return answers


def told(label: str, answers: list[Answer], processor: list[tuple[float, float]]) -> str:
    ms = sorted(answer.ms for answer in answers)
    if not ms:
        return ""
    p50, p95, p99 = (ms[min(int(len(ms) * part), len(ms) - 1)] for part in (0.5, 0.95, 0.99))
    wrong = sum(answer.status != 200 for answer in answers)
    own = [each for each, _ in processor]
    return (
        f"{label:24}{statistics.mean(own):6.0f}{max(own):7.0f}{statistics.mean(w for _, w in processor):8.0f}"
        f"{len(ms):8}{p50:7.0f}{p95:7.0f}{p99:7.0f}{ms[-1]:7.0f}{wrong or '':>6}"
    )


def report(
    answers: list[Answer], processor: dict[tuple[str, str], tuple[float, float]], used: float, seconds: float
) -> None:
    head = f"{'':24}  CPU ms of one     alone    under load: ms from when it was due\n"
    print(
        f"{head}{'':24}{'mean':>6}{'worst':>7}{'ms':>8}{'n':>8}{'p50':>7}{'p95':>7}{'p99':>7}{'max':>7}{'≠200':>6}"
    )
    for place, names in enumerate((dict.fromkeys(p for p, _ in processor), EVERYBODY)):
        for name in names:
            said = [a for a in answers if (a.request.page, a.request.role)[place] == name]
            print(
                told(name, said, [each for key, each in processor.items() if key[place] == name] or [(0, 0)])
            )
        print()
    print(told("all", answers, list(processor.values())))
    print(
        f"under load {used / len(answers):.0f} ms of processors a request, {used / 10 / seconds:.0f} % of one core"
    )


def measure(folder: Path, options: argparse.Namespace) -> None:
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "lianqiao.config.settings", "LIANQIAO_DATA": str(folder),
        "LIANQIAO_SECRET_KEY": "bench", "LIANQIAO_SESSION_HOURS": "1000", "LIANQIAO_IDLE_MINUTES": "60000",
    }  # fmt: skip
    file = folder / "facts.json"
    if not file.exists():
        made = f"from bench.pages_rows import main; main({options.entries}, {str(file)!r})"
        subprocess.run([sys.executable, "-c", made], env=environment, check=True)
    facts = json.loads(file.read_text("utf-8"))
    print(
        f"{options.database}: {options.entries:,} entries made in {facts['seconds']:.0f} s; {options.rate:g} requests/s"
    )
    pages = [asked for asked in asked_pages(facts) if options.only in asked.page]
    server = Server(environment)
    try:
        tops = [server.process.pid, *postmaster()]
        browser = Browser(server.port, facts["logins"])
        alone(
            [asked for asked in pages if asked.page in ("home", "entry", "review")],
            browser,
            time.perf_counter,
            4,
        )
        processor = alone(pages, browser, lambda: processor_ms(tops), options.alone)
        before = processor_ms(tops)
        answers = load(pages, server.port, facts["logins"], options.rate, options.seconds)
        report(answers, processor, processor_ms(tops) - before, options.seconds)
    finally:
        server.end()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("database", nargs="?", choices=["sqlite", "postgresql"])
    parser.add_argument("--entries", type=int, default=200_000)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--rate", type=float, default=20)
    parser.add_argument("--alone", type=int, default=4, help="times that each page is asked for alone")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    # Being told to end is an exit like any other: the server is ended too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if options.database:
        with TemporaryDirectory() as folder:
            measure(options.keep or Path(folder), options)
        return
    again = [sys.executable, "-m", "bench.pages", *sys.argv[1:]]
    subprocess.run([*again, "sqlite"], check=True)
    print(flush=True)
    subprocess.run([sys.executable, "tools/postgres.py", *again, "postgresql"], check=True)


if __name__ == "__main__":
    main()
