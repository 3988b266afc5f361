"""Each rule with an example that breaks it, and beside it the nearest thing that is allowed."""

import subprocess
from pathlib import Path

import pytest
from house import (
    File,
    actions_take_by_by_name,
    called_actions_name_who_acts,
    each_requirement_has_a_reason,
    files_are_short,
    files_of,
    findings,
    icons_are_in_the_sprite,
    modules_are_named_after_what_they_hold,
    no_package_host_is_named,
    no_path_of_one_machine_is_named,
    nothing_fetched_is_committed,
    nothing_is_promised,
    rows_are_fetched_by_queries,
    templates_hold_markup_only,
)


def broken(rule, path: str, text: str) -> list[int]:
    """The lines that the rule finds."""
    return [line for line, _ in rule(File(Path(path), text))]


@pytest.mark.parametrize(
    ("path", "lines"),
    [
        ("src/lianqiao/lists/pages.py", [2]),
        ("src/lianqiao/lists/api.py", [2]),
        ("src/lianqiao/core/pages.py", [2]),
        ("src/lianqiao/lists/queries.py", []),
        ("src/lianqiao/registry/actions/chains.py", []),
        ("src/lianqiao/core/audit.py", []),
    ],
)
def test_rows_are_fetched_by_queries(path, lines):
    assert (
        broken(rows_are_fetched_by_queries, path, "def entries():\n    return Entry.objects.all()\n") == lines
    )


@pytest.mark.parametrize(
    ("path", "lines"),
    [
        ("src/lianqiao/lists/utils.py", [1]),
        ("src/lianqiao/lists/helpers/text.py", [1]),
        ("src/lianqiao/lists/service.py", [1]),
        ("src/lianqiao/lists/servicing.py", []),
        ("src/lianqiao/lists/static/common.js", []),
    ],
)
def test_modules_are_named_after_what_they_hold(path, lines):
    assert broken(modules_are_named_after_what_they_hold, path, "") == lines


@pytest.mark.parametrize(
    ("path", "length", "lines"),
    [
        ("src/lianqiao/lists/pages.py", 351, [350]),
        ("src/lianqiao/lists/pages.py", 350, []),
        ("src/lianqiao/lists/migrations/0001_initial.py", 900, []),
    ],
)
def test_files_are_short(path, length, lines):
    assert broken(files_are_short, path, "a = 1\n" * length) == lines


def test_nothing_is_promised():
    promise = "TO" + "DO"
    assert broken(nothing_is_promised, "src/x.py", f"a = 1\n# {promise}: later\n{promise}S = 1\n") == [2]


def test_no_package_host_is_named():
    host = "py" + "pi.org"
    text = f"a = 1\nurl = 'https://{host}/simple'\nb = 'https://example.com/{host}x'\n"
    assert broken(no_package_host_is_named, "docs/install.md", text) == [2]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("open('/" + "tmp/x')", [1]),
        ("cd /" + "home/li/lianqiao", [1]),
        ("C:\\" + "Users\\li", [1]),
        ("https://office.example/" + "home/li", []),
        ("path('<int:pk>/" + "work/')", []),
        ("/srv/lianqiao", []),
    ],
)
def test_no_path_of_one_machine_is_named(text, lines):
    assert broken(no_path_of_one_machine_is_named, "docs/install.md", text) == lines


@pytest.mark.parametrize(
    ("path", "lines"),
    [
        ("src/lianqiao/core/static/htmx.min.js", [1]),
        ("src/lianqiao/core/static/font.woff2", [1]),
        ("uv.lock", [1]),
        ("frontend/node_modules/x/index.js", [1]),
        ("src/lianqiao/core/static/lianqiao.js", []),
        ("frontend/package-lock.json", []),
    ],
)
def test_nothing_fetched_is_committed(path, lines):
    assert broken(nothing_fetched_is_committed, path, "") == lines


@pytest.mark.parametrize(
    ("markup", "lines"),
    [
        ("<script>alert(1)</script>", [1]),
        ('<script type="module">x</script>', [1]),
        ('<script type="module" src="x.js"></script>', []),
        ('<script id="facts" type="application/json">{}</script>', []),
        ("<style>a {}</style>", [1]),
        ('<p style="color: red">', [1]),
        ('<p class="style">', []),
        ('<a\nonclick="go()">', [2]),
        ('<a hx-on::after-request="go()">', [1]),
        ('<a x-on:click="go">', []),
        ('<a href="#">', [1]),
        ('<a href="#main">', []),
        ('<a href="javascript:go()">', [1]),
        ("{# <script>alert(1)</script> #}", []),
    ],
)
def test_templates_hold_markup_only(markup, lines):
    assert broken(templates_hold_markup_only, "src/lianqiao/core/templates/base.html", markup) == lines


@pytest.mark.parametrize(
    ("markup", "lines"),
    [
        ('<p>\n<c-icon class="x" name="huose" />', [2]),
        ('<c-button icon="huose">', [1]),
        ('<c-icon name="home" /><c-button icon="check"><c-icon name="{{ icon }}" /><input name="huose">', []),
        ('{# <c-icon name="huose" /> #}', []),
    ],
)
def test_icons_are_in_the_sprite(markup, lines):
    assert broken(icons_are_in_the_sprite, "src/lianqiao/core/templates/base.html", markup) == lines


def test_each_requirement_has_a_reason():
    text = "# why\n-c core.txt\nDjango>=5.2  # the framework\npytest\nruff #\n"
    assert broken(each_requirement_has_a_reason, "requirements/core.in", text) == [4, 5]


@pytest.mark.parametrize(
    ("arguments", "lines"),
    [
        ("agreement, by", [1]),
        ("agreement, *, by=None", [1]),
        ("agreement, *, by", []),
        ("agreement, *, note='', by", []),
        ("agreement", []),
    ],
)
def test_actions_take_by_by_name(arguments, lines):
    assert (
        broken(actions_take_by_by_name, "src/lianqiao/agreements/actions.py", f"def sign({arguments}): ...")
        == lines
    )


@pytest.mark.parametrize(
    ("path", "use"),
    [
        ("src/lianqiao/agreements/pages.py", "from lianqiao.agreements.actions import sign"),
        ("src/lianqiao/agreements/pages.py", "from lianqiao.agreements.actions.signing import sign"),
        ("src/lianqiao/agreements/pages.py", "from lianqiao.agreements import actions\nactions.sign(a)"),
        (
            "src/lianqiao/projects/actions.py",
            "from lianqiao.agreements import actions as agree\nagree.sign(a)",
        ),
    ],
)
def test_action_called_from_outside_without_by_is_found(path, use):
    signing = File(Path("src/lianqiao/agreements/actions/signing.py"), "def sign(a): ...\ndef seal(a): ...\n")
    assert list(called_actions_name_who_acts([signing, File(Path(path), use)])) == [
        "src/lianqiao/agreements/actions/signing.py:1: sign is called from outside and has no `by`"
    ]


def test_action_with_by_and_a_step_shared_by_actions_of_one_app_are_not_found():
    actions = File(
        Path("src/lianqiao/agreements/actions/signing.py"), "def sign(a, *, by): ...\ndef seal(a): ...\n"
    )
    beside = File(
        Path("src/lianqiao/agreements/actions/renewing.py"),
        "from lianqiao.agreements.actions.signing import seal, sign",
    )
    page = File(Path("src/lianqiao/agreements/pages.py"), "from lianqiao.agreements.actions import sign")
    assert list(called_actions_name_who_acts([actions, beside, page])) == []


def test_files_are_those_committed_or_about_to_be_and_findings_name_their_place(tmp_path):
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    (tmp_path / ".gitignore").write_text("var/\n")
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "utils.py").write_text("")
    (tmp_path / "utils.py").write_text("")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\x00" + b"TO" + b"DO ")

    assert findings(files_of(tmp_path)) == ["utils.py:1: a module named utils says nothing of what it holds"]
