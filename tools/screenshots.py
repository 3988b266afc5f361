"""Takes the pictures of the README: a demo of its own, a real Chromium, the same pages each time (`make screenshots`)."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

FOLDER = Path(__file__).parents[1] / "docs/screenshots"
LIANQIAO = Path(sys.executable).with_name("lianqiao")
LARGEST = 200 * 1024
PATIENCE = 30  # seconds
# Chromium must not call home; grey edges of letters instead of coloured ones make the files smaller.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-lcd-text",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True)
class Shot:
    """One picture: who looks, where they go, by which link they go on, and how they read."""

    name: str
    role: str
    path: str
    follow: str = ""
    size: tuple[int, int] = (1280, 800)
    language: str = "zh-CN"
    scheme: str = "light"


PHONE, TALL = (390, 844), (1200, 880)
ROW = "main tbody th a"  # the name in the first row of a list
SHOTS = [
    # First, while the trail holds what the demo did and not the logins of the other pictures.
    Shot("audit", "auditor", "/audit"),
    Shot("home-office", "office_admin", "/"),
    Shot("chain", "office_admin", "/chains", ROW, size=TALL),
    Shot("organisations", "office_admin", "/organisations"),
    Shot("organisation", "office_admin", "/organisations?q=ycjgjt", ROW),
    Shot("party-branches", "office_admin", "/branches"),
    Shot("home-leader", "leader", "/"),
    Shot("phone-home", "enterprise_contact", "/", size=PHONE),
    Shot("phone-chain", "enterprise_contact", "/chains", ROW, size=PHONE),
    Shot("chain-dark", "leader", "/chains", ROW, size=TALL, scheme="dark"),
    Shot("chain-english", "leader", "/chains", ROW, size=TALL, language="en"),
]


@dataclass(frozen=True)
class Demo:
    url: str
    accounts: list[dict[str, str]]

    def login(self, role: str) -> tuple[str, str]:
        account = next(account for account in self.accounts if account["role"] == role)
        return account["username"], account["password"]


@contextmanager
def demo() -> Iterator[Demo]:
    """A server of its own on a free port, with data that are gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="lianqiao-screenshots-") as data:
        environment = {**os.environ, "LIANQIAO_DATA": data}
        environment.pop("DATABASE_URL", None)
        listed = subprocess.run(
            [LIANQIAO, "demo", "--accounts-json"], env=environment, check=True, stdout=subprocess.PIPE
        )
        port = free_port()
        server = subprocess.Popen(
            [LIANQIAO, "demo", "--port", str(port)], env=environment, stdout=subprocess.DEVNULL
        )
        try:
            url = f"http://127.0.0.1:{port}"
            wait_for(url)
            yield Demo(url, json.loads(listed.stdout))
        finally:
            server.terminate()
            server.wait(timeout=PATIENCE)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(f"{url}/readyz", timeout=2).read()  # noqa: S310 - our own server
        except OSError:
            time.sleep(0.1)
        else:
            return
    sys.exit(f"the demo did not answer within {PATIENCE} s")


def take(shot: Shot, served: Demo, browser: Browser) -> Path:
    width, height = shot.size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale=shot.language,
        color_scheme=shot.scheme,
        reduced_motion="reduce",
        timezone_id="Asia/Shanghai",
    )
    page = context.new_page()
    username, password = served.login(shot.role)
    page.goto(f"{served.url}/login")
    page.fill("input[name=login]", username)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(re.compile(r"/$"))
    answer = page.goto(served.url + shot.path, wait_until="networkidle")
    if answer is None or answer.status != 200:
        sys.exit(f"{shot.name}: {shot.path} answers {answer and answer.status}")
    if shot.follow:
        page.locator(shot.follow).first.click()
        page.wait_for_load_state("networkidle")
    file = FOLDER / f"{shot.name}.png"
    page.screenshot(path=file, animations="disabled")
    context.close()
    return file


def main() -> int:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("no Chromium: apt install chromium fonts-noto-cjk")
    FOLDER.mkdir(exist_ok=True)
    with demo() as served, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        files = [take(shot, served, browser) for shot in SHOTS]
        browser.close()
    for file in files:
        print(f"{file.name}: {file.stat().st_size // 1024} KB")
    return 1 if any(file.stat().st_size > LARGEST for file in files) else 0


if __name__ == "__main__":
    sys.exit(main())
