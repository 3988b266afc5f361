"""A real server with the demo, a real Chromium: what the browser tests share."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

PROJECT = Path(__file__).parents[2]
LIANQIAO = Path(sys.executable).with_name("lianqiao")
# Chromium must not call home, and a container has neither a sandbox nor a GPU.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def chromium() -> str:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.fail("no Chromium: apt install chromium fonts-noto-cjk")
    return path


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


class Served:
    """A server on a free port with data of its own."""

    def __init__(self, data: Path) -> None:
        self.environment = os.environ | {
            "LIANQIAO_DATA": str(data),
            "LIANQIAO_QUEUE": "",
            "LIANQIAO_IDLE_MINUTES": "600",
        }
        self.environment.pop("DATABASE_URL", None)

    def serve(self, command: str, *options: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen(
            [LIANQIAO, command, "--port", str(port), *options],
            env=self.environment,
            stdout=subprocess.DEVNULL,
        )
        try:
            self.wait()
        except BaseException:
            self.end()
            raise

    def command(self, *words: str) -> str:
        return subprocess.run(
            [LIANQIAO, *words], env=self.environment, check=True, stdout=subprocess.PIPE, text=True
        ).stdout

    def wait(self) -> None:
        # The demo is loaded, or looked through, before it is served: on a machine with other work that takes its time.
        for _ in range(1200):
            try:
                urllib.request.urlopen(f"{self.url}/readyz", timeout=2).read()
            except OSError:
                time.sleep(0.1)
            else:
                return
        pytest.fail("the server did not answer within two minutes")

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=20)


class Demo(Served):
    """The served demo: its address, its logins by role, its routes."""

    def __init__(self, data: Path) -> None:
        super().__init__(data)
        self.accounts = json.loads(self.command("demo", "--accounts-json"))
        self.routes = json.loads(self.command("routes", "--json"))

    def account(self, role: str) -> dict:
        return next(account for account in self.accounts if account["role"] == role)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    served = Demo(tmp_path_factory.mktemp("demo"))
    served.serve("demo")
    yield served
    served.end()


class Visitor:
    """One person at one browser window; `problems` are what the console and the network complained of."""

    def __init__(self, context: BrowserContext, demo: Demo) -> None:
        self.context, self.demo = context, demo
        self.page: Page = context.new_page()
        self.problems: list[str] = []
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on(
            "console", lambda line: self.problems.append(line.text) if line.type == "error" else None
        )

    def open(self, path: str) -> Page:
        answer = self.page.goto(self.demo.url + path, wait_until="load")
        assert answer is not None
        assert answer.status < 400, f"{path}: {answer.status}"
        return self.page

    def log_in(self, role: str) -> "Visitor":
        account = self.demo.account(role)
        self.open("/login")
        self.page.fill("input[name=login]", account["username"])
        self.page.fill("input[name=password]", account["password"])
        self.page.click("main button[type=submit], main form button.btn-primary")
        self.page.wait_for_url(re.compile(r".*/$"))
        return self


@pytest.fixture
def visitor(browser: Browser, demo: Demo) -> Iterator:
    """`visitor(width=…, language=…, javascript=…)` opens a window of its own."""
    contexts: list[BrowserContext] = []

    def make(
        width: int = 1280,
        height: int = 900,
        language: str = "zh-CN",
        javascript: bool = True,
        **options: object,
    ) -> Visitor:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            locale=language,
            java_script_enabled=javascript,
            has_touch=width < 600,
            **options,
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        return Visitor(context, demo)

    yield make
    for context in contexts:
        context.close()
