"""What the README tells a newcomer to type is what the Makefile has and what CI runs; both languages say the same."""

import re
import tomllib
from pathlib import Path

import pytest

from lianqiao.core.actor import Role
from lianqiao.portal.demo.content import PASSWORD, content

PROJECT = Path(__file__).parents[2]
ENGLISH, CHINESE = PROJECT / "README.md", PROJECT / "README.zh-CN.md"
TUTORIAL = PROJECT / "docs/tutorial.md"
MAKEFILE = (PROJECT / "Makefile").read_text(encoding="utf-8")
CI = (PROJECT / ".ci/run").read_text(encoding="utf-8")
BOTH = pytest.mark.parametrize("page", [ENGLISH, CHINESE], ids=["english", "chinese"])
MAKE = re.compile(r"\bmake (?!\w*-)([a-z0-9]+)")


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def commands(page: Path) -> list[str]:
    """The lines of the blocks of shell, without their comments."""
    blocks = re.findall(r"^```sh\n(.*?)^```", text_of(page), re.MULTILINE | re.DOTALL)
    return [line.split("#")[0].strip() for line in "".join(blocks).splitlines()]


def made(page: Path) -> list[str]:
    return [target for line in commands(page) for target in MAKE.findall(line)]


def recipe(target: str) -> str:
    """What the Makefile does for a target, without its prerequisites."""
    return re.split(rf"^{target}:.*\n", MAKEFILE, flags=re.MULTILINE)[1].split("\n\n")[0]


def steps(target: str) -> set[str]:
    """A target as what has to run for it: a tool, or the target itself when it does more than call one."""
    called = set(re.findall(r"\btools/\w+\.py", recipe(target)))
    inner = re.findall(r"\$\(MAKE\)[^\n]* (\w+)$", recipe(target), re.MULTILINE)
    return called.union(*(steps(name) for name in inner)) or {target}


def run_in_ci() -> set[str]:
    lines = [line for line in CI.splitlines() if line.startswith("stage ")]
    tools = {tool for line in lines for tool in re.findall(r"\btools/\w+\.py", line)}
    targets = {target for line in lines for target in re.findall(r"\bmake (\w+)$", line)}
    return tools.union(*(steps(target) for target in targets))


def table(page: Path, first: str) -> list[list[str]]:
    """The rows of the table whose head begins with `first`."""
    lines = text_of(page).split(f"| {first} |")[1].splitlines()[2:]
    cells = []
    for line in lines:
        if not line.startswith("|"):
            break
        cells.append([cell.strip() for cell in line.strip("|").split("|")])
    return cells


def shape(page: Path) -> list[str]:
    """Headings by their level, and every picture and path that is linked, in order."""
    found = re.findall(r"^(#+) |\]\(([^)]+)\)|src=\"([^\"]+)\"", text_of(page), re.MULTILINE)
    links = [next(filter(None, match)) for match in found]
    return [link for link in links if link not in (ENGLISH.name, CHINESE.name)]


@BOTH
def test_readme_makes_only_what_the_makefile_has(page):
    assert made(page) == ["demo", "test", "check", "e2e"]
    assert [name for name in made(page) if not re.search(rf"^{name}:.*## ", MAKEFILE, re.MULTILINE)] == []


def test_readme_tells_what_ci_runs_and_nothing_else():
    told = set().union(*(steps(target) for target in made(ENGLISH)))

    assert told == run_in_ci() == {"demo", "e2e", "tools/check.py", "tools/test.py"}


@BOTH
def test_readme_names_the_first_login_of_each_role(page):
    first: dict[str, str] = {}
    for person in content("people")["people"]:
        held = [position for position in person["positions"] if position.get("to_days", 0) >= 0]
        first.setdefault(held[0]["role"], person["username"])
    told = [
        (row[0].strip("`"), row[1].split()[-1])
        for row in table(page, "login" if page == ENGLISH else "登录名")
    ]

    assert told == [(first[role], str(Role(role).label)) for role in Role]
    assert f"`{PASSWORD}`" in text_of(page)


@BOTH
def test_readme_asks_for_the_python_that_the_package_asks_for(page):
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    version = project["requires-python"].removeprefix(">=")

    assert re.search(rf"`python3` {re.escape(version)}\b", text_of(page))
    assert project["license"] in text_of(page)


def test_readme_says_the_same_in_both_languages():
    assert shape(CHINESE) == shape(ENGLISH)
    assert commands(CHINESE) == commands(ENGLISH)
    assert [len(table(CHINESE, head)) for head in ("变量", "路径")] == [
        len(table(ENGLISH, head)) for head in ("variable", "path")
    ]


@pytest.mark.parametrize("head", ["variable", "变量"])
def test_readme_gives_settings_that_the_reference_tells(head):
    page = ENGLISH if head == "variable" else CHINESE
    reference = (PROJECT / "docs/reference/settings.md").read_text(encoding="utf-8")

    assert [row[0] for row in table(page, head) if f"| {row[0]} |" not in reference] == []


@BOTH
def test_readme_names_folders_that_exist(page):
    paths = [row[0].strip("`") for row in table(page, "path" if page == ENGLISH else "路径")]

    assert [path for path in paths if not (PROJECT / path).is_dir()] == []


def test_screenshots_are_small_and_all_shown():
    folder = PROJECT / "docs/screenshots"
    shown = set(re.findall(r"docs/screenshots/([\w-]+\.png)", text_of(ENGLISH)))
    told = set(re.findall(r"screenshots/(story-[\w-]+\.png)", text_of(TUTORIAL)))

    assert shown | told == {file.name for file in folder.glob("*.png")}
    assert [file.name for file in folder.glob("*.png") if file.stat().st_size > 200 * 1024] == []


def test_tutorial_counts_as_the_test_that_plays_it():
    played = (PROJECT / "tests/e2e/test_story.py").read_text(encoding="utf-8")
    counted = dict(re.findall(r'^\s+"(\w+)": \((\d+, \d+)\),$', played, re.MULTILINE))
    told = re.findall(r"^\| (\w+).*? \| `\w+` \| (\d+) \| (\d+) \|", text_of(TUTORIAL), re.MULTILINE)

    assert {
        who.replace("enterprise", "firm"): f"{presses}, {fields}" for who, presses, fields in told
    } == counted
