"""Takes the pictures of the README and the tutorial: a demo of its own, a real Chromium, always the same pages.

`make screenshots`. With names it takes only those that begin so: `tools/screenshots.py story-`.
"""

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
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).parents[1] / "docs/screenshots"
LIANQIAO = Path(sys.executable).with_name("lianqiao")
LARGEST = 200 * 1024
LARGEST_OF_STORY = 150 * 1024
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
    """One picture: who looks (a role, or a login), where they go, by which link they go on, and how they read."""

    name: str
    who: str
    path: str
    follow: str = ""
    size: tuple[int, int] = (1280, 800)
    language: str = "zh-CN"
    scheme: str = "light"
    # What is pasted into the only text area of the page, and the button that is pressed then.
    paste: str = ""
    press: str = ""
    # Without what stands around the page on every page; the picture begins where this element does.
    only_from: str = ""


PHONE, TALL, STAGE = (390, 844), (1200, 880), (1120, 700)
ROW = "main tbody th a"  # the name in the first row of a list
# Our own words: facts of the published case, as a clerk would note them.
MINUTES = """建筑行业产业链座谈会纪要
江苏博智工程咨询有限公司：希望联合培养工程造价和建设项目管理方面的专门人才。
江苏启平建筑工程有限公司：希望借助新技术、新思路，推动建筑装饰装修施工转型。
江苏至尊建筑劳务有限公司：需要联合培养建筑劳务班组的技术人才。
江苏建筑职业技术学院经管学院：可以提供工程造价、建设工程管理专业的教师。
江苏建筑职业技术学院装饰学院：可以提供建筑装饰工程技术、建筑室内设计专业的教师。
江苏建筑职业技术学院建造学院：可以提供建筑工程技术、智能建造技术专业的教师。
"""
STORY = [
    Shot(
        "story-capture",
        "office_admin",
        "/captures/add",
        paste=MINUTES,
        press="找出条目",
        size=STAGE,
        only_from="h1",
    ),
    Shot("story-plan", "office_admin", "/rounds", ROW, size=(1440, 610), only_from=".lq-round-bound"),
    Shot("story-why", "office_admin", "/rounds/1/needs/4", size=STAGE, only_from="h1"),
    Shot("story-answer", "maqiang", "/", "main a:text-is('答复')", size=PHONE),
    Shot("story-agreement", "wangjing", "/agreements?state=signed", ROW, size=STAGE, only_from="h1"),
    Shot("story-project", "pengfei", "/projects", "main tbody a:text('预警值')", size=STAGE, only_from="h1"),
    Shot("story-outcome", "linlan", "/projects", ROW, size=PHONE, only_from="#outcomes"),
    Shot("story-figures", "leader", "/figures", size=STAGE, only_from=".lq-sentences"),
]
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

    def login(self, who: str) -> tuple[str, str]:
        account = next(account for account in self.accounts if who in (account["role"], account["username"]))
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
    username, password = served.login(shot.who)
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
    if shot.paste:
        page.fill("main textarea", shot.paste)
        page.get_by_role("button", name=shot.press).click()
        page.wait_for_load_state("networkidle")
    file = FOLDER / f"{shot.name}.png"
    page.screenshot(path=file, animations="disabled", **part_of(page, shot))
    context.close()
    return file


def part_of(page: Page, shot: Shot) -> dict[str, Any]:
    if not shot.only_from:
        return {}
    around = page.locator("main").bounding_box()
    first = page.locator(f"main {shot.only_from}").first.bounding_box()
    if around is None or first is None:
        sys.exit(f"{shot.name}: nothing to show from {shot.only_from}")
    top = first["y"] - 12
    height = min(shot.size[1], around["y"] + around["height"] - top)
    return {
        "full_page": True,
        "clip": {"x": around["x"], "y": top, "width": around["width"], "height": height},
    }


def main() -> int:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("no Chromium: apt install chromium fonts-noto-cjk")
    FOLDER.mkdir(exist_ok=True)
    with demo() as served, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        wanted = [shot for shot in SHOTS + STORY if shot.name.startswith(tuple(sys.argv[1:]) or "")]
        files = {take(shot, served, browser): shot for shot in wanted}
        browser.close()
    for file in files:
        print(f"{file.name}: {file.stat().st_size // 1024} KB")
    most = {file: LARGEST_OF_STORY if shot in STORY else LARGEST for file, shot in files.items()}
    return 1 if any(file.stat().st_size > most[file] for file in files) else 0


if __name__ == "__main__":
    sys.exit(main())
