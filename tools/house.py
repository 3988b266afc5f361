"""The house rules that a program can hold. One function a rule: a file in, the lines that break it out.

CONTRIBUTING says why each of them is there; ruff, mypy and import-linter hold the others.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[1]
TEMPLATE_COMMENT = re.compile(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", re.DOTALL)
Lines = Iterator[tuple[int, str]]


@dataclass(frozen=True)
class File:
    path: Path
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def product(self) -> bool:
        return self.path.parts[:1] == ("src",) and self.path.suffix == ".py"

    @property
    def template(self) -> bool:
        return "templates" in self.path.parts and self.path.suffix == ".html"

    @property
    def app(self) -> str:
        return ".".join(self.path.parts[1:3]).removesuffix(".py")

    @property
    def markup(self) -> str:
        """A template without its comments, each line still where it was."""
        return TEMPLATE_COMMENT.sub(lambda match: "\n" * match[0].count("\n"), self.text)

    def within(self, *names: str) -> bool:
        """Whether the module, or a folder that it stands in, has one of these names."""
        return bool(set(names) & {*self.path.parts, self.path.stem})


# Below every query and action: the trail, the jobs and the locking of a row are the same whoever asks.
MECHANISM = {Path("src/lianqiao/core", name) for name in ("audit.py", "history.py", "jobs.py", "writing.py")}


def rows_are_fetched_by_queries(file: File) -> Lines:
    """Visibility that every page has to remember is forgotten by one."""
    if not file.product or file.path in MECHANISM:
        return
    if file.within("queries", "actions", "models", "migrations", "management", "tests"):
        return
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Attribute) and node.attr in ("objects", "_default_manager", "_base_manager"):
            yield node.lineno, f".{node.attr} outside queries and actions"


FORBIDDEN_NAMES = {"services", "utils", "helpers", "common", "managers"}
FORBIDDEN_NAMES |= {name.removesuffix("s") for name in FORBIDDEN_NAMES}


def modules_are_named_after_what_they_hold(file: File) -> Lines:
    if file.path.suffix == ".py" and (bad := FORBIDDEN_NAMES & {*file.path.parts, file.path.stem}):
        yield 1, f"a module named {', '.join(sorted(bad))} says nothing of what it holds"


LONGEST = 350


def files_are_short(file: File) -> Lines:
    length = file.text.count("\n")
    if file.path.suffix == ".py" and length > LONGEST and not file.within("migrations"):
        yield LONGEST, f"{length} lines, at most {LONGEST}: look for the second noun inside"


# Put together from pieces here and below, so that this file does not find itself.
PROMISES = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X")) + r")\b")


def nothing_is_promised(file: File) -> Lines:
    return each_match(file.text, PROMISES, "promises work instead of doing it")


HOSTS = [
    ("pypi", "org"), ("python" + "hosted", "org"), ("npmjs", "org"), ("npmjs", "com"), ("npmmirror", "com"),
    ("yarnpkg", "com"), ("unpkg", "com"), ("jsdelivr", "net"), ("cloudflare", "com"), ("googleapis", "com"),
    ("docker", "io"), ("ghcr", "io"), ("quay", "io"), ("crates", "io"), ("tuna.tsinghua", "edu.cn"),
    ("aliyun", "com"), ("deb.debian", "org"), ("anaconda", "org"),
]  # fmt: skip
HOST = re.compile(r"\b(" + "|".join(re.escape(".".join(parts)) for parts in HOSTS) + r")\b")


def no_package_host_is_named(file: File) -> Lines:
    """Where packages come from is the machine's setting: an office may have a mirror of its own."""
    return each_match(file.text, HOST, "names a package host")


FOLDERS = "|".join(("home", "root", "tmp", "work", "Users"))
MACHINE_PATH = re.compile(rf"(?<![\w.:/<>}}-])/({FOLDERS})/[\w.]|\b[A-Z]:\\\\?Users\\")


def no_path_of_one_machine_is_named(file: File) -> Lines:
    return each_match(file.text, MACHINE_PATH, "names a path of one machine")


FETCHED = re.compile(r"\.min\.(js|css)$|\.(woff2?|ttf|otf|eot)$|(^|/)(uv\.lock|node_modules/.*)$")


def nothing_fetched_is_committed(file: File) -> Lines:
    if FETCHED.search(file.path.as_posix()):
        yield 1, "fetched at set-up, never committed"


EVENTS = "click|dblclick|change|submit|input|load|error|focus|blur|toggle|scroll|paste|invalid|reset"
INLINE = {
    re.compile(r"<script(?![^>]*\b(src=|type=\"application/json\"))[^>]*>"): "an inline script",
    re.compile(r"<style\b"): "an inline style sheet",
    re.compile(r"(?<=\s)style\s*="): "a style attribute",
    re.compile(
        rf"(?<=\s)(on({EVENTS}|key\w+|mouse\w+|pointer\w+|touch\w+|drag\w*)|hx-on[\w:-]*)\s*="
    ): "a handler",
    re.compile(r"""href\s*=\s*["']#["']"""): "a link to nowhere",
    re.compile(r"javascript:"): "a script in a link",
}


def templates_hold_markup_only(file: File) -> Lines:
    """The content security policy refuses the first of these, a reader without JavaScript is lost with the last."""
    if not file.template:
        return
    for pattern, name in INLINE.items():
        yield from each_match(file.markup, pattern, f"{name} in a template")


ICON = re.compile(r"""(?:<c-icon\s[^>]*\bname|\sicon)=["']([a-z0-9-]+)["']""")
ICONS = ROOT / "frontend" / "icons.txt"


def icons_are_in_the_sprite(file: File) -> Lines:
    """A name that the sprite does not hold shows nothing, and says so nowhere."""
    if not file.template:
        return
    listed = set(ICONS.read_text(encoding="utf-8").split())
    for match in ICON.finditer(file.markup):
        if match[1] not in listed:
            yield file.markup.count("\n", 0, match.start()) + 1, f"add {match[1]} to frontend/icons.txt"


REASONED = {"core.in", "development.in"}


def each_requirement_has_a_reason(file: File) -> Lines:
    if file.path.parent.name != "requirements" or file.path.name not in REASONED:
        return
    for number, line in enumerate(file.text.splitlines(), start=1):
        if line and not line.startswith(("#", "-")) and not re.search(r"\s#\s*\S", line):
            yield number, f"{line.strip()}: why is it here?"


def actions_take_by_by_name(file: File) -> Lines:
    """Whoever acts is named at each call, and nobody acts by default."""
    if not (file.product and file.within("actions")):
        return
    for node in file.tree.body:
        if not isinstance(node, ast.FunctionDef):
            continue
        optional = [
            a.arg for a, value in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True) if value
        ]
        if "by" in [a.arg for a in (*node.args.posonlyargs, *node.args.args)] or "by" in optional:
            yield node.lineno, f"{node.name}: `by` is keyword-only and required"


RULES = [
    rows_are_fetched_by_queries,
    modules_are_named_after_what_they_hold,
    files_are_short,
    nothing_is_promised,
    no_package_host_is_named,
    no_path_of_one_machine_is_named,
    nothing_fetched_is_committed,
    templates_hold_markup_only,
    icons_are_in_the_sprite,
    each_requirement_has_a_reason,
    actions_take_by_by_name,
]


def called_actions_name_who_acts(files: list[File]) -> Iterator[str]:
    """A function of actions that is used outside of them is an event, and an event has somebody who acts."""
    used = {name for file in files if file.path.suffix == ".py" for name in actions_used(file)}
    for file in files:
        if not (file.product and file.within("actions")):
            continue
        for node in file.tree.body:
            if not isinstance(node, ast.FunctionDef) or (file.app, node.name) not in used:
                continue
            if "by" not in [argument.arg for argument in node.args.kwonlyargs]:
                yield f"{file.path}:{node.lineno}: {node.name} is called from outside and has no `by`"


def actions_used(file: File) -> Iterator[tuple[str, str]]:
    """What a file takes from another module's actions, by import or as an attribute, as (app, function)."""
    apps = {}
    for node in ast.walk(file.tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            app, found, _ = f"{node.module}.".partition(".actions.")
            for alias in node.names:
                if alias.name == "actions":
                    apps[alias.asname or "actions"] = node.module
                elif found and not (app == file.app and file.within("actions")):
                    yield app, alias.name
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in apps:
            yield apps[node.value.id], node.attr


def each_match(text: str, pattern: re.Pattern, name: str) -> Lines:
    for match in pattern.finditer(text):
        yield text.count("\n", 0, match.start()) + 1, f"{name}: {match[0].strip()}"


def files_of(root: Path) -> list[File]:
    """What is committed or about to be; a file that is no text has only its name looked at."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout
    paths = [root / name for name in listed.split("\0") if name]
    return [File(path.relative_to(root), content(path)) for path in sorted(paths) if path.is_file()]


def content(path: Path) -> str:
    data = path.read_bytes()
    return "" if b"\0" in data[:8000] else data.decode("utf-8", errors="replace")


def findings(files: list[File]) -> list[str]:
    lines = [
        f"{file.path}:{number}: {message}"
        for file in files
        for rule in RULES
        for number, message in rule(file)
    ]
    return lines + list(called_actions_name_who_acts(files))


def main() -> int:
    found = findings(files_of(ROOT))
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
