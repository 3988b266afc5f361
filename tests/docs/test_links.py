"""Every link and image of the pages leads to a file, and to a heading where it names one."""

import re
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
LINK = re.compile(r"(?<!`)!?\[[^\]]*\]\(([^)\s]+)\)|<(?:img|source)[^>]+?(?:src|srcset)=\"([^\"]+)\"")


def pages() -> list[Path]:
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.md"]
    listed = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    return sorted(PROJECT / name for name in listed.split("\0") if name and (PROJECT / name).is_file())


def links(page: Path) -> list[str]:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    return [markdown or html for markdown, html in LINK.findall(text)]


def anchors(page: Path) -> set[str]:
    """Headings as git hosts name them: lower case, blanks as dashes, no punctuation."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def is_dead(page: Path, link: str) -> bool:
    path, _, anchor = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    if not target.exists():
        return True
    return bool(anchor) and anchor not in anchors(target)


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(PROJECT)))
def test_links_of_page_lead_somewhere(page):
    inside = [link for link in links(page) if not re.match(r"[a-z]+:", link)]

    assert [link for link in inside if is_dead(page, link)] == []


def test_links_finds_a_dead_file_and_a_dead_heading(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# One\n[a](#one) [b](#two) [c](page.md) ![d](gone.png)", encoding="utf-8")

    assert [link for link in links(page) if is_dead(page, link)] == ["#two", "gone.png"]
